internal import FileIO

/// Which slot a subject's key is in: a hash table in a file, so that ten million subjects take no
/// memory to speak of. It holds nothing that the slots do not: lost or damaged, it is built again.
///
/// `RTKTAB01`, the number of buckets as a power of two (4 bytes), zeros (4), how many slots are in
/// the table for certain (8), the CRC-32C of what stands before (4), zeros to 64 bytes; then buckets of
/// 8 bytes: the first 32 bits of the tag (4) and the slot's number + 1 (4), or 0 where nothing is, or
/// 0xFFFFFFFF where something was erased. Beyond the last bucket are ``overflow`` more, so that
/// looking further never wraps around.
///
/// A bucket's place follows from the same 32 bits, so that a larger table is made in one pass, without
/// the slots.
struct KeyTable: ~Copyable {
  private static let magic = Array("RTKTAB01".utf8)
  private static let headerSize = 64
  private static let bucketSize = 8
  private static let overflow = 1024
  private static let leastBits = 12
  private static let mostBits = 31
  private static let removed = UInt32.max
  /// Buckets are read so many at a time when looking.
  private static let reach = 16

  let path: String
  private var file: OpenFile
  private var bits: Int
  /// How many buckets are taken, those that were removed included.
  private var taken: Int
  /// So many slots are in the table for certain, whatever happens.
  private(set) var storedCount: Int

  private var buckets: Int { 1 << bits + Self.overflow }

  /// Opens the table for writing; one that is missing or not whole is started empty.
  init(path: String) throws(VaultError) {
    let opened: OpenFile
    let header: (bits: Int, storedCount: Int)
    do throws(FileError) {
      if let found = try Self.header(path) {
        header = found
      } else {
        header = (Self.leastBits, 0)
        try Self.create(path, bits: Self.leastBits, storedCount: 0)
      }
      opened = try OpenFile(path: path, mode: .update)
    } catch {
      throw .file(error)
    }
    self.init(path: path, opened, header)
  }

  /// Opens the table for reading; nil if there is none that is whole.
  init?(reading path: String) throws(VaultError) {
    let opened: OpenFile
    let header: (bits: Int, storedCount: Int)
    do throws(FileError) {
      guard let found = try Self.header(path) else { return nil }
      header = found
      opened = try OpenFile(path: path, mode: .read)
    } catch {
      throw .file(error)
    }
    self.init(path: path, opened, header)
  }

  private init(
    path: String, _ file: consuming OpenFile, _ header: (bits: Int, storedCount: Int)
  ) {
    self.path = path
    self.file = file
    (bits, storedCount) = header
    taken = header.storedCount
  }

  private static func header(
    _ path: String
  ) throws(FileError) -> (bits: Int, storedCount: Int)? {
    guard let size = try Directory.status(path)?.size, size >= headerSize else { return nil }
    let bytes = try OpenFile(path: path, mode: .read).read(at: 0, count: headerSize)
    guard bytes.starts(with: magic),
      CRC32C.checksum(Array(bytes[..<24])) == LittleEndian.read(bytes, 24)
    else { return nil }
    let bits = Int(LittleEndian.read(bytes, 8, as: UInt32.self))
    guard (leastBits...mostBits).contains(bits),
      size == headerSize + bucketSize * (1 << bits + overflow),
      let stored = Int(exactly: LittleEndian.read(bytes, 16, as: UInt64.self))
    else { return nil }
    return (bits, stored)
  }

  private static func header(bits: Int, storedCount: Int) -> [UInt8] {
    var header = magic
    LittleEndian.append(UInt32(bits), to: &header)
    LittleEndian.append(UInt32(0), to: &header)
    LittleEndian.append(UInt64(storedCount), to: &header)
    LittleEndian.append(CRC32C.checksum(header), to: &header)
    return header + Array(repeating: 0, count: headerSize - header.count)
  }

  private static func create(
    _ path: String, bits: Int, storedCount: Int
  ) throws(FileError) {
    let file = try OpenFile(path: path, mode: .replace)
    try file.write(header(bits: bits, storedCount: storedCount))
    try file.truncate(to: headerSize + bucketSize * (1 << bits + overflow))
  }

  /// Calls `isIt` with the slots that may be the subject's, until it says so; whether it did.
  ///
  /// - Complexity: O(1) reads of 128 bytes.
  func find(
    _ tag: SubjectTag, _ isIt: (Int) throws(VaultError) -> Bool
  ) throws(VaultError) -> Bool {
    let mark = Self.mark(tag)
    var place = place(of: mark)
    while place < buckets {
      let piece = try read(from: place, count: min(Self.reach, buckets - place))
      for bucket in piece {
        if bucket.number == 0 { return false }
        if bucket.mark == mark, bucket.number != Self.removed, try isIt(Int(bucket.number) - 1) {
          return true
        }
      }
      if piece.isEmpty { return false }
      place += piece.count
    }
    return false
  }

  /// Adds a slot, unless the table has it.
  mutating func insert(_ tag: SubjectTag, slot: Int) throws(VaultError) {
    if taken >= (1 << bits) / 10 * 7 { try grow() }
    let new = Bucket(mark: Self.mark(tag), number: UInt32(truncatingIfNeeded: slot + 1))
    while true {
      var place = place(of: new.mark)
      while place < buckets {
        let piece = try read(from: place, count: min(Self.reach, buckets - place))
        guard !piece.isEmpty else { break }
        for bucket in piece {
          if bucket == new { return }
          if bucket.number == 0 {
            try write(new, at: place)
            taken += 1
            return
          }
          place += 1
        }
      }
      try grow()
    }
  }

