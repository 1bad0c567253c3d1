import DataFields
import Decisions
import PMML

/// What the models of a library compare what they are fed with.
struct ModelCuts: Sendable {
  /// For each feed of the model, what its input is compared with.
  let ofFeeds: [FieldCuts]
  /// Whether the model's results change at cuts alone.
  let isStepped: Bool

  init(_ loaded: LoadedModel) {
    let program = loaded.model.program
    let cuts = program.fieldCuts()
    ofFeeds = loaded.feeds.map { cuts[loaded.model.activeInputs[$0.input]] }
    isStepped = ofFeeds.allSatisfy(\.isComplete)
  }
}

extension LoadedModel {
  /// The texts that the model tells apart in the texts that it is fed.
  var categories: [String] {
    let cuts = model.program.fieldCuts()
    return feeds.flatMap { feed -> [String] in
      guard case .text = feed.crossing else { return [] }
      return cuts[model.activeInputs[feed.input]].categories.sorted().map {
        model.program.texts.text(Int32($0))
      }
    }
  }
}
