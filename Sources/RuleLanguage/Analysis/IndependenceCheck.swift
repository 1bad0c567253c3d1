import DataFields
import ThresholdCells

/// Finds out whether every combination of a decision's cells can occur.
///
/// It does where each axis is an input or an aggregate of its own, or is computed with one that no
/// other axis rests on and that has no bound above: that one can always be chosen to fit. Anything
/// else is a doubt, and what is found on such a combination is "possible".
struct IndependenceCheck {
  let question: DecisionQuestion

  func doubts() -> [String] {
    var doubts: [String] = []
    let spelling = ValueSpelling(question.program)
    let bases = question.axes.map { axis in
      axis.isComparison ? [:] : question.origins.bases(of: axis.slot)
    }
    for (index, axis) in question.axes.enumerated() {
      let name = "`\(spelling.name(axis.slot))`"
      let others = Set(
        bases.indices.filter { $0 != index }.flatMap { Array(bases[$0].keys) })
      if axis.isComparison {
        doubts.append("how two values compare is taken as independent of everything else")
      } else if question.origins.score(at: axis.slot) != nil {
        doubts.append("\(name) is a model's score: any value of its range is taken as possible")
      } else if let other = question.origins.decision(at: axis.slot) {
        if question.program.decisions[other].addsUp {
          doubts.append("\(name) is collected: any value of its range is taken as possible")
        } else if bases[index].keys.contains(where: others.contains) {
          doubts.append("\(name) is taken as independent of the rest")
        }
      } else if question.program.decisions.contains(where: { $0.isOutcome(axis.slot) }) {
        doubts.append("\(name) is taken as independent of the rest")
      } else if question.origins.definition(of: axis.slot) != nil,
        !hasFreeBase(axis.slot, bases[index], apartFrom: others)
      {
        doubts.append("\(name) is computed: any value of its range is taken as possible")
      }
    }
    return doubts + relatedAggregates(Set(bases.flatMap { Array($0.keys) }).sorted(), spelling)
  }

  private func hasFreeBase(_ slot: Int, _ uses: [Int: Int], apartFrom others: Set<Int>) -> Bool {
    uses.contains { base, count in
      guard count == 1, !others.contains(base) else { return false }
      switch question.program.code.layout.slots[base].type {
      case .decimal, .quotient: break
      default: return false
      }
      return question.origins.domain(of: base).upper == nil && isSolvable(slot, for: base)
    }
  }

  /// Whether the steps from a base to a value can be undone: sums, differences, and products and
  /// quotients with the base above.
  private func isSolvable(_ slot: Int, for base: Int) -> Bool {
    if slot == base { return true }
    guard let (instruction, _) = question.origins.definition(of: slot) else { return false }
    let (left, right) = (Int(instruction.left), Int(instruction.right))
    // Where another value stands in for a missing one, the slot takes the place of its own value.
    if left == slot { return false }
    switch instruction.operation {
    case .copy, .negate, .scaleUp, .coalesce, .divideQuotient:
      return isSolvable(left, for: base)
    case .add, .subtract, .addQuotient, .subtractQuotient, .multiplyQuotient:
      return isSolvable(left, for: base) || isSolvable(right, for: base)
    case .multiply, .condition, .convert:
      return false
    }
  }

  /// Aggregates of the same events that bind one another: a mean and the greatest value, two counts.
  private func relatedAggregates(_ bases: [Int], _ spelling: ValueSpelling) -> [String] {
    var doubts: [String] = []
    for (position, slot) in bases.enumerated() {
      guard let one = question.origins.aggregate(at: slot) else { continue }
      for later in bases[(position + 1)...] {
        guard let other = question.origins.aggregate(at: later), one.event == other.event,
          isCount(one) == isCount(other)
        else { continue }
        doubts.append(
          "`\(spelling.name(slot))` and `\(spelling.name(later))` come from the same events and are "
            + "taken as independent")
      }
    }
    return doubts
  }

  private func isCount(_ aggregate: AggregatePlan) -> Bool {
    aggregate.function == .count || aggregate.function == .countDistinct
  }
}
