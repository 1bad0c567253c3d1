/// Why exact attributions cannot be given for a model: what is printed in their place.
package struct AttributionRefusal: Error, Sendable, Hashable {
  /// One line in lower case, without a final full stop.
  package let reason: String

  package init(_ reason: String) { self.reason = reason }
}
