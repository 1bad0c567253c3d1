/// A distribution over functions, given where some were seen.
struct GaussianProcessModel: Sendable {
  struct Kernel: Sendable {
    enum Kind: Sendable {
      case radialBasis, ardSquaredExponential, absoluteExponential, generalizedExponential
    }

    var kind: Kind
    var gamma: Double
    var noiseVariance: Double
    /// A length for each input, one for all, or none for 1.
    var lambdas: [Double] = []
    var degree: Double
    var line: Int
  }

  /// One; an array until it was read.
  var kernels: [Kernel] = []
  var instances = TrainingInstances()
}
