import DataFields

/// A value as `factor x base + offset`, in words: what sums, differences and products with constants
/// make of one other value.
struct LinearForm: Sendable, Hashable {
  /// Nil for a constant.
  var base: Int?
  var factor: Quotient
  var offset: Quotient

  /// What the form comes to; nil on overflow.
  func value(at base: Quotient) -> Quotient? {
    factor.multiplied(by: base).flatMap { $0.adding(offset) }
  }

  /// The base at which the form comes to a value; nil if there is none, or on overflow.
  func base(at value: Quotient) -> Quotient? {
    offset.negated.flatMap { value.adding($0) }.flatMap { $0.divided(by: factor) }
  }

  /// Nil if both rest on different values, or on overflow.
  func adding(_ other: Self) -> LinearForm? {
    if let one = base, let two = other.base, one != two { return nil }
    guard let factor = factor.adding(other.factor), let offset = offset.adding(other.offset) else {
      return nil
    }
    return LinearForm(base: base ?? other.base, factor: factor.reduced, offset: offset.reduced)
  }

  func multiplied(by constant: Quotient) -> LinearForm? {
    guard let factor = factor.multiplied(by: constant),
      let offset = offset.multiplied(by: constant)
    else { return nil }
    return LinearForm(base: base, factor: factor.reduced, offset: offset.reduced)
  }
}

extension ValueOrigins {
  /// A number by the value that it is a linear form of: itself, where it is computed in no such way.
  func linearForm(of slot: Int) -> LinearForm? {
    var known: [Int: LinearForm?] = [:]
    return linearForm(of: slot, depth: 0, &known)
  }

  /// - Parameter known: what was found already; shared operands would be walked once for each use.
  private func linearForm(of slot: Int, depth: Int, _ known: inout [Int: LinearForm?])
    -> LinearForm?
  {
    if let form = known[slot] { return form }
    let form = computedForm(of: slot, depth: depth, &known)
    known[slot] = .some(form)
    return form
  }

  private func computedForm(of slot: Int, depth: Int, _ known: inout [Int: LinearForm?])
    -> LinearForm?
  {
    guard isNumber(slot) else { return nil }
    if let constant = constant(at: slot) {
      return LinearForm(base: nil, factor: Quotient(0), offset: constant)
    }
    let itself = LinearForm(base: slot, factor: Quotient(1), offset: Quotient(0))
    guard depth < 64, !isBounded(slot), let (instruction, _) = definition(of: slot) else {
      return itself
    }
    let left = linearForm(of: Int(instruction.left), depth: depth + 1, &known)
    let right = linearForm(of: Int(instruction.right), depth: depth + 1, &known)
    let form: LinearForm? =
      switch instruction.operation {
      case .copy: left
      case .negate: left?.multiplied(by: Quotient(-1))
      case .add, .addQuotient: combined(left, right)
      case .subtract, .subtractQuotient: combined(left, right?.multiplied(by: Quotient(-1)))
      case .multiply, .multiplyQuotient: product(left, right)
      case .divideQuotient: right.flatMap { quotient(left, by: $0) }
      case .scaleUp:
        right.flatMap { Int(exactly: $0.offset.numerator) }.flatMap(ExactArithmetic.powerOfTen)
          .flatMap { left?.multiplied(by: Quotient($0)) }
      case .coalesce, .atLeast, .atMost, .require, .condition, .convert: nil
      }
    return form ?? itself
  }

  private func combined(_ left: LinearForm?, _ right: LinearForm?) -> LinearForm? {
    guard let left, let right else { return nil }
    return left.adding(right)
  }

  private func quotient(_ form: LinearForm?, by divisor: LinearForm) -> LinearForm? {
    guard divisor.base == nil else { return nil }
    return Quotient(1).divided(by: divisor.offset).flatMap { form?.multiplied(by: $0) }
  }

  private func product(_ left: LinearForm?, _ right: LinearForm?) -> LinearForm? {
    guard let left, let right else { return nil }
    if left.base == nil { return right.multiplied(by: left.offset) }
    return right.base == nil ? left.multiplied(by: right.offset) : nil
  }
}
