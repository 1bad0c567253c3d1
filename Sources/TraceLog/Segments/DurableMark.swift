internal import FileIO

/// How far a log was durable when it was last closed or its reader's state saved: `LOG/durable`
/// holds the last segment's number and its size in bytes, as text.
struct DurableMark: Sendable, Hashable {
  var segment: Int
  var size: Int

  init(segment: Int, size: Int) {
    self.segment = segment
    self.size = size
  }

  /// The mark of a log; nil if it has none that can be read.
  init?(of log: String) throws(FileError) {
    let path = log + "/durable"
    guard try Directory.status(path) != nil else { return nil }
    let words = String(decoding: try WholeFile.read(path, limit: 64), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
    guard words.count == 2 else { return nil }
    segment = words[0]
    size = words[1]
  }

  func write(to log: String) throws(FileError) {
    try WholeFile.replace(log + "/durable", with: Array("\(segment) \(size)\n".utf8))
  }
}
