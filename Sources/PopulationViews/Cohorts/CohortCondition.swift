/// A condition that may be part of a rule: a comparison of a field or a rank with a value.
package struct CohortCondition: Sendable, Hashable {
  /// As rules write it: `per_head`.
  package var field: String
  /// `==`, `>=`, `<`, `<=`, or `is missing`, `is present`.
  package var symbol: String
  /// What it is compared with, as it parses back; nil for `is missing` and `is present`.
  package var value: String?
  /// The same for people: with separators and unit.
  package var shownValue: String?
  /// What a level of a rank says of the value that is ranked: `per_head >= 10,000 HUF/person`.
  package var meaning: String?
  /// The rows for which it holds.
  package var rows: RowSet
  /// See ``ConjunctionSearch/init(_:sets:subjects:universe:group:longest:budget:)``.
  var subject = 0

  /// `size == S`.
  package var text: String {
    ([field, symbol] + [shownValue ?? value].compactMap { $0 }).joined(separator: " ")
  }
}
