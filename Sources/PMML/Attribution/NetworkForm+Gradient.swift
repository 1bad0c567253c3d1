internal import DenseKernels

/// How the raw score changes with the neural inputs, by a pass back through the layers.
extension NetworkForm {
  /// Room for one gradient; reused from one to the next.
  package struct GradientRoom: Sendable {
    /// What each neural input changes, after ``NetworkForm/addGradient(_:weight:_:)``: the sum of what was
    /// added.
    package var sums: [Double]
    /// Inputs, then what neurons give out, with room for a tile more.
    fileprivate var values: [Double]
    /// The neurons' weighted sums, and their activations before they are normalised.
    fileprivate var weighted: [Double]
    fileprivate var activated: [Double]
    /// What each input and neuron changes.
    fileprivate var changes: [Double]
  }

  package func makeGradientRoom() -> GradientRoom {
    let neurons = plan.neurons.count
    let all = plan.activationCount + DenseLayer.tile
    return GradientRoom(
      sums: Array(repeating: 0, count: inputCount), values: Array(repeating: 0, count: all),
      weighted: Array(repeating: 0, count: neurons),
      activated: Array(repeating: 0, count: neurons), changes: Array(repeating: 0, count: all))
  }

  /// Whether the raw score has no steps: no neuron that it looks at is a threshold.
  package var isContinuous: Bool {
    plan.layers[...layer].enumerated().allSatisfy { place, own in
      own.activation != .threshold || !isActivated(place)
    }
  }

  /// Whether the raw score is made of linear pieces: its neurons are rectified or as they are.
  package var isPiecewiseLinear: Bool {
    plan.layers[...layer].enumerated().allSatisfy { place, own in
      if isNormalised(place), own.normalization != .none { return false }
      return !isActivated(place) || own.activation == .rectifier || own.activation == .identity
    }
  }

  private func isActivated(_ place: Int) -> Bool { place < layer || stage != .sum }
  private func isNormalised(_ place: Int) -> Bool { place < layer || stage == .output }

  /// Adds the gradient of the raw score at a point, times a weight, to ``GradientRoom/sums``.
  ///
  /// - Complexity: O(connections).
  package func addGradient(_ inputs: [Double], weight: Double, _ room: inout GradientRoom) {
    for (place, input) in inputs.enumerated() { room.values[place] = input }
    for place in room.changes.indices { room.changes[place] = 0 }
    let first = plan.inputs.count
    for (neuron, coefficient) in nodes { room.changes[first + neuron] += coefficient }
    room.values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      for place in 0...layer { run(place, base, &room.weighted, &room.activated) }
      room.changes.withUnsafeMutableBufferPointer { changes in
        guard let own = changes.baseAddress else { return }
        for place in stride(from: layer, through: 0, by: -1) {
          goBack(place, own + first, base + first, room.weighted, room.activated)
          for group in plan.layers[place].groups {
            group.sums.addGradient(own + first + group.first, base, into: own)
          }
        }
      }
    }
    for input in room.sums.indices { room.sums[input] += weight * room.changes[input] }
  }

  /// Runs a layer and keeps what the way back looks at.
  private func run(
    _ place: Int, _ values: UnsafeMutablePointer<Double>, _ weighted: inout [Double],
    _ activated: inout [Double]
  ) {
    let own = plan.layers[place]
    let neurons = values + plan.inputs.count
    plan.addUp(own, values)
    for neuron in own.neurons { weighted[neuron] = neurons[neuron] }
    let start = neurons + own.neurons.lowerBound
    if isActivated(place) { plan.activate(own, start, rows: 1) }
    for neuron in own.neurons { activated[neuron] = neurons[neuron] }
    if isNormalised(place) { plan.normalise(own, start, rows: 1) }
  }

  /// From what a layer's outputs change to what its weighted sums do.
  private func goBack(
    _ place: Int, _ changes: UnsafeMutablePointer<Double>, _ outputs: UnsafePointer<Double>,
    _ weighted: [Double], _ activated: [Double]
  ) {
    let own = plan.layers[place]
    if isNormalised(place), own.normalization != .none {
      // Shares of a whole: what all of them change together is taken off each.
      var mean = 0.0
      for neuron in own.neurons { mean += changes[neuron] * outputs[neuron] }
      var whole = 1.0
      if own.normalization == .simplemax {
        whole = 0
        for neuron in own.neurons { whole += activated[neuron] }
      }
      for neuron in own.neurons {
        let difference = changes[neuron] - mean
        changes[neuron] =
          own.normalization == .softmax ? outputs[neuron] * difference : difference / whole
      }
    }
    guard isActivated(place) else { return }
    for neuron in own.neurons {
      changes[neuron] *= plan.slope(
        own, neuron, weighted: weighted[neuron], activated: activated[neuron])
    }
  }
}

