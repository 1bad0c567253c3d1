package import DataFields
internal import DenseKernels

/// A neural network's raw score: what the last link of the network (softmax, the logistic function)
/// turns into the result.
package struct NetworkForm: Sendable {
  /// What is taken of a neuron.
  enum Stage: Sendable, Hashable {
    /// Its weighted sum, before activation.
    case sum
    /// Its activation, before the layer is normalised.
    case activation
    case output
  }

  /// Neurons of one layer, each with what it counts.
  let nodes: [(neuron: Int, coefficient: Double)]
  let constant: Double
  let stage: Stage
  /// Position among the plan's layers.
  let layer: Int
  let plan: NeuralNetworkPlan
  /// What the raw score is, as a page prints it.
  package let name: String
  /// What turns it into the result; nil if it is the result.
  package let link: String?
  /// For each neural input the position of the program's input that it comes from, -1 for a constant;
  /// empty if one of them rests on several inputs, or on something else.
  package let origins: [Int]

  package var inputCount: Int { plan.inputs.count }

  /// - Throws: why the model, or the result, has none.
  package init(_ program: ModelProgram, _ result: ModelResult) throws(AdditiveForm.Refusal) {
    let top = program.units[0]
    guard case .neuralNetwork(let plan) = top.content else {
      throw AdditiveForm.Refusal("the model is no neural network")
    }
    var trace: NetworkTrace
    var name = "\(result)"
    switch result {
    case .predictedValue where top.function == .regression && !top.predictsText:
      guard let output = plan.outputs.last else {
        throw AdditiveForm.Refusal("the network has no output")
      }
      trace = NetworkTrace(plan, output.activation - plan.inputs.count)
      if case .denormalised(let origs, let norms) = output.result {
        trace.denormalise(origs, norms)
      }
      if let target = top.target { trace.apply(target) }
      if let link = trace.link { name += " before \(link)" }
    case .probability(let label):
      guard top.function == .classification,
        let place = top.classes.firstIndex(where: { $0.text == label }),
        let output = plan.outputs.last(where: {
          if case .probability(place) = $0.result { true } else { false }
        })
      else { throw AdditiveForm.Refusal("the model has no class \"\(label)\"") }
      trace = NetworkTrace(plan, output.activation - plan.inputs.count)
      trace.undoLink(plan)
      switch trace.link {
      case "logit": name = "log-odds of \(result)"
      case let link?: name += " before \(link)"
      case nil: break
      }
    default: throw AdditiveForm.Refusal("\(result) is no number of the network")
    }
    guard trace.layer >= 0 else { throw AdditiveForm.Refusal("an input is the network's output") }
    nodes = trace.nodes
    constant = trace.constant
    stage = trace.stage
    layer = trace.layer
    link = trace.link
    self.name = name
    self.plan = plan
    origins = Self.origins(plan, program)
  }

  private static func origins(_ plan: NeuralNetworkPlan, _ program: ModelProgram) -> [Int] {
    var slots = program.slotOrigins()
    var origins: [Int] = []
    for expression in plan.inputs {
      switch program.origin(expression, &slots) {
      case .input(let input) where program.inputs[input].isActive: origins.append(input)
      case .nothing: origins.append(-1)
      default: return []
      }
    }
    return origins
  }

  // MARK: Values

  /// The neural inputs of a row that was scored; nil if one is missing.
  package func inputs(_ program: ModelProgram, _ scored: ScoringWorkspace) -> [Double]? {
    var space = scored
    var values: [Double] = []
    for expression in plan.inputs {
      let value = program.expressions.evaluate(expression, &space)
      if value.isNaN { return nil }
      values.append(value)
    }
    return values
  }

  /// The raw score for neural inputs.
  package func value(_ inputs: [Double]) -> Double {
    var activations = inputs
    activations.append(
      contentsOf: repeatElement(0, count: plan.neurons.count + DenseLayer.tile))
    return activations.withUnsafeMutableBufferPointer { activations in
      guard let first = activations.baseAddress else { return .nan }
      for place in 0..<layer {
        plan.addUp(plan.layers[place], first)
        plan.finish(
          plan.layers[place], first + plan.inputs.count + plan.layers[place].neurons.lowerBound,
          rows: 1)
      }
      plan.addUp(plan.layers[layer], first)
      finishLast(first, rows: 1)
      return sum(first, rows: 1, row: 0)
    }
  }

  /// The raw scores of a block whose neural inputs are in columns.
  func values(
    _ activations: UnsafeMutablePointer<Double>, count: Int, into values: inout [Double]
  ) {
    let rows = DenseKernel.rowCount
    for place in 0..<layer {
      plan.addUpBlock(plan.layers[place], activations)
      let first = plan.inputs.count + plan.layers[place].neurons.lowerBound
      plan.finish(plan.layers[place], activations + first * rows, rows: rows)
    }
    plan.addUpBlock(plan.layers[layer], activations)
    finishLast(activations, rows: rows)
    for row in 0..<count { values[row] = sum(activations, rows: rows, row: row) }
  }

  /// Brings the last layer's sums to the stage that is looked at.
  func finishLast(_ activations: UnsafeMutablePointer<Double>, rows: Int) {
    let last = plan.layers[layer]
    let values = activations + (plan.inputs.count + last.neurons.lowerBound) * rows
    switch stage {
    case .sum: break
    case .activation: plan.activate(last, values, rows: rows)
    case .output: plan.finish(last, values, rows: rows)
    }
  }

  /// The raw score from the neurons of the last layer that is looked at.
  private func sum(_ activations: UnsafeMutablePointer<Double>, rows: Int, row: Int) -> Double {
    var sum = constant
    for (neuron, coefficient) in nodes {
      sum += coefficient * activations[(plan.inputs.count + neuron) * rows + row]
    }
    return sum
  }
}

