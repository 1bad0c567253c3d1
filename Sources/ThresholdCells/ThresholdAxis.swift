package import DataFields

/// One quantity, cut at the thresholds in use: on each cell every comparison with a threshold has
/// one result.
///
/// Values are words of the quantity's type (scaled integers, days), or exact fractions of them.
/// Cells rise along the axis, none is empty, and together they are the domain.
package struct ThresholdAxis: Sendable, Hashable {
  /// How the values of a quantity lie.
  package enum Density: Sendable, Hashable {
    /// Whole words: neighbours differ by one. An edge after 50 is the edge before 51.
    case steps
    /// Between any two values there is a third.
    case continuous
  }

  /// The values between two neighbouring edges; at the ends of the domain there is none.
  package struct Cell: Sendable, Hashable {
    package var lower: ThresholdEdge?
    package var upper: ThresholdEdge?
  }

  package let density: Density
  package let domain: ValueDomain
  package let cells: [Cell]

  /// Cuts a domain at edges, which may come in any order and repeat. Edges that part nothing from
  /// the domain (at its ends or beyond) are left out.
  ///
  /// - Complexity: O(n log n) in the number of edges.
  package init(
    density: Density, domain: ValueDomain = .everything, edges: some Sequence<ThresholdEdge>
  ) {
    self.density = density
    self.domain = domain
    let kept = Set(edges.compactMap { Self.canonical($0, density) })
      .filter { Self.parts(domain, at: $0) }.sorted()
    var cells: [Cell] = []
    var lower: ThresholdEdge?
    for edge in kept {
      cells.append(Cell(lower: lower, upper: edge))
      lower = edge
    }
    cells.append(Cell(lower: lower, upper: nil))
    self.cells = cells
  }

  /// The edge as the axis holds it: among whole words, before one of them. Nil past what a word
  /// holds.
  package static func canonical(_ edge: ThresholdEdge, _ density: Density) -> ThresholdEdge? {
    guard density == .steps else { return edge }
    var (word, remainder) = edge.value.numerator.quotientAndRemainder(
      dividingBy: edge.value.denominator)
    if remainder < 0 { word -= 1 }
    // `word` is the floor; only a whole value can itself lie below its edge or not.
    if remainder != 0 || edge.isAfter {
      let (next, overflow) = word.addingReportingOverflow(1)
      if overflow { return nil }
      word = next
    }
    // No word lies below the least.
    if word == .min { return nil }
    return ThresholdEdge(Quotient(word), isAfter: false)
  }

  private static func parts(_ domain: ValueDomain, at edge: ThresholdEdge) -> Bool {
    if let lower = domain.lower, !edge.isAbove(lower) { return false }
    if let upper = domain.upper, edge.isAbove(upper) { return false }
    return true
  }

  /// The cell that holds a value of the domain.
  ///
  /// - Complexity: O(log cells).
  package func cell(of value: Quotient) -> Int {
    var low = 0
    var high = cells.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if let edge = cells[middle].lower, edge.isAbove(value) { high = middle } else { low = middle }
    }
    return low
  }

  /// A value of a cell, the one that a person would name: the threshold where the cell begins, the
  /// end of the domain, 0, or what lies next to the threshold.
  package func witness(_ index: Int) -> Quotient {
    let cell = cells[index]
    if let lower = cell.lower {
      if !lower.isAfter { return lower.value }
      if let upper = cell.upper {
        return upper.isAfter ? upper.value : Self.middle(lower.value, upper.value)
      }
      if let upper = domain.upper { return upper }
      return lower.value.adding(Quotient(1)) ?? lower.value
    }
    if let lower = domain.lower { return lower }
    guard let upper = cell.upper else {
      guard let end = domain.upper else { return Quotient(0) }
      return end < Quotient(0) ? end : Quotient(0)
    }
    if upper.isAbove(Quotient(0)) { return Quotient(0) }
    if upper.isAfter { return upper.value }
    return upper.value.adding(Quotient(-1)) ?? upper.value
  }

  private static func middle(_ left: Quotient, _ right: Quotient) -> Quotient {
    // A sum too large for a word: the mediant lies between the two as well.
    if let sum = left.adding(right), let half = Quotient(1, over: 2),
      let middle = sum.multiplied(by: half)
    {
      return middle
    }
    let a = left.reduced
    let b = right.reduced
    let (top, o1) = a.numerator.addingReportingOverflow(b.numerator)
    let (bottom, o2) = a.denominator.addingReportingOverflow(b.denominator)
    return o1 || o2 ? left : Quotient(top, over: bottom) ?? left
  }
}