extension NeuralNetworkPlan {
  /// The derivative of a neuron's activation by its weighted sum (of `radialBasis` by the sum of
  /// squares). Where a function has a corner, that of its left side.
  fileprivate func slope(
    _ layer: Layer, _ neuron: Int, weighted z: Double, activated y: Double
  ) -> Double {
    switch layer.activation {
    case .identity: return 1
    case .threshold: return 0
    case .logistic: return y * DenseFunctions.logistic(-z)
    case .tanh: return (1 - y) * (1 + y)
    case .exponential: return y
    case .reciprocal: return -y * y
    case .square: return 2 * z
    case .gauss: return -2 * z * y
    case .sine: return MathFunctions.cos(z)
    case .cosine: return -MathFunctions.sin(z)
    case .elliott:
      let size = 1 + z.magnitude
      return 1 / (size * size)
    case .arctan: return 2 / (.pi * (1 + z * z))
    case .rectifier: return z > 0 ? 1 : 0
    case .radialBasis:
      let width = neurons[neuron].width
      return -y / (2 * width * width)
    }
  }
}

extension NetworkForm {
  /// Where the raw score bends on the straight way from one point to another: the parts of the way, from
  /// 0 to 1, at which a rectified neuron turns on or off. For a form of linear pieces.
  ///
  /// Layer by layer: between bends of the layers before, weighted sums are linear, so that their roots
  /// are found from the ends.
  ///
  /// - Returns: nil if there are more than `limit`.
  /// - Complexity: O(bends x connections).
  package func bends(from start: [Double], to end: [Double], limit: Int) -> [Double]? {
    var bends = [0.0, 1.0]
    for place in plan.layers[...layer].indices
    where isActivated(place) && plan.layers[place].activation == .rectifier {
      let sums = bends.map { part in
        weighted(place, start.indices.map { start[$0] + part * (end[$0] - start[$0]) })
      }
      var more: [Double] = []
      for piece in bends.indices.dropLast() {
        for (low, high) in zip(sums[piece], sums[piece + 1]) where low * high < 0 {
          let root = bends[piece] + (bends[piece + 1] - bends[piece]) * (low / (low - high))
          if root > bends[piece], root < bends[piece + 1] { more.append(root) }
        }
        if bends.count + more.count > limit { return nil }
      }
      bends = Array(Set(bends + more)).sorted()
    }
    return bends
  }

  /// The weighted sums of a layer at a point.
  private func weighted(_ place: Int, _ inputs: [Double]) -> [Double] {
    var values = inputs
    values.append(contentsOf: repeatElement(0, count: plan.neurons.count + DenseLayer.tile))
    return values.withUnsafeMutableBufferPointer { values in
      guard let first = values.baseAddress else { return [] }
      for before in plan.layers[..<place] {
        plan.addUp(before, first)
        plan.finish(before, first + plan.inputs.count + before.neurons.lowerBound, rows: 1)
      }
      plan.addUp(plan.layers[place], first)
      return plan.layers[place].neurons.map { first[plan.inputs.count + $0] }
    }
  }
}
