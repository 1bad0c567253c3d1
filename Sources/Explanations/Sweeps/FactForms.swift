import DataFields
import RuleLanguage

/// What each value of a row is as one fact moves and the others stay.
struct FactForms {
  enum Form: Sendable, Hashable {
    /// It stays as it is; nil where it is not present.
    case fixed(Quotient?)
    case moving(MoebiusForm)
    /// It changes only where something else does that is asked about: a rank, an outcome, a
    /// condition, a score of a model that compares.
    case steps
    /// It moves in a way that is not followed.
    case unknown
  }

  private let program: Program
  private let origins: ValueOrigins
  private let row: RuleRow
  private let fact: Int
  private let given: Set<Int>
  /// Models whose results change only at cuts of what they are fed.
  private let steppedModels: Set<Int>
  private var known: [Int: Form] = [:]

  /// - Parameters:
  ///   - fact: the slot that moves.
  ///   - given: the slots of all facts.
  init(
    _ program: Program, _ origins: ValueOrigins, _ row: RuleRow, fact: Int, given: Set<Int>,
    steppedModels: Set<Int>
  ) {
    self.program = program
    self.origins = origins
    self.row = row
    self.fact = fact
    self.given = given
    self.steppedModels = steppedModels
  }

  mutating func form(of slot: Int, depth: Int = 0) -> Form {
    if slot == fact { return .moving(.identity) }
    if slot < 0 || given.contains(slot) || origins.isConstant(slot) { return fixed(slot) }
    if let form = known[slot] { return form }
    let form = depth < 128 ? computed(slot, depth: depth) : .unknown
    known[slot] = form
    return form
  }

  private func fixed(_ slot: Int) -> Form { .fixed(slot < 0 ? nil : row.quotient(slot)) }

  private mutating func computed(_ slot: Int, depth: Int) -> Form {
    if let rank = origins.rank(at: slot) {
      return stepped(slot, by: [program.ranks[rank].source], depth)
    }
    if let decision = program.decisions.firstIndex(where: { $0.isOutcome(slot) }) {
      let plan = program.decisions[decision]
      let roots =
        plan.rules.compactMap { program.rules[$0].condition }
        + plan.overrides.map { program.overrides[$0].condition }
      return stepped(slot, by: roots.flatMap(operands), depth)
    }
    if let model = program.models.firstIndex(where: { $0.scores.contains { $0.slot == slot } }) {
      let form = stepped(slot, by: program.models[model].feeds.map(\.slot), depth)
      return form == .steps && !steppedModels.contains(model) ? .unknown : form
    }
    guard let (instruction, _) = origins.definition(of: slot) else { return fixed(slot) }
    return form(of: instruction, slot, depth: depth)
  }

  /// The slots that a condition compares.
  func operands(_ root: Int) -> [Int] {
    origins.leaves(of: root).flatMap { leaf in
      let node = program.code.conditions[leaf]
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles:
        return [Int(node.left), Int(node.right)]
      default: return [Int(node.left)]
      }
    }
  }

  /// A value that is told from what others are compared with.
  private mutating func stepped(_ slot: Int, by sources: [Int], _ depth: Int) -> Form {
    var isFixed = true
    for source in sources {
      switch form(of: source, depth: depth + 1) {
      case .fixed: break
      case .unknown: return .unknown
      case .moving, .steps: isFixed = false
      }
    }
    return isFixed ? fixed(slot) : .steps
  }

  private mutating func form(of instruction: Instruction, _ slot: Int, depth: Int) -> Form {
    let (left, right) = (Int(instruction.left), Int(instruction.right))
    if instruction.operation == .condition {
      let root = right
      return stepped(slot, by: operands(root), depth)
    }
    if instruction.operation == .coalesce, left == slot {
      // What stands in does so only where the value is missing.
      guard let own = origins.ownComputation(of: slot) else { return fixed(slot) }
      return form(of: own, slot, depth: depth)
    }
    let a = form(of: left, depth: depth + 1)
    switch instruction.operation {
    case .copy: return a
    case .coalesce:
      if case .fixed = a { return fixed(slot) }
      return a
    case .negate: return scaled(a, by: Quotient(-1))
    case .scaleUp:
      guard case .fixed(let digits?) = form(of: right, depth: depth + 1),
        let count = Int(exactly: digits.numerator),
        let power = ExactArithmetic.powerOfTen(count)
      else { return .unknown }
      return scaled(a, by: Quotient(power))
    case .atLeast, .atMost, .require: return fixed(slot)
    case .condition, .convert: return .unknown
    default: return combined(instruction.operation, a, form(of: right, depth: depth + 1), slot)
    }
  }

  private func scaled(_ form: Form, by factor: Quotient) -> Form {
    switch form {
    case .fixed(let value): .fixed(value?.multiplied(by: factor))
    case .moving(let moving): moving.multiplied(by: factor).map { .moving($0) } ?? .unknown
    case .steps, .unknown: .unknown
    }
  }

  private func combined(
    _ operation: Instruction.Operation, _ a: Form, _ b: Form, _ slot: Int
  ) -> Form {
    let form: MoebiusForm?
    switch (operation, a, b) {
    case (_, .fixed, .fixed): return fixed(slot)
    case (_, .fixed(nil), _), (_, _, .fixed(nil)): return .fixed(nil)
    case (.add, .moving(let x), .fixed(let c?)), (.addQuotient, .moving(let x), .fixed(let c?)),
      (.add, .fixed(let c?), .moving(let x)), (.addQuotient, .fixed(let c?), .moving(let x)):
      form = x.adding(c)
    case (.add, .moving(let x), .moving(let y)), (.addQuotient, .moving(let x), .moving(let y)):
      form = x.adding(y)
    case (.subtract, .moving(let x), .fixed(let c?)),
      (.subtractQuotient, .moving(let x), .fixed(let c?)):
      form = c.negated.flatMap { x.adding($0) }
    case (.subtract, .fixed(let c?), .moving(let x)),
      (.subtractQuotient, .fixed(let c?), .moving(let x)):
      form = x.multiplied(by: Quotient(-1)).flatMap { $0.adding(c) }
    case (.subtract, .moving(let x), .moving(let y)),
      (.subtractQuotient, .moving(let x), .moving(let y)):
      form = y.multiplied(by: Quotient(-1)).flatMap { x.adding($0) }
    case (.multiply, .moving(let x), .fixed(let c?)),
      (.multiplyQuotient, .moving(let x), .fixed(let c?)),
      (.multiply, .fixed(let c?), .moving(let x)),
      (.multiplyQuotient, .fixed(let c?), .moving(let x)):
      form = x.multiplied(by: c)
    case (.divideQuotient, .moving(let x), .fixed(let c?)):
      form = Quotient(1).divided(by: c).flatMap { x.multiplied(by: $0) }
    case (.divideQuotient, .fixed(let c?), .moving(let x)):
      form = x.dividing(c)
    default:
      form = nil
    }
    return form.map { .moving($0) } ?? .unknown
  }
}
