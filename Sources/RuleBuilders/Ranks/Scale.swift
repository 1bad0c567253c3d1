/// Levels in order, as an enumeration of a service: its cases from the lowest to the highest.
///
/// ```swift
/// enum Size: String, RuleScale {
///   case small = "S", medium = "M", large = "L"
///   var title: String? { "\(self)" }
/// }
/// ```
///
/// Ranks of one scale compare with each other. Those of two do once a component ``Align`` says so
/// and one scale names the other: `typealias AlignedWith = Life`.
public protocol RuleScale: NamedConstant, OutcomeType, CaseIterable, RawRepresentable<String> {
  /// The scale with which its levels compare by position.
  associatedtype AlignedWith: RuleScale = Self

  /// The scale's name in rule text; the type's by default.
  static var scaleName: String { get }

  /// What reasons call the level; the level's name by default.
  var title: String? { get }
}

extension RuleScale {
  public static var scaleName: String { "\(Self.self)" }
  public var title: String? { nil }
  public var ruleText: String { Spelling.name(rawValue) }
  public static var outcomeWord: String { Spelling.name(scaleName) }
}

/// The declaration of a scale: `scale Size: S < M < L`.
public struct Scale: RulesetComponent {
  public let declarations: [Declaration]

  public init<Levels: RuleScale>(
    _ scale: Levels.Type, fileID: String = #fileID, line: Int = #line
  ) {
    let levels = scale.allCases.map(\.ruleText).joined(separator: " < ")
    let titles = scale.allCases.compactMap { level in
      level.title.map { "\(level.ruleText) \(Spelling.quoted($0))" }
    }
    var text = "scale \(Spelling.name(scale.scaleName)): \(levels)"
    if !titles.isEmpty { text += " { \(titles.joined(separator: "  ")) }" }
    declarations = [Declaration(.scale, text, BuildPlace(fileID, line))]
  }
}

/// The declaration that two scales compare by position: `align Life with Rate`.
public struct Align: RulesetComponent {
  public let declarations: [Declaration]

  public init<Left: RuleScale, Right: RuleScale>(
    _ left: Left.Type, with right: Right.Type, fileID: String = #fileID, line: Int = #line
  ) where Left.AlignedWith == Right.AlignedWith {
    let names = "\(Spelling.name(left.scaleName)) with \(Spelling.name(right.scaleName))"
    declarations = [Declaration(.scale, "align \(names)", BuildPlace(fileID, line))]
  }
}
