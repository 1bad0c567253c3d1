internal import FileIO

/// Goes through the frames of one segment in order, a large piece of the file at a time.
struct SegmentScanner: ~Copyable {
  let path: String
  let firstIndex: Int
  private let file: OpenFile
  private var buffer: [UInt8] = []
  /// Where the buffer starts in the file, and where the next frame starts in the buffer.
  private var bufferOffset: Int
  private var place = 0
  /// How many frames were passed.
  private(set) var count = 0

  /// Where the next frame starts in the file.
  var offset: Int { bufferOffset + place }

  /// Opens a segment; nil if its header is not whole.
  init?(path: String) throws(FileError) {
    let file = try OpenFile(path: path, mode: .read)
    let header = try file.read(at: 0, count: SegmentFile.headerSize)
    guard let first = header.withUnsafeBytes({ SegmentFile.firstIndex($0) }) else { return nil }
    self.path = path
    self.file = file
    firstIndex = first
    bufferOffset = SegmentFile.headerSize
  }

  /// The next frame, or nil at the end of the segment or at a frame that is not whole.
  ///
  /// - Parameter wanted: the body is checked and given only where this holds for the header.
  mutating func next(
    where wanted: (TraceFrame) -> Bool
  ) throws(FileError) -> (frame: TraceFrame, offset: Int, body: [UInt8]?)? {
    guard try fill(TraceFrame.headerSize),
      let frame = buffer.withUnsafeBytes({
        TraceFrame(header: UnsafeRawBufferPointer(rebasing: $0[place...]))
      }), try fill(frame.totalLength)
    else { return nil }
    var body: [UInt8]?
    if wanted(frame) {
      let whole = buffer.withUnsafeBytes {
        TraceFrame.whole(at: UnsafeRawBufferPointer(rebasing: $0[place...])) != nil
      }
      guard whole else { return nil }
      body = Array(buffer[(place + TraceFrame.headerSize)..<(place + frame.totalLength)])
    }
    let start = offset
    place += frame.totalLength
    count += 1
    return (frame, start, body)
  }

  /// Whether any whole frame starts after the one that is not, and says that this one had been
  /// durable before: damage then, not a torn tail.
  mutating func isDamage() throws(FileError) -> Bool {
    let bad = offset
    var rest = try file.read(at: bad, count: try file.status().size - bad)
    return rest.withUnsafeMutableBytes { bytes in
      guard bytes.count > TraceFrame.headerSize else { return false }
      for start in 1..<bytes.count - TraceFrame.headerSize {
        let tail = UnsafeRawBufferPointer(rebasing: bytes[start...])
        if let frame = TraceFrame(header: tail), frame.durableOffset > bad,
          TraceFrame.whole(at: tail) != nil
        {
          return true
        }
      }
      return false
    }
  }

  /// Whether bytes follow that are no whole frame.
  func isStuck() throws(FileError) -> Bool { try file.status().size > offset }

  private mutating func fill(_ needed: Int) throws(FileError) -> Bool {
    if buffer.count - place >= needed { return true }
    buffer.removeFirst(place)
    bufferOffset += place
    place = 0
    let wanted = max(needed, 1 << 20) - buffer.count
    buffer += try file.read(at: bufferOffset + buffer.count, count: wanted)
    return buffer.count >= needed
  }
}
