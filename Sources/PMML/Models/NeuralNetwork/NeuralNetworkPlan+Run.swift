internal import DataFields
internal import DenseKernels

extension NeuralNetworkPlan {
  /// What the neurons give out for a single row, behind the inputs; there is room for a tile more.
  func run(_ activations: UnsafeMutablePointer<Double>) {
    for layer in layers {
      addUp(layer, activations)
      finish(layer, activations + inputs.count + layer.neurons.lowerBound, rows: 1)
    }
  }

  /// The same for a block of rows, in columns.
  func runBlock(_ activations: UnsafeMutablePointer<Double>) {
    let rows = DenseKernel.rowCount
    for layer in layers {
      addUpBlock(layer, activations)
      finish(
        layer, activations + (inputs.count + layer.neurons.lowerBound) * rows, rows: rows)
    }
  }

  /// The sums of a layer, where its neurons' outputs will be.
  func addUp(_ layer: Layer, _ activations: UnsafeMutablePointer<Double>) {
    for group in layer.groups {
      DenseKernel.fastest.single(
        group.sums, activations, into: activations + inputs.count + group.first)
    }
  }

  func addUpBlock(_ layer: Layer, _ activations: UnsafeMutablePointer<Double>) {
    let rows = DenseKernel.rowCount
    for group in layer.groups {
      DenseKernel.fastest.block(
        group.sums, activations, into: activations + (inputs.count + group.first) * rows)
    }
  }

  /// Activates and normalises a layer's sums: neuron by neuron, `rows` numbers each.
  func finish(_ layer: Layer, _ values: UnsafeMutablePointer<Double>, rows: Int) {
    activate(layer, values, rows: rows)
    normalise(layer, values, rows: rows)
  }

  func activate(_ layer: Layer, _ values: UnsafeMutablePointer<Double>, rows: Int) {
    let count = layer.neurons.count * rows
    switch layer.activation {
    case .identity: break
    case .logistic: DenseKernel.fastest.map(.logistic, values, count: count)
    case .tanh: DenseKernel.fastest.map(.tanh, values, count: count)
    case .exponential: DenseKernel.fastest.map(.exp, values, count: count)
    case .rectifier: DenseKernel.fastest.map(.rectifier, values, count: count)
    case .radialBasis:
      for (place, neuron) in layer.neurons.enumerated() {
        for row in place * rows..<(place + 1) * rows {
          values[row] = radialBasis(neurons[neuron], squares: values[row])
        }
      }
    default:
      for place in 0..<count {
        values[place] = Self.activation(
          layer.activation, values[place], threshold: layer.threshold)
      }
    }
  }

  func normalise(_ layer: Layer, _ values: UnsafeMutablePointer<Double>, rows: Int) {
    switch layer.normalization {
    case .none: break
    case .softmax: DenseKernel.fastest.softmax(values, layer.neurons.count, rows: rows)
    case .simplemax: DenseKernel.fastest.simplemax(values, layer.neurons.count, rows: rows)
    }
  }

  private func radialBasis(_ neuron: Neuron, squares: Double) -> Double {
    let z = squares / (2 * neuron.width * neuron.width)
    let fanIn = Double(neuron.connections.count)
    return DenseFunctions.exp(fanIn * MathFunctions.ln(neuron.altitude) - z)
  }

  /// The activations that ``DenseKernel`` does not have.
  private static func activation(
    _ function: NeuralNetwork.Activation, _ z: Double, threshold: Double
  ) -> Double {
    switch function {
    case .threshold: z > threshold ? 1 : 0
    case .reciprocal: 1 / z
    case .square: z * z
    case .gauss: DenseFunctions.exp(-(z * z))
    case .sine: MathFunctions.sin(z)
    case .cosine: MathFunctions.cos(z)
    case .elliott: z / (1 + z.magnitude)
    case .arctan: 2 * MathFunctions.atan(z) / .pi
    case .logistic, .tanh, .identity, .exponential, .rectifier, .radialBasis: z
    }
  }
}
