internal import DataFields

/// A field that data brings in, and what its valid values are.
struct DataField: Sendable {
  var name: String
  var opType: ModelOpType
  var dataType: ModelDataType
  /// `Value`s in document order.
  var values: [FieldValue] = []
  var intervals: [ModelInterval] = []
  var line: Int
}

/// A value that a field lists, and whether it is valid.
struct FieldValue: Sendable, Hashable {
  enum Property: String, Sendable, CaseIterable { case valid, invalid, missing }

  var text: String
  var displayText: String?
  var property: Property
}
