internal import DataFields
internal import PMML
internal import PopulationViews
internal import SourceDiagnostics

/// Scored rows as rows of cohorts: the model's fields as they were given.
struct ModelRows {
  private(set) var rows = CohortRows()
  /// For each column the position of its field among the program's inputs, and whether it is a number.
  private var sources: [(input: Int, isNumber: Bool)] = []

  /// - Parameter fields: the fields that are taken; empty for all.
  init(_ model: CompiledModel, fields wanted: [String]) throws {
    let inputs = model.signature.inputs
    for (place, field) in inputs.enumerated() where wanted.isEmpty || wanted.contains(field.name) {
      let isNumber =
        switch field.dataType {
        case .integer, .float, .double: field.opType != .categorical
        default: false
        }
      rows.addField(field.name, isNumber ? .double : .text)
      sources.append((model.activeInputs[place], isNumber))
    }
    for name in wanted where model.signature.inputIndex(name) == nil {
      let near = NearMiss.suggestion(for: name, among: inputs.map(\.name))
      throw CommandFailure(
        message: "the model has no field `\(name)`", help: near.map { "did you mean `\($0)`?" })
    }
  }

  /// Adds the rows of a block; one without a result belongs to no cohort.
  ///
  /// - Parameter sum: a column of the records that is summed up.
  mutating func add(_ block: AttributedRows.Block, sum: Int?) throws {
    var cells: [CohortRows.Cell] = []
    for row in block.rows.indices {
      cells.removeAll(keepingCapacity: true)
      for source in sources {
        guard let text = block.records.text(row, source.input), !text.isEmpty else {
          cells.append(.missing)
          continue
        }
        if source.isNumber {
          cells.append(Double(text).map { .number($0) } ?? .missing)
        } else {
          cells.append(.text(text))
        }
      }
      guard rows.add(cells, group: block.labels[row - block.rows.lowerBound]) else {
        throw CommandFailure(
          message: "the result has more than \(CohortRows.groupLimit) values on these rows",
          help: "name one that tells few groups apart with --result")
      }
      guard let sum else { continue }
      let bytes = Array((block.records.text(row, sum) ?? "").utf8)
      rows.sum(bytes.span, row: rows.groupOfRow.count - 1)
    }
  }
}
