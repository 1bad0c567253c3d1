internal import DataFields
package import SourceDiagnostics

extension CompiledModel {
  /// Scores the verification rows and compares what comes out; nil if none were kept.
  ///
  /// A cell that a row does not have is a missing input, and an expectation that is not had; an empty
  /// cell expects a missing result. Rows of a transaction are scored together: the results of many
  /// values are expected in the cells of its rows, one after the other.
  package func verify() -> VerificationReport? {
    guard let verification else { return nil }
    var check = VerificationRun(model: self, plan: verification)
    return check.run()
  }

  /// The results that are not as the verification rows expect, the first of them, as faults of the
  /// document; without rows that expect anything, that is the fault.
  package func verificationFaults() -> [Diagnostic] {
    guard let report = verify(), report.valueCount > 0 else {
      return [
        Diagnostic(
          code: "P41", message: "the model has no rows to verify it by", file: signature.path)
      ]
    }
    var faults = report.mismatches.prefix(DocumentReader.errorLimit).map { mismatch in
      func shown(_ text: String) -> String { text.isEmpty ? "missing" : "`\(text)`" }
      return Diagnostic(
        code: "P41",
        message: "verification row \(mismatch.row) expects \(shown(mismatch.expected)) for "
          + "`\(mismatch.field)` (\(mismatch.tolerance)), and it is \(shown(mismatch.got))",
        file: signature.path, position: SourcePosition(line: max(1, mismatch.line), column: 1))
    }
    if report.mismatches.count > faults.count {
      faults.append(
        Diagnostic(
          code: "P41", message: "\(report.mismatches.count - faults.count) more values differ",
          file: signature.path))
    }
    return faults
  }
}

/// One pass over the verification rows of a model.
private struct VerificationRun {
  let model: CompiledModel
  let plan: VerificationPlan
  private let results: [CompiledModel.ResultColumn?]
  private var report = VerificationReport()
  private var space: ScoringWorkspace

  init(model: CompiledModel, plan: VerificationPlan) {
    self.model = model
    self.plan = plan
    space = model.makeWorkspace()
    let columns = model.resultColumns
    results = plan.expected.map { expected in columns.first { $0.name == expected.name } }
    report.rowCount = plan.rows.count
    report.fields = plan.expected.map(\.name)
  }

  mutating func run() -> VerificationReport {
    if model.joinsRows {
      runGroups(model.groupInput ?? -1)
    } else {
      for (place, row) in plan.rows.enumerated() {
        set(row)
        let isScored = model.score(&space)
        compare([row], number: place + 1, isScored: isScored)
      }
    }
    return report
  }

  private mutating func set(_ row: ModelVerification.Row) {
    model.clear(&space)
    for given in plan.given {
      if let text = row.cells[given.column] {
        model.set(text: text, anyInput: given.input, in: &space)
      }
    }
  }

  /// Rows of a group are one transaction, wherever they stand.
  private mutating func runGroups(_ group: Int) {
    let column = plan.given.first { $0.input == group }?.column
    var groups: [(first: Int, rows: [ModelVerification.Row])] = []
    var places: [String: Int] = [:]
    for (place, row) in plan.rows.enumerated() {
      let name = column.flatMap { row.cells[$0] } ?? ""
      if name.isEmpty, model.passesOverRowsWithoutGroup { continue }
      if let known = places[name] {
        groups[known].rows.append(row)
      } else {
        places[name] = groups.count
        groups.append((place + 1, [row]))
      }
    }
    for (first, rows) in groups {
      var transaction = Transaction()
      var isValid = true
      for row in rows {
        set(row)
        if !model.add(&space, to: &transaction) { isValid = false }
      }
      if isValid { model.score(transaction, &space) }
      compare(rows, number: first, isScored: isValid)
    }
  }

  private mutating func compare(_ rows: [ModelVerification.Row], number: Int, isScored: Bool) {
    for (expected, column) in zip(plan.expected, results) {
      let cells = rows.compactMap { $0.cells[expected.column] }
      guard let first = cells.first, let column else { continue }
      report.valueCount += 1
      let type = column.result.dataType
      let isList = column.isList
      let wanted = isList ? JSONText.list(cells, isText: column.elementType == .string) : first
      var tolerance = "exact"
      var got = ""
      if isScored {
        got = model.text(column.result, in: space)
        let value = model.value(column.result, in: space)
        if matches(
          got, value, wanted, isList ? .string : type, expected.tolerance, &tolerance)
          || (isList && Self.matches(got, cells, column.elementType, expected.tolerance))
        {
          continue
        }
      } else {
        if first.isEmpty { continue }
        let input = space.invalidInput
        got = input >= 0 ? "not scored: `\(model.inputNames[input])` is invalid" : "not scored"
      }
      report.mismatches.append(
        VerificationReport.Mismatch(
          row: number, line: rows[0].line, field: expected.name, expected: wanted, got: got,
          tolerance: tolerance))
    }
  }

  private func matches(
    _ got: String, _ value: Double, _ wanted: String, _ type: ModelDataType,
    _ tolerance: VerificationTolerance, _ text: inout String
  ) -> Bool {
    let trimmed = wanted.trimmingWhitespace()
    switch type {
    case .double, .float, .integer:
      guard let number = XMLNumber.double(trimmed), !number.isNaN else {
        return trimmed.isEmpty == value.isNaN && (value.isNaN || got == trimmed)
      }
      text = tolerance.text(expected: number)
      return tolerance.accepts(value, expected: number)
    case .string: return got == wanted || got == trimmed
    default: return ModelValueText.parse(trimmed, as: type).map { $0 == value } ?? (got == trimmed)
    }
  }

  /// The elements of a list of numbers, each by the tolerance.
  private static func matches(
    _ got: String, _ cells: [String], _ type: ModelDataType, _ tolerance: VerificationTolerance
  ) -> Bool {
    guard type == .double || type == .float || type == .integer else { return false }
    let numbers = got.dropFirst().dropLast().split(separator: ",").map {
      XMLNumber.double(String($0)) ?? .nan
    }
    guard numbers.count == cells.count else { return false }
    return zip(numbers, cells).allSatisfy { number, cell in
      XMLNumber.double(cell).map { tolerance.accepts(number, expected: $0) } ?? false
    }
  }
}
