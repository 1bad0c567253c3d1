internal import DataFields
internal import DenseKernels

/// A neural network laid flat: activations are numbered, inputs first, then neurons layer by layer.
package final class NeuralNetworkPlan: Sendable {
  struct Neuron: Sendable {
    var bias: Double
    var width: Double
    var altitude: Double
    /// Positions among the connections.
    var connections: Range<Int>
  }

  struct Layer: Sendable {
    var activation: NeuralNetwork.Activation
    var threshold: Double
    var normalization: NeuralNetwork.Normalization
    /// Positions in `neurons`.
    var neurons: Range<Int>
    /// Neurons side by side that take from the same activations in the same order.
    var groups: [Group] = []
  }

  struct Group: Sendable {
    /// Position in `neurons`.
    var first: Int
    var sums: DenseLayer
  }

  /// How an activation becomes a prediction.
  enum Result: Sendable {
    /// The probability of a class, by its position.
    case probability(Int)
    case number
    /// The inverse of a normalisation, by its points.
    case denormalised(origs: [Double], norms: [Double])
  }

  struct Output: Sendable {
    var activation: Int
    var result: Result
  }

  /// Expressions of the inputs.
  let inputs: [Int]
  let layers: [Layer]
  let neurons: [Neuron]
  let connectionCount: Int
  let outputs: [Output]

  var activationCount: Int { inputs.count + neurons.count }

  /// - Parameters:
  ///   - sources: for each connection the activation that it takes.
  ///   - weights: by what it is multiplied.
  init(
    inputs: [Int], layers: [Layer], neurons: [Neuron], sources: [Int32], weights: [Double],
    outputs: [Output]
  ) {
    self.inputs = inputs
    self.neurons = neurons
    self.outputs = outputs
    connectionCount = weights.count
    self.layers = layers.map { layer in
      var layer = layer
      layer.groups = Self.groups(layer, neurons, sources, weights)
      return layer
    }
  }

  private static func groups(
    _ layer: Layer, _ neurons: [Neuron], _ sources: [Int32], _ weights: [Double]
  ) -> [Group] {
    var groups: [Group] = []
    var first = layer.neurons.lowerBound
    while first < layer.neurons.upperBound {
      let shared = sources[neurons[first].connections]
      var end = first + 1
      while end < layer.neurons.upperBound,
        sources[neurons[end].connections].elementsEqual(shared)
      {
        end += 1
      }
      // Of neurons side by side, the connections are.
      let connections =
        neurons[first].connections.lowerBound..<neurons[end - 1].connections.upperBound
      let isRadial = layer.activation == .radialBasis
      groups.append(
        Group(
          first: first,
          sums: DenseLayer(
            isRadial ? .squares : .products, sources: Array(shared),
            weights: Array(weights[connections]), outputCount: end - first,
            biases: isRadial ? [] : neurons[first..<end].map(\.bias))))
      first = end
    }
    return groups
  }
}
