internal import FileIO

/// The file that holds what each subject's key is made from: `RTKEYS01`, the check of the master key
/// (16 bytes), zeros, CRC-32C (the last 4 of 48 bytes), then slots of 48 bytes.
///
/// | offset | bytes | what |
/// | --- | --- | --- |
/// | 0 | 12 | tag of the subject |
/// | 12 | 32 | random factor |
/// | 44 | 4 | CRC-32C of the slot's number (4 bytes, little-endian), tag and factor |
///
/// Appended only, but for erasure, which writes zeros over tag and factor. A slot's number never
/// changes.
struct KeySlots: ~Copyable {
  static let slotSize = 48
  static let factorSize = 32
  /// A table of keys holds slot numbers in 4 bytes, of which two values mean something else.
  static let limit = Int(UInt32.max) - 1
  private static let magic = Array("RTKEYS01".utf8)

  struct Slot: Sendable, Hashable {
    var tag: SubjectTag
    var factor: [UInt8]

    static let erased = Slot(
      tag: SubjectTag(Array(repeating: 0, count: SubjectTag.size)),
      factor: Array(repeating: 0, count: factorSize))
  }

  let path: String
  private let file: OpenFile
  /// How many slots there are, those that are not written yet included.
  private(set) var count: Int
  private var pending: [UInt8] = []
  private var writtenCount: Int { count - pending.count / Self.slotSize }
  private var isDurable = true

  /// Opens the file for writing, or creates it.
  init(path: String, check: [UInt8]) throws(VaultError) {
    let file = try Self.open(path) { () throws(FileError) in
      // A file shorter than its header was being created: nothing can have been stored in it.
      if try (Directory.status(path)?.size ?? 0) < Self.slotSize {
        try WholeFile.replace(path, with: Self.header(check))
      }
      return try OpenFile(path: path, mode: .update)
    }
    count = try Self.count(file, check)
    self.path = path
    self.file = file
  }

  /// Opens the file for reading; nil if there is none.
  init?(reading path: String, check: [UInt8]) throws(VaultError) {
    do throws(FileError) {
      if try Directory.status(path) == nil { return nil }
    } catch {
      throw .file(error)
    }
    let file = try Self.open(path) { () throws(FileError) in
      try OpenFile(path: path, mode: .read)
    }
    count = try Self.count(file, check)
    self.path = path
    self.file = file
  }

  private static func open(
    _ path: String, _ body: () throws(FileError) -> OpenFile
  ) throws(VaultError) -> OpenFile {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }

  /// Checks the header; how many slots there are.
  private static func count(
    _ file: borrowing OpenFile, _ check: [UInt8]
  ) throws(VaultError) -> Int {
    let found: [UInt8]
    let count: Int
    do throws(FileError) {
      found = try file.read(at: 0, count: slotSize)
      count = max(0, try file.status().size / slotSize - 1)
    } catch {
      throw .file(error)
    }
    if found == header(check) { return count }
    guard found.count == slotSize, found.starts(with: magic),
      CRC32C.checksum(Array(found.dropLast(4))) == LittleEndian.read(found, slotSize - 4)
    else { throw .damaged(file: file.path, offset: 0, reason: "its header is not whole") }
    throw .otherMasterKey(vault: FilePath.parent(file.path))
  }

  private static func header(_ check: [UInt8]) -> [UInt8] {
    var header = magic + check + Array(repeating: 0, count: slotSize - 4 - 8 - check.count)
    LittleEndian.append(CRC32C.checksum(header), to: &header)
    return header
  }

