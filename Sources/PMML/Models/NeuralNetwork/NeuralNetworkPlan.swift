internal import DataFields

/// A neural network laid flat: activations are numbered, inputs first, then neurons layer by layer.
package final class NeuralNetworkPlan: Sendable {
  struct Neuron: Sendable {
    var bias: Double
    var width: Double
    var altitude: Double
    /// Positions in `sources` and `weights`.
    var connections: Range<Int>
  }

  struct Layer: Sendable {
    var activation: NeuralNetwork.Activation
    var threshold: Double
    var normalization: NeuralNetwork.Normalization
    /// Positions in `neurons`.
    var neurons: Range<Int>
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
  /// For each connection the activation that it takes, and by what it is multiplied.
  let sources: [Int32]
  let weights: [Double]
  let outputs: [Output]

  var activationCount: Int { inputs.count + neurons.count }

  init(
    inputs: [Int], layers: [Layer], neurons: [Neuron], sources: [Int32], weights: [Double],
    outputs: [Output]
  ) {
    self.inputs = inputs
    self.layers = layers
    self.neurons = neurons
    self.sources = sources
    self.weights = weights
    self.outputs = outputs
  }
}
