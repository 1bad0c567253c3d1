internal import TabularIO

/// Records copied out of a reader, so that any task can score them while reading goes on.
struct RecordBlock: Sendable {
  struct Record: Sendable {
    var number: Int
    var element: Int
    var line: Int
    var fault: RecordFault?
    /// The record as written, or its start; kept for dead letters alone.
    var raw: [UInt8] = []
    var rawLength = 0

    /// The record that a reader stands on.
    init(_ reader: RecordReader, keepsRaw: Bool) {
      number = reader.recordNumber
      element = reader.elementIndex
      line = reader.line
      fault = reader.fault
      if keepsRaw {
        let whole = reader.rawRecord
        raw = Array(whole.prefix(1 << 16))
        rawLength = whole.count
      }
    }
  }

  private(set) var records: [Record] = []
  private var bytes: [UInt8] = []
  /// For each record and column, the end of its text in `bytes`; the start is the end before it.
  private var ends: [Int32] = []
  private var isAbsent: [Bool] = []
  private let columnCount: Int

  /// As many records as keep a core busy for a moment, and no more memory than they are worth.
  private static let recordLimit = 1_024
  private static let byteLimit = 1 << 20

  init(columnCount: Int) { self.columnCount = columnCount }

  var isFull: Bool { records.count >= Self.recordLimit || bytes.count >= Self.byteLimit }

  /// Adds the record that a reader stands on, or its fault.
  mutating func add(_ reader: RecordReader, keepsRaw: Bool) {
    let record = Record(reader, keepsRaw: keepsRaw)
    records.append(record)
    for column in 0..<columnCount {
      let field = reader.field(column)
      let isAbsent = record.fault != nil || field.kind == .absent || field.kind == .null
      if !isAbsent { bytes.append(contentsOf: field.bytes) }
      self.isAbsent.append(isAbsent)
      ends.append(Int32(truncatingIfNeeded: bytes.count))
    }
  }

  /// The text of a record's column; nil where there is none.
  func text(_ record: Int, _ column: Int) -> String? {
    let place = record * columnCount + column
    if isAbsent[place] { return nil }
    let start = place == 0 ? 0 : Int(ends[place - 1])
    return String(decoding: bytes[start..<Int(ends[place])], as: UTF8.self)
  }
}
