internal import DataFields
internal import TreeEnsembles

/// What the nodes of trees predict, worked out one node after another.
///
/// Made once for all nodes, so that no node needs memory of its own.
struct TreeValues {
  /// The values of a node that lists shares of classes, and of one that does not.
  private(set) var shared = TreeEnsemble.NodeValues(score: .nan)
  private(set) var plain = TreeEnsemble.NodeValues(score: .nan)
  /// Which of the two those of the last node are.
  private(set) var hasShares = false

  private let labels: TreeLabels
  private let positions: [Double: Int]
  private let classType: ModelDataType
  private let isClassification: Bool
  private let isFloat: Bool
  /// The positions of the labels among the classes, where they are known: -1 for one that is none.
  private var known: [Int?]

  init(
    _ labels: TreeLabels, _ positions: [Double: Int], _ classType: ModelDataType,
    isClassification: Bool, isFloat: Bool
  ) {
    self.labels = labels
    self.positions = positions
    self.classType = classType
    self.isClassification = isClassification
    self.isFloat = isFloat
    known = Array(repeating: nil, count: labels.count)
    let none = Array(repeating: 0.0, count: positions.count)
    shared.probabilities = none
    shared.confidences = none
    shared.classRecordCounts = none
  }

  mutating func take(_ node: TreeModel.Node, of model: TreeModel, _ compiler: ModelCompiler) {
    hasShares = false
    plain.score = .nan
    plain.recordCount = node.recordCount
    guard isClassification else {
      if !node.score.isAbsent { plain.score = score(node, model, compiler) }
      return
    }
    var score = Double.nan
    if !node.score.isAbsent, let place = position(node.score, node, model, compiler) {
      score = Double(place)
    }
    plain.score = score
    if node.distributionCount > 0 {
      takeShares(of: node, score, model, compiler)
      hasShares = !positions.isEmpty
    }
  }

  private func score(
    _ node: TreeModel.Node, _ model: TreeModel, _ compiler: ModelCompiler
  ) -> Double {
    // Rounded once from the text.
    let number = model.texts.withBytes(node.score) { bytes in
      isFloat
        ? BinaryNumberText.float(bytes).map { Double($0) } : BinaryNumberText.double(bytes)
    }
    if let number { return number }
    let text = model.texts.text(node.score) ?? ""
    let slow = compiler.value(text, as: .double, line: Int(node.line), what: "score")
    return isFloat ? XMLNumber.float(text).map { Double($0) } ?? slow : slow
  }

  private mutating func takeShares(
    of node: TreeModel.Node, _ score: Double, _ model: TreeModel, _ compiler: ModelCompiler
  ) {
    for place in shared.probabilities.indices {
      shared.probabilities[place] = 0
      shared.confidences[place] = 0
      shared.classRecordCounts[place] = 0
    }
    var total = 0.0
    for listed in node.distributions { total += model.distributions[listed].recordCount }
    for listed in node.distributions {
      let distribution = model.distributions[listed]
      guard let place = position(distribution.value, node, model, compiler) else { continue }
      let share = total > 0 ? distribution.recordCount / total : 0
      let probability =
        distribution.probability.isNaN ? share : distribution.probability
      shared.probabilities[place] = probability
      shared.confidences[place] =
        distribution.confidence.isNaN ? probability : distribution.confidence
      shared.classRecordCounts[place] = distribution.recordCount
    }
    shared.score = score.isNaN ? best : score
    shared.recordCount = node.recordCount.isNaN ? total : node.recordCount
  }

  /// The first class of the greatest share; NaN where there is none.
  private var best: Double {
    var best: Int?
    for (place, share) in shared.probabilities.enumerated()
    where best.map({ shared.probabilities[$0] < share }) ?? true {
      best = place
    }
    return best.map { Double($0) } ?? .nan
  }

  private mutating func position(
    _ label: TextPool.Place, _ node: TreeModel.Node, _ model: TreeModel, _ compiler: ModelCompiler
  ) -> Int? {
    let number = labels.number(of: label, model)
    if let number, let place = known[number] { return place < 0 ? nil : place }
    let text = model.texts.text(label) ?? ""
    let value = compiler.value(text, as: classType, line: Int(node.line), what: "class")
    let place = positions[value]
    // What is no class for its text is said of each node.
    if let number, !value.isNaN { known[number] = place ?? -1 }
    return place
  }
}
