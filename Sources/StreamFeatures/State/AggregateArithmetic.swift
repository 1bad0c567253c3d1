internal import DataFields
internal import RuleLanguage

/// How values of an aggregate are added and compared: exactly, whatever their type.
struct AggregateArithmetic: Sendable {
  let isQuotient: Bool
  private let isDouble: Bool

  init(_ plan: AggregatePlan) {
    if case .quotient? = plan.valueType { isQuotient = true } else { isQuotient = false }
    isDouble = plan.valueType == .double
  }

  /// A value and what it is divided by, which is 1 unless the type is a quotient.
  typealias Value = (value: Int128, denominator: Int128)

  /// Nil if the sum leaves what 38 digits hold.
  @inline(__always)
  func sum(_ left: Value, _ right: Value) -> Value? {
    guard isQuotient else {
      let (sum, overflow) = left.value.addingReportingOverflow(right.value)
      return overflow ? nil : (sum, 1)
    }
    guard let left = Quotient(left.value, over: left.denominator),
      let right = Quotient(right.value, over: right.denominator), let sum = left.adding(right)
    else { return nil }
    return (sum.numerator, sum.denominator)
  }

  /// Negative, 0 or positive.
  @inline(__always)
  func order(_ left: Value, _ right: Value) -> Int {
    if isDouble {
      let left = Double(bitPattern: UInt64(truncatingIfNeeded: left.value))
      let right = Double(bitPattern: UInt64(truncatingIfNeeded: right.value))
      return left < right ? -1 : left == right ? 0 : 1
    }
    return isQuotient
      ? ExactArithmetic.compareProducts(
        left.value, right.denominator, right.value, left.denominator)
      : left.value < right.value ? -1 : left.value == right.value ? 0 : 1
  }
}
