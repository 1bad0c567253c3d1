/// Known instances, of which the nearest decide.
struct NearestNeighborModel: Sendable {
  enum ContinuousMethod: String, Sendable, CaseIterable { case median, average, weightedAverage }
  enum CategoricalMethod: String, Sendable, CaseIterable {
    case majorityVote, weightedMajorityVote
  }

  struct Input: Sendable {
    var field: String
    var weight: Double
    var compare: ComparisonMeasure.CompareFunction?
    var line: Int
  }

  struct InstanceField: Sendable {
    var field: String
    var column: String
    var line: Int
  }

  var neighborCount: Int
  var continuousMethod: ContinuousMethod
  var categoricalMethod: CategoricalMethod
  var instanceIdField: String?
  /// Added to a distance before its inverse is a weight.
  var threshold: Double
  var measure = ComparisonMeasure()
  var inputs: [Input] = []
  /// Whether the instances hold the inputs as they are compared, not the fields behind them.
  var isTransformed = false
  var instanceFields: [InstanceField] = []
  var instances: [[String: String]] = []
}
