package import DataFields
internal import DenseKernels

/// The number by which coalitions of fields are compared where a model's form is not used: of a neural
/// network what its last link turns into the result, of a machine that decides between two classes how
/// far it is from its threshold, else the result itself.
package struct RawNumber: Sendable {
  private enum Source: Sendable {
    case result(CompiledModel.ResolvedResult)
    case network(NetworkForm)
    case machine(SupportVectorMachinePlan, Int, isUpward: Bool)
  }

  /// As a page prints it.
  package let name: String
  /// What turns it into the result; nil if it is the result.
  package let link: String?
  private let source: Source

  /// - Throws: why the result is no number.
  package init(_ model: CompiledModel, _ result: ModelResult) throws(AdditiveForm.Refusal) {
    let signature = model.signature
    if let reason = model.needsOtherRows { throw AdditiveForm.Refusal(reason) }
    guard signature.function == .regression || signature.function == .classification else {
      throw AdditiveForm.Refusal("the result of `\(signature.function.rawValue)` is no number")
    }
    if case .predictedValue = result, signature.function == .classification {
      throw AdditiveForm.Refusal(
        "a predicted class is no number; attribute the probability of a class")
    }
    guard let resolved = model.resolve(result) else {
      throw AdditiveForm.Refusal("the model gives no \(result)")
    }
    guard resolved.kind == .number else {
      throw AdditiveForm.Refusal("the result is a text or a list, no number")
    }
    switch model.program.units[0].content {
    case .neuralNetwork:
      if let form = try? NetworkForm(model.program, result) {
        (source, name, link) = (.network(form), form.name, form.link)
        return
      }
    case .supportVectorMachine(let plan):
      guard case .probability(let label) = result, plan.machines.count == 1,
        let place = model.program.units[0].classes.firstIndex(where: { $0.text == label })
      else { break }
      let machine = plan.machines[0]
      guard place == machine.category || place == machine.alternate else { break }
      source = .machine(plan, 0, isUpward: (place == machine.category) == plan.maxWins)
      (name, link) = ("decision value for \"\(label)\"", "vote")
      return
    default: break
    }
    (source, name, link) = (.result(resolved), "\(result)", nil)
  }

  /// The network behind the number, if it is one's raw score.
  package var network: NetworkForm? {
    if case .network(let form) = source { form } else { nil }
  }

  /// The number of a row that was scored; NaN if it is missing.
  package func value(_ model: CompiledModel, _ scored: ScoringWorkspace) -> Double {
    switch source {
    case .result(let result): return model.value(result, in: scored)
    case .network(let form):
      return form.inputs(model.program, scored).map { form.value($0) } ?? .nan
    case .machine(let plan, let machine, let isUpward):
      return plan.decisionValue(of: machine, scored.slots, isUpward: isUpward)
    }
  }

  /// Scores the first rows of a block as far as is needed and gives their numbers; NaN where one is
  /// missing.
  ///
  /// - Parameter values: at least `count` numbers, which are overwritten.
  package func score(
    _ scorer: BlockScorer, _ space: BlockWorkspace, count: Int, into values: inout [Double]
  ) {
    switch source {
    case .result(let result):
      scorer.score(count, space)
      for row in 0..<count { values[row] = scorer.value(result, row: row, in: space) }
    case .network(let form):
      if scorer.fillNetworkInputs(form.plan, count, space) {
        let missing = DenseKernel.fastest.missing(space.columns, count: form.inputCount)
        form.values(space.columns, count: count, into: &values)
        for row in 0..<count where missing >> UInt64(row) & 1 != 0 { values[row] = .nan }
      } else {
        scorer.score(count, space)
        for row in 0..<count { values[row] = value(scorer.model, space.loadedRow(row)) }
      }
    case .machine:
      scorer.score(count, space)
      for row in 0..<count { values[row] = value(scorer.model, space.loadedRow(row)) }
    }
    for row in 0..<count where !scorer.isScored(row, space) { values[row] = .nan }
  }
}

extension SupportVectorMachinePlan {
  /// How far a machine's value is from its threshold, on the one side or on the other.
  func decisionValue(of machine: Int, _ slots: [Double], isUpward: Bool) -> Double {
    let value = value(of: machine, slots)
    let threshold = machines[machine].threshold
    return isUpward ? value - threshold : threshold - value
  }
}

extension BlockScorer {
  /// Whether the model is scored in columns, which is many times faster than row by row.
  package var isInColumns: Bool {
    switch plans[0] {
    case .rows: false
    case .chain(let chain):
      chain.segments.allSatisfy { if case .rows = plans[$0.unit] { false } else { true } }
    default: true
    }
  }

  /// Puts the inputs of the model's network into the first columns, and does not run it.
  ///
  /// - Returns: false if they are not worked out in columns.
  func fillNetworkInputs(_ plan: NeuralNetworkPlan, _ count: Int, _ space: BlockWorkspace) -> Bool {
    guard case .neuralNetwork = plans[0] else { return false }
    prepare(count, space)
    if let inputs = space.units[0].inputs {
      inputs.run()
    } else {
      for (place, input) in plan.inputs.enumerated() {
        expressions.evaluate(input, space, into: place)
      }
    }
    return true
  }
}
