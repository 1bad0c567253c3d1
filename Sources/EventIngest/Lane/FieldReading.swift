internal import DataFields
internal import RuleLanguage
internal import TabularIO

/// Why a field's value makes its record a dead letter.
struct FieldFault: Sendable, Hashable {
  var column: Int
  var code: String
  var reason: String
}

extension FieldPlan {
  /// Reads a record's field into the row.
  ///
  /// - Returns: `.present` and `.missing` as ``read(_:into:texts:scales:)`` does, an absent or null
  ///   field as missing.
  @inline(__always)
  func read(
    _ field: RecordField, into row: inout RuleRow, texts: inout TextInterner,
    scales: [RankScale]
  ) -> Reading {
    switch field.kind {
    case .absent, .null: return readMissing(into: &row)
    case .structure:
      return .fault(ValueFault(reason: "is a list or a record, where a value is expected"))
    case .text, .number, .boolean:
      return read(field.bytes.span, into: &row, texts: &texts, scales: scales)
    }
  }

  /// The fault to report for a reading; nil if there is none. `isRequired`: what is missing or out
  /// of its bounds is a fault too, as in the fields of an event.
  func fault(
    _ reading: Reading, _ field: RecordField, column: Int, isRequired: Bool
  ) -> FieldFault? {
    func shown() -> String {
      let text = String(decoding: field.bytes.prefix(80), as: UTF8.self)
      return "`\(text)\(field.bytes.count > 80 ? "…" : "")`"
    }
    switch reading {
    case .present: return nil
    case .fault(let fault):
      return FieldFault(
        column: column, code: "invalid-value", reason: "\(name): \(shown()) \(fault.reason)")
    case .missing:
      return isRequired
        ? FieldFault(column: column, code: "missing-field", reason: "\(name) is missing") : nil
    case .outOfRange:
      return isRequired
        ? FieldFault(
          column: column, code: "out-of-range", reason: "\(name): \(shown()) is out of range")
        : nil
    }
  }
}
