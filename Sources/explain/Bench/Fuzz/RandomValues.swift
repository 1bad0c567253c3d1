internal import DataFields
internal import RuleLanguage
internal import ThresholdCells

/// Random values for what a program is given: inputs, aggregates and scores of models.
struct RandomValues {
  let program: Program
  var random: FuzzRandom

  mutating func fill(_ workspace: inout EvaluationWorkspace) {
    let origins = ValueOrigins(program)
    for field in program.inputs.flatMap(\.fields) where !random.once(in: 16) {
      let value = value(field.type, field.lowerBound, field.upperBound)
      workspace.row.set(field.slot, to: value, origin: .input)
    }
    for plan in program.lets where plan.aggregate != nil && !random.once(in: 16) {
      let type = program.code.layout.slots[plan.slot].type
      // What events cannot add up to is no input that the checker speaks of.
      let domain = origins.domain(of: plan.slot)
      let lower = domain.lower.map { $0.numerator / $0.denominator } ?? 0
      let upper = domain.upper.map { $0.numerator / $0.denominator }
      workspace.row.set(plan.slot, to: value(type, lower, upper), origin: .supplied)
    }
    for score in program.models.flatMap(\.scores) {
      let isDouble = program.code.layout.slots[score.slot].type == .double
      let chance = Double(random.next(below: 1_001)) / 1_000
      workspace.row.set(
        score.slot, to: isDouble ? Int128(chance.bitPattern) : 0, origin: .supplied)
    }
  }

  /// A value within its bounds, on them more often than not.
  private mutating func value(_ type: ValueType, _ lower: Int128?, _ upper: Int128?) -> Int128 {
    switch type {
    case .boolean: return Int128(random.next(below: 2))
    case .text: return Int128(random.next(below: max(1, program.texts.count)))
    case .date: return clamp(Int128(random.next(in: 10_000...22_000)), lower, upper)
    case .rank(let scale): return Int128(random.next(below: program.scales[scale].levels.count))
    case .double: return Int128(Double(random.next(below: 100)).bitPattern)
    case .integer, .decimal, .quotient:
      switch random.next(below: 5) {
      case 0: return lower ?? 0
      case 1: return upper ?? 1_000_000
      case 2: return clamp(Int128(random.next(below: 12)), lower, upper)
      case 3: return clamp(Int128(random.next(below: 1_000)), lower, upper)
      default: return clamp(Int128(random.next(below: 100_000_000)), lower, upper)
      }
    }
  }

  private func clamp(_ value: Int128, _ lower: Int128?, _ upper: Int128?) -> Int128 {
    let value = lower.map { max($0, value) } ?? value
    return upper.map { min($0, value) } ?? value
  }
}
