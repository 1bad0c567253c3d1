import DataFields
package import ThresholdCells

/// What two questions about one quantity cut it with, so that both have the same cells.
package struct AxisRefinement: Sendable, Hashable {
  package var edges: [ThresholdEdge]
  /// Values that stand for themselves, as the ruleset spells them.
  package var texts: [String]
  /// What both take.
  package var domain: ValueDomain?
  package var canBeMissing: Bool

  /// What one axis cuts its quantity with.
  package init(_ axis: DecisionAxis) {
    edges = []
    texts = []
    canBeMissing = axis.canBeMissing
    switch axis.quantity {
    case .ordered(let ordered):
      edges = ordered.cells.compactMap(\.lower)
      domain = ordered.domain
    case .choices(let choices):
      texts = choices.map(\.text).filter { $0 != "any other text" }
    }
  }

  package mutating func formUnion(_ other: Self) {
    edges += other.edges
    texts += other.texts.filter { !texts.contains($0) }
    canBeMissing = canBeMissing || other.canBeMissing
    if let one = domain, let two = other.domain {
      domain = ValueDomain(
        lower: [one.lower, two.lower].compactMap { $0 }.max(),
        upper: [one.upper, two.upper].compactMap { $0 }.min())
    }
  }

  /// What a quantity is called in any program: its name, or the comparison that it answers.
  package static func key(_ axis: DecisionAxis, _ program: Program) -> String {
    if axis.isComparison, case .choices(let choices) = axis.quantity {
      return choices.map(\.text).joined(separator: "; ")
    }
    return ValueSpelling(program).name(axis.slot)
  }

  static func key(_ draft: QuestionBuilder.Draft, _ program: Program) -> String {
    if !draft.comparisonTexts.isEmpty {
      return draft.comparisonTexts.map(\.text).joined(separator: "; ")
    }
    return ValueSpelling(program).name(draft.slot)
  }
}
