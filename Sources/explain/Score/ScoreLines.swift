internal import ArgumentParser
internal import Attribution
internal import DataFields
internal import PMML
internal import TabularIO

/// The columns that scores are written in, and how.
struct ScoreLines: Sendable {
  enum Format: String, CaseIterable, ExpressibleByArgument, Sendable { case csv, jsonl }

  let model: CompiledModel
  let columns: [CompiledModel.ResultColumn]
  let attributions: AttributionColumns?
  /// The field that transactions are told apart by; it leads the line.
  let group: String?
  let format: Format
  let delimiter: UInt8

  init(
    _ model: CompiledModel, format: Format, delimiter: UInt8,
    attributions: AttributionColumns? = nil, group: String? = nil
  ) {
    self.model = model
    self.attributions = attributions
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
  private let attributionNames: [String]
  private var rooms: [Attributor.Workspace]
  private var csv: CSVText
  private var json = JSONText()

  init(_ lines: ScoreLines) {
    self.lines = lines
    attributionNames = lines.attributions?.names ?? []
    rooms = lines.attributions?.makeWorkspaces() ?? []
    csv = CSVText(delimiter: lines.delimiter)
  }

  var count: Int { csv.bytes.count + json.bytes.count }

  /// Adds the line of a row that was scored in a block.
  mutating func add(_ scorer: BlockScorer, _ space: BlockWorkspace, row: Int) {
    let lines = lines
    switch lines.format {
    case .csv:
      for place in lines.columns.indices {
        csv.field {
          scorer.appendText(of: lines.columns[place].result, row: row, in: space, to: &$0)
        }
      }
      csv.endRecord()
    case .jsonl:
      addJSON(nil, nil) { column, json in
        Self.value(of: column, scorer.value(column.result, row: row, in: space), &json) {
          scorer.appendText(of: column.result, row: row, in: space, to: &$0)
        }
      }
    }
  }

  /// Adds the line of a row that was scored by itself; without one, of a row that has no score.
  mutating func add(_ space: ScoringWorkspace?, group: String? = nil) {
    let lines = lines
    let model = lines.model
    switch lines.format {
    case .csv:
      if let group { csv.field(group) }
      for column in lines.columns {
        csv.field { bytes in
          if let space { model.appendText(of: column.result, in: space, to: &bytes) }
        }
      }
      var text = csv
      lines.attributions?.values(space, &rooms) { text.field($0.map { "\($0)" } ?? "") }
      csv = text
      csv.endRecord()
    case .jsonl:
      addJSON(space, group) { column, json in
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
    _ space: ScoringWorkspace?, _ group: String?,
    _ value: (CompiledModel.ResultColumn, inout JSONText) -> Void
  ) {
    var text = json
    text.beginObject()
    if let name = lines.group { text.member(name, group ?? "") }
    for column in lines.columns {
      text.key(column.name)
      value(column, &text)
    }
    var names = attributionNames.makeIterator()
    lines.attributions?.values(space, &rooms) { value in
      text.key(names.next() ?? "")
      if let value { text.double(value) } else { text.null() }
    }
    text.endObject()
    text.endLine()
    json = text
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
