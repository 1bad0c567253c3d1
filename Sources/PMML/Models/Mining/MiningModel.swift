/// Several models as one.
struct MiningModel: Sendable {
  enum Method: String, Sendable, CaseIterable {
    case majorityVote, weightedMajorityVote, average, weightedAverage, median, weightedMedian
    case max, sum, weightedSum, selectAll, selectFirst, modelChain
    /// A chain whose segments predict targets of their own: an extension of JPMML's.
    case multiModelChain = "x-multiModelChain"

    var isWeighted: Bool {
      switch self {
      case .weightedMajorityVote, .weightedAverage, .weightedMedian, .weightedSum: true
      default: false
      }
    }
  }

  enum MissingPrediction: String, Sendable, CaseIterable {
    case returnMissing, skipSegment, `continue`
  }

  struct Segment: Sendable {
    var id: String?
    var weight: Double
    /// The field that says the weight, row by row.
    var variableWeight: String?
    var predicate: PredicateSyntax
    var model: ModelElement
    var line: Int
    /// Whether what the segment predicts is the target of the whole, as long as both have the same
    /// function.
    var givesTarget = true
  }

  var method: Method
  var missingPrediction: MissingPrediction
  var missingThreshold: Double
  var segments: [Segment]
  /// Whether a chain is a tree and the models in its leaves: any of them may end it.
  var isTreeSelection = false
}
