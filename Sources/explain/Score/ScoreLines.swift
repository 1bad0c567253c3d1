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

  /// Adds a line; without a row, one of a row that has no score.
  mutating func add(_ scored: ScoredRow?, group: String? = nil) {
    switch lines.format {
    case .csv: addCSV(scored, group)
    case .jsonl: addJSON(scored, group)
    }
  }

  /// What was written, which is then forgotten.
  mutating func take() -> [UInt8] {
    let bytes = csv.bytes + json.bytes
    csv.removeAll()
    json.removeAll()
    return bytes
  }

  private mutating func addCSV(_ scored: ScoredRow?, _ group: String?) {
    if let group { csv.field(group) }
    for column in lines.columns {
      csv.field(scored?.text(column.result) ?? "")
    }
    var text = csv
    lines.attributions?.values(scored?.space, &rooms) { text.field($0.map { "\($0)" } ?? "") }
    csv = text
    csv.endRecord()
  }

  private mutating func addJSON(_ scored: ScoredRow?, _ group: String?) {
    json.beginObject()
    if let name = lines.group { json.member(name, group ?? "") }
    for column in lines.columns {
      json.key(column.name)
      if let scored { value(of: column, scored) } else { json.null() }
    }
    var text = json
    var names = attributionNames.makeIterator()
    lines.attributions?.values(scored?.space, &rooms) { value in
      text.key(names.next() ?? "")
      if let value { text.double(value) } else { text.null() }
    }
    json = text
    json.endObject()
    json.endLine()
  }

  private mutating func value(of column: CompiledModel.ResultColumn, _ scored: ScoredRow) {
    let value = scored.value(column.result)
    if value.isNaN { return json.null() }
    let text = scored.text(column.result)
    if column.isList { return json.raw(text) }
    switch column.result.dataType {
    case .float, .double, .integer:
      // JSON has no word for what is not finite.
      value.isFinite ? json.raw(text) : json.string(text)
    case .boolean: json.raw(text)
    default: json.string(text)
    }
  }
}
