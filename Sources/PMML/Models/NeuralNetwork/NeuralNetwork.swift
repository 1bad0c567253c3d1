/// Layers of neurons; each neuron sees what other neurons, or the inputs, give out.
struct NeuralNetwork: Sendable {
  enum Activation: String, Sendable, CaseIterable {
    case threshold, logistic, tanh, identity, exponential, reciprocal, square
    case gauss = "Gauss"
    case sine, cosine
    case elliott = "Elliott"
    case arctan, rectifier, radialBasis
  }

  enum Normalization: String, Sendable, CaseIterable { case none, simplemax, softmax }

  /// A value that enters the network under an id.
  struct Input: Sendable {
    var id: String
    var field: DerivedField
  }

  struct Connection: Sendable {
    var from: String
    var weight: Double
    var line: Int
  }

  struct Neuron: Sendable {
    var id: String
    var bias: Double
    var width: Double?
    var altitude: Double?
    var connections: [Connection] = []
    var line: Int
  }

  /// What a layer does not say, the network says.
  struct Layer: Sendable {
    var activation: Activation?
    var threshold: Double?
    var width: Double?
    var altitude: Double?
    var normalization: Normalization?
    var neurons: [Neuron] = []
    var line: Int
  }

  /// How a neuron's output becomes a prediction: the inverse of the derived field's expression.
  struct Output: Sendable {
    var neuron: String
    var field: DerivedField
    var line: Int
  }

  var activation: Activation
  var threshold: Double
  var width: Double?
  var altitude: Double
  var normalization: Normalization
  var inputs: [Input] = []
  var layers: [Layer] = []
  var outputs: [Output] = []
}
