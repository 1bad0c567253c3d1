package import DataFields
import Decisions
import RuleLanguage
import ThresholdCells

/// What a decision comes to as one fact takes each of its values and the others stay: a step
/// function, exactly, where the fact's axis is exact.
package struct ResponseCurve: Sendable {
  package struct Part: Sendable {
    /// The cell of the axis.
    package var cell: Int
    /// The value of the cell nearest to the fact's own, as its slot holds it; nil where no whole
    /// number of steps leads there.
    package var nearest: Quotient?
    package var result: CaseResult
  }

  package let axis: FactAxis
  /// One for each cell, rising.
  package let parts: [Part]

  /// Cells that are looked at on either side of the fact's own value; the axis of a fact that a large
  /// model compares may have thousands.
  package static let cellLimit = 100_000

  /// - Complexity: O(cells), a decision each.
  package init(_ axis: FactAxis, of decided: DecidedCase, _ evaluator: inout CaseEvaluator) {
    self.axis = axis
    let fact = decided.facts[axis.fact]
    var parts: [Part] = []
    let middle = axis.current ?? 0
    let cells = max(0, middle - Self.cellLimit)..<min(axis.cellCount, middle + Self.cellLimit)
    parts.reserveCapacity(cells.count)
    for cell in cells {
      let nearest = axis.nearest(cell, to: fact)
      let shown: Quotient =
        nearest ?? axis.axis.map { fact.slotValue(at: $0.witness(cell)) } ?? axis.choices[cell]
      let result =
        cell == axis.current
        ? decided.result
        : evaluator.result(of: [FactChange(fact: axis.fact, value: shown)])
      parts.append(Part(cell: cell, nearest: nearest, result: result))
    }
    self.parts = parts
  }

  /// Whether every cell was looked at.
  package var isWhole: Bool { parts.count == axis.cellCount }
}

extension DecidedCase {
  /// The axes of all facts, in their order.
  ///
  /// - Complexity: O(facts x thresholds).
  package func axes() -> [FactAxis] {
    facts.indices.map { index in
      var builder = FactAxisBuilder(self, fact: index)
      return builder.build()
    }
  }
}
