/// A derived value with a name, and its declaration: `let per_head = average / enterprise.employees`.
public typealias Let<Kind: RuleType> = RuleExpression<Subject, Kind>

extension RuleExpression where Scope == Subject {
  /// Names a value.
  ///
  /// - Parameters:
  ///   - missing: what holds where it is missing; without it the decision is refused.
  ///   - range: its domain; a value outside refuses the decision.
  ///   - actionable: which changes a counterfactual may propose.
  ///   - step: what such changes are multiples of.
  ///   - isPersonal: whether it belongs to a person and must be erasable.
  public init(
    _ name: String, _ value: Self, missing: MissingPolicy<Kind>? = nil,
    in range: RuleRange<Kind>, actionable: ActionabilityChoice? = nil, step: Value<Kind>? = nil,
    isPersonal: Bool = false, fileID: String = #fileID, line: Int = #line
  ) where Kind: MeasuredType {
    self.init(
      name, value, missing: missing, clauses: " in \(range.text)", actionable, step, isPersonal,
      BuildPlace(fileID, line))
  }

  /// Names a value.
  public init(
    _ name: String, _ value: Self, missing: MissingPolicy<Kind>? = nil,
    actionable: ActionabilityChoice? = nil, step: Value<Kind>? = nil, isPersonal: Bool = false,
    fileID: String = #fileID, line: Int = #line
  ) {
    self.init(
      name, value, missing: missing, clauses: "", actionable, step, isPersonal,
      BuildPlace(fileID, line))
  }

  private init(
    _ name: String, _ value: Self, missing: MissingPolicy<Kind>?, clauses: String,
    _ actionable: ActionabilityChoice?, _ step: Value<Kind>?, _ isPersonal: Bool,
    _ place: BuildPlace
  ) {
    var text = "let \(Spelling.name(name)) = \(value.text)"
    if let missing { text += " missing \(missing.text)" }
    text += clauses
    if let actionable { text += " actionable \(actionable.rawValue)" }
    if let step { text += " step \(step.text)" }
    if isPersonal { text += " personal" }
    self.init(Spelling.name(name), .primary, declared: Declaration(.value, text, place))
  }
}

/// What holds where a value is missing.
public struct MissingPolicy<Kind: RuleType>: Sendable {
  let text: String

  /// The decision is refused.
  public static var refuse: Self { Self(text: "refuse") }
  /// A value stands in.
  public static func value(_ value: Value<Kind>) -> Self { Self(text: value.text) }
}

/// Which changes of a value a counterfactual may propose.
public enum ActionabilityChoice: String, Sendable, CaseIterable {
  case no, yes, increase, decrease
}
