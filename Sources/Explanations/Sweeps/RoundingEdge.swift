import DataFields
import PMML
import RuleLanguage
import ThresholdCells

/// Where among exact values the value that a model is fed crosses one of the model's cuts.
///
/// A model compares doubles, or floats; what it is fed is the nearest of them. `x < t` therefore
/// changes halfway between t and the number before it, and the halfway point itself goes to the one
/// whose last bit is even.
enum RoundingEdge {
  /// The edge as the value's slot holds it; nil where 128 bits do not hold it.
  ///
  /// - Parameters:
  ///   - digits: the value's digits after the point.
  ///   - feedsFloat: whether the value is rounded to single precision at once.
  static func edge(
    _ cut: FieldCuts.Cut, digits: Int, feedsFloat: Bool
  ) -> ThresholdEdge? {
    let edge: ThresholdEdge?
    if feedsFloat {
      edge = floatEdge(cut)
    } else if cut.isFloat {
      // Rounded to a double first, then to a float.
      let target = cut.isAfter ? Float(cut.value).nextUp : Float(cut.value)
      let halfway = (Double(target.nextDown) + Double(target)) / 2
      let isEven = target.bitPattern & 1 == 0
      edge = doubleEdge(reaching: isEven ? halfway : halfway.nextUp)
    } else {
      edge = doubleEdge(reaching: cut.isAfter ? cut.value.nextUp : cut.value)
    }
    guard let edge, let power = ExactArithmetic.powerOfTen(digits),
      let scaled = edge.value.multiplied(by: Quotient(power))
    else { return nil }
    return ThresholdEdge(scaled.reduced, isAfter: edge.isAfter)
  }

  /// The edge below the exact values whose nearest double is `target` or more.
  private static func doubleEdge(reaching target: Double) -> ThresholdEdge? {
    // No fraction of 128 bits lies between zero and these.
    if target.magnitude < 0x1p-125 { return ThresholdEdge(Quotient(0), isAfter: target > 0) }
    guard let own = exact(target), let before = exact(target.nextDown),
      let halfway = middle(before, own)
    else { return nil }
    return ThresholdEdge(halfway, isAfter: target.bitPattern & 1 != 0)
  }

  private static func floatEdge(_ cut: FieldCuts.Cut) -> ThresholdEdge? {
    let target = cut.isAfter ? Float(cut.value).nextUp : Float(cut.value)
    if target.magnitude < 0x1p-100 { return ThresholdEdge(Quotient(0), isAfter: target > 0) }
    guard let own = exact(Double(target)), let before = exact(Double(target.nextDown)),
      let halfway = middle(before, own)
    else { return nil }
    return ThresholdEdge(halfway, isAfter: target.bitPattern & 1 != 0)
  }

  private static func middle(_ one: Quotient, _ other: Quotient) -> Quotient? {
    one.adding(other)?.multiplied(by: Quotient(1, over: 2) ?? Quotient(0))?.reduced
  }

  /// A double as a fraction; nil where 128 bits do not hold it.
  static func exact(_ number: Double) -> Quotient? {
    guard number.isFinite else { return nil }
    if number == 0 { return Quotient(0) }
    var significand = Int128(number.significandBitPattern)
    var exponent = Int(number.exponentBitPattern) - 1075
    if number.exponentBitPattern == 0 { exponent += 1 } else { significand |= 1 << 52 }
    let zeros = significand.trailingZeroBitCount
    significand >>= zeros
    exponent += zeros
    if number < 0 { significand = -significand }
    if exponent >= 0 {
      guard exponent < 72 else { return nil }
      return Quotient(significand << exponent)
    }
    guard exponent > -126 else { return nil }
    return Quotient(significand, over: 1 << -exponent)
  }
}
