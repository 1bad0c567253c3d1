internal import Decisions
internal import FileIO
internal import TabularIO

/// Decisions as JSON lines (``DecisionLine``), held until their traces are durable. After a crash a
/// line may come a second time, with the same `trace`.
struct DecisionOutput: ~Copyable {
  private var file: BufferedFile?
  private var json = JSONText()
  private static let capacity = 1 << 20

  /// - Parameter appends: a run that goes on adds to the file; any other starts it.
  init(path: String?, appends: Bool) throws(FileError) {
    if let path {
      file = try BufferedFile(path: path, mode: appends && path != "-" ? .append : .replace)
    } else {
      file = nil
    }
  }

  var isFull: Bool { json.bytes.count >= Self.capacity }
  var hasAny: Bool { !json.bytes.isEmpty }

  mutating func append(
    _ made: MadeDecision, _ reader: RecordReader, _ origin: RecordOrigin,
    _ engine: inout DecisionEngine
  ) {
    if file == nil { return }
    let record = RecordPlace(origin, record: reader.recordNumber, element: reader.elementIndex)
    DecisionLine.append(made, record, &engine, to: &json)
    json.endLine()
  }

  /// Hands on what has gathered.
  mutating func flush() throws(FileError) {
    if json.bytes.isEmpty { return }
    file?.bytes.append(contentsOf: json.bytes)
    json.removeAll()
    try file?.flush()
  }
}
