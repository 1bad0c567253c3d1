/// Machines over shared vectors, each a sum of kernels.
struct SupportVectorMachineModel: Sendable {
  enum Kernel: Sendable {
    case linear
    case polynomial(gamma: Double, coefficient: Double, degree: Double)
    case radialBasis(gamma: Double)
    case sigmoid(gamma: Double, coefficient: Double)
  }

  enum ClassificationMethod: String, Sendable, CaseIterable {
    case oneAgainstAll = "OneAgainstAll"
    case oneAgainstOne = "OneAgainstOne"
  }

  enum Representation: String, Sendable, CaseIterable {
    case supportVectors = "SupportVectors"
    case coefficients = "Coefficients"
  }

  /// A coordinate of the vectors: a number, or a coefficient where a category holds.
  struct Coordinate: Sendable {
    var field: String
    var category: String?
    var coefficient: Double
    var line: Int
  }

  struct Machine: Sendable {
    var targetCategory: String?
    var alternateTargetCategory: String?
    var threshold: Double?
    var vectorIds: [String] = []
    var coefficients: [Double] = []
    var absoluteValue = 0.0
    var line: Int
  }

  var kernel: Kernel
  var representation: Representation
  var method: ClassificationMethod
  var threshold: Double
  var maxWins: Bool
  var alternateBinaryTargetCategory: String?
  var coordinates: [Coordinate] = []
  var vectors: [(id: String, entries: [Double], line: Int)] = []
  var machines: [Machine] = []
}
