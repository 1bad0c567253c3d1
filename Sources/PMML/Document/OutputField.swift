internal import DataFields

/// A value that a model gives out beside its target.
struct OutputField: Sendable {
  enum Feature: String, Sendable, CaseIterable {
    case predictedValue, predictedDisplayValue, transformedValue, decision, probability
    case confidence, affinity, residual, entityId, clusterId, entityAffinity, clusterAffinity
    case reasonCode
  }

  var name: String
  var displayName: String?
  var opType: ModelOpType?
  var dataType: ModelDataType?
  var targetField: String?
  var feature: Feature
  var value: String?
  var rank: Int
  var segmentId: String?
  var isFinalResult: Bool
  var expression: ExpressionSyntax?
  /// `Decisions/Decision`: values that are valid and how they are shown.
  var decisions: [String]
  var line: Int
}
