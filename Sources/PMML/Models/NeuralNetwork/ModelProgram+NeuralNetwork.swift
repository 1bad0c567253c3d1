internal import DataFields

extension ModelProgram {
  /// Activations layer by layer, in the order of the document; the sums in the order of the
  /// connections, the bias first.
  func runNeuralNetwork(_ plan: NeuralNetworkPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let start = space.scratch.count
    defer { space.scratch.removeLast(space.scratch.count - start) }
    for input in plan.inputs {
      let value = expressions.evaluate(input, &space)
      // Without all of its inputs, a network gives no result.
      if value.isNaN { return }
      space.scratch.append(value)
    }
    for layer in plan.layers {
      for neuron in layer.neurons {
        let value = plan.activation(plan.neurons[neuron], layer, space.scratch, from: start)
        space.scratch.append(value)
      }
      let first = start + plan.inputs.count + layer.neurons.lowerBound
      plan.normalise(layer, &space.scratch, first..<space.scratch.count)
    }
    let region = units[unit].region
    let isClassification = units[unit].function == .classification
    if isClassification {
      for place in units[unit].classes.indices { space.region[region + place] = 0 }
    }
    for output in plan.outputs {
      let value = space.scratch[start + output.activation]
      switch output.result {
      case .probability(let place): space.region[region + place] = value
      case .number: space.predicted[unit] = value
      case .denormalised(let origs, let norms):
        space.predicted[unit] = NeuralNetworkPlan.inverse(value, origs: origs, norms: norms)
      }
    }
    guard isClassification else { return }
    for place in units[unit].classes.indices {
      space.confidences[region + place] = space.region[region + place]
    }
    space.hasRegion[unit] = true
    let best = winner(unit, space)
    if best >= 0 {
      space.predicted[unit] = units[unit].classes[best].value
      space.entity[unit] = Int32(best)
    }
  }
}

extension NeuralNetworkPlan {
  /// What a neuron gives out before its layer is normalised.
  @inline(__always)
  func activation(
    _ neuron: Neuron, _ layer: Layer, _ activations: [Double], from start: Int
  ) -> Double {
    if layer.activation == .radialBasis {
      var sum = 0.0
      for place in neuron.connections {
        let difference = weights[place] - activations[start + Int(sources[place])]
        let square = difference * difference
        sum += square
      }
      let z = sum / (2 * neuron.width * neuron.width)
      let fanIn = Double(neuron.connections.count)
      return MathFunctions.exp(fanIn * MathFunctions.ln(neuron.altitude) - z)
    }
    var z = neuron.bias
    for place in neuron.connections {
      let product = weights[place] * activations[start + Int(sources[place])]
      z += product
    }
    return Self.activation(layer.activation, z, threshold: layer.threshold)
  }

  static func activation(
    _ function: NeuralNetwork.Activation, _ z: Double, threshold: Double
  ) -> Double {
    switch function {
    case .threshold: z > threshold ? 1 : 0
    case .logistic: 1 / (1 + MathFunctions.exp(-z))
    case .tanh: MathFunctions.tanh(z)
    case .identity: z
    case .exponential: MathFunctions.exp(z)
    case .reciprocal: 1 / z
    case .square: z * z
    case .gauss: MathFunctions.exp(-(z * z))
    case .sine: MathFunctions.sin(z)
    case .cosine: MathFunctions.cos(z)
    case .elliott: z / (1 + z.magnitude)
    case .arctan: 2 * MathFunctions.atan(z) / .pi
    case .rectifier: max(0, z)
    case .radialBasis: .nan
    }
  }

  func normalise(_ layer: Layer, _ activations: inout [Double], _ range: Range<Int>) {
    switch layer.normalization {
    case .none: return
    case .softmax: ModelProgram.softmax(&activations, range)
    case .simplemax:
      var sum = 0.0
      for place in range { sum += activations[place] }
      for place in range { activations[place] /= sum }
    }
  }

  /// The original value of a normalised one: outside of the points by the first or last segment.
  static func inverse(_ value: Double, origs: [Double], norms: [Double]) -> Double {
    let rises = norms[norms.count - 1] >= norms[0]
    var segment = 0
    while segment + 2 < norms.count,
      rises ? value > norms[segment + 1] : value < norms[segment + 1]
    {
      segment += 1
    }
    let slope =
      (origs[segment + 1] - origs[segment]) / (norms[segment + 1] - norms[segment])
    let step = (value - norms[segment]) * slope
    return origs[segment] + step
  }
}
