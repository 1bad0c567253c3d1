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
    let absences = question.axes.map { axis -> Set<Int> in
      guard axis.canBeMissing else { return [] }
      return (axis.isComparison ? axis.compared : [axis.slot]).reduce(into: []) {
        $0.formUnion(question.origins.causesOfAbsence(of: $1))
      }
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
        !hasFreeBase(axis, bases[index], apartFrom: others)
      {
        doubts.append("\(name) is computed: any value of its range is taken as possible")
      } else if absences.indices.contains(where: {
        $0 != index && !absences[$0].isDisjoint(with: absences[index])
      }) {
        doubts.append("whether \(name) is missing is taken as independent of the rest")
      }
    }
    return doubts + relatedAggregates(Set(bases.flatMap { Array($0.keys) }).sorted(), spelling)
  }

  private func hasFreeBase(
    _ axis: DecisionAxis, _ uses: [Int: Int], apartFrom others: Set<Int>
  ) -> Bool {
    uses.contains { base, count in
      guard count == 1, !others.contains(base) else { return false }
      switch question.program.code.layout.slots[base].type {
      case .decimal, .quotient: break
      default: return false
      }
      let domain = question.origins.domain(of: base)
      // From 0 upwards, products and quotients come to anything from 0 upwards.
      let isWide = domain.lower.map { $0 == Quotient(0) && reachesZero(axis) } ?? true
      return isWide && domain.upper == nil && isSolvable(axis.slot, for: base, others)
    }
  }

  /// Whether each cell has a value that is not negative.
  private func reachesZero(_ axis: DecisionAxis) -> Bool {
    guard case .ordered(let ordered) = axis.quantity, let end = ordered.cells.first?.upper else {
      return true
    }
    return end.isAbove(Quotient(0))
  }

  /// Whether the steps from a base to a value can be undone, whatever the other operands are: sums
  /// and differences of a base without bounds, and products and quotients by what is positive.
  private func isSolvable(_ slot: Int, for base: Int, _ others: Set<Int>) -> Bool {
    if slot == base { return true }
    guard let (instruction, _) = question.origins.definition(of: slot) else { return false }
    let (left, right) = (Int(instruction.left), Int(instruction.right))
    // Where another value stands in for a missing one, the slot takes the place of its own value.
    if left == slot { return false }
    let isBounded = question.origins.domain(of: base).lower != nil
    switch instruction.operation {
    case .copy, .scaleUp, .coalesce, .atLeast, .atMost:
      return isSolvable(left, for: base, others)
    case .negate:
      return !isBounded && isSolvable(left, for: base, others)
    case .divideQuotient:
      return canBePositive(right, others) && isSolvable(left, for: base, others)
    case .multiplyQuotient:
      return canBePositive(right, others) && isSolvable(left, for: base, others)
        || canBePositive(left, others) && isSolvable(right, for: base, others)
    case .add, .subtract, .addQuotient, .subtractQuotient:
      // A base with a bound leaves a bound that moves with the other operand.
      return !isBounded
        && (isSolvable(left, for: base, others) || isSolvable(right, for: base, others))
    case .multiply, .condition, .convert, .require:
      return false
    }
  }

  /// Whether an operand is positive, or may be so whatever the other axes come to.
  private func canBePositive(_ slot: Int, _ others: Set<Int>) -> Bool {
    let domain = question.origins.domain(of: slot)
    if let lower = domain.lower, lower > Quotient(0) { return true }
    return question.origins.bases(of: slot).keys.allSatisfy { base in
      let upper = question.origins.domain(of: base).upper
      return base == slot && !others.contains(base) && upper.map { $0 > Quotient(0) } ?? true
    }
  }

  /// Aggregates of the same events that bind one another: a mean and the greatest value, two counts.
  private func relatedAggregates(_ bases: [Int], _ spelling: ValueSpelling) -> [String] {
    var doubts: [String] = []
    for (position, slot) in bases.enumerated() {
      guard let one = question.origins.aggregate(at: slot) else { continue }
      for later in bases[(position + 1)...] {
        guard let other = question.origins.aggregate(at: later), one.event == other.event,
          isCount(one) == isCount(other) || binds(slot, later) || binds(later, slot)
        else { continue }
        doubts.append(
          "`\(spelling.name(slot))` and `\(spelling.name(later))` come from the same events and are "
            + "taken as independent")
      }
    }
    return doubts
  }

  /// Whether a count says something about what is computed from the same events: that there are
  /// none of them, how much a sum of bounded values can be, or how many values there are to choose
  /// from.
  private func binds(_ slot: Int, _ other: Int) -> Bool {
    guard let count = question.origins.aggregate(at: slot), isCount(count),
      let aggregate = question.origins.aggregate(at: other), !isCount(aggregate)
    else { return false }
    if count.function == .countDistinct, let value = count.valueSlot,
      value == aggregate.valueSlot
    {
      return true
    }
    if aggregate.function == .sum, question.origins.hasBoundedValues(aggregate) { return true }
    return question.axes.contains { axis in
      // Only where no events are a case of their own.
      guard axis.slot == slot, case .ordered(let ordered) = axis.quantity,
        let end = ordered.cells.first?.upper
      else { return false }
      return !end.isAbove(Quotient(1))
    }
  }

  private func isCount(_ aggregate: AggregatePlan) -> Bool {
    aggregate.function == .count || aggregate.function == .countDistinct
  }
}
