package import DataFields

/// Other facts on which the decision ends otherwise. Each was decided by the engine.
package struct Counterfactual: Sendable, Hashable {
  /// By rising fact.
  package var changes: [FactChange]
  /// What the engine decides on the changed facts.
  package var result: CaseResult
  /// How far the facts are moved, each by its own measure; see ``FactDistance``.
  package var cost: Double
}

/// How far a fact is moved: by its spread, where a population tells one, else by its own size.
///
/// Facts without an order, and facts that were missing, are moved by 1; so are masked ones, since how
/// far they are moved would tell where they lie.
package struct FactDistance: Sendable {
  private let scales: [Double]

  /// - Parameter spreads: for each fact, what counts as a distance of 1, in the words of its slot; nil
  ///   for the size of the fact's own value.
  package init(_ facts: [Fact], spreads: [Double?] = []) {
    scales = facts.indices.map { index in
      if spreads.indices.contains(index), let spread = spreads[index], spread > 0 { return spread }
      guard let value = facts[index].value, facts[index].isOrdered else { return 1 }
      switch facts[index].type {
      // Ten years; a day has no size of its own.
      case .date: return 3_652.5
      case .double:
        let size = Double(bitPattern: UInt64(truncatingIfNeeded: value.numerator)).magnitude
        return size > 0 && size.isFinite ? size : 1
      default:
        let size = value.nearestDouble.magnitude
        return size > 0 ? size : 1
      }
    }
  }

  package func distance(_ fact: Fact, at index: Int, to value: Quotient) -> Double {
    guard fact.isOrdered, !fact.isMasked, let own = fact.value else { return 1 }
    if case .double = fact.type {
      let from = Double(bitPattern: UInt64(truncatingIfNeeded: own.numerator))
      let to = Double(bitPattern: UInt64(truncatingIfNeeded: value.numerator))
      return (to - from).magnitude / scales[index]
    }
    return (value.nearestDouble - own.nearestDouble).magnitude / scales[index]
  }
}
