internal import FileIO

/// Reads single frames of a segment by their offset.
struct SegmentReader: ~Copyable {
  let firstIndex: Int
  private let file: OpenFile

  /// Nil if the segment has no header.
  init?(path: String) throws(FileError) {
    let file = try OpenFile(path: path, mode: .read)
    let header = try Self.read(file, at: 0, count: SegmentFile.headerSize)
    guard let first = header.withUnsafeBytes({ SegmentFile.firstIndex($0) }) else { return nil }
    self.file = file
    firstIndex = first
  }

  /// The frame at an offset, if it is whole.
  func frame(at offset: Int) throws(FileError) -> (TraceFrame, body: [UInt8])? {
    let header = try Self.read(file, at: offset, count: TraceFrame.headerSize)
    guard let frame = header.withUnsafeBytes({ TraceFrame(header: $0) }) else { return nil }
    let bytes = try Self.read(file, at: offset, count: frame.totalLength)
    guard bytes.withUnsafeBytes({ TraceFrame.whole(at: $0) }) != nil else { return nil }
    return (frame, Array(bytes.dropFirst(TraceFrame.headerSize)))
  }

  /// Up to `count` bytes from an offset; fewer at the end of the file.
  static func read(
    _ file: borrowing OpenFile, at offset: Int, count: Int
  ) throws(FileError) -> [UInt8] {
    if count <= 0 { return [] }
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(FileError) {
        initialized = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
