/// One field that a model uses, and how its values are treated first.
struct MiningField: Sendable {
  enum Usage: String, Sendable, CaseIterable {
    case active, predicted, target, supplementary, group, order, frequencyWeight, analysisWeight
  }

  enum Outliers: String, Sendable, CaseIterable { case asIs, asMissingValues, asExtremeValues }

  enum InvalidTreatment: String, Sendable, CaseIterable {
    case returnInvalid, asIs, asMissing, asValue
  }

  enum MissingTreatment: String, Sendable, CaseIterable {
    case asIs, asMean, asMode, asMedian, asValue, returnInvalid
  }

  var name: String
  var usage: Usage
  var importance: Double?
  var outliers: Outliers
  var lowValue: Double?
  var highValue: Double?
  var missingReplacement: String?
  var missingTreatment: MissingTreatment?
  var invalidTreatment: InvalidTreatment
  var invalidReplacement: String?
  var line: Int

  var isTarget: Bool { usage == .target || usage == .predicted }
}
