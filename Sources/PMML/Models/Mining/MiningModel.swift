/// Several models as one.
struct MiningModel: Sendable {
  enum Method: String, Sendable, CaseIterable {
    case majorityVote, weightedMajorityVote, average, weightedAverage, median, weightedMedian
    case max, sum, weightedSum, selectAll, selectFirst, modelChain
    /// A chain whose segments predict targets of their own: an extension of JPMML's.
    case multiModelChain = "x-multiModelChain"
  }

  enum MissingPrediction: String, Sendable, CaseIterable {
    case returnMissing, skipSegment, `continue`
  }

  struct Segment: Sendable {
    var id: String?
    var weight: Double
    var predicate: PredicateSyntax
    var model: ModelElement
    var line: Int
  }

  var method: Method
  var missingPrediction: MissingPrediction
  var missingThreshold: Double
  var segments: [Segment]
}
