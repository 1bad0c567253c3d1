internal import DataFields
internal import SourceDiagnostics

/// Documents as vectors of weighted terms.
package final class TextPlan: Sendable {
  let slot: Int
  let terms: TermCounter
  let localWeight: TextModel.LocalWeight
  let normalization: TextModel.Normalization
  let isDistance: Bool
  let globalWeights: [Double]
  /// Document by document, one number a term.
  let vectors: [Double]
  package let documentCount: Int

  init(_ model: TextModel, slot: Int) {
    self.slot = slot
    terms = TermCounter(model.terms)
    localWeight = model.localWeight
    normalization = model.normalization
    isDistance = model.similarity == .euclidean
    documentCount = model.documents.count
    globalWeights = model.terms.indices.map { term in
      model.globalWeight.weight(of: model.counts.map { $0[term] })
    }
    var vectors: [Double] = []
    for counts in model.counts {
      vectors += Self.vector(counts, model.localWeight, globalWeights, model.normalization)
    }
    self.vectors = vectors
  }

  /// The weight of each term of a text, from how often each occurs.
  static func vector(
    _ counts: [Double], _ local: TextModel.LocalWeight, _ global: [Double],
    _ normalization: TextModel.Normalization
  ) -> [Double] {
    let greatest = counts.max() ?? 0
    var vector = zip(counts, global).map { local.weight($0, greatest: greatest) * $1 }
    if normalization == .cosine {
      var squares = 0.0
      for entry in vector { squares += entry * entry }
      if squares > 0 {
        let length = squares.squareRoot()
        for place in vector.indices { vector[place] /= length }
      }
    }
    return vector
  }
}

extension TextModel.LocalWeight {
  func weight(_ count: Double, greatest: Double) -> Double {
    switch self {
    case .termFrequency: count
    case .binary: count > 0 ? 1 : 0
    case .logarithmic: MathFunctions.ln1p(count)
    case .augmentedNormalizedTermFrequency:
      count > 0 ? (1 + count / greatest) / 2 : 0
    }
  }
}

extension TextModel.GlobalWeight {
  /// The weight of a term that occurs so often in each document; 0 where it would not be finite.
  func weight(of counts: [Double]) -> Double {
    let documents = Double(counts.count)
    var containing = 0.0
    var total = 0.0
    var squares = 0.0
    for count in counts {
      if count > 0 { containing += 1 }
      total += count
      squares += count * count
    }
    let weight =
      switch self {
      case .none: 1.0
      case .inverseDocumentFrequency: MathFunctions.ln(documents / containing)
      case .gfidf: total / containing
      case .normal: 1 / squares.squareRoot()
      case .probabilisticInverse: MathFunctions.ln((documents - containing) / containing)
      }
    return weight.isFinite ? weight : 0
  }
}

/// Counts the terms of a dictionary in a text: words without regard to case and to the marks around
/// them; a term may be several words.
struct TermCounter: Sendable {
  private var places: [String: Int] = [:]
  private var count = 0
  private var longest = 0

  init(_ terms: [String]) {
    count = terms.count
    for (place, term) in terms.enumerated() {
      let words = Self.words(term)
      if words.isEmpty { continue }
      longest = max(longest, words.count)
      let key = words.joined(separator: " ")
      if places[key] == nil { places[key] = place }
    }
  }

  /// - Complexity: O(words times the words of the longest term).
  func counts(in text: String) -> [Double] {
    var counts = Array(repeating: 0.0, count: count)
    let words = Self.words(text)
    for start in words.indices {
      var key = ""
      for end in start..<min(words.count, start + longest) {
        if end > start { key += " " }
        key += words[end]
        if let place = places[key] { counts[place] += 1 }
      }
    }
    return counts
  }

  static func words(_ text: String) -> [String] {
    text.lowercased().split(whereSeparator: \.isWhitespace).compactMap { word in
      let isMark: (Character) -> Bool = { $0.isPunctuation || $0.isSymbol }
      var word = word
      while let first = word.first, isMark(first) { word.removeFirst() }
      while let last = word.last, isMark(last) { word.removeLast() }
      return word.isEmpty ? nil : String(word)
    }
  }
}

extension ModelCompiler {
  func compileText(
    _ model: TextModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    program.units[unit].predictedType = .string
    let active = header.miningSchema.filter { $0.usage == .active }
    guard active.count == 1, let field = active.first else {
      reader.report(
        "P9", "a `TextModel` is supported with one active field, the text; it has \(active.count)",
        line: header.line)
      return
    }
    guard let binding = lookUp(field.name, in: scope, line: field.line) else { return }
    if binding.dataType != .string {
      reader.report("P21", "`\(field.name)` is not a text", line: field.line)
    }
    if reader.hasErrors { return }
    program.units[unit].entityCodes = model.documents.map { Int32(code($0)) }
    program.units[unit].content = .text(TextPlan(model, slot: binding.slot))
    reserveRegion(model.documents.count, unit: unit)
  }
}

extension ModelProgram {
  /// How like each document the text is; the most similar one is the prediction.
  func runText(_ plan: TextPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let value = space.slots[plan.slot]
    if value.isNaN { return }
    let counts = plan.terms.counts(in: space.texts.text(Int32(value)))
    // A text without any of the terms is like no document.
    guard counts.contains(where: { $0 > 0 }) else { return }
    let query = TextPlan.vector(
      counts, plan.localWeight, plan.globalWeights, plan.normalization)
    let region = units[unit].region
    var best = -1
    for document in 0..<plan.documentCount {
      let measure = plan.measure(query, document)
      space.region[region + document] = measure
      if measure.isNaN { continue }
      let isBetter =
        best < 0
        || (plan.isDistance
          ? measure < space.region[region + best] : measure > space.region[region + best])
      if isBetter { best = document }
    }
    guard best >= 0 else { return }
    space.hasRegion[unit] = true
    space.entity[unit] = Int32(best)
    space.predicted[unit] = Double(units[unit].entityCodes[best])
  }
}

extension TextPlan {
  /// The distance from a document or the cosine of the angle to it; NaN where there is no angle.
  func measure(_ query: [Double], _ document: Int) -> Double {
    let start = document * query.count
    var squares = 0.0
    var product = 0.0
    var lengths = (0.0, 0.0)
    for (place, entry) in query.enumerated() {
      let other = vectors[start + place]
      squares += (entry - other) * (entry - other)
      product += entry * other
      lengths.0 += entry * entry
      lengths.1 += other * other
    }
    if isDistance { return squares.squareRoot() }
    return product / (lengths.0 * lengths.1).squareRoot()
  }
}
