import DataFields
import DecisionTrace
import Decisions
import RuleLanguage
import ThresholdCells

extension DerivedExplanation {
  /// A margin in a raw input's own units: where an input alone, the others as they are, takes a rank
  /// to its next level.
  package struct RawMargin: Sendable, Hashable {
    package var rank: String
    /// The level on the far side of the cut point.
    package var levelBeyond: String
    package var fact: String
    /// The end of the values that get there.
    package var bound: Bound
    /// Whether they lie above the bound.
    package var isAbove: Bool
  }

  /// For each rank of a value that is worked out from facts: the next cut points on either side, solved
  /// for each of the facts.
  ///
  /// - Complexity: O(ranks x facts behind each).
  static func rawMargins(_ decided: DecidedCase) -> [RawMargin] {
    let program = decided.program
    let row = decided.engine.workspace.row
    var margins: [RawMargin] = []
    for step in decided.plan.steps {
      guard case .rank(let index) = program.steps[step] else { continue }
      let plan = program.ranks[index]
      guard let value = row.quotient(plan.source),
        !decided.facts.contains(where: { $0.slot == plan.source })
      else { continue }
      if case .double = program.code.layout.slots[plan.source].type { continue }
      var interval = 0
      for (cut, belongsBelow) in zip(plan.cutPoints, plan.belongsBelow) {
        if value < Quotient(cut) || (belongsBelow && value == Quotient(cut)) { break }
        interval += 1
      }
      let behind = decided.factsBehind(plan.source)
      // What one of two would have to be tells the other.
      if decided.facts.contains(where: { $0.isMasked && behind.contains($0.slot) }) { continue }
      for (place, fact) in decided.facts.enumerated()
      where behind.contains(fact.slot) && !fact.isKey && !fact.isMasked {
        for cut in [interval - 1, interval] where plan.cutPoints.indices.contains(cut) {
          let beyond = plan.levels[cut < interval ? cut : cut + 1]
          if var margin = margin(place, fact, plan, cut: cut, decided) {
            margin.levelBeyond = program.scales[plan.scale].levels[beyond]
            margins.append(margin)
          }
        }
      }
    }
    return margins
  }

  private static func margin(
    _ place: Int, _ fact: Fact, _ plan: RankPlan, cut: Int, _ decided: DecidedCase
  ) -> RawMargin? {
    guard let own = fact.value, fact.isOrdered else { return nil }
    var forms = FactForms(
      decided.program, decided.origins, decided.engine.workspace.row, fact: fact.slot,
      given: Set(decided.facts.map(\.slot)), steppedModels: [])
    guard case .moving(let form) = forms.form(of: plan.source),
      case .at(let root) = form.root(of: Quotient(plan.cutPoints[cut])), let rises = form.rises
    else { return nil }
    let isAfter = rises ? plan.belongsBelow[cut] : !plan.belongsBelow[cut]
    // A divisor that passes zero on the way would make the value jump.
    if case .at(let pole) = form.pole {
      let isBetween = (pole > own && pole < root) || (pole < own && pole > root)
      if isBetween { return nil }
    }
    let axis = ThresholdAxis(
      density: fact.density, domain: fact.domain, edges: [ThresholdEdge(root, isAfter: isAfter)])
    guard axis.cells.count == 2 else { return nil }
    let isAbove = axis.cell(of: own) == 0
    guard let edge = isAbove ? axis.cells[1].lower : axis.cells[0].upper else { return nil }
    var value = edge.value
    var isIncluded = edge.isAfter != isAbove
    if fact.density == .steps, !isAbove {
      // The last whole value below the edge.
      guard let last = edge.value.adding(Quotient(-1)) else { return nil }
      value = last
      isIncluded = true
    }
    return RawMargin(
      rank: plan.name, levelBeyond: "", fact: fact.name,
      bound: Bound(
        value: decided.words.content(fact.slotValue(at: value), fact.type), isIncluded: isIncluded),
      isAbove: isAbove)
  }
}
