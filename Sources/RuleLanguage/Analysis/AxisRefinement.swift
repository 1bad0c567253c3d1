import DataFields
import ThresholdCells

/// What two questions about one quantity cut it with, so that both have the same cells.
package struct AxisRefinement: Sendable, Hashable {
  var edges: [ThresholdEdge] = []
  /// Values that stand for themselves, as the ruleset spells them.
  var texts: [String] = []
  /// The lists that either looks it up in, by the spelling of their members.
  var lists: Set<Set<String>> = []
  /// What both take; and the same, but for what stands in where it is missing.
  private var domain: ValueDomain?
  private var ownDomain: ValueDomain?
  private var standIn: String?
  /// Whether not the same value stands in for a missing one: "missing" is then a cell of its own.
  private(set) var hasOtherStandIn = false
  private(set) var canBeMissing: Bool

  /// What one axis of a question cuts its quantity with.
  init(_ axis: DecisionAxis, of question: DecisionQuestion) {
    canBeMissing = axis.canBeMissing
    let program = question.program
    switch axis.quantity {
    case .ordered(let ordered):
      edges = ordered.cells.compactMap(\.lower)
      domain = ordered.domain
      ownDomain = question.origins.ownDomain(of: axis.slot)
    case .choices(let choices):
      texts = choices.map(\.text).filter { $0 != "any other text" }
      let spelling = ValueSpelling(program)
      lists = Set(
        axis.lists.map { list in
          Set(
            program.lists[list].members.map {
              spelling.bare(Quotient(Int128($0)), slot: axis.slot)
            })
        })
    }
    if !axis.isComparison, case .value(let constant) = question.origins.missingPolicy(of: axis.slot)
    {
      standIn = ValueSpelling(program).bare(
        program.code.layout.constants[constant], slot: constant)
    }
  }

  mutating func formUnion(_ other: Self) {
    edges += other.edges
    texts += other.texts.filter { !texts.contains($0) }
    lists.formUnion(other.lists)
    hasOtherStandIn = hasOtherStandIn || other.hasOtherStandIn || standIn != other.standIn
    canBeMissing = canBeMissing || other.canBeMissing || hasOtherStandIn
    domain = Self.common(domain, other.domain)
    ownDomain = Self.common(ownDomain, other.ownDomain)
  }

  /// The values that both take where it is there.
  var takenDomain: ValueDomain? { hasOtherStandIn ? ownDomain : domain }

  private static func common(_ one: ValueDomain?, _ other: ValueDomain?) -> ValueDomain? {
    guard let one, let other else { return one ?? other }
    return ValueDomain(
      lower: [one.lower, other.lower].compactMap { $0 }.max(),
      upper: [one.upper, other.upper].compactMap { $0 }.min())
  }
}

/// How the questions of two versions of a decision are asked, so that they can be compared.
package struct QuestionSharing: Sendable {
  let definitions: ValueDefinitions
  /// What the questions of both versions cut a quantity with, by its definition.
  var refinements: [String: AxisRefinement] = [:]
  /// Decisions that are made on the way, because the other version makes them otherwise.
  var inlined: Set<Int> = []
}
