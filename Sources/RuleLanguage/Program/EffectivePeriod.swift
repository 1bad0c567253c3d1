package import DataFields

/// The days on which a ruleset decides.
package struct EffectivePeriod: Sendable, Hashable {
  /// The first day; nil from the beginning.
  package var from: CalendarDate?
  /// The first day no longer; nil for ever.
  package var until: CalendarDate?

  package init(from: CalendarDate?, until: CalendarDate?) {
    self.from = from
    self.until = until
  }

  /// Whether decisions are made as of a day; those of no day always are.
  package func contains(_ day: CalendarDate?) -> Bool {
    guard let day else { return true }
    if let from, day < from { return false }
    if let until, day >= until { return false }
    return true
  }
}

extension RulesetHeader {
  package var period: EffectivePeriod {
    EffectivePeriod(from: effectiveFrom, until: effectiveUntil)
  }
}
