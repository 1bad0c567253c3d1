/// How often a term stands in a text.
struct TextIndex: Sendable {
  enum LocalTermWeights: String, Sendable, CaseIterable {
    case termFrequency, binary, logarithmic, augmentedNormalizedTermFrequency
  }

  enum CountHits: String, Sendable, CaseIterable { case allHits, bestHits }

  var textField: String
  var weights: LocalTermWeights
  var isCaseSensitive: Bool
  var maximumDistance: Int
  var countHits: CountHits
  /// What separates words.
  var separator: String
  /// What words are, where that is said instead; an extension of JPMML's.
  var word: String?
  var term: [ExpressionSyntax]
}
