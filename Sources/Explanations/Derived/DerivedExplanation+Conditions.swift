import DataFields
import DecisionTrace
import ThresholdCells

extension DerivedExplanation.Condition {
  /// The run of cells in which a fact may lie.
  package init(_ run: Range<Int>, of axis: FactAxis, _ fact: Fact, _ words: ValueWords) {
    self.fact = fact.name
    guard !fact.isMasked else {
      isMasked = true
      return
    }
    value = fact.value.map { words.content($0, fact.type) }
    guard let cells = axis.axis else {
      choices = run.map { words.content(axis.choices[$0], fact.type) }
      return
    }
    func bound(_ edge: ThresholdEdge, isLower: Bool) -> DerivedExplanation.Bound {
      DerivedExplanation.Bound(
        value: words.content(fact.slotValue(at: edge.value), fact.type),
        isIncluded: edge.isAfter != isLower)
    }
    lower = cells.cells[run.lowerBound].lower.map { bound($0, isLower: true) }
    upper = cells.cells[run.upperBound - 1].upper.map { bound($0, isLower: false) }
  }
}
