internal import DataFields
internal import TreeEnsembles

/// What is known of each node where a row may end in a single tree, as numbers side by side.
struct TreeOutputs {
  private let ensemble: TreeEnsemble
  private let isClassification: Bool
  private let classes: [ClassLabel]

  /// The node's number, and what is predicted there.
  static let node = 0
  static let prediction = 1
  /// A classifier's probabilities, and then its confidences.
  static let firstShare = 2

  private static let classLimit = 64

  init?(_ ensemble: TreeEnsemble, _ unit: ModelUnit) {
    self.ensemble = ensemble
    isClassification = unit.function == .classification
    classes = unit.classes
    guard classes.count <= Self.classLimit else { return nil }
  }

  var count: Int { Self.firstShare + (isClassification ? 2 * classes.count : 0) }

  /// One number an output; nil where an ending is no node.
  func values(_ ending: RoutingTable.Ending) -> [Double]? {
    guard case .node(let node) = ending else { return nil }
    let score = ensemble.scores[node]
    guard isClassification else { return [Double(node), score] }
    let start = Int(ensemble.distributions[node])
    let none = [Double](repeating: .nan, count: classes.count)
    let isThere = start >= 0
    return [Double(node), score.isNaN ? .nan : classes[Int(score)].value]
      + (isThere ? Array(ensemble.probabilities[start..<start + classes.count]) : none)
      + (isThere ? Array(ensemble.confidences[start..<start + classes.count]) : none)
  }
}
