/// Clusters by their centres.
struct ClusteringModel: Sendable {
  enum Measure: Sendable, Hashable {
    case euclidean, squaredEuclidean, cityBlock, chebychev
    case minkowski(Double)
    case simpleMatching, jaccard, tanimoto
    /// c00, c01, c10, c11, d00, d01, d10, d11.
    case binarySimilarity([Double])

    var isBinary: Bool {
      switch self {
      case .simpleMatching, .jaccard, .tanimoto, .binarySimilarity: true
      default: false
      }
    }
  }

  enum CompareFunction: String, Sendable, CaseIterable { case absDiff, gaussSim, delta, equal }

  struct Field: Sendable {
    var name: String
    var weight: Double
    var compare: CompareFunction?
    var similarityScale: Double?
    var isCenterField: Bool
    var line: Int
  }

  struct Cluster: Sendable {
    var id: String?
    var name: String?
    var center: [Double]
    var line: Int
  }

  var isDistance: Bool
  var compare: CompareFunction
  var measure: Measure
  var fields: [Field]
  var missingValueWeights: [Double]
  var clusters: [Cluster]
}
