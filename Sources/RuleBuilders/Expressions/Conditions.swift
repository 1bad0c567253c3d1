// One overload for each pair of operands that the language compares: what it does not compare, such
// as ranks of two scales that are not aligned or scores for equality, does not compile.

extension RuleExpression {
  fileprivate func compared<Other>(
    _ symbol: String, _ other: RuleExpression<Scope, Other>
  ) -> RuleExpression<Scope, Bool> {
    RuleExpression<Scope, Bool>(
      "\(operand(.sum)) \(symbol) \(other.operand(.sum))", .comparison,
      fields: fields ?? other.fields)
  }
}

// MARK: Order

public func < <Scope, Kind: MeasuredType>(
  left: RuleExpression<Scope, Kind>, right: RuleExpression<Scope, Kind>
) -> RuleExpression<Scope, Bool> { left.compared("<", right) }

public func <= <Scope, Kind: MeasuredType>(
  left: RuleExpression<Scope, Kind>, right: RuleExpression<Scope, Kind>
) -> RuleExpression<Scope, Bool> { left.compared("<=", right) }

public func > <Scope, Kind: MeasuredType>(
  left: RuleExpression<Scope, Kind>, right: RuleExpression<Scope, Kind>
) -> RuleExpression<Scope, Bool> { left.compared(">", right) }

public func >= <Scope, Kind: MeasuredType>(
  left: RuleExpression<Scope, Kind>, right: RuleExpression<Scope, Kind>
) -> RuleExpression<Scope, Bool> { left.compared(">=", right) }

// MARK: Order of levels

public func < <Scope, Left: RuleScale, Right: RuleScale>(
  left: RuleExpression<Scope, Left>, right: RuleExpression<Scope, Right>
) -> RuleExpression<Scope, Bool> where Left.AlignedWith == Right.AlignedWith {
  left.compared("<", right)
}

public func <= <Scope, Left: RuleScale, Right: RuleScale>(
  left: RuleExpression<Scope, Left>, right: RuleExpression<Scope, Right>
) -> RuleExpression<Scope, Bool> where Left.AlignedWith == Right.AlignedWith {
  left.compared("<=", right)
}

public func > <Scope, Left: RuleScale, Right: RuleScale>(
  left: RuleExpression<Scope, Left>, right: RuleExpression<Scope, Right>
) -> RuleExpression<Scope, Bool> where Left.AlignedWith == Right.AlignedWith {
  left.compared(">", right)
}

public func >= <Scope, Left: RuleScale, Right: RuleScale>(
  left: RuleExpression<Scope, Left>, right: RuleExpression<Scope, Right>
) -> RuleExpression<Scope, Bool> where Left.AlignedWith == Right.AlignedWith {
  left.compared(">=", right)
}

public func < <Scope, Kind: RuleScale>(
  left: RuleExpression<Scope, Kind>, right: Kind
) -> RuleExpression<Scope, Bool> { left.compared("<", .constant(right)) }

public func <= <Scope, Kind: RuleScale>(
  left: RuleExpression<Scope, Kind>, right: Kind
) -> RuleExpression<Scope, Bool> { left.compared("<=", .constant(right)) }

public func > <Scope, Kind: RuleScale>(
  left: RuleExpression<Scope, Kind>, right: Kind
) -> RuleExpression<Scope, Bool> { left.compared(">", .constant(right)) }

public func >= <Scope, Kind: RuleScale>(
  left: RuleExpression<Scope, Kind>, right: Kind
) -> RuleExpression<Scope, Bool> { left.compared(">=", .constant(right)) }

// MARK: Equality

public func == <Scope, Kind: EquatableType>(
  left: RuleExpression<Scope, Kind>, right: RuleExpression<Scope, Kind>
) -> RuleExpression<Scope, Bool> { left.compared("==", right) }

public func != <Scope, Kind: EquatableType>(
  left: RuleExpression<Scope, Kind>, right: RuleExpression<Scope, Kind>
) -> RuleExpression<Scope, Bool> { left.compared("!=", right) }

public func == <Scope, Left: RuleScale, Right: RuleScale>(
  left: RuleExpression<Scope, Left>, right: RuleExpression<Scope, Right>
) -> RuleExpression<Scope, Bool> where Left.AlignedWith == Right.AlignedWith {
  left.compared("==", right)
}

public func != <Scope, Left: RuleScale, Right: RuleScale>(
  left: RuleExpression<Scope, Left>, right: RuleExpression<Scope, Right>
) -> RuleExpression<Scope, Bool> where Left.AlignedWith == Right.AlignedWith {
  left.compared("!=", right)
}

