import DataFields
import ThresholdCells

/// A value as `(a x + b) / (c x + d)` of one fact x: what sums, products and quotients with other
/// values make of it.
struct MoebiusForm: Sendable, Hashable {
  var a: Quotient
  var b: Quotient
  var c: Quotient
  var d: Quotient

  static let identity = MoebiusForm(a: Quotient(1), b: Quotient(0), c: Quotient(0), d: Quotient(1))

  /// Whether it is `a x + b` but for a constant divisor.
  var isLinear: Bool { c.numerator == 0 }

  // MARK: Arithmetic; nil on overflow, or where the form is lost

  func adding(_ constant: Quotient) -> MoebiusForm? {
    guard let ca = c.multiplied(by: constant), let db = d.multiplied(by: constant),
      let top = a.adding(ca), let rest = b.adding(db)
    else { return nil }
    return MoebiusForm(a: top.reduced, b: rest.reduced, c: c, d: d)
  }

  func multiplied(by constant: Quotient) -> MoebiusForm? {
    guard let top = a.multiplied(by: constant), let rest = b.multiplied(by: constant) else {
      return nil
    }
    return MoebiusForm(a: top.reduced, b: rest.reduced, c: c, d: d)
  }

  /// The constant divided by this.
  func dividing(_ constant: Quotient) -> MoebiusForm? {
    guard let c = c.multiplied(by: constant), let d = d.multiplied(by: constant) else { return nil }
    return MoebiusForm(a: c.reduced, b: d.reduced, c: a, d: b)
  }

  func adding(_ other: MoebiusForm) -> MoebiusForm? {
    // Over one divisor; any other sum is of a higher degree.
    guard c == other.c, d == other.d, let a = a.adding(other.a), let b = b.adding(other.b) else {
      guard isLinear, other.isLinear, let own = normalised, let next = other.normalised else {
        return nil
      }
      return own.adding(next)
    }
    return MoebiusForm(a: a.reduced, b: b.reduced, c: c, d: d)
  }

  /// With a divisor of 1.
  private var normalised: MoebiusForm? {
    guard isLinear, d != Quotient(1), let a = a.divided(by: d), let b = b.divided(by: d) else {
      return nil
    }
    return MoebiusForm(a: a.reduced, b: b.reduced, c: Quotient(0), d: Quotient(1))
  }

  // MARK: Roots

  /// The x at which the form has a value.
  enum Root: Sendable, Hashable {
    case at(Quotient)
    /// It never has the value, or always.
    case none
    /// Too large to be told.
    case unknown
  }

  func root(of value: Quotient) -> Root {
    guard let td = value.multiplied(by: d), let tc = value.multiplied(by: c),
      let nb = b.negated, let top = td.adding(nb), let ntc = tc.negated,
      let bottom = a.adding(ntc)
    else { return .unknown }
    if bottom.numerator == 0 { return .none }
    return top.divided(by: bottom).map { .at($0.reduced) } ?? .unknown
  }

  /// Where the divisor is zero.
  var pole: Root {
    if c.numerator == 0 { return .none }
    guard let top = d.negated, let root = top.divided(by: c) else { return .unknown }
    return .at(root.reduced)
  }

  /// Whether it rises with x wherever it has a value; nil where that cannot be told.
  var rises: Bool? {
    guard let ad = a.multiplied(by: d), let bc = b.multiplied(by: c), ad != bc else { return nil }
    return ad > bc
  }

  /// The x at which two linear forms meet.
  func meeting(_ other: MoebiusForm) -> Root {
    guard isLinear, other.isLinear, let negative = other.multiplied(by: Quotient(-1)),
      let difference = adding(negative)
    else { return .unknown }
    return difference.root(of: Quotient(0))
  }
}
