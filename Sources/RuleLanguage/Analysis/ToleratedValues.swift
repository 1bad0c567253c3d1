import DataFields

/// Values without which a decision is made all the same: those for whose absence a rule asks, and
/// what is derived from them.
enum ToleratedValues {
  /// For each slot of the rule row.
  ///
  /// - Complexity: O(size of the program): steps stand in the order in which they compute.
  static func ofSlots(_ program: Program) -> [Bool] {
    var tolerated = Array(repeating: false, count: program.code.layout.slots.count)
    var policies: [Int: MissingPolicy] = [:]
    for field in program.inputs.flatMap(\.fields) { policies[field.slot] = field.missing }
    for plan in program.lets { policies[plan.slot] = plan.missing }
    func settle(_ slot: Int) {
      guard tolerated.indices.contains(slot) else { return }
      switch policies[slot] {
      case .rule?: tolerated[slot] = true
      case .value?: tolerated[slot] = false
      case .refuse?, nil: break
      }
    }
    for slot in policies.keys { settle(slot) }
    for step in program.steps {
      switch step {
      case .compute(let range, let destination):
        for instruction in program.code.instructions[range] {
          let rests = operands(of: instruction, program).contains { tolerated[$0] }
          if rests { tolerated[Int(instruction.destination)] = true }
        }
        settle(destination)
      case .rank(let index):
        let rank = program.ranks[index]
        tolerated[rank.slot] = tolerated[rank.source]
      case .model(let index):
        let model = program.models[index]
        let isTolerated = model.feeds.contains { tolerated[$0.slot] }
        for score in model.scores { tolerated[score.slot] = isTolerated }
      // A decision that cannot be made is a reason not to make the next.
      case .decide, .override: break
      }
    }
    return tolerated
  }

  private static func operands(of instruction: Instruction, _ program: Program) -> [Int] {
    let (left, right) = (Int(instruction.left), Int(instruction.right))
    switch instruction.operation {
    case .copy, .negate, .scaleUp, .coalesce, .atLeast, .atMost, .require: return [left]
    case .convert: return []
    case .condition:
      return program.code.conditions[right..<Int(program.code.conditions[right].end)].flatMap {
        node -> [Int] in
        switch node.kind {
        case .all, .any, .not: []
        case .inList, .isPresent, .isMissing, .isTrue: [Int(node.left)]
        case .compareWords, .compareQuotients, .compareDoubles: [Int(node.left), Int(node.right)]
        }
      }
    case .add, .subtract, .multiply, .addQuotient, .subtractQuotient, .multiplyQuotient,
      .divideQuotient:
      return [left, right]
    }
  }
}

extension ValueOrigins {
  /// The values for whose absence rules ask and on which a value rests, itself among them: where one
  /// of them is missing, the value is.
  func causesOfAbsence(of slot: Int) -> Set<Int> {
    var causes: Set<Int> = []
    var seen: Set<Int> = []
    var open = [slot]
    while let next = open.popLast() {
      guard seen.insert(next).inserted, isTolerated(next) else { continue }
      if case .rule = missingPolicy(of: next) { causes.insert(next) }
      open += operands(of: next) ?? []
    }
    return causes
  }
}
