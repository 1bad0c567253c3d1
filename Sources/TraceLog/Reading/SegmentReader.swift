internal import FileIO

/// Reads single frames of a segment by their offset.
struct SegmentReader: ~Copyable {
  let firstIndex: Int
  private let file: OpenFile

  /// Nil if the segment has no header.
  init?(path: String) throws(FileError) {
    let file = try OpenFile(path: path, mode: .read)
    let header = try file.read(at: 0, count: SegmentFile.headerSize)
    guard let first = header.withUnsafeBytes({ SegmentFile.firstIndex($0) }) else { return nil }
    self.file = file
    firstIndex = first
  }

  /// The frame at an offset, if it is whole.
  func frame(at offset: Int) throws(FileError) -> (TraceFrame, body: [UInt8])? {
    let header = try file.read(at: offset, count: TraceFrame.headerSize)
    guard let frame = header.withUnsafeBytes({ TraceFrame(header: $0) }) else { return nil }
    let bytes = try file.read(at: offset, count: frame.totalLength)
    guard bytes.withUnsafeBytes({ TraceFrame.whole(at: $0) }) != nil else { return nil }
    return (frame, Array(bytes.dropFirst(TraceFrame.headerSize)))
  }
}
