/// Tests as a table, a row each.
///
/// ```swift
/// TestTable("one row per rule") {
///   TestRow(enterprise.employees.is(10), currencies.is(2), expect: profile.is("Steady", by: "steady"))
/// }
/// ```
public struct TestTable: RulesetComponent {
  public let declarations: [Declaration]

  public init(
    _ title: String, fileID: String = #fileID, line: Int = #line,
    @TestTableBuilder rows: () -> [TestRow]
  ) {
    let place = BuildPlace(fileID, line)
    let rows = rows()
    let given = Self.columns(rows.flatMap(\.given))
    let expected = Self.columns(rows.flatMap(\.expected))
    let decided = Set(rows.flatMap(\.expected).filter { $0.rule != nil }.map(\.column))
    let results = expected.flatMap { decided.contains($0) ? [$0, "by"] : [$0] }
    let heading = "\(given.joined(separator: " | ")) || \(results.joined(separator: " | "))"
    var lines = [BuiltLine(heading, place)]
    for row in rows {
      var cells = given.map { column in row.given.first { $0.column == column }?.text ?? "*" }
      let left = cells.joined(separator: " | ")
      cells = expected.flatMap { column in
        let entry = row.expected.first { $0.column == column }
        let rule = entry?.rule.map(Spelling.dashed) ?? "*"
        return [entry?.text ?? "*"] + (decided.contains(column) ? [rule] : [])
      }
      lines.append(BuiltLine("\(left) || \(cells.joined(separator: " | "))", row.place))
    }
    declarations = [
      Declaration(.test, block: "test table \(Spelling.quoted(title))", lines, place)
    ]
  }

  /// The columns in the order in which rows first mention them.
  private static func columns(_ entries: [ColumnEntry]) -> [String] {
    var columns: [String] = []
    for entry in entries where !columns.contains(entry.column) { columns.append(entry.column) }
    return columns
  }
}

/// A row of a table of tests; what it does not mention is neither given nor expected.
public struct TestRow: Sendable {
  let given: [ColumnEntry]
  let expected: [ColumnEntry]
  let place: BuildPlace

  public init(
    _ given: ColumnEntry..., expect expected: ColumnEntry..., fileID: String = #fileID,
    line: Int = #line
  ) {
    self.given = given
    self.expected = expected
    place = BuildPlace(fileID, line)
  }
}

/// Collects the rows of a table of tests.
@resultBuilder public enum TestTableBuilder {
  public static func buildExpression(_ row: TestRow) -> [TestRow] { [row] }
  public static func buildBlock(_ rows: [TestRow]...) -> [TestRow] { rows.flatMap { $0 } }
  public static func buildArray(_ rows: [[TestRow]]) -> [TestRow] { rows.flatMap { $0 } }
}
