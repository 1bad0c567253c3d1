import Attribution
import DataFields
import Decisions
import PMML
import RuleLanguage

/// What moved a model's raw score from that of one reference row: interventional attributions over a
/// background of that row, which need no record counts.
package struct ScoreDifference: Sendable {
  package let model: String
  /// What is attributed: `log-odds of probability("1")`.
  package let attributed: String
  /// The raw score of the reference, and that of the case.
  package let reference: Double
  package let rawScore: Double
  /// By falling magnitude.
  package let parts: [(field: String, attribution: Double)]
  package let residual: Double

  /// The differences of all models of a decision; models that have no exact attributions are left out.
  static func all(
    _ decided: DecidedCase, against row: [Quotient?]
  ) -> [ScoreDifference] {
    var evaluator = decided.makeEvaluator()
    _ = evaluator.result(
      of: row.enumerated().map { FactChange(fact: $0.offset, value: $0.element) })
    let reference = evaluator.row
    return decided.plan.steps.compactMap { step -> ScoreDifference? in
      guard case .model(let index) = decided.program.steps[step] else { return nil }
      return ScoreDifference(decided.library.models[index], decided, reference)
    }
  }

  private init?(_ loaded: LoadedModel, _ decided: DecidedCase, _ reference: RuleRow) {
    let signature = loaded.model.signature
    guard let score = loaded.plan.scores.first(where: { signature.kind(of: $0.result) == .number })
    else { return nil }
    var background = ModelMatrix(fields: signature.inputs.map { ($0.name, $0.kind) })
    let own = decided.engine.workspace.row
    let texts = decided.engine.texts
    func value(_ feed: LoadedModel.Feed, _ row: RuleRow) -> ModelMatrix.Value {
      guard row.isPresent(feed.slot) else { return .missing }
      if case .text = feed.crossing {
        return .text(texts.text(Int32(truncatingIfNeeded: row.value(feed.slot))))
      }
      return feed.number(row).map { .number($0) } ?? .missing
    }
    background.append(
      signature.inputs.indices.map { input in
        loaded.feeds.first { $0.input == input }.map { value($0, reference) } ?? .missing
      })
    guard
      let attributor = try? Attributor(loaded.model, score.result, background: background)
    else { return nil }
    var space = loaded.model.makeWorkspace()
    loaded.model.clear(&space)
    for feed in loaded.feeds {
      switch value(feed, own) {
      case .number(let number): loaded.model.set(number: number, input: feed.input, in: &space)
      case .text(let text): loaded.model.set(text: text, input: feed.input, in: &space)
      case .missing: break
      }
    }
    guard loaded.model.score(&space) else { return nil }
    var room = attributor.makeWorkspace()
    guard let outcome = attributor.attribute(space, &room) else { return nil }
    model = loaded.plan.name
    attributed = attributor.attributed
    self.reference = attributor.baseValue
    rawScore = outcome.rawScore
    residual = outcome.residual
    parts = zip(attributor.fields, room.attributions).map { (field: $0, attribution: $1) }
      .filter { $0.attribution != 0 }
      .sorted { $0.attribution.magnitude > $1.attribution.magnitude }
  }
}
