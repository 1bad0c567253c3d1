import DataFields
import DecisionTrace
import PMML
import RuleLanguage

/// Scores rows with one model: an engine's scratch over a shared model.
struct ModelScorer: Sendable {
  private let loaded: LoadedModel
  private var space: ScoringWorkspace

  init(_ loaded: LoadedModel) {
    self.loaded = loaded
    space = loaded.model.makeWorkspace()
  }

  /// Fills the slots of the model's results; they are missing where the model gives none.
  mutating func score(_ row: inout RuleRow, texts: inout TextInterner, keepSupplied: Bool) {
    if keepSupplied, loaded.results.allSatisfy({ row.origin($0.slot) == .supplied }) { return }
    feed(row, texts)
    let isScored = loaded.model.score(&space)
    for (result, slot) in loaded.results {
      if keepSupplied, row.origin(slot) == .supplied { continue }
      let value = isScored ? loaded.model.value(result, in: space) : .nan
      if value.isNaN {
        row.mark(slot, .missing, origin: .derived)
      } else if result.kind == .text {
        let text = loaded.model.text(result, in: space)
        row.set(slot, to: Int128(texts.intern(text)), origin: .derived)
      } else {
        row.set(slot, to: Int128(value.bitPattern), origin: .derived)
      }
    }
  }

  private mutating func feed(_ row: RuleRow, _ texts: TextInterner) {
    loaded.model.clear(&space)
    for feed in loaded.feeds where row.isPresent(feed.slot) {
      if case .text = feed.crossing {
        let text = texts.text(Int32(truncatingIfNeeded: row.value(feed.slot)))
        loaded.model.set(text: text, input: feed.input, in: &space)
      } else if let number = feed.number(row) {
        loaded.model.set(number: number, input: feed.input, in: &space)
      }
    }
  }

  mutating func encodeAttributions(
    _ row: RuleRow, texts: TextInterner, into encoder: inout TraceBodyEncoder
  ) {
    encoder.attributionsAbsent()
  }
}
