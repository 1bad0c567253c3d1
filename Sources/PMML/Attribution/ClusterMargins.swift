internal import DataFields

/// Why a row is in its cluster and not in the next one: how much nearer it is, field by field.
///
/// A measure that adds up fields (squared Euclidean, city block, powers of Minkowski's, shares of
/// equal fields) is a sum, and so is the difference of two clusters' measures: that of the next
/// cluster less that of the chosen one, for a distance, is the sum over fields of what each puts
/// between them. For a Euclidean or Minkowski distance its power is taken.
package struct ClusterMargins: Sendable {
  package struct Outcome: Sendable, Hashable {
    /// The chosen cluster and the next one, by position.
    package let cluster: Int
    package let next: Int
    /// What scoring found between them.
    package let margin: Double
    /// What the difference was added up from, in absolute terms.
    package let magnitude: Double
  }

  private let plan: ClusteringPlan
  /// For each clustering field, the position of the input that it comes from.
  private let inputs: [Int]
  private let region: Int

  package init(_ program: ModelProgram) throws(AdditiveForm.Refusal) {
    guard case .clustering(let plan) = program.units[0].content else {
      throw AdditiveForm.Refusal("the model chooses no cluster by itself")
    }
    guard plan.mixture.isEmpty else {
      throw AdditiveForm.Refusal("the density of a cluster is not a sum over fields")
    }
    guard plan.clusterCount > 1 else {
      throw AdditiveForm.Refusal("there is no other cluster to be further from")
    }
    guard plan.isSumOfFields else {
      throw AdditiveForm.Refusal("the comparison measure is not a sum over fields")
    }
    let origins = program.slotOrigins()
    var inputs: [Int] = []
    for field in plan.fields {
      guard case .input(let input) = origins[field.slot], program.inputs[input].isActive else {
        throw AdditiveForm.Refusal("a clustering field is no single field of the model")
      }
      inputs.append(input)
    }
    self.plan = plan
    self.inputs = inputs
    region = program.units[0].region
  }

  /// Adds what each field puts between the chosen cluster and the next one.
  ///
  /// - Parameter attributions: a number for each of ``ModelProgram/inputs``.
  /// - Returns: nil if the row has no cluster.
  /// - Complexity: O(clusters + fields).
  package func attribute(
    _ space: ScoringWorkspace, into attributions: inout [Double]
  ) -> Outcome? {
    let cluster = Int(space.entity[0])
    guard space.hasRegion[0], cluster >= 0 else { return nil }
    var next = -1
    for other in 0..<plan.clusterCount where other != cluster {
      guard next >= 0 else {
        next = other
        continue
      }
      let (measure, best) = (space.region[region + other], space.region[region + next])
      if plan.isDistance ? measure < best : measure > best { next = other }
    }
    let scale = plan.adjustment(space.slots)
    for (place, input) in inputs.enumerated() {
      let value = space.slots[plan.fields[place].slot]
      if value.isNaN { continue }
      let own = plan.part(place, value, cluster)
      let between =
        plan.isDistance
        ? plan.part(place, value, next) - own : own - plan.part(place, value, next)
      attributions[input] += between * scale
    }
    let chosen = plan.sum(of: space.region[region + cluster])
    let other = plan.sum(of: space.region[region + next])
    return Outcome(
      cluster: cluster, next: next, margin: plan.isDistance ? other - chosen : chosen - other,
      magnitude: chosen.magnitude + other.magnitude)
  }
}
