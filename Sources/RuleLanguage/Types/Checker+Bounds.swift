import DataFields
import SourceDiagnostics

extension Checker {
  /// What can be said of an expression's value without knowing the inputs.
  func bounds(of expression: CheckedExpression) -> ValueBounds {
    switch expression.kind {
    case .constant(let constant):
      return ValueBounds(lower: constant.number, upper: constant.number)
    case .value(let index): return program.values[index].bounds
    case .negation(let operand):
      let range = bounds(of: operand)
      return ValueBounds(
        lower: range.upper.flatMap(\.negated), upper: range.lower.flatMap(\.negated))
    case .arithmetic(let symbol, let left, let right):
      return bounds(symbol, bounds(of: left), bounds(of: right))
    case .asFloat(let operand): return bounds(of: operand)
    case .eventField, .conversion, .condition, .fault: return ValueBounds()
    }
  }

  private func bounds(_ symbol: ArithmeticOperator, _ a: ValueBounds, _ b: ValueBounds)
    -> ValueBounds
  {
    let zero = Quotient(0)
    func isNatural(_ range: ValueBounds) -> Bool { range.lower.map { $0 >= zero } ?? false }
    func both(_ x: Quotient?, _ y: Quotient?, _ f: (Quotient, Quotient) -> Quotient?) -> Quotient? {
      guard let x, let y else { return nil }
      return f(x, y)
    }
    switch symbol {
    case .add:
      return ValueBounds(
        lower: both(a.lower, b.lower) { $0.adding($1) },
        upper: both(a.upper, b.upper) { $0.adding($1) })
    case .subtract:
      return ValueBounds(
        lower: both(a.lower, b.upper) { x, y in y.negated.flatMap { x.adding($0) } },
        upper: both(a.upper, b.lower) { x, y in y.negated.flatMap { x.adding($0) } })
    case .multiply:
      guard isNatural(a), isNatural(b) else { return ValueBounds() }
      return ValueBounds(
        lower: both(a.lower, b.lower) { $0.multiplied(by: $1) },
        upper: both(a.upper, b.upper) { $0.multiplied(by: $1) })
    case .divide:
      guard isNatural(a), isNatural(b), b.excludesZero else { return ValueBounds() }
      return ValueBounds(
        lower: both(a.lower, b.upper) { $0.divided(by: $1) } ?? zero,
        upper: both(a.upper, b.lower) { $0.divided(by: $1) })
    }
  }

  /// Every divisor must be proved not to be zero.
  mutating func requireNonZeroDivisors(_ expression: CheckedExpression) {
    switch expression.kind {
    case .arithmetic(let symbol, let left, let right):
      requireNonZeroDivisors(left)
      requireNonZeroDivisors(right)
      guard symbol == .divide, !bounds(of: right).excludesZero else { return }
      report(
        "Y5", "`\(text(right.span))` may be zero", at: right.span,
        label: describe(right.type),
        help: [
          "say what stands in:   missing refuse",
          "or bound the divisor where it is declared:   in 1 ... 1_000_000",
        ])
    case .negation(let operand), .asFloat(let operand): requireNonZeroDivisors(operand)
    default: break
    }
  }
}
