internal import DataFields

/// Logarithms of conditional probabilities, laid flat by input, value and class.
package final class NaiveBayesPlan: Sendable {
  enum Content: Sendable {
    /// For each known value, rising, the logarithms of its probability beside each class.
    case discrete(values: [Double], logarithms: [Double])
    /// The distribution beside each class; nil where none is given.
    case continuous([NaiveBayesModel.Distribution?])
  }

  struct Input: Sendable {
    var slot: Int
    /// How the field is discretised first; -1 if it is not.
    var expression: Int
    var content: Content
  }

  let inputs: [Input]
  /// The logarithm of each class's count.
  let priors: [Double]
  let logarithmOfThreshold: Double

  init(inputs: [Input], priors: [Double], threshold: Double) {
    self.inputs = inputs
    self.priors = priors
    logarithmOfThreshold = MathFunctions.ln(threshold)
  }
}
