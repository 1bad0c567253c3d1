/// A part of a ruleset that is written in Swift: an input, a rank, a decision, a test.
///
/// A type of your own conforms by handing on the declarations of other components:
///
/// ```swift
/// struct Sizes: RulesetComponent {
///   var declarations: [Declaration] { Scale(Size.self).declarations + size.declarations }
/// }
/// ```
public protocol RulesetComponent: Sendable {
  /// Its declarations, in the order of the text.
  var declarations: [Declaration] { get }
}

/// Collects the components of a ruleset, in the order of the text.
@resultBuilder public enum RulesetBuilder {
  public static func buildExpression(
    _ component: some RulesetComponent, fileID: String = #fileID, line: Int = #line
  ) -> [Declaration] {
    component.declarations.map { $0.placed(at: BuildPlace(fileID, line)) }
  }

  public static func buildBlock(_ parts: [Declaration]...) -> [Declaration] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [Declaration]?) -> [Declaration] { part ?? [] }
  public static func buildEither(first part: [Declaration]) -> [Declaration] { part }
  public static func buildEither(second part: [Declaration]) -> [Declaration] { part }
  public static func buildArray(_ parts: [[Declaration]]) -> [Declaration] { parts.flatMap { $0 } }
}

/// Lines of comment before the next declaration; no part of the digest.
public struct Comment: RulesetComponent {
  public let declarations: [Declaration]

  public init(_ text: String, fileID: String = #fileID, line: Int = #line) {
    let place = BuildPlace(fileID, line)
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    declarations = [Declaration(.comment, lines.map { BuiltLine("// \($0)", place) })]
  }
}

/// Declarations as rule text, for what has no component.
public struct RuleText: RulesetComponent {
  public let declarations: [Declaration]

  public init(_ text: String, fileID: String = #fileID, line: Int = #line) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    declarations = [
      Declaration(
        .text,
        lines.map { BuiltLine(String($0), BuildPlace(fileID, line)) })
    ]
  }
}

/// Brings in another ruleset's inputs, values, ranks and decisions.
public struct Use: RulesetComponent {
  public let declarations: [Declaration]

  /// A ruleset that is written in Swift; its text need not be in a file.
  public init(_ ruleset: Ruleset, fileID: String = #fileID, line: Int = #line) {
    declarations = [
      Declaration(
        .use, [BuiltLine("use \(Spelling.quoted(ruleset.path))", BuildPlace(fileID, line))],
        uses: [ruleset])
    ]
  }

  /// A ruleset in a file, relative to the one that uses it.
  public init(file path: String, fileID: String = #fileID, line: Int = #line) {
    declarations = [
      Declaration(.use, "use \(Spelling.quoted(path))", BuildPlace(fileID, line))
    ]
  }
}
