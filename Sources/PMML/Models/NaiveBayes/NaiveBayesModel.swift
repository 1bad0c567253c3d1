/// Counts and distributions of each input beside each target value.
struct NaiveBayesModel: Sendable {
  struct TargetCount: Sendable {
    var value: String
    var count: Double
    var line: Int
  }

  enum Distribution: Sendable {
    case gaussian(mean: Double, variance: Double)
    case poisson(mean: Double)
    case uniform(lower: Double, upper: Double)
  }

  struct PairCounts: Sendable {
    var value: String
    var counts: [TargetCount] = []
    var line: Int
  }

  struct TargetStat: Sendable {
    var value: String
    var distribution: Distribution
    var line: Int
  }

  struct Input: Sendable {
    var field: String
    /// How the field is discretised first.
    var derived: DerivedField?
    var pairs: [PairCounts] = []
    var stats: [TargetStat] = []
    var line: Int
  }

  /// Stands in for a probability of zero.
  var threshold: Double
  var inputs: [Input] = []
  var output: [TargetCount] = []
}
