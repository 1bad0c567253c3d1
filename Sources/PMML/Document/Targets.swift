/// What is done to a predicted value before it is given out.
struct Target: Sendable {
  enum CastInteger: String, Sendable, CaseIterable { case round, ceiling, floor }

  struct TargetValue: Sendable {
    var value: String?
    var displayValue: String?
    var priorProbability: Double?
    var defaultValue: Double?
  }

  var field: String?
  var minimum: Double?
  var maximum: Double?
  var rescaleConstant: Double
  var rescaleFactor: Double
  var castInteger: CastInteger?
  var values: [TargetValue]

  /// Whether the value is only scaled and shifted, so that attributions carry over.
  var isAffine: Bool { minimum == nil && maximum == nil && castInteger == nil }
}
