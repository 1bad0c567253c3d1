internal import FileIO

/// How private records lie in a file.
///
/// A segment starts with `RTPRIV01`, the index of the first entry that it may hold a record of (8
/// bytes) and the CRC-32C of these 16 bytes (4). Frames follow, by rising entry:
///
/// | offset | bytes | what, little-endian |
/// | --- | --- | --- |
/// | 0 | 4 | CRC-32C of all that follows, the record included |
/// | 4 | 4 | length of the record |
/// | 8 | 4 | the entry's index, less that of the segment |
/// | 12 | 4 | number of the subject's key |
/// | 16 | | the record: encrypted items, and the tag of the encryption (16 bytes) |
///
/// Beside it `NNNNNN.places` holds for every 64th frame the entry's index, less that of the segment
/// (4 bytes), and the frame's offset (4): where to look without reading on from the start. It may be
/// lost.
enum PrivateSegment {
  static let headerSize = 20
  static let frameHeaderSize = 16
  static let placeSize = 8
  static let placeInterval = 64
  /// A longer record is refused; it also bounds what a damaged length makes a reader allocate.
  static let recordLimit = 1 << 25
  private static let magic = Array("RTPRIV01".utf8)

  struct Frame: Sendable, Hashable {
    var entry: UInt32
    var key: UInt32
    var recordLength: Int
    var totalLength: Int { PrivateSegment.frameHeaderSize + recordLength }
  }

  static func path(_ log: String, _ number: Int) -> String {
    VaultFiles.directory(of: log) + "/" + name(number) + ".private"
  }

  static func placesPath(_ log: String, _ number: Int) -> String {
    VaultFiles.directory(of: log) + "/" + name(number) + ".places"
  }

  private static func name(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// The numbers of the segments that are there, rising.
  static func numbers(_ log: String) throws(FileError) -> [Int] {
    try Directory.names(in: VaultFiles.directory(of: log))
      .filter { $0.hasSuffix(".private") }
      .compactMap { Int($0.dropLast(".private".count)) }
      .sorted()
  }

  static func header(firstEntry: Int) -> [UInt8] {
    var header = magic
    LittleEndian.append(UInt64(firstEntry), to: &header)
    LittleEndian.append(CRC32C.checksum(header), to: &header)
    return header
  }

  /// The index of a segment's first entry; nil if the header is not whole.
  static func firstEntry(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= headerSize, bytes.starts(with: magic),
      CRC32C.checksum(Array(bytes[..<16])) == LittleEndian.read(bytes, 16)
    else { return nil }
    return Int(exactly: LittleEndian.read(bytes, 8, as: UInt64.self))
  }

  static func append(_ record: [UInt8], entry: UInt32, key: UInt32, to buffer: inout [UInt8]) {
    let start = buffer.count
    LittleEndian.append(UInt32(0), to: &buffer)
    LittleEndian.append(UInt32(truncatingIfNeeded: record.count), to: &buffer)
    LittleEndian.append(entry, to: &buffer)
    LittleEndian.append(key, to: &buffer)
    buffer += record
    let checksum = buffer.withUnsafeBytes {
      CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[(start + 4)...]))
    }
    for place in 0..<4 {
      buffer[start + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * place))
    }
  }

  /// The header of the frame at a place among bytes; nil if it is cut off or cannot be one.
  static func frame(_ bytes: [UInt8], at place: Int) -> Frame? {
    guard place + frameHeaderSize <= bytes.count else { return nil }
    let length = Int(LittleEndian.read(bytes, place + 4, as: UInt32.self))
    guard length >= SubjectKeys.tagSize, length <= recordLimit else { return nil }
    return Frame(
      entry: LittleEndian.read(bytes, place + 8), key: LittleEndian.read(bytes, place + 12),
      recordLength: length)
  }

  /// Whether the frame at a place is all there, and as it was written.
  static func isWhole(_ frame: Frame, _ bytes: [UInt8], at place: Int) -> Bool {
    guard place + frame.totalLength <= bytes.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      let covered = UnsafeRawBufferPointer(
        rebasing: bytes[(place + 4)..<(place + frame.totalLength)])
      return CRC32C.checksum(covered) == LittleEndian.read(bytes, place)
    }
  }
}

/// Goes through the frames of a segment in order.
struct PrivateScanner: ~Copyable {
  let firstEntry: Int
  private let file: OpenFile
  private var buffer: [UInt8] = []
  private var bufferOffset: Int
  private var place = 0

  /// Where the next frame starts in the file.
  var offset: Int { bufferOffset + place }

  /// Nil if the segment's header is not whole.
  init?(path: String) throws(FileError) {
    let file = try OpenFile(path: path, mode: .read)
    let header = try file.read(at: 0, count: PrivateSegment.headerSize)
    guard let first = PrivateSegment.firstEntry(header) else { return nil }
    self.file = file
    firstEntry = first
    bufferOffset = PrivateSegment.headerSize
  }

  func size() throws(FileError) -> Int { try file.status().size }

  /// Goes on at another frame.
  mutating func seek(_ offset: Int) {
    if offset >= bufferOffset, offset <= bufferOffset + buffer.count {
      place = offset - bufferOffset
    } else {
      buffer.removeAll(keepingCapacity: true)
      bufferOffset = offset
      place = 0
    }
  }

  /// The header of the next frame, without moving on; nil at the end or where no frame can be.
  mutating func peek(readingAhead: Int) throws(FileError) -> PrivateSegment.Frame? {
    guard try fill(PrivateSegment.frameHeaderSize, readingAhead) else { return nil }
    return PrivateSegment.frame(buffer, at: place)
  }

  /// Moves past a frame without looking at its record.
  mutating func pass(_ frame: PrivateSegment.Frame) { seek(offset + frame.totalLength) }

  /// The record of the next frame, if it is whole; moves past it.
  mutating func record(
    _ frame: PrivateSegment.Frame, readingAhead: Int
  ) throws(FileError) -> [UInt8]? {
    guard try fill(frame.totalLength, readingAhead),
      PrivateSegment.isWhole(frame, buffer, at: place)
    else { return nil }
    let start = place + PrivateSegment.frameHeaderSize
    defer { place += frame.totalLength }
    return Array(buffer[start..<start + frame.recordLength])
  }

  private mutating func fill(_ needed: Int, _ readingAhead: Int) throws(FileError) -> Bool {
    if buffer.count - place >= needed { return true }
    buffer.removeFirst(place)
    bufferOffset += place
    place = 0
    let wanted = max(needed, readingAhead) - buffer.count
    buffer += try file.read(at: bufferOffset + buffer.count, count: wanted)
    return buffer.count >= needed
  }
}
