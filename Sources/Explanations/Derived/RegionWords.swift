import DataFields
import DecisionTrace
import ThresholdCells

/// Runs of cells in words.
package struct RegionWords: Sendable {
  private let words: ValueWords

  package init(_ words: ValueWords) { self.words = words }

  /// Where a fact may lie: `≥ 100,000 HUF/person`, `1 … 49 people`, `= EUR`.
  package func region(_ run: Range<Int>, of axis: FactAxis, _ fact: Fact) -> String {
    guard let cells = axis.axis else {
      let texts = run.map { text(axis.choices[$0], fact) }
      return texts.count == axis.cellCount ? "anything" : "= " + texts.joined(separator: " or ")
    }
    let lower = cells.cells[run.lowerBound].lower
    let upper = cells.cells[run.upperBound - 1].upper
    let from = lower.map { edge in
      (symbol: edge.isAfter ? ">" : "≥", text: text(fact.slotValue(at: edge.value), fact))
    }
    let to = upper.map { edge in
      (symbol: edge.isAfter ? "≤" : "<", text: text(fact.slotValue(at: edge.value), fact))
    }
    if let lower, let upper, isPoint(lower, upper, fact) {
      return "= \(text(fact.slotValue(at: lower.value), fact))"
    }
    switch (from, to) {
    case (nil, nil): return "anything"
    case (let from?, nil): return "\(from.symbol) \(from.text)"
    case (nil, let to?): return "\(to.symbol) \(to.text)"
    case (let from?, let to?): return "\(from.symbol) \(from.text) and \(to.symbol) \(to.text)"
    }
  }

  /// Whether an interval holds one value alone.
  private func isPoint(_ lower: ThresholdEdge, _ upper: ThresholdEdge, _ fact: Fact) -> Bool {
    if lower.value == upper.value { return true }
    return fact.density == .steps && lower.value.adding(Quotient(1)) == upper.value
  }

  private func text(_ value: Quotient, _ fact: Fact) -> String {
    words.content(value, fact.type).displayText
  }
}
