internal import FileIO

/// The names and the header of segment files.
///
/// A segment starts with the eight bytes `RTRACE01`, the index of its first trace (8 bytes,
/// little-endian) and the CRC-32C of those 16 bytes; frames follow.
enum SegmentFile {
  static let headerSize = 20
  private static let magic = Array("RTRACE01".utf8)

  static func directory(of log: String) -> String { log + "/segments" }

  static func name(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  static func path(_ log: String, _ number: Int) -> String {
    directory(of: log) + "/" + name(number) + ".traces"
  }

  static func subjectsPath(_ log: String, _ number: Int) -> String {
    directory(of: log) + "/" + name(number) + ".subjects"
  }

  /// The numbers of the segments that are there, rising.
  static func numbers(in log: String) throws(FileError) -> [Int] { try numbers(".traces", log) }

  /// The numbers of the segments whose subjects are indexed, rising; they may be in bundles only.
  static func indexedNumbers(in log: String) throws(FileError) -> [Int] {
    try numbers(".subjects", log)
  }

  private static func numbers(_ suffix: String, _ log: String) throws(FileError) -> [Int] {
    try Directory.names(in: directory(of: log))
      .filter { $0.hasSuffix(suffix) }
      .compactMap { Int($0.dropLast(suffix.count)) }
      .sorted()
  }

  static func header(firstIndex: Int) -> [UInt8] {
    var header = magic
    TraceFrame.append(UInt32(truncatingIfNeeded: firstIndex), to: &header)
    TraceFrame.append(UInt32(truncatingIfNeeded: firstIndex >> 32), to: &header)
    TraceFrame.append(CRC32C.checksum(header), to: &header)
    return header
  }

  /// The index of a segment's first trace, or nil if the header is not whole.
  static func firstIndex(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= headerSize, bytes.prefix(8).elementsEqual(magic),
      CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<16])) == TraceFrame.word(bytes, 16)
    else { return nil }
    let low = Int(TraceFrame.word(bytes, 8))
    return low | Int(TraceFrame.word(bytes, 12)) << 32
  }
}
