/// A test that stands in the ruleset: what is given, and what is expected of it.
///
/// ```swift
/// TestCase("customer 334628087") {
///   Given(enterprise.employees.is(person(4)), currencies.is(1))
///   Expect(size.is(.small), profile.is("Developed Customers", by: "otherwise"))
/// }
/// ```
public struct TestCase: RulesetComponent {
  public let declarations: [Declaration]

  public init(
    _ title: String, fileID: String = #fileID, line: Int = #line,
    @TestCaseBuilder content: () -> [TestLine]
  ) {
    declarations = [
      Declaration(
        .test, block: "test \(Spelling.quoted(title))", content().map(\.line),
        BuildPlace(fileID, line))
    ]
  }
}

/// A line of a test.
public struct TestLine: Sendable {
  let line: BuiltLine
}

/// The values that a test supplies.
public struct Given: Sendable {
  let line: TestLine

  public init(
    _ values: ColumnEntry..., fileID: String = #fileID, line: Int = #line
  ) {
    let texts = values.map { "\($0.column) = \($0.text)" }
    self.line = TestLine(
      line: BuiltLine("given \(texts.joined(separator: ", "))", BuildPlace(fileID, line)))
  }
}

/// The values that a test expects, and the rules by which they are decided.
public struct Expect: Sendable {
  let line: TestLine

  public init(
    _ values: ColumnEntry..., fileID: String = #fileID, line: Int = #line
  ) {
    let texts = values.map { entry in
      "\(entry.column) = \(entry.text)"
        + (entry.rule.map { " by \(Spelling.dashed($0))" } ?? "")
    }
    self.line = TestLine(
      line: BuiltLine("expect \(texts.joined(separator: ", "))", BuildPlace(fileID, line)))
  }
}

/// Collects what a test gives and expects.
@resultBuilder public enum TestCaseBuilder {
  public static func buildExpression(_ given: Given) -> [TestLine] { [given.line] }
  public static func buildExpression(_ expect: Expect) -> [TestLine] { [expect.line] }
  public static func buildBlock(_ parts: [TestLine]...) -> [TestLine] { parts.flatMap { $0 } }
}
