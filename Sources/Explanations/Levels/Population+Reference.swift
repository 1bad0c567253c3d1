import DataFields
import DecisionTrace
import Decisions
import RuleLanguage

/// Populations of one row: what a decision is set against alone.
extension Population {
  /// The facts of another decision of the same name, such as the subject's previous one.
  ///
  /// - Returns: nil where the other decision was refused, or has none of the facts.
  package init?(of other: DecidedCase, for decided: DecidedCase, name: String) {
    let values = decided.facts.map { fact in
      other.facts.first { $0.name == fact.name && $0.type == fact.type }
    }
    guard values.contains(where: { $0 != nil }) else { return nil }
    // A text has its own code in each engine.
    let row = zip(decided.facts, values).map { fact, found -> Quotient? in
      guard let found, let value = found.value else { return nil }
      guard case .text = fact.type else { return value }
      return decided.code(ofText: other.words.content(value, found.type).plainText)
    }
    self.init(rows: [row], for: decided, name: name)
    if rows.isEmpty { return nil }
  }

  /// The median of each fact, the most frequent value of one without an order: the row in the middle
  /// of the population, which need be nobody's.
  ///
  /// - Complexity: O(facts x rows log rows).
  package func median(for decided: DecidedCase) -> Population {
    let row = decided.facts.indices.map { index -> Quotient? in
      let fact = decided.facts[index]
      let values = rows.compactMap { $0[index] }
      guard fact.isOrdered else {
        var counts: [Quotient: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      }
      let sorted = values.sorted { fact.axisPlace($0) < fact.axisPlace($1) }
      return sorted.isEmpty ? nil : sorted[(sorted.count - 1) / 2]
    }
    return Population(rows: [row], for: decided, name: "the median of \(name)")
  }
}

extension DecidedCase {
  /// The code by which this case's engine knows a text; that of any other text where it does not.
  func code(ofText text: String) -> Quotient {
    Quotient(Int128(engine.texts.code(of: text) ?? otherCode))
  }
}
