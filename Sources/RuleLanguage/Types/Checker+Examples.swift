import DataFields
import ReferenceData
import SourceDiagnostics

/// `examples from "file.csv"`: every row is a test.
///
/// A column that names an input, a `let` or a model's result is given, one that names a rank or a
/// decision is expected, `by` says which rule decides the decision before it, and `as_of` is the
/// day. Numbers take the unit of what the column names.
extension Checker {
  private static let maximumExampleBytes = 4 << 20
  private static let maximumExampleRows = 100_000

  private enum ExampleColumn {
    case given(Int)
    case expected(Int)
    case rule(of: Int)
    case asOf
    case fault
  }

  mutating func checkExamples(_ declaration: ExamplesDeclaration) {
    guard let (artefact, bytes) = artefact(declaration.file, what: "the examples") else { return }
    guard bytes.count <= Self.maximumExampleBytes else {
      report(
        "X7", "examples have at most \(Self.maximumExampleBytes >> 20) MiB",
        at: declaration.file.path.span)
      return
    }
    let cells: ReferenceCells
    do throws(DiagnosticsError) {
      cells = try ReferenceCells(ReferenceFile(path: artefact.path, bytes: bytes))
    } catch {
      diagnostics += error.diagnostics
      return
    }
    guard cells.rows.count <= Self.maximumExampleRows else {
      report(
        "X7", "more than \(Self.maximumExampleRows) examples in one file",
        at: declaration.file.path.span)
      return
    }
    let file = program.sources.add(SourceFile(name: artefact.path, bytes: bytes))
    let columns = exampleColumns(cells.columns, file)
    guard columns.contains(where: { if case .expected = $0 { true } else { false } }) else {
      if !columns.contains(where: { if case .fault = $0 { true } else { false } }) {
        report(
          "X5", "the examples expect nothing: no column names a rank or a decision",
          at: SourceSpan(file: file, range: 0..<1))
      }
      return
    }
    for row in cells.rows { example(row, columns, file) }
  }

  private mutating func exampleColumns(_ names: [String], _ file: Int) -> [ExampleColumn] {
    var columns: [ExampleColumn] = []
    var decision: Int?
    var from = 0
    for name in names {
      let span = headingSpan(name, file, from: &from)
      if name == "by" {
        if let decision {
          columns.append(.rule(of: decision))
        } else {
          report("N3", "`by` stands after the decision that a rule decides", at: span)
          columns.append(.fault)
        }
        continue
      }
      if name == "as_of", scope.symbols["as_of"] == nil {
        columns.append(.asOf)
        continue
      }
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        .map { NameSyntax(text: String($0), span: span) }
      let reference = ExpressionSyntax(id: NodeID(0), kind: .reference(parts), span: span)
      guard let value = testValue(reference) else {
        columns.append(.fault)
        continue
      }
      switch program.values[value].definition {
      case .rank:
        columns.append(.expected(value))
      case .decision:
        decision = value
        columns.append(.expected(value))
      case .field, .let, .result, .member:
        columns.append(.given(value))
      }
    }
    return columns
  }

  /// Where a heading stands in the first line.
  private func headingSpan(_ name: String, _ file: Int, from: inout Int) -> SourceSpan {
    let line = program.sources.files[file].lineBytes(1)
    let bytes = Array(name.utf8)
    var place = line.startIndex + from
    while !bytes.isEmpty, place + bytes.count <= line.endIndex {
      if line[place..<place + bytes.count].elementsEqual(bytes) {
        from = place + bytes.count - line.startIndex
        return SourceSpan(file: file, range: place..<place + bytes.count)
      }
      place += 1
    }
    return SourceSpan(file: file, range: 0..<max(1, min(line.count, 1)))
  }

  private func span(_ cell: ReferenceCells.Cell, _ file: Int) -> SourceSpan {
    let line = program.sources.files[file].lineBytes(cell.position.line)
    let before = String(decoding: line, as: UTF8.self).prefix(max(0, cell.position.column - 1))
    let start = line.startIndex + before.utf8.count
    return SourceSpan(file: file, range: start..<start + max(1, cell.text.utf8.count))
  }

