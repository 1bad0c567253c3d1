/// How well a rule describes a group: what the search for the best one makes as large as it can.
package enum RuleQuality: String, Sendable, Hashable, CaseIterable {
  /// The harmonic mean of precision and coverage (van Rijsbergen, 1979): 1 for a rule that holds for
  /// the whole group and for nobody else.
  case f1
  /// Weighted relative accuracy (Lavrač, Flach and Zupan, 1999; CN2-SD, 2004): how much more of the
  /// group a rule holds for than it would if it had nothing to do with the group, as a share of all
  /// rows.
  case weightedRelativeAccuracy = "wracc"

  /// What a rule holds for: rows of the group, and others.
  package struct Cover: Sendable, Hashable {
    package var inside: Int
    package var outside: Int

    package init(inside: Int, outside: Int) {
      self.inside = inside
      self.outside = outside
    }

    package var count: Int { inside + outside }
  }

  /// An exact fraction, compared as one.
  struct Score: Sendable, Hashable, Comparable {
    let top: Int
    /// Positive.
    let bottom: Int

    static func < (left: Self, right: Self) -> Bool {
      // Counts of rows fit 62 bits together in no table that fits memory; their products may not.
      Int128(left.top) * Int128(right.bottom) < Int128(right.top) * Int128(left.bottom)
    }

    static func == (left: Self, right: Self) -> Bool { !(left < right) && !(right < left) }

    var value: Double { Double(top) / Double(bottom) }
  }

  /// The quality of a rule with a cover, in a table of `rows` rows of which `group` are in the group.
  ///
  /// It rises with the rows inside and falls with those outside, so that with the most and the fewest
  /// possible it is a bound.
  func score(_ cover: Cover, group: Int, rows: Int) -> Score {
    switch self {
    case .f1: Score(top: 2 * cover.inside, bottom: max(cover.count + group, 1))
    case .weightedRelativeAccuracy:
      Score(
        top: cover.inside * (rows - group) - cover.outside * group, bottom: max(rows * rows, 1))
    }
  }
}
