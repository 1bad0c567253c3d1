internal import DataFields

/// A value that a model gives out beside its target.
struct OutputField: Sendable {
  enum Feature: String, Sendable, CaseIterable {
    case predictedValue, predictedDisplayValue, transformedValue, decision, probability
    case confidence, affinity, residual, entityId, clusterId, entityAffinity, clusterAffinity
    case reasonCode, standardError, standardDeviation
    case confidenceIntervalLower, confidenceIntervalUpper
    case ruleValue, antecedent, consequent, rule, ruleId, support, lift, leverage
  }

  /// What of a rule is given out.
  enum RuleFeature: String, Sendable, CaseIterable {
    case antecedent, consequent, rule, ruleId, confidence, support, lift, leverage, affinity
  }

  /// Which rules a transaction chooses.
  enum RuleAlgorithm: String, Sendable, CaseIterable {
    case recommendation, exclusiveRecommendation, ruleAssociation
  }

  enum RankBasis: String, Sendable, CaseIterable {
    case confidence, support, lift, leverage, affinity
  }

  enum RankOrder: String, Sendable, CaseIterable { case descending, ascending }

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
  /// What a field with the feature `decision` may decide.
  var decisions: ModelSignature.Decisions?
  var isMultiValued: Bool
  var ruleFeature: RuleFeature
  var algorithm: RuleAlgorithm
  var rankBasis: RankBasis
  var rankOrder: RankOrder
  var line: Int
  /// Whether the document knows nothing of the field.
  var isInternal = false
}