  private mutating func example(
    _ row: [ReferenceCells.Cell], _ columns: [ExampleColumn], _ file: Int
  ) {
    guard let first = row.first else { return }
    let name = program.sources.files[file].name
    var test = CheckedTest(
      name: "\(name), line \(first.position.line)", ruleset: ruleset, asOf: nil, given: [],
      expected: [], span: span(first, file))
    for (cell, column) in zip(row, columns) where !cell.text.isEmpty {
      let place = span(cell, file)
      switch column {
      case .fault: break
      case .asOf:
        if let date = try? CalendarDate(parsing: cell.text) {
          test.asOf = date
        } else {
          report("X4", "`\(cell.text.prefix(60))` is no date", at: place)
        }
      case .given(let value):
        // What is not given is missing.
        if cell.text == "missing" { continue }
        if let constant = exampleConstant(cell.text, of: value, at: place) {
          test.given.append(.init(value: value, constant: constant))
        }
      case .expected(let value):
        var constant: ConstantValue?
        var list: [ConstantValue]?
        if cell.text != "refused", cell.text != "missing" {
          if case .outcomes(let type) = program.values[value].type {
            list = exampleList(cell.text, of: value, type, at: place)
            guard list != nil else { continue }
          } else {
            guard let found = exampleConstant(cell.text, of: value, at: place) else { continue }
            constant = found
          }
        }
        test.expected.append(
          .init(value: value, constant: constant, list: list, rule: nil, span: place))
      case .rule(let value):
        guard let expected = test.expected.lastIndex(where: { $0.value == value }) else {
          report("N3", "a rule is named for a decision that is not expected here", at: place)
          continue
        }
        test.expected[expected].rule = ruleReference(
          NameSyntax(text: cell.text, span: place), of: value)
      }
    }
    program.tests.append(test)
  }

  /// `call; mail`: the outcomes of a list, in order.
  private mutating func exampleList(
    _ text: String, of value: Int, _ type: ValueType, at span: SourceSpan
  ) -> [ConstantValue]? {
    var list: [ConstantValue] = []
    for part in text.split(separator: ";") {
      let item = String(part.drop { $0 == " " }).trimmingTrailingSpaces
      guard let constant = exampleConstant(item, of: value, as: type, at: span) else { return nil }
      list.append(constant)
    }
    return list
  }

  private mutating func exampleConstant(_ text: String, of value: Int, at span: SourceSpan)
    -> ConstantValue?
  {
    guard let type = program.values[value].type.valueType else { return nil }
    return exampleConstant(text, of: value, as: type, at: span)
  }

  private mutating func exampleConstant(
    _ text: String, of value: Int, as type: ValueType, at span: SourceSpan
  ) -> ConstantValue? {
    var constant: ConstantValue?
    switch type {
    case .text:
      if case .decision(let decision) = program.values[value].definition,
        !isPossible(text, ofDecision: decision, at: span)
      {
        return nil
      }
      constant = .text(text)
    case .boolean:
      if text == "true" || text == "false" {
        constant = ConstantValue(type: type, number: Quotient(text == "true" ? 1 : 0))
      }
    case .date:
      if let date = try? CalendarDate(parsing: text) {
        constant = ConstantValue(type: type, number: Quotient(Int128(date.daysSinceEpoch)))
      }
    case .rank(let scale):
      let levels = program.scales[scale].levels
      guard let level = levels.firstIndex(of: text) else {
        reportUnknown(
          NameSyntax(text: text, span: span), as: "level of `\(program.scales[scale].name)`",
          among: levels)
        return nil
      }
      constant = ConstantValue(type: type, number: Quotient(Int128(level)))
    case .integer, .decimal, .quotient, .double:
      constant = exampleNumber(text).map { ConstantValue(type: type, number: $0) }
    }
    guard let constant, constant.text != nil || constant.stored(as: type) != nil else {
      report(
        "Y1", "`\(text.prefix(60))` is not \(describe(.value(type)))", at: span)
      return nil
    }
    return constant
  }

  /// `12.50`, `1_000`, `285792976/230`.
  private func exampleNumber(_ text: String) -> Quotient? {
    let parts = text.filter { $0 != "_" }.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    var numbers: [Quotient] = []
    for part in parts {
      let trimmed = part.drop { $0 == " " }
      guard let decimal = try? DecimalText(parsing: String(trimmed).trimmingTrailingSpaces),
        let power = ExactArithmetic.powerOfTen(decimal.scale),
        let number = Quotient(decimal.coefficient, over: power)
      else { return nil }
      numbers.append(number)
    }
    guard let first = numbers.first else { return nil }
    return numbers.count == 1 ? first : first.divided(by: numbers[1])
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
