internal import DataFields
internal import TextPatterns

/// How texts fall into words; equal settings share what was found last.
struct Tokenizer: Sendable {
  private let separator: TextPattern
  private let word: TextPattern?
  let isCaseSensitive: Bool
  /// Tells tokenizers apart.
  let number: Int

  init(separator: TextPattern, word: TextPattern?, isCaseSensitive: Bool, number: Int) {
    self.separator = separator
    self.word = word
    self.isCaseSensitive = isCaseSensitive
    self.number = number
  }

  /// The words of a text, without the punctuation around them; nil if the pattern went wild.
  func words(of text: String) -> [String]? {
    let bytes = Array((isCaseSensitive ? text : text.lowercased()).utf8)
    return ranges(in: bytes)?.map { String(decoding: bytes[$0], as: UTF8.self) }
  }

  /// Where the words of a text stand.
  func ranges(in bytes: [UInt8]) -> [Range<Int>]? {
    var pieces: [Range<Int>] = []
    if let word {
      guard let found = word.occurrences(in: bytes) else { return nil }
      pieces = found
    } else {
      guard let gaps = separator.occurrences(in: bytes) else { return nil }
      var start = 0
      for gap in gaps where !gap.isEmpty {
        pieces.append(start..<gap.lowerBound)
        start = gap.upperBound
      }
      pieces.append(start..<bytes.count)
    }
    if word == nil { pieces = pieces.map { Self.trimmingPunctuation($0, bytes) } }
    return pieces.filter { !$0.isEmpty }
  }

  private static func trimmingPunctuation(_ piece: Range<Int>, _ bytes: [UInt8]) -> Range<Int> {
    func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        true
      default: false
      }
    }
    var scalars = String(decoding: bytes[piece], as: UTF8.self).unicodeScalars[...]
    var (lower, upper) = (piece.lowerBound, piece.upperBound)
    while let first = scalars.first, isPunctuation(first) {
      lower += UTF8.width(first)
      scalars.removeFirst()
    }
    while let last = scalars.last, isPunctuation(last) {
      upper -= UTF8.width(last)
      scalars.removeLast()
    }
    return lower..<max(lower, upper)
  }
}

struct TextIndexPlan: Sendable {
  var tokenizer: Tokenizer
  var normalizations: [TextNormalizationPlan]
  var isTokenized: Bool
  var weights: TextIndex.LocalTermWeights
  var maximumDistance: Int
  var countHits: TextIndex.CountHits

  /// How much a term weighs in a text, both as words.
  func weight(of term: [String], in words: [String]) -> Double {
    let count = Double(
      isTokenized ? hits(of: term, in: words) : Self.places(of: term, in: words))
    switch weights {
    case .termFrequency: return count
    case .binary: return count > 0 ? 1 : 0
    case .logarithmic: return MathFunctions.log10(1 + count)
    case .augmentedNormalizedTermFrequency:
      guard count > 0 else { return 0 }
      var counts: [String: Int] = [:]
      for word in words { counts[word, default: 0] += 1 }
      let most = Double(counts.values.max() ?? 1)
      return 0.5 * (1 + count / most)
    }
  }

  /// A text as it is counted in: as words, or as it stands; nil if a pattern went wild.
  func words(of text: String) -> [String]? {
    var text = text
    for table in normalizations {
      guard let next = table.normalize(text) else { return nil }
      text = next
    }
    return term(text)
  }

  /// A term, which is not rewritten.
  func term(_ text: String) -> [String]? {
    if isTokenized { return tokenizer.words(of: text) }
    return [tokenizer.isCaseSensitive ? text : text.lowercased()]
  }

  /// In how many places one text stands in another.
  private static func places(of term: [String], in text: [String]) -> Int {
    guard let wanted = term.first.map({ Array($0.utf8) }),
      let bytes = text.first.map({ Array($0.utf8) }),
      !wanted.isEmpty, bytes.count >= wanted.count
    else { return 0 }
    var count = 0
    for start in 0...(bytes.count - wanted.count)
    where bytes[start] == wanted[0] && bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
      count += 1
    }
    return count
  }

  private func hits(of term: [String], in words: [String]) -> Int {
    guard !term.isEmpty, words.count >= term.count else { return 0 }
    var count = 0
    var best = maximumDistance
    for start in 0...(words.count - term.count) {
      let window = words[start..<(start + term.count)]
      guard let distance = Self.distance(window, term, atMost: maximumDistance) else { continue }
      if countHits == .bestHits, distance < best {
        best = distance
        count = 0
      }
      if countHits == .allHits || distance == best { count += 1 }
    }
    return count
  }

  /// How far words are from those of a term, together; nil if that is more than `limit`.
  static func distance(
    _ words: ArraySlice<String>, _ term: [String], atMost limit: Int
  ) -> Int? {
    var distance = 0
    for (word, wanted) in zip(words, term) where word != wanted {
      distance += limit == 0 ? 1 : Self.distance(word, wanted, atMost: limit - distance)
      if distance > limit { return nil }
    }
    return distance
  }

  /// The Levenshtein distance of two words, or more than `limit`.
  ///
  /// - Complexity: O(length of both).
  static func distance(_ left: String, _ right: String, atMost limit: Int) -> Int {
    let a = Array(left.unicodeScalars)
    let b = Array(right.unicodeScalars)
    if (a.count - b.count).magnitude > limit { return limit + 1 }
    var row = Array(0...b.count)
    for (i, scalar) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let change = diagonal + (scalar == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(change, min(row[j], row[j + 1]) + 1)
      }
    }
    return row[b.count]
  }
}

extension ExpressionTable {
  /// The words of a text, kept from the last call: many terms are looked for in one text.
  func textIndex(
    _ plan: TextIndexPlan, text: Double, term: Double, _ space: inout ScoringWorkspace
  ) -> Double {
    let tokenizer = plan.tokenizer
    if space.wordsOf.tokenizer != tokenizer.number || space.wordsOf.text != text {
      space.words = plan.words(of: space.texts.text(Int32(text)))
      space.wordsOf = (tokenizer.number, text)
    }
    guard let words = space.words,
      let wanted = plan.term(space.texts.text(Int32(term)))
    else { return .nan }
    return plan.weight(of: wanted, in: words)
  }
}
