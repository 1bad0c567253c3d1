internal import FileIO
internal import TabularIO

/// Dead letters of a lane, each written once, also where a run goes on after a crash.
struct DeadLetterLog: ~Copyable {
  private var writer: DeadLetterWriter
  /// Letters in the file that a later run may come to again.
  private var known: Set<Key>
  private let path: String

  private struct Key: Hashable {
    var source: String
    var file: String
    var record: String
    var element: String
  }

  /// - Parameter first: the length of the file when the state was saved; letters after it may come
  ///   again.
  init(path: String, knownFrom first: Int) throws(FileError) {
    var known: Set<Key> = []
    if path != "-", let status = try Directory.status(path), status.isRegular, status.size > 0 {
      let bytes = try WholeFile.read(path)
      // A line that a crash left unfinished is cut off.
      let whole = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if whole < bytes.count {
        let file = try OpenFile(path: path, mode: .update)
        try file.truncate(to: whole)
      }
      if first < whole { known = Self.keys(Array(bytes[max(first, 0)..<whole]), path) }
    }
    let writer = try DeadLetterWriter(path: path)
    self.path = path
    self.known = known
    self.writer = writer
  }

  private static func keys(_ bytes: [UInt8], _ path: String) -> Set<Key> {
    var keys: Set<Key> = []
    let columns = ["source", "file", "record", "element"]
    guard
      let reader = try? RecordReader(
        bytes: bytes, name: path, columns: .named(columns), options: .init(format: .jsonLines))
    else { return [] }
    while let step = try? reader.next(), step != .atEnd {
      guard step == .record else { continue }
      keys.insert(
        Key(
          source: reader.field(0).text, file: reader.field(1).text, record: reader.field(2).text,
          element: reader.field(3).text))
    }
    return keys
  }

  mutating func write(_ letter: DeadLetter) throws(FileError) {
    if !known.isEmpty {
      let key = Key(
        source: letter.source, file: letter.file, record: "\(letter.record)",
        element: letter.element == 0 ? "" : "\(letter.element)")
      if known.remove(key) != nil { return }
    }
    try writer.write(letter)
  }

  mutating func sync() throws(FileError) { try writer.sync() }

  /// The length of the file, after a ``sync()``.
  func size() throws(FileError) -> Int {
    path == "-" ? 0 : try Directory.status(path)?.size ?? 0
  }
}
