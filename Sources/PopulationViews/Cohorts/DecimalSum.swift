internal import DataFields

/// An exact sum of decimal numbers as texts have them.
package struct DecimalSum: Sendable, Hashable {
  private var coefficient: Int128 = 0
  private var scale = 0
  /// Texts that were no number, empty ones among them.
  package private(set) var unread = 0
  /// Whether the sum is more than 38 digits hold; it is then of no use.
  package private(set) var hasOverflowed = false

  package init() {}

  /// Adds the number that a text holds, or counts a text that holds none.
  package mutating func add(_ text: Span<UInt8>) {
    do throws(NumberFault) {
      let number = try DecimalText(parsing: text)
      add(number.coefficient, scale: number.scale)
    } catch {
      if error == .overflow { hasOverflowed = true } else { unread += 1 }
    }
  }

  package mutating func add(_ other: DecimalSum) {
    unread += other.unread
    hasOverflowed = hasOverflowed || other.hasOverflowed
    add(other.coefficient, scale: other.scale)
  }

  private mutating func add(_ other: Int128, scale otherScale: Int) {
    let digits = max(scale, otherScale)
    guard let mine = ExactArithmetic.scaled(coefficient, byDigits: digits - scale),
      let theirs = ExactArithmetic.scaled(other, byDigits: digits - otherScale)
    else {
      hasOverflowed = true
      return
    }
    let (sum, overflow) = mine.addingReportingOverflow(theirs)
    if overflow { hasOverflowed = true } else { (coefficient, scale) = (sum, digits) }
  }

  /// As it parses back: `1234.50`.
  package var text: String { NumberText.plain(coefficient, scale: scale) }

  /// With separators: `1,234.50`.
  package var displayText: String { NumberText.grouped(coefficient, scale: scale) }

  /// The share of a total, rounded once; nil where the total is 0.
  package func share(of total: DecimalSum) -> Double? {
    let digits = max(scale, total.scale)
    guard let mine = ExactArithmetic.scaled(coefficient, byDigits: digits - scale),
      let whole = ExactArithmetic.scaled(total.coefficient, byDigits: digits - total.scale)
    else { return nil }
    return Quotient(mine, over: whole)?.nearestDouble
  }
}
