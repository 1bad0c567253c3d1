internal import ArgumentParser
internal import Attribution
internal import DataFields
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// The columns that scores are written in, and how.
struct ScoreLines: Sendable {
  enum Format: String, CaseIterable, ExpressibleByArgument, Sendable { case csv, jsonl }

  let model: CompiledModel
  let columns: [CompiledModel.ResultColumn]
  let attributions: AttributionColumns?
  /// Lines beside the table, of a model that predicts by neighbours.
  let neighbors: NeighborLines?
  /// The field that transactions are told apart by; it leads the line.
  let group: String?
  let format: Format
  let delimiter: UInt8
  /// Rooms as they are before the first row.
  fileprivate let blockRooms: [Attributor.BlockRoom]

  init(
    _ model: CompiledModel, format: Format, delimiter: UInt8,
    attributions: AttributionColumns? = nil, group: String? = nil,
    neighbors: NeighborLines? = nil
  ) throws(DiagnosticsError) {
    blockRooms = try attributions?.makeBlockRooms() ?? []
    self.model = model
    self.attributions = attributions
    self.neighbors = neighbors
    self.group = group
    self.format = format
    self.delimiter = delimiter
    columns = model.resultColumns
  }

  /// The line of the columns' names; JSON lines have none.
  var header: [UInt8] {
    guard format == .csv else { return [] }
    var text = CSVText(delimiter: delimiter)
    if let group { text.field(group) }
    for column in columns { text.field(column.name) }
    for name in attributions?.names ?? [] { text.field(name) }
    text.endRecord()
    return text.bytes
  }

  func makeWriter() -> ScoreLineWriter { ScoreLineWriter(self) }
}

/// Writes lines of scores into memory.
struct ScoreLineWriter {
  private let lines: ScoreLines
  private let types: [ModelDataType]
  /// Which columns may need quotes.
  private let isQuoted: [Bool]
  /// The values of a block, column by column.
  private var values: [Double]
  private let attributionNames: [String]
  private var rooms: [Attributor.Workspace]
  private var blockRooms: [Attributor.BlockRoom]
  /// What a row's columns of attributions hold.
  private var cells: [AttributionCell] = []
  /// The rows of the block whose attributions do not add up.
  private(set) var attributionFaults: [AttributionFault] = []
  private var csv: CSVText
  private var json = JSONText()

  init(_ lines: ScoreLines) {
    self.lines = lines
    attributionNames = lines.attributions?.names ?? []
    rooms = lines.attributions?.makeWorkspaces() ?? []
    blockRooms = lines.blockRooms
    csv = CSVText(delimiter: lines.delimiter)
    types = lines.columns.map(\.result.dataType)
    let quotesNumbers = csv.quotesNumbers
    isQuoted = types.map { type in
      switch type {
      case .integer, .float, .double: quotesNumbers
      default: true
      }
    }
    values = Array(repeating: .nan, count: types.count * BlockWorkspace.rowCount)
  }

  var count: Int { csv.bytes.count + json.bytes.count }

  /// Takes the values of a block of rows that was scored, and attributes them.
  ///
  /// - Parameter firstRow: the number of the first row, by which sampled attributions are drawn.
  mutating func load(
    _ scorer: BlockScorer, _ space: BlockWorkspace, rowCount: Int, firstRow: Int
  ) {
    if let columns = lines.attributions {
      columns.attribute(space, rowCount: rowCount, firstRow: firstRow, &blockRooms)
      attributionFaults = AttributionColumns.faults(
        columns.parts, blockRooms, rowCount: rowCount)
    }
    let rows = BlockWorkspace.rowCount
    values.withUnsafeMutableBufferPointer { values in
      for place in lines.columns.indices {
        let column = values[place * rows..<(place + 1) * rows]
        scorer.values(
          lines.columns[place].result, in: space,
          into: UnsafeMutableBufferPointer(rebasing: column))
      }
    }
  }

  /// Adds the lines of rows of the block.
  mutating func add(_ rows: Range<Int>, _ scorer: BlockScorer, _ space: BlockWorkspace) {
    if lines.format == .jsonl {
      for row in rows { addJSON(row, scorer, space) }
      return
    }
    for row in rows {
      for place in types.indices {
        let start = csv.beginField()
        scorer.appendText(
          of: values[place * BlockWorkspace.rowCount + row], types[place], in: space,
          to: &csv.bytes)
        if isQuoted[place] { csv.endField(from: start) }
      }
      lines.attributions?.cells(row, of: blockRooms, into: &cells)
      endCSV()
    }
  }

  private mutating func addJSON(_ row: Int, _ scorer: BlockScorer, _ space: BlockWorkspace) {
    json.beginObject()
    for place in types.indices {
      json.key(lines.columns[place].name)
      let value = values[place * BlockWorkspace.rowCount + row]
      Self.value(of: lines.columns[place], value, &json) {
        scorer.appendText(of: value, types[place], in: space, to: &$0)
      }
    }
    lines.attributions?.cells(row, of: blockRooms, into: &cells)
    endJSON()
  }

  private mutating func endCSV() {
    for cell in cells {
      switch cell {
      case .empty: csv.field("")
      case .number(let number): csv.field("\(number)")
      case .count(let count): csv.field("\(count)")
      case .text(let text): csv.field(text)
      }
    }
    csv.endRecord()
  }

  private mutating func endJSON() {
    for (name, cell) in zip(attributionNames, cells) {
      json.key(name)
      switch cell {
      case .empty: json.null()
      case .number(let number): json.double(number)
      case .count(let count): json.raw { $0 += Array("\(count)".utf8) }
      case .text(let text): json.string(text)
      }
    }
    json.endObject()
    json.endLine()
  }

  /// Adds the line of a row that was scored by itself; without one, of a row that has no score.
  mutating func add(_ space: ScoringWorkspace?, group: String? = nil) {
    let lines = lines
    let model = lines.model
    lines.attributions?.cells(space, &rooms, into: &cells)
    switch lines.format {
    case .csv:
      if let group { csv.field(group) }
      for column in lines.columns {
        csv.field { bytes in
          if let space { model.appendText(of: column.result, in: space, to: &bytes) }
        }
      }
      endCSV()
    case .jsonl:
      addJSON(group) { column, json in
        guard let space else { return json.null() }
        Self.value(of: column, model.value(column.result, in: space), &json) {
          model.appendText(of: column.result, in: space, to: &$0)
        }
      }
    }
  }

  /// What was written, which is then forgotten.
  mutating func take() -> [UInt8] {
    let bytes = csv.bytes + json.bytes
    csv.removeAll()
    json.removeAll()
    return bytes
  }

  private mutating func addJSON(
    _ group: String?, _ value: (CompiledModel.ResultColumn, inout JSONText) -> Void
  ) {
    var text = json
    text.beginObject()
    if let name = lines.group { text.member(name, group ?? "") }
    for column in lines.columns {
      text.key(column.name)
      value(column, &text)
    }
    json = text
    endJSON()
  }

  /// - Parameter append: gives the value's text.
  private static func value(
    of column: CompiledModel.ResultColumn, _ value: Double, _ json: inout JSONText,
    _ append: (inout [UInt8]) -> Void
  ) {
    if value.isNaN { return json.null() }
    let isRaw =
      switch column.result.dataType {
      // JSON has no word for what is not finite.
      case .float, .double, .integer: value.isFinite
      case .boolean: true
      default: column.isList
      }
    if isRaw || column.isList { return json.raw(append) }
    var bytes: [UInt8] = []
    append(&bytes)
    json.string(String(decoding: bytes, as: UTF8.self))
  }
}
