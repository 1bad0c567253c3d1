package import DataFields
package import RuleLanguage
package import ThresholdCells

/// A value that was given to a decision, and not worked out from others: what can be otherwise.
package struct Fact: Sendable, Hashable {
  /// Where the value stands in the rule row.
  package let slot: Int
  /// As rules write it: `enterprise.employees`.
  package let name: String
  package let type: ValueType
  /// The value, as its slot holds it; nil where it is missing.
  package let value: Quotient?
  /// The values that it can have.
  package let domain: ValueDomain
  /// Which way a counterfactual may move it.
  package let actionable: Actionability
  /// The least change that makes sense, as its slot holds it.
  package let step: Quotient?
  package let isKey: Bool
  package let isMasked: Bool

  /// Whether its values have an order that thresholds cut.
  package var isOrdered: Bool {
    switch type {
    case .integer, .decimal, .quotient, .date, .double: true
    case .boolean, .text, .rank: false
    }
  }

  /// Whether a value may take the place of the one that was given.
  package func mayBecome(_ other: Quotient) -> Bool {
    guard !isKey else { return false }
    guard let value else { return actionable != .no }
    switch actionable {
    case .no: return false
    case .yes: return true
    case .increase: return isOrdered && axisPlace(other) >= axisPlace(value)
    case .decrease: return isOrdered && axisPlace(other) <= axisPlace(value)
    }
  }

  /// Where a value of the slot lies on the fact's axis: a double by its place among the doubles.
  package func axisPlace(_ value: Quotient) -> Quotient {
    if case .double = type { return Quotient(DoubleOrder.place(ofBits: value.numerator)) }
    return value
  }

  /// The slot's value at a place on the axis.
  package func slotValue(at place: Quotient) -> Quotient {
    if case .double = type {
      return Quotient(Int128(DoubleOrder.value(at: place.numerator).bitPattern))
    }
    return place
  }

  package var density: ThresholdAxis.Density {
    if case .quotient = type { return .continuous }
    return .steps
  }
}

/// A fact with another value.
package struct FactChange: Sendable, Hashable {
  /// Index in ``DecidedCase/facts``.
  package var fact: Int
  /// As the fact's slot holds it; nil is missing.
  package var value: Quotient?

  package init(fact: Int, value: Quotient?) {
    self.fact = fact
    self.value = value
  }
}