  /// Cuts off what a crash left of the last group: slots that are not whole at the end of the file.
  ///
  /// - Parameter durable: so many slots were on the disk for certain; if one is not whole now, it is
  ///   damage.
  mutating func recover(durable: Int) throws(VaultError) {
    var whole = min(durable, count)
    scan: while whole < count {
      let piece = try bytes(at: whole + 1, slots: 4096)
      for place in 0..<piece.count / Self.slotSize {
        guard Self.slot(piece, place, number: whole) != nil else { break scan }
        whole += 1
      }
      if piece.count < Self.slotSize { break }
    }
    if durable > count {
      throw .damaged(
        file: path, offset: (count + 1) * Self.slotSize,
        reason: "it held \(durable) keys, and \(count) are there")
    }
    count = whole
    do throws(FileError) {
      if try file.status().size != (count + 1) * Self.slotSize {
        try file.truncate(to: (count + 1) * Self.slotSize)
      }
      // What a killed process wrote may be with the system only.
      try file.syncData()
      try Directory.sync(FilePath.parent(path))
    } catch {
      throw .file(error)
    }
  }

  mutating func append(_ slot: Slot) throws(VaultError) -> Int {
    guard count < Self.limit else { throw .full(file: path, reason: "\(count) keys are the most") }
    pending += Self.bytes(slot, number: count)
    isDurable = false
    count += 1
    return count - 1
  }

  /// Hands what is pending to the system, and returns once it is on the disk.
  mutating func commit() throws(VaultError) {
    if isDurable { return }
    do throws(FileError) {
      try file.write(pending, at: (writtenCount + 1) * Self.slotSize)
      pending.removeAll(keepingCapacity: true)
      try file.syncData()
      isDurable = true
    } catch {
      throw .file(error)
    }
  }

  /// Writes zeros over a slot; durable after ``sync()``.
  func erase(_ number: Int) throws(VaultError) {
    do throws(FileError) {
      try file.write(Self.bytes(.erased, number: number), at: (number + 1) * Self.slotSize)
    } catch {
      throw .file(error)
    }
  }

  func sync() throws(VaultError) {
    do throws(FileError) { try file.syncData() } catch { throw .file(error) }
  }

  /// The slot with this number; nil if there is none.
  func slot(_ number: Int) throws(VaultError) -> Slot? {
    if number >= writtenCount, number < count {
      return Self.slot(pending, number - writtenCount, number: number)
    }
    let bytes = try bytes(at: number + 1, slots: 1)
    guard bytes.count == Self.slotSize else { return nil }
    guard let slot = Self.slot(bytes, 0, number: number) else {
      throw .damaged(
        file: path, offset: (number + 1) * Self.slotSize, reason: "key \(number) is not whole")
    }
    return slot
  }

  /// Calls `visit` with each of these slots that is written and whole.
  func scan(_ range: Range<Int>, _ visit: (Int, Slot) -> Void) throws(VaultError) {
    var number = range.lowerBound
    let end = min(range.upperBound, writtenCount)
    while number < end {
      let piece = try bytes(at: number + 1, slots: min(4096, end - number))
      if piece.count < Self.slotSize { return }
      for place in 0..<piece.count / Self.slotSize {
        if let slot = Self.slot(piece, place, number: number) { visit(number, slot) }
        number += 1
      }
    }
  }

  private func bytes(at place: Int, slots: Int) throws(VaultError) -> [UInt8] {
    do throws(FileError) {
      return try file.read(at: place * Self.slotSize, count: slots * Self.slotSize)
    } catch {
      throw .file(error)
    }
  }

  private static func bytes(_ slot: Slot, number: Int) -> [UInt8] {
    var bytes = slot.tag.bytes + slot.factor
    let checksum = checksum(bytes, number)
    LittleEndian.append(checksum, to: &bytes)
    return bytes
  }

  /// The slot at a place among bytes; nil if it is not whole.
  private static func slot(_ bytes: [UInt8], _ place: Int, number: Int) -> Slot? {
    let start = place * slotSize
    let content = Array(bytes[start..<start + slotSize - 4])
    guard checksum(content, number) == LittleEndian.read(bytes, start + slotSize - 4) else {
      return nil
    }
    return Slot(
      tag: SubjectTag(Array(content.prefix(SubjectTag.size))),
      factor: Array(content.dropFirst(SubjectTag.size)))
  }

  private static func checksum(_ content: [UInt8], _ number: Int) -> UInt32 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(slotSize)
    LittleEndian.append(UInt32(truncatingIfNeeded: number), to: &bytes)
    return CRC32C.checksum(bytes + content)
  }
}
