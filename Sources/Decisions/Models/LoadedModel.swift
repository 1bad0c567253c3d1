import DataFields
import DecisionTrace
package import RuleLanguage

/// A model that a ruleset names, with its feeds and results resolved to slots.
package struct LoadedModel: Sendable {
  package let plan: ModelPlan
  /// How attributions are computed, and what they add up to; empty without any.
  package let method: String
  package let attributed: String
}

/// Scores rows with one model: an engine's scratch over a shared model.
struct ModelScorer: Sendable {
  private let model: LoadedModel

  init(_ model: LoadedModel) { self.model = model }

  mutating func score(_ row: inout RuleRow, texts: inout TextInterner, keepSupplied: Bool) {}

  mutating func encodeAttributions(
    _ row: RuleRow, texts: TextInterner, into encoder: inout TraceBodyEncoder
  ) {
    encoder.attributionsAbsent()
  }
}
