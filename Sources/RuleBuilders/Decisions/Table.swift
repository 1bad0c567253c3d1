/// The rules of a decision as a table.
///
/// ```swift
/// Table(prospect, profile) {
///   Row(prospect.is(.high), then: "call", reason: "PO-01")
///   Row(prospect.is(.middle), profile.is("Developed Customers"), then: "call", reason: "PO-02")
/// }
/// ```
public struct Table<Outcome: OutcomeType>: Sendable {
  let lines: RuleLines

  /// - Parameter columns: the values that rows test; what a row does not mention may be anything.
  public init<each Column: RuleType>(
    _ columns: repeat Value<each Column>, fileID: String = #fileID, line: Int = #line,
    @TableBuilder<Outcome> rows: () -> [Row<Outcome>]
  ) {
    let place = BuildPlace(fileID, line)
    var headings: [String] = []
    repeat headings.append((each columns).operand(.sum))
    let rows = rows()
    let hasReasons = rows.contains { $0.reason != nil }
    var lines = [BuiltLine("table", place)]
    let results = hasReasons ? "then | reason" : "then"
    lines.append(BuiltLine("\(headings.joined(separator: " | ")) || \(results)", place))
    for row in rows {
      var tests = headings.map { heading in
        row.tests.filter { $0.column == heading }.map(\.text).joined(separator: ", ")
      }.map { $0.isEmpty ? "*" : $0 }
      // A test of what is no column makes the row longer than the heading, and is reported there.
      tests += row.tests.filter { !headings.contains($0.column) }.map(\.text)
      var text = "\(tests.joined(separator: " | ")) || \(row.outcome)"
      if hasReasons { text += " | \(row.reason.map(Spelling.dashed) ?? "*")" }
      lines.append(BuiltLine(text, row.place))
    }
    self.lines = RuleLines(lines: lines, isRule: false)
  }
}

/// A row of a decision's table.
public struct Row<Outcome: OutcomeType>: Sendable {
  let tests: [ColumnEntry]
  let outcome: String
  let reason: String?
  let place: BuildPlace

  /// - Parameters:
  ///   - tests: all of them hold; two of one column are alternatives.
  ///   - outcome: what the row decides, a constant.
  ///   - reason: the code of its reason.
  public init(
    _ tests: ColumnEntry..., then outcome: Value<Outcome>, reason: String? = nil,
    fileID: String = #fileID, line: Int = #line
  ) {
    self.tests = tests
    self.outcome = outcome.operand(.sum)
    self.reason = reason
    place = BuildPlace(fileID, line)
  }

  /// A row with a level or a choice as outcome.
  public init(
    _ tests: ColumnEntry..., then outcome: Outcome, reason: String? = nil,
    fileID: String = #fileID, line: Int = #line
  ) where Outcome: NamedConstant {
    self.tests = tests
    self.outcome = outcome.ruleText
    self.reason = reason
    place = BuildPlace(fileID, line)
  }
}

/// Collects the rows of a table.
@resultBuilder public enum TableBuilder<Outcome: OutcomeType> {
  public static func buildExpression(_ row: Row<Outcome>) -> [Row<Outcome>] { [row] }
  public static func buildBlock(_ rows: [Row<Outcome>]...) -> [Row<Outcome>] {
    rows.flatMap { $0 }
  }
  public static func buildOptional(_ rows: [Row<Outcome>]?) -> [Row<Outcome>] { rows ?? [] }
  public static func buildArray(_ rows: [[Row<Outcome>]]) -> [Row<Outcome>] { rows.flatMap { $0 } }
}
