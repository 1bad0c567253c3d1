/// What parts of a decision contributed to its outcome, against a population: exact Shapley values of
/// the game "does it end so", which add up to 1 less the share of the population that ends so.
package struct LevelAttribution: Sendable {
  package struct Part: Sendable, Hashable {
    /// The rank, quantity or fact.
    package var name: String
    /// What it is in this case, as a page prints it.
    package var value: String
    package var attribution: Double
  }

  /// The share of the population that ends as the case does.
  package let baseValue: Double
  package let parts: [Part]
  /// 1 less base value and attributions: rounding.
  package let residual: Double
  /// `interventional, 4,969 rows, exact`.
  package let method: String

  init(baseValue: Double, full: Double, parts: [Part], method: String) {
    self.baseValue = baseValue
    self.parts = parts
    var sum = baseValue
    for part in parts { sum += part.attribution }
    residual = full - sum
    self.method = method
  }

  /// Why there are no such attributions.
  package struct Refusal: Error, Sendable, Hashable {
    package let reason: String
  }
}
