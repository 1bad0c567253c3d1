package import DataFields
package import SourceDiagnostics

/// The type of an expression, as the checker knows it.
package enum RuleType: Sendable, Hashable {
  /// Something is wrong and was reported; it agrees with everything.
  case fault
  case value(ValueType)
  /// A decimal amount in the currency that another field of the event names.
  case amount(scale: Int, currencyField: Int)
  /// The events of a stream: what `count` counts.
  case stream(Int)
  /// A list of outcomes: what `hit collect` comes to.
  case outcomes(ValueType)

  package var valueType: ValueType? {
    if case .value(let type) = self { return type }
    return nil
  }

  package var isNumber: Bool {
    switch valueType {
    case .integer, .decimal, .quotient: true
    default: false
    }
  }
}

/// A value that the text fixes.
package struct ConstantValue: Sendable, Hashable {
  package var type: ValueType
  /// A number in its natural size (12.50 is 25/2), days, a rank's position, 0 or 1; for a text 0.
  package var number: Quotient
  package var text: String?
  /// A number without a unit: only 0 fits every unit.
  package var isBare: Bool

  package init(type: ValueType, number: Quotient, text: String? = nil, isBare: Bool = false) {
    self.type = type
    self.number = number
    self.text = text
    self.isBare = isBare
  }

  package static func text(_ text: String) -> ConstantValue {
    ConstantValue(type: .text, number: Quotient(0), text: text)
  }

  /// The word (or fraction) that holds the value in a slot of `type`; nil if it does not fit.
  package func stored(as type: ValueType) -> Quotient? {
    switch type {
    case .integer, .decimal:
      guard let scaled = scaled(type.scale), scaled.reduced.denominator == 1 else { return nil }
      return scaled.reduced
    case .quotient:
      return scaled(type.scale)
    case .double:
      let bits = number.nearestDouble.bitPattern
      return Quotient(Int128(bits))
    case .boolean, .date, .rank, .text:
      return number
    }
  }

  private func scaled(_ digits: Int) -> Quotient? {
    guard let power = ExactArithmetic.powerOfTen(digits) else { return nil }
    return number.multiplied(by: Quotient(power))
  }
}

/// An expression whose names and types are settled.
package struct CheckedExpression: Sendable, Hashable {
  package var kind: Kind
  package var type: RuleType
  package var span: SourceSpan
  package var id: NodeID

  package indirect enum Kind: Sendable, Hashable {
    case constant(ConstantValue)
    /// A value of the rule row, by its index in the checked program.
    case value(Int)
    /// A field of the event in scope.
    case eventField(Int)
    case negation(CheckedExpression)
    case arithmetic(ArithmeticOperator, CheckedExpression, CheckedExpression)
    case asFloat(CheckedExpression)
    /// Amount, currency field, target currency, rate table, date field.
    case conversion(
      CheckedExpression, currencyField: Int, target: String, rates: Int, dateField: Int)
    case condition(CheckedCondition)
    case fault
  }

  package var constant: ConstantValue? {
    if case .constant(let constant) = kind { return constant }
    return nil
  }
}

/// A condition: a tree of clauses.
package indirect enum CheckedCondition: Sendable, Hashable {
  case all([CheckedCondition])
  case any([CheckedCondition])
  case not(CheckedCondition)
  case clause(CheckedClause)
}

/// A leaf of a condition, with the text that a trace shows.
package struct CheckedClause: Sendable, Hashable {
  package var kind: Kind
  package var text: String
  package var span: SourceSpan

  package enum Kind: Sendable, Hashable {
    case compare(CheckedExpression, Comparison, CheckedExpression)
    case inList(CheckedExpression, Int)
    case presence(CheckedExpression, isMissing: Bool)
    case isTrue(CheckedExpression)
    /// Reported; it neither holds nor fails.
    case fault
  }
}

extension CheckedCondition {
  /// All clauses, in order.
  package var clauses: [CheckedClause] {
    switch self {
    case .all(let parts), .any(let parts): parts.flatMap(\.clauses)
    case .not(let part): part.clauses
    case .clause(let clause): [clause]
    }
  }
}

extension CheckedExpression {
  /// The values of the rule row that it rests on directly, in order, with repetitions.
  package var values: [Int] {
    switch kind {
    case .value(let index): [index]
    case .negation(let operand), .asFloat(let operand): operand.values
    case .arithmetic(_, let left, let right): left.values + right.values
    case .conversion(let operand, _, _, _, _): operand.values
    case .condition(let condition): condition.values
    case .constant, .eventField, .fault: []
    }
  }
}

extension CheckedExpression {
  /// The fields of the event in scope that it rests on, outside of conditions.
  var eventFields: [Int] {
    switch kind {
    case .eventField(let index): [index]
    case .negation(let operand), .asFloat(let operand): operand.eventFields
    case .arithmetic(_, let left, let right): left.eventFields + right.eventFields
    case .conversion(let operand, _, _, _, _): operand.eventFields
    case .value, .condition, .constant, .fault: []
    }
  }
}

extension CheckedCondition {
  package var values: [Int] {
    clauses.flatMap { clause -> [Int] in
      switch clause.kind {
      case .compare(let left, _, let right): left.values + right.values
      case .inList(let value, _), .presence(let value, _), .isTrue(let value): value.values
      case .fault: []
      }
    }
  }
}
