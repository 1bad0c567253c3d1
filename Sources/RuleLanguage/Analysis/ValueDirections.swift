import DataFields
import ThresholdCells

/// Which way values move as one input rises and everything else stays.
struct ValueDirections {
  enum Direction: Sendable, Hashable {
    /// It does not rest on the input.
    case stays
    /// It never falls, or never rises.
    case rises, falls
    case unknown

    var reversed: Direction {
      switch self {
      case .rises: .falls
      case .falls: .rises
      case .stays, .unknown: self
      }
    }

    /// Of a sum of two values.
    func added(_ other: Direction) -> Direction {
      if self == .stays { return other }
      if other == .stays || other == self { return self }
      return .unknown
    }
  }

  private let program: Program
  private let origins: ValueOrigins
  private let input: Int
  private static let depthLimit = 128
  private let known = Known()

  /// What was found already: shared operands would be walked once for each path to them.
  private final class Known {
    var directions: [Int: Direction] = [:]
  }

  init(_ program: Program, _ origins: ValueOrigins, of input: Int) {
    self.program = program
    self.origins = origins
    self.input = input
  }

  /// - Complexity: O(definitions that the value rests on).
  func direction(of slot: Int, depth: Int = 0) -> Direction {
    if slot == input { return .rises }
    guard slot >= 0, !origins.isConstant(slot) else { return .stays }
    if let direction = known.directions[slot] { return direction }
    let direction = computedDirection(of: slot, depth: depth)
    known.directions[slot] = direction
    return direction
  }

  private func computedDirection(of slot: Int, depth: Int) -> Direction {
    guard depth < Self.depthLimit else { return .unknown }
    if let rank = origins.rank(at: slot) { return direction(ofRank: rank, depth: depth) }
    if let decision = program.decisions.firstIndex(where: { $0.isOutcome(slot) }) {
      return stays(decision, depth: depth) ? .stays : .unknown
    }
    if let model = program.models.first(where: { $0.scores.contains { $0.slot == slot } }) {
      let isFed = model.feeds.contains { direction(of: $0.slot, depth: depth + 1) != .stays }
      return isFed ? .unknown : .stays
    }
    guard let instruction = origins.computation(of: slot) else { return .stays }
    if instruction.operation == .condition {
      return stays(condition: Int(instruction.right), depth: depth) ? .stays : .unknown
    }
    let computed = direction(of: instruction, depth: depth)
    // What stands in may lie anywhere beside the values that are computed.
    return computed != .stays && origins.isReplaceable(slot) ? .unknown : computed
  }

  private func direction(ofRank index: Int, depth: Int) -> Direction {
    let plan = program.ranks[index]
    let source = direction(of: plan.source, depth: depth + 1)
    let isFalling = (plan.levels.first ?? 0) > (plan.levels.last ?? 0)
    return isFalling ? source.reversed : source
  }

  private func direction(of instruction: Instruction, depth: Int) -> Direction {
    let (left, right) = (Int(instruction.left), Int(instruction.right))
    let a = direction(of: left, depth: depth + 1)
    switch instruction.operation {
    case .copy: return a
    case .negate: return a.reversed
    // The other operand is a number of digits, or stands in for what is missing.
    case .scaleUp, .atLeast, .atMost: return a
    case .coalesce: return a == .stays ? .stays : .unknown
    case .condition, .convert, .require: return .unknown
    default: break
    }
    let b = direction(of: right, depth: depth + 1)
    if a == .stays, b == .stays { return .stays }
    switch instruction.operation {
    case .add, .addQuotient: return a.added(b)
    case .subtract, .subtractQuotient: return a.added(b.reversed)
    case .multiply, .multiplyQuotient:
      return moved(a, by: sign(right)).added(moved(b, by: sign(left)))
    case .divideQuotient:
      // Where the divisor may be zero as the input moves, the quotient comes and goes.
      let domain = origins.domain(of: right)
      let isPositive = domain.lower.map { $0 > Quotient(0) } ?? false
      if b != .stays, !isPositive { return .unknown }
      return moved(a, by: sign(right)).added(moved(b.reversed, by: sign(left)))
    default: return .unknown
    }
  }

  /// The direction of a value that is multiplied by one of a sign; 0 where that is not known.
  private func moved(_ direction: Direction, by sign: Int) -> Direction {
    if direction == .stays { return .stays }
    return sign > 0 ? direction : sign < 0 ? direction.reversed : .unknown
  }

  private func sign(_ slot: Int) -> Int {
    let domain = origins.domain(of: slot)
    if let lower = domain.lower, lower >= Quotient(0) { return 1 }
    if let upper = domain.upper, upper <= Quotient(0) { return -1 }
    return 0
  }

  /// Whether nothing that a decision asks about rests on the input.
  private func stays(_ decision: Int, depth: Int) -> Bool {
    let plan = program.decisions[decision]
    let roots =
      plan.rules.compactMap { program.rules[$0].condition }
      + plan.overrides.map { program.overrides[$0].condition }
    return roots.allSatisfy { stays(condition: $0, depth: depth) }
  }

  func stays(condition root: Int, depth: Int = 0) -> Bool {
    origins.leaves(of: root).allSatisfy { leaf in
      let node = program.code.conditions[leaf]
      var slots = [Int(node.left)]
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles: slots.append(Int(node.right))
      default: break
      }
      return slots.allSatisfy { direction(of: $0, depth: depth + 1) == .stays }
    }
  }
}
