internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileNeuralNetwork(
    _ model: NeuralNetwork, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    var numbers: [String: Int] = [:]
    func name(_ id: String, line: Int) {
      if numbers.updateValue(numbers.count, forKey: id) != nil {
        reader.report("P10", "two neurons have the id `\(id)`", line: line)
      }
    }
    let inputs = model.inputs.map { input -> Int in
      name(input.id, line: input.field.line)
      if input.field.dataType == .string {
        reader.report(
          "P21", "neural input `\(input.id)` is a text where a number is needed",
          line: input.field.line)
      }
      let node = compile(input.field.expression, in: scope, expected: input.field.dataType)
      return cast(node, to: input.field.dataType)
    }
    for layer in model.layers { for neuron in layer.neurons { name(neuron.id, line: neuron.line) } }
    var layers: [NeuralNetworkPlan.Layer] = []
    var neurons: [NeuralNetworkPlan.Neuron] = []
    var sources: [Int32] = []
    var weights: [Double] = []
    for layer in model.layers {
      let activation = layer.activation ?? model.activation
      let first = neurons.count
      // A neuron sees what was computed before its layer; the order within one is not defined.
      let known = model.inputs.count + first
      for neuron in layer.neurons {
        let start = sources.count
        for connection in neuron.connections {
          guard let source = numbers[connection.from] else {
            reader.report(
              "P16", "no neuron or input has the id `\(connection.from)`", line: connection.line)
            continue
          }
          if source >= known {
            reader.report(
              "P9",
              "neuron `\(neuron.id)` takes from `\(connection.from)`, which is not in a layer "
                + "before it: PMML's networks are feed-forward, and it does not say what a neuron "
                + "holds before it is computed", line: connection.line)
          }
          sources.append(Int32(source))
          weights.append(connection.weight)
        }
        let width = neuron.width ?? layer.width ?? model.width
        if activation == .radialBasis, width == nil {
          reader.report("P3", "a `radialBasis` neuron needs a `width`", line: neuron.line)
        }
        neurons.append(
          NeuralNetworkPlan.Neuron(
            bias: neuron.bias, width: width ?? 1,
            altitude: neuron.altitude ?? layer.altitude ?? model.altitude,
            connections: start..<sources.count))
      }
      layers.append(
        NeuralNetworkPlan.Layer(
          activation: activation, threshold: layer.threshold ?? model.threshold,
          normalization: layer.normalization ?? model.normalization,
          neurons: first..<neurons.count))
    }
    let outputs = compileNeuralOutputs(model, header, unit, scope, target, numbers)
    program.units[unit].content = .neuralNetwork(
      NeuralNetworkPlan(
        inputs: inputs, layers: layers, neurons: neurons, sources: sources, weights: weights,
        outputs: outputs))
    reserveRegion(program.units[unit].classes.count, unit: unit)
  }

  private func compileNeuralOutputs(
    _ model: NeuralNetwork, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?, _ numbers: [String: Int]
  ) -> [NeuralNetworkPlan.Output] {
    let expressions = model.outputs.map { definition(of: $0.field.expression, header) }
    if header.function == .classification {
      var texts: [String] = []
      for case .normDiscrete(_, let value, _) in expressions.map(\.kind) { texts.append(value) }
      program.units[unit].classes = classes(of: target, and: texts, line: header.line)
    }
    let classes = program.units[unit].classes
    // The entity of a classifier is the output neuron of the class that wins.
    program.units[unit].entityCodes = classes.map { _ in -1 }
    if model.outputs.isEmpty {
      reader.report("P3", "`NeuralNetwork` has no `NeuralOutput`", line: header.line)
    }
    var outputs: [NeuralNetworkPlan.Output] = []
    for (output, expression) in zip(model.outputs, expressions) {
      guard let activation = numbers[output.neuron] else {
        reader.report("P16", "no neuron has the id `\(output.neuron)`", line: output.line)
        continue
      }
      var result = NeuralNetworkPlan.Result.number
      switch (header.function, expression.kind) {
      case (.classification, .normDiscrete(_, let text, _)):
        let label = value(
          text, as: program.units[unit].predictedType, line: output.line, what: "class")
        let place = classes.firstIndex { $0.value == label } ?? 0
        result = .probability(place)
        if classes.indices.contains(place) {
          program.units[unit].entityCodes[place] = Int32(code(output.neuron))
        }
      case (.classification, _):
        reader.report(
          "P9", "the output of a classifier is supported as `NormDiscrete` only",
          line: output.line)
      case (_, .fieldRef): break
      case (_, .normContinuous(let norm)):
        result = .denormalised(origs: norm.points.map(\.orig), norms: norm.points.map(\.norm))
      default:
        reader.report(
          "P9", "the output of a network is supported as `FieldRef` and `NormContinuous` only",
          line: output.line)
      }
      outputs.append(NeuralNetworkPlan.Output(activation: activation, result: result))
    }
    return outputs
  }

  /// What a reference to a derived field stands for: outputs may name one that is defined elsewhere.
  private func definition(
    of expression: ExpressionSyntax, _ header: ModelHeader
  ) -> ExpressionSyntax {
    guard case .fieldRef(let name, _) = expression.kind,
      let field = (header.localTransformations + document.derivedFields).first(where: {
        $0.name == name
      })
    else { return expression }
    return field.expression
  }
}
