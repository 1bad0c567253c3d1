internal import DataFields
internal import DenseKernels

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
    // The kernels write whole tiles; what they write too much is written over, or left.
    space.scratch.append(
      contentsOf: repeatElement(0, count: plan.neurons.count + DenseLayer.tile))
    space.scratch.withUnsafeMutableBufferPointer { values in
      if let first = values.baseAddress { plan.run(first + start) }
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