/// A search for the raw score behind an output neuron.
private struct NetworkTrace {
  var nodes: [(neuron: Int, coefficient: Double)]
  var constant = 0.0
  var stage = NetworkForm.Stage.output
  var link: String?
  var layer: Int

  /// - Parameter neuron: a position among the plan's neurons; below 0 it is an input.
  init(_ plan: NeuralNetworkPlan, _ neuron: Int) {
    nodes = [(neuron, 1)]
    layer = plan.layers.firstIndex { $0.neurons.contains(neuron) } ?? -1
  }

  mutating func scale(by factor: Double, adding shift: Double) {
    for place in nodes.indices { nodes[place].coefficient *= factor }
    constant = constant * factor + shift
  }

  /// Two points of a normalisation are a line; of more, the network's own number is taken.
  mutating func denormalise(_ origs: [Double], _ norms: [Double]) {
    guard origs.count == 2 else {
      link = "denormalisation"
      return
    }
    let slope = (origs[1] - origs[0]) / (norms[1] - norms[0])
    scale(by: slope, adding: origs[0] - norms[0] * slope)
  }

  mutating func apply(_ target: TargetPlan) {
    guard link == nil, target.isAffine else {
      if !target.isAffine || target.factor != 1 || target.constant != 0 {
        link = link.map { "\($0) and the target" } ?? "the target's limits"
      }
      return
    }
    scale(by: target.factor, adding: target.constant)
  }

  /// Goes back behind neurons that only hand on a number, or what it leaves to 1, to softmax or the
  /// logistic function.
  mutating func undoLink(_ plan: NeuralNetworkPlan) {
    var isComplement = false
    var neuron = nodes[0].neuron
    var place = layer
    while place >= 0 {
      let own = plan.layers[place]
      if own.normalization == .softmax { return undoSoftmax(own, neuron, place, isComplement) }
      guard own.normalization == .none else { return }
      if own.activation == .logistic {
        nodes = [(neuron, isComplement ? -1 : 1)]
        (layer, stage, link) = (place, .sum, "logit")
        return
      }
      guard own.activation == .identity, let only = plan.onlyConnection(of: neuron),
        only.source >= plan.inputs.count
      else { return }
      switch (only.weight, plan.neurons[neuron].bias) {
      case (1, 0): break
      case (-1, 1): isComplement.toggle()
      default: return
      }
      neuron = only.source - plan.inputs.count
      place = plan.layers.firstIndex { $0.neurons.contains(neuron) } ?? -1
    }
  }

  private mutating func undoSoftmax(
    _ own: NeuralNetworkPlan.Layer, _ neuron: Int, _ place: Int, _ isComplement: Bool
  ) {
    let others = own.neurons.filter { $0 != neuron }
    if others.count == 1 {
      // Of two classes, the difference is the log-odds.
      let sign = isComplement ? -1.0 : 1
      nodes = [(neuron, sign), (others[0], -sign)]
      link = "logit"
    } else if !isComplement {
      nodes = [(neuron, 1)]
      link = "softmax"
    } else {
      return
    }
    (layer, stage) = (place, .activation)
  }
}

extension NeuralNetworkPlan {
  /// The connection of a neuron that has only one.
  fileprivate func onlyConnection(of neuron: Int) -> (source: Int, weight: Double)? {
    guard neurons[neuron].connections.count == 1 else { return nil }
    for layer in layers where layer.neurons.contains(neuron) {
      guard let group = layer.groups.last(where: { $0.first <= neuron }) else { return nil }
      return (
        group.sums.source(0), group.sums.weights(of: neuron - group.first).first ?? .nan
      )
    }
    return nil
  }
}
