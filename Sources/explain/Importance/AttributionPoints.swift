internal import DataFields
internal import FileIO
internal import PMML
internal import TabularIO

/// Single attributions on their way to a file: a line for each row and field (a beeswarm), or for
/// each row of one field (a dependence).
final class AttributionPoints {
  enum Format { case csv, jsonLines }

  private var file: OpenFile
  private let format: Format
  private let model: CompiledModel
  /// Positions of fields among the signature's inputs.
  private let fields: [Int]
  private let namesField: Bool
  private let namesClass: Bool
  private var csv = CSVText()
  private var json = JSONText()

  /// - Parameters:
  ///   - field: the one field that is written, without its name; nil for all, with their names.
  ///   - hasClasses: whether each line says which class is attributed.
  init(
    path: String, format: Format, _ model: CompiledModel, field: Int?, hasClasses: Bool
  ) throws(FileError) {
    file = try OpenFile(path: path, mode: .replace)
    self.format = format
    self.model = model
    fields = field.map { [$0] } ?? Array(model.signature.inputs.indices)
    namesField = field == nil
    namesClass = hasClasses
    if format == .csv {
      csv.field("row")
      if hasClasses { csv.field("class") }
      if namesField { csv.field("field") }
      csv.field("value")
      csv.field("attribution")
      csv.endRecord()
    }
  }

  func add(
    _ records: RecordBlock, row: Int, label: String?, attributions: [Double]
  ) {
    let number = records[row].number
    for field in fields {
      let input = model.signature.inputs[field]
      let text = records.text(row, model.activeInputs[field]) ?? ""
      switch format {
      case .csv:
        csv.field(number)
        if namesClass { csv.field(label ?? "") }
        if namesField { csv.field(input.name) }
        csv.field(text)
        csv.field(attributions[field])
        csv.endRecord()
      case .jsonLines:
        json.beginObject()
        json.member("row", number)
        if namesClass { json.member("class", label) }
        if namesField { json.member("field", input.name) }
        json.key("value")
        if text.isEmpty {
          json.null()
        } else if input.kind == .number, let value = Double(text), value.isFinite {
          json.double(value)
        } else {
          json.string(text)
        }
        json.key("attribution")
        json.double(attributions[field])
        json.endObject()
        json.endLine()
      }
    }
  }

  func flushIfFull() throws(FileError) {
    if csv.bytes.count + json.bytes.count >= 1 << 16 { try flush() }
  }

  private func flush() throws(FileError) {
    try file.write(csv.bytes)
    try file.write(json.bytes)
    csv.removeAll()
    json.removeAll()
  }

  func close() throws(FileError) {
    try flush()
    try file.close()
  }
}
