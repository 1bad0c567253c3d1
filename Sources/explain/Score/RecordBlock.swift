internal import DataFields
internal import TabularIO

/// Records copied out of a reader, so that any task can score them while reading goes on.
struct RecordBlock: Sendable {
  /// A record that something is to be said of.
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
      self.init(Place(reader))
      fault = reader.fault
      if keepsRaw { keep(Raw(reader)) }
    }

    fileprivate init(_ place: Place) {
      number = place.number
      element = place.element
      line = place.line
    }

    fileprivate mutating func keep(_ raw: Raw) {
      self.raw = raw.bytes
      rawLength = raw.length
    }
  }

  fileprivate struct Place {
    var number: Int
    var element: Int
    var line: Int

    init(_ reader: RecordReader) {
      number = reader.recordNumber
      element = reader.elementIndex
      line = reader.line
    }

    init(number: Int, line: Int) {
      self.number = number
      element = 0
      self.line = line
    }
  }

  fileprivate struct Raw {
    var bytes: [UInt8]
    var length: Int

    init(_ reader: RecordReader) {
      let whole = reader.rawRecord
      bytes = Array(whole.prefix(1 << 16))
      length = whole.count
    }
  }

  private(set) var texts: RecordTexts
  private var places: [Place] = []
  /// What is wrong with records, by their positions.
  private(set) var faults: [Int: RecordFault] = [:]
  private var raws: [Raw] = []

  /// As many records as keep a core busy for a moment, and no more memory than they are worth.
  private static let recordLimit = 1_024
  private static let byteLimit = 1 << 20

  init(columnCount: Int) {
    texts = RecordTexts(columnCount: columnCount)
    places.reserveCapacity(Self.recordLimit)
  }

  var count: Int { places.count }
  var isFull: Bool { places.count >= Self.recordLimit || texts.bytes.count >= Self.byteLimit }

  /// Empties the block and keeps its memory.
  mutating func removeAll() {
    texts.removeAll()
    places.removeAll(keepingCapacity: true)
    faults.removeAll()
    raws.removeAll()
  }

  /// Adds the record that a reader stands on, or its fault.
  mutating func add(_ reader: RecordReader, keepsRaw: Bool) {
    if let fault = reader.fault { faults[places.count] = fault }
    places.append(Place(reader))
    if keepsRaw { raws.append(Raw(reader)) }
    reader.copyTexts(to: &texts)
  }

  /// Adds the records that a reader can copy without looking at them one by one.
  ///
  /// - Returns: false if there are none: the next one is read by itself.
  mutating func addLines(of reader: RecordReader) -> Bool {
    let count = reader.copyLines(
      to: &texts, limit: Self.recordLimit - places.count,
      byteLimit: Self.byteLimit - texts.bytes.count)
    for place in 0..<count {
      places.append(
        Place(
          number: reader.recordNumber - count + 1 + place, line: reader.line - count + place))
    }
    return count > 0
  }

  subscript(index: Int) -> Record {
    var record = Record(places[index])
    record.fault = faults[index]
    if raws.indices.contains(index) { record.keep(raws[index]) }
    return record
  }

  /// The text of a record's column; nil where there is none.
  func text(_ record: Int, _ column: Int) -> String? { texts.text(record, column) }
}
