/// The best rule of up to three conditions for a group of rows: exhaustive subgroup discovery
/// (Klösgen, 1996) with optimistic estimates (Grosskreutz, Rüping and Wrobel, 2008).
///
/// Every conjunction is looked at or proved not to be better: a conjunction of a, b and c holds for no
/// more rows of the group than any two of them, and for at least |ab| + |ac| - |a| others
/// (Bonferroni). Of equally good rules the one with fewer conditions is taken, then the more precise
/// one, then the one whose conditions stand first.
package struct ConjunctionSearch: Sendable {
  package struct Result: Sendable, Hashable {
    /// Positions of the conditions, rising.
    package var conditions: [Int]
    package var cover: RuleQuality.Cover
    package var quality: Double
    /// Whether it is proved that no other conjunction is better.
    package var isProved: Bool
    /// What no conjunction exceeds; ``quality`` itself if it is proved.
    package var bound: Double
  }

  private struct Candidate {
    var conditions: [Int]
    var cover: RuleQuality.Cover
    var score: RuleQuality.Score
  }

  private let quality: RuleQuality
  private let sets: [RowSet]
  /// Two conditions of one subject are not joined.
  private let subjects: [Int]
  private let group: RowSet
  private let groupCount: Int
  private let rowCount: Int
  private let longest: Int
  /// Words of sets that may still be looked at.
  private var budget: Int
  private var best: Candidate?
  private var singles: [RuleQuality.Cover] = []
  private var pairs: [RuleQuality.Cover] = []

  /// What is looked at where nobody says otherwise: 2^32 words, some seconds.
  package static let standardBudget = 1 << 32

  /// - Parameters:
  ///   - sets: for each condition the rows for which it holds.
  ///   - subjects: for each condition a number that it shares with conditions whose rows are among its
  ///     own, or have its own among theirs, or have none in common with it (thresholds of one field, in
  ///     one direction; categories of one field): to join them is to take one of them, or nothing.
  ///   - universe: the rows that are looked at.
  ///   - group: those among them that are to be described.
  ///   - longest: how many conditions at most, from 1 to 3.
  ///   - budget: words of 64 rows that may be looked at before the search gives up its proof.
  package init(
    _ quality: RuleQuality, sets: [RowSet], subjects: [Int], universe: RowSet, group: RowSet,
    longest: Int = 3, budget: Int = Self.standardBudget
  ) {
    precondition(sets.count == subjects.count, "each condition is about something")
    self.quality = quality
    self.sets = sets.map { $0.intersection(universe) }
    self.subjects = subjects
    self.group = group.intersection(universe)
    groupCount = self.group.count
    rowCount = universe.count
    self.longest = longest
    self.budget = budget
  }

  /// - Returns: nil if no condition holds for any row of the group.
  /// - Complexity: O(conditions^2 x rows / 64), and as much for each pair whose bound does not rule it
  ///   out.
  package func result() -> Result? {
    var search = self
    var bound = search.run()
    guard let best = search.best else { return nil }
    if let limit = bound, !(best.score < limit) { bound = nil }
    return Result(
      conditions: best.conditions, cover: best.cover, quality: best.score.value,
      isProved: bound == nil, bound: (bound ?? best.score).value)
  }

  private func score(_ cover: RuleQuality.Cover) -> RuleQuality.Score {
    quality.score(cover, group: groupCount, rows: rowCount)
  }

  /// The most that a conjunction can reach that adds conditions to a cover.
  private func bound(_ cover: RuleQuality.Cover) -> RuleQuality.Score {
    score(.init(inside: cover.inside, outside: 0))
  }

  private func cover(_ set: RowSet) -> RuleQuality.Cover {
    let inside = set.intersectionCount(group)
    return .init(inside: inside, outside: set.count - inside)
  }

  /// - Returns: what the conjunctions that were not looked at cannot exceed; nil if there are none.
  private mutating func run() -> RuleQuality.Score? {
    let cost = 2 * max(group.words.count, 1)
    for condition in sets.indices {
      let cover = cover(sets[condition])
      singles.append(cover)
      take([condition], cover)
    }
    budget -= cost * sets.count
    if longest < 2 { return nil }
    guard let order = runPairs(cost) else {
      return singles.map(bound).max()
    }
    if longest < 3 { return nil }
    return runTriples(order, cost)
  }

  /// Looks at all pairs.
  ///
  /// - Returns: the pairs by falling bound; nil if the budget did not do.
  private mutating func runPairs(_ cost: Int) -> [(first: Int, second: Int)]? {
    let count = sets.count
    guard count > 0, budget / cost / count >= count / 2 else { return nil }
    pairs = Array(repeating: .init(inside: 0, outside: 0), count: count * count)
    var order: [(first: Int, second: Int)] = []
    for first in 0..<count {
      for second in first + 1..<max(count, first + 1) {
        let cover = cover(sets[first], sets[second])
        pairs[first * count + second] = cover
        pairs[second * count + first] = cover
        if subjects[first] == subjects[second] { continue }
        take([first, second], cover)
        if cover.inside > 0 { order.append((first, second)) }
      }
    }
    budget -= cost * count * count / 2
    let pairs = pairs
    order.sort { left, right in
      // With nobody outside, more rows inside are better by any measure.
      let (one, other) = (
        pairs[left.first * count + left.second].inside,
        pairs[right.first * count + right.second].inside
      )
      if one != other { return one > other }
      return left.first != right.first ? left.first < right.first : left.second < right.second
    }
    return order
  }

  private func cover(_ first: RowSet, _ second: RowSet) -> RuleQuality.Cover {
    let (one, other, group) = (first.words.span, second.words.span, group.words.span)
    var inside = 0
    var all = 0
    for place in 0..<group.count {
      let both = one[place] & other[place]
      all += both.nonzeroBitCount
      inside += (both & group[place]).nonzeroBitCount
    }
    return .init(inside: inside, outside: all - inside)
  }

  private mutating func runTriples(
    _ order: [(first: Int, second: Int)], _ cost: Int
  ) -> RuleQuality.Score? {
    let count = sets.count
    for (first, second) in order {
      let limit = bound(pairs[first * count + second])
      if let best, limit < best.score { return nil }
      var both: RowSet?
      for third in second + 1..<max(count, second + 1)
      where subjects[third] != subjects[first] && subjects[third] != subjects[second] {
        if !mayBeBest(first, second, third) { continue }
        if budget < cost { return limit }
        let pair = both ?? sets[first].intersection(sets[second])
        both = pair
        budget -= cost
        take([first, second, third], cover(pair, sets[third]))
      }
    }
    return nil
  }

  /// Whether the counts of three conditions' pairs leave room for a rule that is not worse.
  private func mayBeBest(_ first: Int, _ second: Int, _ third: Int) -> Bool {
    guard let best else { return true }
    let count = sets.count
    let (a, b, c) = (
      pairs[first * count + second], pairs[first * count + third], pairs[second * count + third]
    )
    let inside = min(a.inside, b.inside, c.inside)
    if inside == 0 { return false }
    let outside = max(
      0, a.outside + b.outside - singles[first].outside,
      a.outside + c.outside - singles[second].outside,
      b.outside + c.outside - singles[third].outside)
    let limit = score(.init(inside: inside, outside: outside))
    return limit < best.score ? false : best.score < limit || best.conditions.count == 3
  }

  private mutating func take(_ conditions: [Int], _ cover: RuleQuality.Cover) {
    if cover.inside == 0 { return }
    let candidate = Candidate(conditions: conditions, cover: cover, score: score(cover))
    guard let best else {
      self.best = candidate
      return
    }
    if Self.isBetter(candidate, best) { self.best = candidate }
  }

  private static func isBetter(_ one: Candidate, _ other: Candidate) -> Bool {
    if one.score != other.score { return other.score < one.score }
    if one.conditions.count != other.conditions.count {
      return one.conditions.count < other.conditions.count
    }
    // inside / (inside + outside), compared as fractions.
    let (left, right) = (
      Int128(one.cover.inside) * Int128(other.cover.count),
      Int128(other.cover.inside) * Int128(one.cover.count)
    )
    if left != right { return left > right }
    return one.conditions.lexicographicallyPrecedes(other.conditions)
  }
}
