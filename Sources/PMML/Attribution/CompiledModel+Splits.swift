internal import TreeEnsembles

/// How often the trees of a model ask for its fields.
///
/// What the children of a node ask is counted: each threshold once, however many children compare
/// with it, and tests of categories as one. Trees whose exporters folded several splits into one node
/// are so counted as they were grown. Surrogates are left out; whether a value is missing counts only
/// where nothing else is asked of it.
package struct SplitCounts: Sendable, Hashable {
  /// One for each input of the signature: splits by it, or by what is derived from it alone.
  package var fields: [Int]
  /// Splits by what is derived from several fields.
  package var severalFields: Int
}

extension CompiledModel {
  /// The split counts of all trees; nil for a model without any.
  ///
  /// - Complexity: O(nodes + predicates).
  package var splitCounts: SplitCounts? {
    let plans = treePlans
    if plans.isEmpty { return nil }
    let origins = program.slotOrigins()
    var places: [Int: Int] = [:]
    for (place, input) in activeInputs.enumerated() { places[input] = place }
    var counts = SplitCounts(
      fields: Array(repeating: 0, count: activeInputs.count), severalFields: 0)
    for plan in plans {
      let ensemble = plan.ensemble
      for node in 0..<ensemble.nodeCount where ensemble.firstChild[node] >= 0 {
        var tests = NodeTests()
        for child in ensemble.children(of: node) {
          tests.add(Int(ensemble.predicate[child]), ensemble.predicates)
        }
        for (feature, count) in tests.counts {
          switch origins[plan.featureSlots[feature]] {
          case .input(let input): if let place = places[input] { counts.fields[place] += count }
          case .severalInputs, .model, .otherRows: counts.severalFields += count
          case .nothing: break
          }
        }
      }
    }
    return counts
  }
}

/// What the children of one node ask.
private struct NodeTests {
  private struct Asked {
    var thresholds: Set<Double> = []
    var isCategory = false
  }

  private var features: [Int: Asked] = [:]

  mutating func add(_ predicate: Int, _ table: PredicateTable) {
    let operation = table.operators[predicate]
    switch operation {
    case .surrogate:
      if let first = table.operands(of: predicate).first { add(first, table) }
    case .and, .or, .xor:
      for operand in table.operands(of: predicate) { add(operand, table) }
    case .alwaysTrue, .alwaysFalse: break
    default:
      var asked = features[Int(table.features[predicate])] ?? Asked()
      switch operation {
      case .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual:
        asked.thresholds.insert(table.thresholds[predicate])
      case .isMissing, .isNotMissing: break
      default: asked.isCategory = true
      }
      features[Int(table.features[predicate])] = asked
    }
  }

  /// How many splits each feature stands for.
  var counts: [Int: Int] {
    features.mapValues { max(1, $0.thresholds.count + ($0.isCategory ? 1 : 0)) }
  }
}
