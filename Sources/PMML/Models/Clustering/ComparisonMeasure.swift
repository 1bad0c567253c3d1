/// How two points are compared, field by field and all in all.
struct ComparisonMeasure: Sendable {
  enum Kind: Sendable, Hashable {
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

  /// Whether less is nearer.
  var isDistance = true
  var compare = CompareFunction.absDiff
  var kind = Kind.squaredEuclidean
}
