internal import DataFields
package import DecisionTrace

/// How many values stand on, below and above one cut point, and how many of them near it.
///
/// Everything is compared exactly: quotients as quotients, doubles as the binary fractions that they
/// are. Nothing is rounded on the way, so that a value that is 5 % off is within 5 %.
package struct CutPointDensity: Sendable {
  /// The values within some distance, those on the cut point left out. A wider band has those of a
  /// narrower one as well.
  package struct Band: Sendable, Hashable {
    package var nearness: Nearness
    package var below = 0
    package var above = 0
  }

  /// Named after the level that begins there: `size.M`.
  package let name: String
  package let value: Trace.Content
  /// Whether a value on the cut point counts as below it (`up to`), not as above (`below`).
  package let belongsBelow: Bool
  package private(set) var on = 0
  package private(set) var below = 0
  package private(set) var above = 0
  /// Empty where nearness has no meaning: a share of 0.
  package private(set) var bands: [Band] = []
  /// Of an exact number, where each band begins and ends.
  private var limits: [(lower: Quotient, upper: Quotient)] = []

  /// - Parameter nearness: of what kinds it likes; those that do not fit the value are left out.
  package init(
    name: String, value: Trace.Content, belongsBelow: Bool, nearness: [Nearness]
  ) {
    self.name = name
    self.value = value
    self.belongsBelow = belongsBelow
    for near in nearness {
      switch (value, near) {
      case (.date, .days): bands.append(Band(nearness: near))
      case (.number(let cut, _, _, _), .share(let millionths)):
        guard cut.numerator != 0, let limit = Self.limits(of: cut, millionths) else { continue }
        bands.append(Band(nearness: near))
        limits.append(limit)
      case (.double(let cut), .share):
        if cut != 0, cut.isFinite { bands.append(Band(nearness: near)) }
      default: continue
      }
    }
  }

  /// Nil where they do not fit an `Int128`.
  private static func limits(
    of cut: Quotient, _ millionths: Int128
  ) -> (lower: Quotient, upper: Quotient)? {
    func scaled(_ share: Int128) -> Quotient? {
      Quotient(share, over: Nearness.whole).flatMap { cut.multiplied(by: $0.reduced) }
    }
    guard let less = scaled(Nearness.whole - millionths),
      let more = scaled(Nearness.whole + millionths)
    else { return nil }
    return less < more ? (less, more) : (more, less)
  }

  /// Takes one value of the cut point's type; another is passed over.
  package mutating func add(_ content: Trace.Content) {
    switch (value, content) {
    case (.number(let cut, _, _, _), .number(let number, _, _, _)):
      guard count(number < cut ? -1 : number > cut ? 1 : 0) else { return }
      for place in bands.indices where number >= limits[place].lower {
        if number <= limits[place].upper { count(in: place, isBelow: number < cut) }
      }
    case (.date(let cut), .date(let date)):
      let days = Int(date.daysSinceEpoch) - Int(cut.daysSinceEpoch)
      guard count(days.signum()) else { return }
      for place in bands.indices {
        if case .days(let limit) = bands[place].nearness, days.magnitude <= limit {
          count(in: place, isBelow: days < 0)
        }
      }
    case (.double(let cut), .double(let number)):
      if number.isNaN { return }
      guard count(number < cut ? -1 : number > cut ? 1 : 0) else { return }
      for place in bands.indices {
        if case .share(let millionths) = bands[place].nearness,
          BinaryDistance.isWithin(number, of: cut, millionths: millionths)
        {
          count(in: place, isBelow: number < cut)
        }
      }
    default: return
    }
  }

  /// - Returns: whether the value is off the cut point.
  private mutating func count(_ side: Int) -> Bool {
    if side == 0 { on += 1 } else if side < 0 { below += 1 } else { above += 1 }
    return side != 0
  }

  private mutating func count(in band: Int, isBelow: Bool) {
    if isBelow { bands[band].below += 1 } else { bands[band].above += 1 }
  }
}

/// Exact distances of doubles.
enum BinaryDistance {
  /// Whether |x - cut| <= |cut| x millionths / 10^6, of the binary fractions that the doubles are.
  ///
  /// - Parameter millionths: from 1 to 999,999.
  static func isWithin(_ x: Double, of cut: Double, millionths: Int128) -> Bool {
    // Less than the whole cut point away: on the same side of 0, and less than twice as large.
    guard x.isFinite, cut.isFinite, x != 0, cut != 0, x.sign == cut.sign else { return false }
    let (a, aExponent) = parts(x)
    let (b, bExponent) = parts(cut)
    // Beyond, x is more than twice the cut point, or less than its millionth.
    guard (-22...2).contains(aExponent - bExponent) else { return false }
    let exponent = min(aExponent, bExponent)
    // At most 53 + 22 bits, and 20 of the millionths: far from the 127 of an Int128.
    let wideX = a << Int128(aExponent - exponent)
    let wideCut = b << Int128(bExponent - exponent)
    let distance = wideX < wideCut ? wideCut - wideX : wideX - wideCut
    return distance * Nearness.whole <= wideCut * millionths
  }

  /// Significand and exponent of the magnitude: `significand x 2^exponent`.
  private static func parts(_ value: Double) -> (significand: Int128, exponent: Int) {
    let biased = Int(value.exponentBitPattern)
    let fraction = Int128(value.significandBitPattern)
    return biased == 0 ? (fraction, 1) : (fraction | 1 << 52, biased)
  }
}
