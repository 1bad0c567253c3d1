internal import FileIO

/// Who was erased, by tag: so that a question about them is answered *erased*, and not *unknown*.
///
/// `RTERAS01`, then records of 24 bytes: CRC-32C of the record's place (4 bytes, little-endian) and tag
/// (4), tag (12), number of the slot (4), the same with all bits turned (4). The number stands only until
/// the slot is erased, so that an erasure that a crash cut short is finished; then both are
/// 0xFFFFFFFF, and nothing tells any more which slot, and so which entries, were whose.
struct ErasureList: ~Copyable {
  private static let magic = Array("RTERAS01".utf8)
  private static let recordSize = 24
  private static let done = UInt32.max

  struct Pending: Sendable, Hashable {
    var record: Int
    var tag: SubjectTag
    var slot: Int
  }

  let path: String
  private(set) var tags: Set<SubjectTag> = []
  /// Slots whose erasure was begun.
  private(set) var pending: [Pending] = []
  private var count = 0

  /// Reads the list; one that is missing is empty.
  init(path: String) throws(VaultError) {
    self.path = path
    let bytes: [UInt8]
    do throws(FileError) {
      if try Directory.status(path) == nil { return }
      bytes = try WholeFile.read(path)
    } catch {
      throw .file(error)
    }
    guard bytes.starts(with: Self.magic) else {
      // Its creation was cut short: nothing can have been in it.
      if bytes.count < Self.magic.count { return }
      throw .damaged(file: path, offset: 0, reason: "it is no list of erasures")
    }
    while Self.magic.count + (count + 1) * Self.recordSize <= bytes.count {
      let start = Self.magic.count + count * Self.recordSize
      let tag = SubjectTag(Array(bytes[start + 4..<start + 16]))
      guard LittleEndian.read(bytes, start) == Self.checksum(tag, count) else {
        // At the end it is what a crash left of an erasure that was not begun.
        if start + Self.recordSize >= bytes.count { break }
        throw .damaged(file: path, offset: start, reason: "an erasure is not whole")
      }
      tags.insert(tag)
      let slot: UInt32 = LittleEndian.read(bytes, start + 16)
      if slot != Self.done, slot == ~LittleEndian.read(bytes, start + 20) {
        pending.append(Pending(record: count, tag: tag, slot: Int(slot)))
      }
      count += 1
    }
  }

  /// Writes down that these slots are to be erased; it is on the disk when this returns.
  mutating func begin(_ tag: SubjectTag, slots: [Int]) throws(VaultError) {
    var bytes: [UInt8] = []
    for (place, slot) in slots.enumerated() {
      LittleEndian.append(Self.checksum(tag, count + place), to: &bytes)
      bytes += tag.bytes
      LittleEndian.append(UInt32(truncatingIfNeeded: slot), to: &bytes)
      LittleEndian.append(~UInt32(truncatingIfNeeded: slot), to: &bytes)
    }
    do throws(FileError) {
      let file = try OpenFile(path: path, mode: .update)
      if count == 0 { try file.write(Self.magic, at: 0) }
      try file.write(bytes, at: Self.magic.count + count * Self.recordSize)
      try file.syncData()
      try Directory.sync(FilePath.parent(path))
    } catch {
      throw .file(error)
    }
    for (place, slot) in slots.enumerated() {
      pending.append(Pending(record: count + place, tag: tag, slot: slot))
    }
    tags.insert(tag)
    count += slots.count
  }

  /// Forgets which slots they were; it is on the disk when this returns.
  mutating func finish() throws(VaultError) {
    if pending.isEmpty { return }
    do throws(FileError) {
      let file = try OpenFile(path: path, mode: .update)
      for record in pending {
        var bytes: [UInt8] = []
        LittleEndian.append(Self.done, to: &bytes)
        LittleEndian.append(Self.done, to: &bytes)
        try file.write(bytes, at: Self.magic.count + record.record * Self.recordSize + 16)
      }
      try file.syncData()
    } catch {
      throw .file(error)
    }
    pending.removeAll()
  }

  private static func checksum(_ tag: SubjectTag, _ place: Int) -> UInt32 {
    var bytes: [UInt8] = []
    LittleEndian.append(UInt32(truncatingIfNeeded: place), to: &bytes)
    return CRC32C.checksum(bytes + tag.bytes)
  }
}
