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
  /// Whether terms are looked for word by word.
  var isTokenized: Bool
  /// What texts are rewritten by first, one after the other.
  var normalizations: [TextIndexNormalization] = []
}

/// A table of what stands for what in a text.
struct TextIndexNormalization: Sendable {
  struct Row: Sendable {
    var text: String
    var replacement: String
    var isPattern: Bool
  }

  var isRecursive: Bool
  var isCaseSensitive: Bool?
  var maximumDistance: Int?
  var separator: String?
  var word: String?
  var isTokenized: Bool?
  var rows: [Row] = []
  /// Tells the tables of a document apart.
  var number: Int
  var line: Int
}
