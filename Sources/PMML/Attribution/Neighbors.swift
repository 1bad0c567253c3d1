internal import DataFields

/// The neighbours that a prediction of a nearest-neighbour model rests on, and what each field has to do
/// with how far they are.
package struct Neighbors: Sendable {
  package struct Neighbor: Sendable, Hashable {
    /// The instance's id, or its number from 1.
    package let id: String
    /// The distance from it, or the similarity to it.
    package let measure: Double
    /// What it counts in the average or the vote, of 1; nil where the median is taken.
    package let weight: Double?
    /// Its value of the target.
    package let value: Value
    /// For each of ``Neighbors/fields`` its part of the sum that the measure is made of, of 1; empty
    /// where the measure is no sum over fields, or 0.
    package let shares: [Double]
  }

  package enum Value: Sendable, Hashable {
    case number(Double)
    case text(String)
    case missing
  }

  /// Whether less is nearer.
  package let isDistance: Bool
  /// The model's fields that are compared; empty where a compared value is worked out from several.
  package let fields: [String]
  private let plan: NearestNeighborPlan
  private let target: NearestNeighborPlan.Target
  private let program: ModelProgram
  /// For each compared value the position among ``fields``.
  private let places: [Int]

  /// - Returns: nil if the model predicts by no neighbours.
  package init?(_ model: CompiledModel) {
    guard case .nearestNeighbor(let plan) = model.program.units[0].content,
      let target = plan.targets.first(where: { $0.slot < 0 })
    else { return nil }
    self.plan = plan
    self.target = target
    program = model.program
    isDistance = plan.instances.isDistance
    let origins = program.slotOrigins()
    var fields: [String] = []
    var places: [Int] = []
    for field in plan.instances.fields {
      guard case .input(let input) = origins[field.slot] else { continue }
      let name = program.inputs[input].field.name
      if let known = fields.firstIndex(of: name) {
        places.append(known)
      } else {
        places.append(fields.count)
        fields.append(name)
      }
    }
    let isWhole = places.count == plan.instances.fields.count && plan.instances.isSumOfFields
    self.fields = isWhole ? fields : []
    self.places = places
  }

  /// The neighbours of a row that was scored, the nearest first; nil if it has none.
  ///
  /// - Complexity: O(neighbours x fields).
  package func neighbors(of scored: ScoringWorkspace) -> [Neighbor]? {
    guard scored.hasRegion[0] else { return nil }
    let first = program.units[0].region + program.units[0].classes.count
    let count = plan.neighborCount
    let isWeighted =
      target.isContinuous
      ? plan.continuousMethod == .weightedAverage
      : plan.categoricalMethod == .weightedMajorityVote
    let hasWeight = !target.isContinuous || plan.continuousMethod != .median
    let weights = (0..<count).map { place in
      isWeighted ? plan.weight(scored.region[first + count + place]) : 1
    }
    let total = weights.reduce(0, +)
    return (0..<count).map { place in
      let instance = Int(scored.region[first + place])
      return Neighbor(
        id: program.texts.text(program.units[0].entityCodes[instance]),
        measure: scored.region[first + count + place],
        weight: hasWeight ? weights[place] / total : nil, value: value(instance),
        shares: shares(of: instance, scored.slots))
    }
  }

  private func value(_ instance: Int) -> Value {
    let value = target.values[instance]
    if value.isNaN { return .missing }
    if target.isContinuous { return .number(value) }
    return .text(
      ExpressionTable.text(value, program.units[0].predictedType, program.texts))
  }

  private func shares(of instance: Int, _ slots: [Double]) -> [Double] {
    if fields.isEmpty { return [] }
    var shares = [Double](repeating: 0, count: fields.count)
    var sum = 0.0
    for (place, field) in places.enumerated() {
      let value = slots[plan.instances.fields[place].slot]
      if value.isNaN { continue }
      let part = plan.instances.part(place, value, instance)
      shares[field] += part
      sum += part
    }
    guard sum > 0, sum.isFinite else { return [] }
    return shares.map { $0 / sum }
  }
}
