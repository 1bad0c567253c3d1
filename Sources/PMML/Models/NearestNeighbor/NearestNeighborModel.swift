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

  var neighborCount: Int
  var continuousMethod: ContinuousMethod
  var categoricalMethod: CategoricalMethod
  var instanceIdField: String?
  /// Added to a distance before its inverse is a weight.
  var threshold: Double
  var measure = ComparisonMeasure()
  var inputs: [Input] = []
  var training = TrainingInstances()
}

/// The rows that a model was trained on, which it looks at when it scores.
struct TrainingInstances: Sendable {
  struct Field: Sendable {
    var field: String
    var column: String
    var line: Int
  }

  /// Whether they hold the inputs as they are compared, not the fields behind them.
  var isTransformed = false
  var fields: [Field] = []
  /// Column names and texts.
  var rows: [[String: String]] = []
}
