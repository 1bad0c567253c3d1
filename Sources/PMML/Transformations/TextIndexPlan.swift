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
    let text = isCaseSensitive ? text : text.lowercased()
    let bytes = Array(text.utf8)
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
    return pieces.compactMap { piece in
      let word = String(decoding: bytes[piece], as: UTF8.self)
      let trimmed = self.word == nil ? Self.trimmingPunctuation(word) : word
      return trimmed.isEmpty ? nil : trimmed
    }
  }

  private static func trimmingPunctuation(_ word: String) -> String {
    func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.properties.generalCategory {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        true
      default: false
      }
    }
    var scalars = word.unicodeScalars[...]
    while let first = scalars.first, isPunctuation(first) { scalars.removeFirst() }
    while let last = scalars.last, isPunctuation(last) { scalars.removeLast() }
    return String(scalars)
  }
}

struct TextIndexPlan: Sendable {
  var tokenizer: Tokenizer
  var weights: TextIndex.LocalTermWeights
  var maximumDistance: Int
  var countHits: TextIndex.CountHits

  /// How much a term weighs in a text, both as words.
  func weight(of term: [String], in words: [String]) -> Double {
    let count = Double(hits(of: term, in: words))
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

  private func hits(of term: [String], in words: [String]) -> Int {
    guard !term.isEmpty, words.count >= term.count else { return 0 }
    var count = 0
    var best = maximumDistance
    for start in 0...(words.count - term.count) {
      var distance = 0
      for (place, word) in term.enumerated() where distance <= maximumDistance {
        if words[start + place] == word { continue }
        distance +=
          maximumDistance == 0
          ? 1 : Self.distance(words[start + place], word, atMost: maximumDistance - distance)
      }
      guard distance <= maximumDistance else { continue }
      if countHits == .bestHits, distance < best {
        best = distance
        count = 0
      }
      if countHits == .allHits || distance == best { count += 1 }
    }
    return count
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
      space.words = tokenizer.words(of: space.texts.text(Int32(text)))
      space.wordsOf = (tokenizer.number, text)
    }
    guard let words = space.words,
      let wanted = tokenizer.words(of: space.texts.text(Int32(term)))
    else { return .nan }
    return plan.weight(of: wanted, in: words)
  }
}
