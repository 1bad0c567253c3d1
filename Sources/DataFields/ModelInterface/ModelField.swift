/// A data type of PMML.
package enum ModelDataType: String, Sendable, Hashable, CaseIterable {
  case string, integer, float, double, boolean, date, time, dateTime
  case dateDaysSince0 = "dateDaysSince[0]"
  case dateDaysSince1960 = "dateDaysSince[1960]"
  case dateDaysSince1970 = "dateDaysSince[1970]"
  case dateDaysSince1980 = "dateDaysSince[1980]"
  case timeSeconds
  case dateTimeSecondsSince0 = "dateTimeSecondsSince[0]"
  case dateTimeSecondsSince1960 = "dateTimeSecondsSince[1960]"
  case dateTimeSecondsSince1970 = "dateTimeSecondsSince[1970]"
  case dateTimeSecondsSince1980 = "dateTimeSecondsSince[1980]"

  package var kind: ModelValueKind { self == .string ? .text : .number }
}

/// What may be done with a field's values.
package enum ModelOpType: String, Sendable, Hashable, CaseIterable {
  case continuous, categorical, ordinal
}

/// An interval of valid values; a margin that is absent does not bound.
package struct ModelInterval: Sendable, Hashable {
  package var lower: Double?
  package var upper: Double?
  package var includesLower: Bool
  package var includesUpper: Bool

  package init(lower: Double?, upper: Double?, includesLower: Bool, includesUpper: Bool) {
    self.lower = lower
    self.upper = upper
    self.includesLower = includesLower
    self.includesUpper = includesUpper
  }

  /// Whether the value lies inside; NaN does not.
  package func contains(_ value: Double) -> Bool {
    if let lower, !(includesLower ? value >= lower : value > lower) { return false }
    if let upper, !(includesUpper ? value <= upper : value < upper) { return false }
    return !value.isNaN
  }
}

/// A field that a model takes or predicts.
package struct ModelField: Sendable, Hashable {
  package var name: String
  package var dataType: ModelDataType
  package var opType: ModelOpType
  /// The valid values that the model lists, in document order; empty where it lists none.
  package var categories: [String]
  /// The valid intervals; empty where any value is valid.
  package var intervals: [ModelInterval]
  /// Whether the model gives a missing value a meaning of its own (`missingValueReplacement`).
  package var replacesMissing: Bool
  /// `MiningField@importance`: a global figure from 0 to 1, for display only.
  package var importance: Double?

  package init(
    name: String, dataType: ModelDataType, opType: ModelOpType, categories: [String] = [],
    intervals: [ModelInterval] = [], replacesMissing: Bool = false, importance: Double? = nil
  ) {
    self.name = name
    self.dataType = dataType
    self.opType = opType
    self.categories = categories
    self.intervals = intervals
    self.replacesMissing = replacesMissing
    self.importance = importance
  }

  package var kind: ModelValueKind { dataType.kind }
}
