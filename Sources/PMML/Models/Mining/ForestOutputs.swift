internal import DataFields
internal import TreeEnsembles

/// What each ending of a forest's trees adds, where what is made of them is one sum, or one a class.
struct ForestOutputs {
  let count: Int
  /// Whether values are added in single precision.
  let isFloat: Bool
  private let ensemble: TreeEnsemble
  private let isClassification: Bool
  private let isVote: Bool

  /// More numbers than these are not laid out for all endings and classes.
  private static let numberLimit = 1 << 24

  init?(
    _ ensemble: TreeEnsemble, _ method: MiningModel.Method, _ function: ModelSignature.Function
  ) {
    self.ensemble = ensemble
    isClassification = function == .classification
    isVote = method == .majorityVote
    switch method {
    case .sum, .average: break
    case .majorityVote where isClassification: break
    default: return nil
    }
    count = isClassification ? ensemble.classCount : 1
    guard count > 0, count <= Self.numberLimit / max(1, ensemble.nodeCount) else { return nil }
    // Shares are added in double precision, also of trees in single precision.
    isFloat = ensemble.isFloat && !isClassification
  }

  /// One number an output; nil where an ending is no prediction.
  func values(_ ending: RoutingTable.Ending) -> [Double]? {
    guard case .node(let node) = ending, !ensemble.scores[node].isNaN else { return nil }
    guard isClassification else { return [ensemble.scores[node]] }
    let start = Int(ensemble.distributions[node])
    if isVote || start < 0 {
      var shares = [Double](repeating: 0, count: count)
      shares[Int(ensemble.scores[node])] = 1
      return shares
    }
    return Array(ensemble.probabilities[start..<start + count])
  }
}