public func == <Scope, Kind: NamedConstant>(
  left: RuleExpression<Scope, Kind>, right: Kind
) -> RuleExpression<Scope, Bool> { left.compared("==", .constant(right)) }

public func != <Scope, Kind: NamedConstant>(
  left: RuleExpression<Scope, Kind>, right: Kind
) -> RuleExpression<Scope, Bool> { left.compared("!=", .constant(right)) }

/// Whether a code is that of a currency.
public func == <Scope>(
  left: RuleExpression<Scope, String>, right: RuleUnit
) -> RuleExpression<Scope, Bool> {
  left.compared("==", RuleExpression<Scope, String>(right.text, .primary))
}

/// Whether a code is another than that of a currency.
public func != <Scope>(
  left: RuleExpression<Scope, String>, right: RuleUnit
) -> RuleExpression<Scope, Bool> {
  left.compared("!=", RuleExpression<Scope, String>(right.text, .primary))
}

/// Whether all of them are equal: `a == b == c`.
public func allEqual<Scope, Kind: RuleType>(
  _ first: RuleExpression<Scope, Kind>, _ others: RuleExpression<Scope, Kind>...
) -> RuleExpression<Scope, Bool> {
  RuleExpression<Scope, Bool>(
    ([first] + others).map { $0.operand(.sum) }.joined(separator: " == "), .comparison,
    fields: first.fields)
}

// MARK: Logic

extension RuleExpression where Kind == Bool {
  public static func && (left: Self, right: Self) -> Self {
    Self(
      "\(left.operand(.and)) and \(right.operand(.not))", .and,
      fields: left.fields ?? right.fields)
  }

  public static func || (left: Self, right: Self) -> Self {
    Self(
      "\(left.operand(.or)) or \(right.operand(.and))", .or,
      fields: left.fields ?? right.fields)
  }

  public static prefix func ! (operand: Self) -> Self {
    Self("not \(operand.operand(.not))", .not, fields: operand.fields)
  }
}

// MARK: Membership

extension RuleExpression {
  /// Whether it lies in a range.
  public func isIn(
    _ range: RuleRange<Kind>
  ) -> RuleExpression<Scope, Bool> where Kind: MeasuredType {
    RuleExpression<Scope, Bool>(
      "\(operand(.sum)) in \(range.text)", .comparison, fields: fields)
  }

  /// Whether it is one of several values.
  public func isOne(of values: Self...) -> RuleExpression<Scope, Bool> {
    RuleExpression<Scope, Bool>(
      "\(operand(.sum)) in (\(values.map { $0.operand(.sum) }.joined(separator: ", ")))",
      .comparison, fields: fields)
  }

  /// Whether it is one of several levels or choices.
  public func isOne(of values: Kind...) -> RuleExpression<Scope, Bool> where Kind: NamedConstant {
    RuleExpression<Scope, Bool>(
      "\(operand(.sum)) in (\(values.map(\.ruleText).joined(separator: ", ")))", .comparison,
      fields: fields)
  }

  /// Whether a file of one column, or the named column of a file, holds it.
  public func isIn(
    list file: FileReference, column: String? = nil
  ) -> RuleExpression<Scope, Bool> where Kind: EquatableType {
    let column = column.map { " column \(Spelling.quoted($0))" } ?? ""
    return RuleExpression<Scope, Bool>(
      "\(operand(.sum)) in list \(file.text)\(column)", .comparison, fields: fields)
  }
}

extension RuleExpression where Scope == Subject {
  /// Whether an input or a value is missing; asking makes that a case that rules decide.
  public var isMissing: Condition { Condition("\(operand(.sum)) is missing", .comparison) }

  /// Whether an input or a value is there.
  public var isPresent: Condition { Condition("\(operand(.sum)) is present", .comparison) }
}

// MARK: Ranges

/// A range of numbers, dates or scores.
public struct RuleRange<Kind: MeasuredType>: Sendable {
  let text: String
}

public func ... <Kind: MeasuredType>(
  lower: Value<Kind>, upper: Value<Kind>
) -> RuleRange<Kind> {
  RuleRange(text: "\(lower.operand(.sum)) ... \(upper.operand(.sum))")
}

public func ..< <Kind: MeasuredType>(
  lower: Value<Kind>, upper: Value<Kind>
) -> RuleRange<Kind> {
  RuleRange(text: "\(lower.operand(.sum)) ..< \(upper.operand(.sum))")
}
