extension RuleExpression where Kind == Number {
  public static func + (left: Self, right: Self) -> Self {
    left.joined("+", right, .sum, left: .sum, right: .product)
  }

  public static func - (left: Self, right: Self) -> Self {
    left.joined("-", right, .sum, left: .sum, right: .product)
  }

  public static func * (left: Self, right: Self) -> Self {
    left.joined("*", right, .product, left: .product, right: .primary)
  }

  /// The exact quotient. The divisor needs bounds that leave out 0.
  public static func / (left: Self, right: Self) -> Self {
    left.joined("/", right, .product, left: .product, right: .primary)
  }

  public static prefix func - (operand: Self) -> Self {
    Self(
      "-\(operand.operand(.primary))", .product, fields: operand.fields,
      condition: operand.condition)
  }

  private func joined(
    _ symbol: String, _ other: Self, _ binding: Binding, left: Binding, right: Binding
  ) -> Self {
    Self(
      "\(operand(left)) \(symbol) \(other.operand(right))", binding,
      fields: fields ?? other.fields, condition: condition ?? other.condition)
  }
}
