package import DataFields
package import ThresholdCells

/// The values of one fact, cut wherever anything that the decision asks of them changes while the
/// other facts stay as they are.
package struct FactAxis: Sendable {
  /// Index in ``DecidedCase/facts``.
  package let fact: Int
  /// Of an ordered fact; doubles by their places.
  package let axis: ThresholdAxis?
  /// Of any other: one value for each group that is treated alike, as its slot holds it.
  package let choices: [Quotient]
  /// The choice that stands for every text that nothing names.
  let otherChoice: Quotient?
  /// Why the outcome may change within a cell as well; empty where it cannot.
  package let doubts: [String]
  /// The cell of the fact's own value; nil where it is missing.
  package let current: Int?

  package var cellCount: Int { axis?.cells.count ?? choices.count }

  /// Whether the outcome is one on each cell.
  package var isExact: Bool { doubts.isEmpty }

  /// The value of a cell that lies nearest to the fact's own, as its slot holds it.
  ///
  /// Of a fact with a `step` it is a whole number of steps away.
  /// - Returns: nil if no whole number of steps leads into the cell.
  package func nearest(_ cell: Int, to fact: Fact) -> Quotient? {
    guard let axis else { return choices[cell] }
    if cell == current { return fact.value }
    guard let value = fact.value.map({ fact.axisPlace($0) }), let current else {
      return fact.slotValue(at: axis.witness(cell))
    }
    let isAbove = cell > current
    guard let end = isAbove ? lowest(axis, cell, fact) : highest(axis, cell, fact) else {
      return fact.slotValue(at: axis.witness(cell))
    }
    // Whole steps from a masked value would tell where it lies.
    guard let step = fact.step, !fact.isMasked else {
      return fact.slotValue(at: end)
    }
    return stepped(from: value, to: end, step, axis, cell, isAbove).map { fact.slotValue(at: $0) }
  }

  /// The least and the greatest place of a cell, or what lies just outside; nil without a bound.
  func ends(_ cell: Int, _ cells: ThresholdAxis) -> (lower: Quotient?, upper: Quotient?) {
    var upper = cells.cells[cell].upper?.value
    // Whole words end one before the edge.
    if cells.density == .steps, let edge = upper { upper = edge.adding(Quotient(-1)) ?? edge }
    return (cells.cells[cell].lower?.value ?? cells.domain.lower, upper ?? cells.domain.upper)
  }

  /// Whether a cell holds one value alone.
  func isPoint(_ cell: Int) -> Bool {
    guard let axis else { return isExact && choices[cell] != otherChoice }
    let (lower, upper) = ends(cell, axis)
    return lower != nil && lower == upper
  }

  private func stepped(
    from value: Quotient, to end: Quotient, _ step: Quotient, _ axis: ThresholdAxis, _ cell: Int,
    _ isAbove: Bool
  ) -> Quotient? {
    guard step.numerator > 0, let negated = value.negated, let distance = end.adding(negated),
      let steps = distance.divided(by: step)
    else { return nil }
    // Away from the value.
    var (whole, rest) = steps.numerator.quotientAndRemainder(dividingBy: steps.denominator)
    if rest != 0 { whole += isAbove ? 1 : -1 }
    rest = 0
    guard let moved = step.multiplied(by: Quotient(whole)), let place = value.adding(moved),
      axis.cell(of: place) == cell, isWithin(axis.domain, place)
    else { return nil }
    return place
  }

  private func isWithin(_ domain: ValueDomain, _ place: Quotient) -> Bool {
    (domain.lower.map { $0 <= place } ?? true) && (domain.upper.map { place <= $0 } ?? true)
  }

  /// The lowest place of a cell that lies above the fact's own.
  private func lowest(_ axis: ThresholdAxis, _ cell: Int, _ fact: Fact) -> Quotient? {
    guard let edge = axis.cells[cell].lower else { return nil }
    if !edge.isAfter { return edge.value }
    return within(axis, cell, edge.value, by: Quotient(1))
  }

  private func highest(_ axis: ThresholdAxis, _ cell: Int, _ fact: Fact) -> Quotient? {
    guard let edge = axis.cells[cell].upper else { return nil }
    if edge.isAfter { return edge.value }
    return within(axis, cell, edge.value, by: Quotient(-1))
  }

  /// The next word from an end that itself lies outside; a cell narrower than that gives what lies
  /// within.
  private func within(
    _ axis: ThresholdAxis, _ cell: Int, _ end: Quotient, by step: Quotient
  ) -> Quotient? {
    var word = end.numerator / end.denominator
    // The next whole word in the direction.
    if step.numerator > 0 {
      if Quotient(word) <= end { word += 1 }
    } else if Quotient(word) >= end {
      word -= 1
    }
    let place = Quotient(word)
    return axis.cell(of: place) == cell && isWithin(axis.domain, place) ? place : axis.witness(cell)
  }
}