  /// Takes a slot out. Its place is not used again before the table grows.
  func remove(_ tag: SubjectTag, slot: Int) throws(VaultError) {
    let mark = Self.mark(tag)
    var place = place(of: mark)
    while place < buckets {
      let piece = try read(from: place, count: min(Self.reach, buckets - place))
      for bucket in piece {
        if bucket.number == 0 { return }
        if bucket.mark == mark, bucket.number == UInt32(truncatingIfNeeded: slot + 1) {
          return try write(Bucket(mark: 0, number: Self.removed), at: place)
        }
        place += 1
      }
      if piece.isEmpty { return }
    }
  }

  /// Makes the table durable, and says in it that these slots are there.
  mutating func store(count: Int) throws(VaultError) {
    do throws(FileError) {
      try file.syncData()
      try file.write(Self.header(bits: bits, storedCount: count), at: 0)
      try file.syncData()
    } catch {
      throw .file(error)
    }
    storedCount = count
  }

  // MARK: Buckets

  private struct Bucket: Equatable {
    var mark: UInt32
    var number: UInt32
  }

  private static func mark(_ tag: SubjectTag) -> UInt32 { UInt32(tag.hash >> 32) }

  private func place(of mark: UInt32) -> Int { Int(mark) >> (32 - bits) }

  private func read(from place: Int, count: Int) throws(VaultError) -> [Bucket] {
    do throws(FileError) {
      let bytes = try file.read(
        at: Self.headerSize + place * Self.bucketSize, count: count * Self.bucketSize)
      return Self.buckets(bytes)
    } catch {
      throw .file(error)
    }
  }

  private static func buckets(_ bytes: [UInt8]) -> [Bucket] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / bucketSize).map { place in
        Bucket(
          mark: LittleEndian.read(bytes, place * bucketSize),
          number: LittleEndian.read(bytes, place * bucketSize + 4))
      }
    }
  }

  private func write(_ bucket: Bucket, at place: Int) throws(VaultError) {
    var bytes: [UInt8] = []
    LittleEndian.append(bucket.mark, to: &bytes)
    LittleEndian.append(bucket.number, to: &bytes)
    do throws(FileError) {
      try file.write(bytes, at: Self.headerSize + place * Self.bucketSize)
    } catch {
      throw .file(error)
    }
  }

  /// Makes a table of twice the size beside this one, which then takes its name.
  ///
  /// Buckets lie in the order of their marks, but for clusters, which are sorted on the way: so the
  /// new ones are written one after the other.
  private mutating func grow() throws(VaultError) {
    guard bits < Self.mostBits else {
      throw .full(file: path, reason: "\(taken) subjects are the most")
    }
    do throws(FileError) {
      let scratch = path + ".tmp"
      try Self.create(scratch, bits: bits + 1, storedCount: storedCount)
      let target = try OpenFile(path: scratch, mode: .update)
      var writer = BucketWriter(bits: bits + 1)
      var cluster: [Bucket] = []
      var place = 0
      while place < buckets {
        let bytes = try file.read(
          at: Self.headerSize + place * Self.bucketSize, count: 8192 * Self.bucketSize)
        let piece = Self.buckets(bytes)
        if piece.isEmpty { break }
        place += piece.count
        for bucket in piece {
          if bucket.number != 0 {
            cluster.append(bucket)
          } else if !cluster.isEmpty {
            try writer.write(&cluster, to: target)
          }
        }
      }
      try writer.write(&cluster, to: target)
      try writer.flush(to: target)
      try target.syncData()
      try Directory.rename(scratch, to: path)
      try Directory.sync(FilePath.parent(path))
      file = try OpenFile(path: path, mode: .update)
      bits += 1
      taken = writer.count
    } catch {
      throw .file(error)
    }
  }

  /// Writes buckets in the order of their marks, each at its place or the next free one.
  private struct BucketWriter: ~Copyable {
    let bits: Int
    private(set) var count = 0
    private var next = 0
    private var buffer: [UInt8] = []
    private var bufferPlace = 0

    init(bits: Int) { self.bits = bits }

    mutating func write(
      _ cluster: inout [Bucket], to file: borrowing OpenFile
    ) throws(FileError) {
      cluster.sort { $0.mark < $1.mark }
      for bucket in cluster where bucket.number != KeyTable.removed {
        let place = max(next, Int(bucket.mark) >> (32 - bits))
        // A table that was damaged may not fit: what is left out is found missing, and put in again.
        guard place < 1 << bits + KeyTable.overflow else { continue }
        let gap = (place - bufferPlace) * KeyTable.bucketSize - buffer.count
        if gap > 1 << 16 || buffer.count > 1 << 18 {
          try flush(to: file)
          bufferPlace = place
        } else if gap > 0 {
          buffer.append(contentsOf: repeatElement(0, count: gap))
        }
        LittleEndian.append(bucket.mark, to: &buffer)
        LittleEndian.append(bucket.number, to: &buffer)
        next = place + 1
        count += 1
      }
      cluster.removeAll(keepingCapacity: true)
    }

    mutating func flush(to file: borrowing OpenFile) throws(FileError) {
      if !buffer.isEmpty {
        try file.write(buffer, at: KeyTable.headerSize + bufferPlace * KeyTable.bucketSize)
      }
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
