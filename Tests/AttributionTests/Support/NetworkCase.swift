import DataFields
import PMML
import RationaleTestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A random neural network written out, and as a document: numbers as they are and one input for each of
/// two categories, two hidden layers, an output layer.
struct NetworkCase {
  struct Layer {
    var activation: String
    var normalization = "none"
    /// Neuron by neuron, the bias and then the weights.
    var weights: [[Double]]
  }

  var numbers: Int
  var layers: [Layer]

  init(
    numbers: Int, hidden: [String], outputs: Int, activation: String = "identity",
    normalization: String = "none", size: Double = 0.8, seed: UInt64
  ) {
    self.numbers = numbers
    var random = SeededGenerator(seed: seed)
    var width = numbers + 2
    layers = (hidden + [activation]).enumerated().map { place, function in
      let isLast = place == hidden.count
      let neurons = (0..<(isLast ? outputs : 4)).map { _ in
        (0...width).map { _ in Double.random(in: -size...size, using: &random) }
      }
      width = neurons.count
      return Layer(
        activation: function, normalization: isLast ? normalization : "none", weights: neurons)
    }
  }

  static let width = 1.5
  static let altitude = 1.25

  static func point(_ row: [ModelMatrix.Value]) -> [Double] {
    let (numbers, category) = ModelCase.parts(row)
    return numbers + [category == "a" ? 1 : 0, category == "b" ? 1 : 0]
  }

  /// The output neurons; `beforeLast` leaves out the last layer's activation and normalisation.
  func outputs(_ inputs: [Double], beforeLast: Bool = false) -> [Double] {
    var values = inputs
    for (place, layer) in layers.enumerated() {
      let isRaw = beforeLast && place == layers.count - 1
      var sums = layer.weights.map { weights -> Double in
        if layer.activation == "radialBasis" {
          let square = zip(values, weights.dropFirst()).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
          }
          return square
        }
        return zip(values, weights.dropFirst()).reduce(weights[0]) { $0 + $1.0 * $1.1 }
      }
      if !isRaw {
        sums = sums.map { Self.activate(layer.activation, $0, fanIn: values.count) }
        if layer.normalization == "softmax" {
          let all = sums.map { exp($0) }
          sums = all.map { $0 / all.reduce(0, +) }
        } else if layer.normalization == "simplemax" {
          let whole = sums.reduce(0, +)
          sums = sums.map { $0 / whole }
        }
      }
      values = sums
    }
    return values
  }

  private static func activate(_ function: String, _ z: Double, fanIn: Int) -> Double {
    switch function {
    case "logistic": 1 / (1 + exp(-z))
    case "tanh": tanh(z)
    case "exponential": exp(z)
    case "reciprocal": 1 / z
    case "square": z * z
    case "Gauss": exp(-z * z)
    case "sine": sin(z)
    case "cosine": cos(z)
    case "Elliott": z / (1 + abs(z))
    case "arctan": 2 * atan(z) / .pi
    case "rectifier": max(0, z)
    case "threshold": z > 0.1 ? 1 : 0
    case "radialBasis": exp(Double(fanIn) * log(altitude) - z / (2 * width * width))
    default: z
    }
  }

  /// - Parameters:
  ///   - outputs: the `NeuralOutputs`: a neuron of the last layer, by its number, and its field.
  func document(_ function: String, target: String, outputs: [(Int, String)]) -> String {
    var names = (0..<numbers).map { "x\($0)" } + ["a", "b"]
    let numbered = (0..<numbers).map {
      "<NeuralInput id=\"x\($0)\"><DerivedField optype=\"continuous\" dataType=\"double\">"
        + "<FieldRef field=\"x\($0)\"/></DerivedField></NeuralInput>"
    }
    let categories = ["a", "b"].map {
      "<NeuralInput id=\"\($0)\"><DerivedField optype=\"continuous\" dataType=\"double\">"
        + "<NormDiscrete field=\"k\" value=\"\($0)\"/></DerivedField></NeuralInput>"
    }
    var text = ""
    for (place, layer) in layers.enumerated() {
      let neurons = layer.weights.enumerated().map { number, weights in
        let connections = zip(names, weights.dropFirst()).map {
          "<Con from=\"\($0)\" weight=\"\($1)\"/>"
        }
        return
          "<Neuron id=\"\(place).\(number)\" bias=\"\(weights[0])\">\(connections.joined())</Neuron>"
      }
      text +=
        "<NeuralLayer activationFunction=\"\(layer.activation)\" threshold=\"0.1\" "
        + "width=\"\(Self.width)\" altitude=\"\(Self.altitude)\" "
        + "normalizationMethod=\"\(layer.normalization)\">\(neurons.joined())</NeuralLayer>"
      names = layer.weights.indices.map { "\(place).\($0)" }
    }
    let given = outputs.map {
      "<NeuralOutput outputNeuron=\"\(layers.count - 1).\($0)\">"
        + "<DerivedField optype=\"continuous\" dataType=\"double\">\($1)</DerivedField></NeuralOutput>"
    }
    return """
      <NeuralNetwork functionName="\(function)" activationFunction="identity">
        \(ModelCase.miningFields(numbers, target: target))
        <NeuralInputs>\((numbered + categories).joined())</NeuralInputs>\(text)
        <NeuralOutputs>\(given.joined())</NeuralOutputs></NeuralNetwork>
      """
  }

  static func label(_ field: String, _ value: String) -> String {
    "<NormDiscrete field=\"\(field)\" value=\"\(value)\"/>"
  }
}
