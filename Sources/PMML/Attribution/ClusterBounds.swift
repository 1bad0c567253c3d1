/// Which clusters can be nearest while a model's inputs lie in intervals.
///
/// The difference of two clusters' measures is a sum over fields; of squared Euclidean distances each
/// part is linear in the field, and of city block distances it never turns, so that the ends of an
/// interval bound it.
package struct ClusterBounds: Sendable {
  /// The slot of each clustering field, and the input that it moves one way with.
  package let fields: [(slot: Int, input: Int)]
  private let plan: ClusteringPlan

  /// - Returns: nil where the measure is none of these, or a field rests on several inputs, or turns.
  package init?(_ program: ModelProgram) {
    guard case .clustering(let plan) = program.units[0].content, plan.mixture.isEmpty,
      plan.isDistance, plan.fields.allSatisfy({ $0.compare == .absDiff && $0.weight >= 0 })
    else { return nil }
    switch plan.measure {
    case .euclidean, .squaredEuclidean, .cityBlock: break
    default: return nil
    }
    let slots = MonotoneSlots(program)
    var fields: [(slot: Int, input: Int)] = []
    for field in plan.fields {
      guard let direction = slots.direction(of: field.slot) else { return nil }
      fields.append((field.slot, direction.input))
    }
    self.fields = fields
    self.plan = plan
  }

  /// Whether each cluster can be the nearest.
  ///
  /// - Parameter intervals: the least and the greatest value of each field.
  /// - Complexity: O(clusters x clusters x fields).
  package func possible(_ intervals: [(lower: Double, upper: Double)]) -> [Bool] {
    (0..<plan.clusterCount).map { cluster in
      (0..<plan.clusterCount).allSatisfy { other in
        other == cluster || least(cluster, other, intervals) <= 0
      }
    }
  }

  /// The least that a cluster's measure can be above another's, a little less for rounding.
  private func least(
    _ cluster: Int, _ other: Int, _ intervals: [(lower: Double, upper: Double)]
  ) -> Double {
    var sum = 0.0
    var magnitude = 0.0
    for (place, interval) in intervals.enumerated() {
      let a = plan.centers[cluster * plan.fields.count + place]
      let b = plan.centers[other * plan.fields.count + place]
      if a == b { continue }
      let weight = plan.fields[place].weight
      let part = min(difference(interval.lower, a, b), difference(interval.upper, a, b)) * weight
      sum += part
      let ends = [interval.lower, interval.upper, a, b].map(\.magnitude).filter(\.isFinite)
      let size = ends.max() ?? 0
      magnitude += weight * size * max(size, 1)
    }
    return sum - 1e-12 * magnitude
  }

  private func difference(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if case .cityBlock = plan.measure {
      if x.isInfinite { return x > 0 ? b - a : a - b }
      return (x - a).magnitude - (x - b).magnitude
    }
    // (x - a)^2 - (x - b)^2, without squares of what is large.
    return (b - a) * (2 * x - a - b)
  }
}
