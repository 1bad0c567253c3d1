import DataFields
import Decisions
import PMML

/// What a model compares what it is fed with.
struct ModelCuts: Sendable {
  /// For each feed of the model, what its input is compared with.
  let ofFeeds: [FieldCuts]
  /// Whether the model's results change at cuts alone.
  let isStepped: Bool
  /// The texts that the model tells apart in the texts that it is fed.
  let categories: [String]

  /// - Complexity: O(nodes of the model's trees).
  init(_ loaded: LoadedModel) {
    let program = loaded.model.program
    let cuts = program.fieldCuts()
    ofFeeds = loaded.feeds.map { cuts[loaded.model.activeInputs[$0.input]] }
    isStepped = ofFeeds.allSatisfy(\.isComplete)
    categories = zip(loaded.feeds, ofFeeds).flatMap { feed, cuts -> [String] in
      guard case .text = feed.crossing else { return [] }
      return cuts.categories.sorted().map { program.texts.text(Int32($0)) }
    }
  }
}
