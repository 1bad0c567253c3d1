/// Documents by the terms that they hold, and how like them a text is.
struct TextModel: Sendable {
  enum LocalWeight: String, Sendable, CaseIterable {
    case termFrequency, binary, logarithmic, augmentedNormalizedTermFrequency
  }

  enum GlobalWeight: String, Sendable, CaseIterable {
    case inverseDocumentFrequency, none, normal, probabilisticInverse
    case gfidf = "GFIDF"
  }

  enum Normalization: String, Sendable, CaseIterable { case none, cosine }
  enum Similarity: String, Sendable, CaseIterable { case euclidean, cosine }

  var terms: [String] = []
  var documents: [String] = []
  /// Document by document, how often each term occurs.
  var counts: [[Double]] = []
  // Without `TextModelNormalization`, counts are compared as they are.
  var localWeight = LocalWeight.termFrequency
  var globalWeight = GlobalWeight.none
  var normalization = Normalization.none
  var similarity = Similarity.cosine
}
