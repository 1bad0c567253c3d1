internal import DataFields
internal import TreeEnsembles

extension ModelProgram {
  func runMining(_ plan: MiningPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    switch plan.method {
    case .modelChain, .multiModelChain, .selectFirst: return runSelection(plan, unit, &space)
    case .selectAll: return selectAll(plan, unit, &space)
    default: break
    }
    var votes = Votes(plan.missingPrediction, plan.missingThreshold, plan.method)
    // Votes for clusters are counted like those for classes.
    let isClassification = [.classification, .clustering].contains(units[unit].function)
    let scratch = space.scratch.count
    let count = units[unit].classes.count
    let region = units[unit].region
    if isClassification {
      for place in 0..<count { space.region[region + place] = plan.method == .max ? -1 : 0 }
    }
    var medians: [[Double]] = []
    if plan.method == .median || plan.method == .weightedMedian, isClassification {
      medians = Array(repeating: [], count: count)
    }
    var weights: [Double] = []
    for segment in plan.segments {
      guard holds(segment, space) else { continue }
      run(segment.unit, &space)
      if space.invalidInput >= 0 { return }
      let prediction = space.predicted[segment.unit]
      let isVariable = segment.weightSlot >= 0 && plan.method.isWeighted
      let weight = isVariable ? space.slots[segment.weightSlot] : segment.weight
      // What is weighed by nothing that is known is not known.
      if weight.isNaN { return }
      if prediction.isNaN {
        votes.addMissing(weight)
        continue
      }
      votes.add(weight)
      if !isClassification {
        space.scratch.append(prediction)
        weights.append(weight)
        continue
      }
      weights.append(weight)
      collect(segment, weight, plan, unit, prediction, &space, &medians)
    }
    defer { space.scratch.removeLast(space.scratch.count - scratch) }
    guard votes.yieldsResult else { return }
    if isClassification {
      finishClasses(plan, unit, votes, weights, medians, &space)
    } else {
      let values = Array(space.scratch[scratch...])
      space.predicted[unit] = Self.combine(
        plan.method, values, weights, isFloat: units[unit].isFloat)
    }
  }

  private func holds(_ segment: MiningPlan.Segment, _ space: ScoringWorkspace) -> Bool {
    segment.predicate < 0
      || predicates.evaluate(segment.predicate, space.slots.span) == .isTrue
  }

  /// The predictions of all segments that apply, as a JSON array; a missing one is `null`.
  private func selectAll(_ plan: MiningPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    var items: [String] = []
    for segment in plan.segments {
      guard holds(segment, space) else { continue }
      run(segment.unit, &space)
      if space.invalidInput >= 0 { return }
      let value = space.predicted[segment.unit]
      let type = units[segment.unit].predictedType
      let text = ExpressionTable.text(value, type, space.texts)
      items.append(value.isNaN ? "null" : type == .string ? JSONText.string(text) : text)
    }
    if items.isEmpty { return }
    space.predicted[unit] = Double(
      space.texts.intern("[" + items.joined(separator: ", ") + "]"))
  }

  /// A chain ends in the result of its last segment that ran, a selection in that of its first.
  private func runSelection(_ plan: MiningPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    var chosen: MiningPlan.Segment?
    var selected = -1
    for (place, segment) in plan.segments.enumerated() {
      guard holds(segment, space) else { continue }
      run(segment.unit, &space)
      if space.invalidInput >= 0 { return }
      chosen = segment
      selected = place
      if plan.method == .selectFirst { break }
    }
    guard let chosen else { return }
    // Of a chain, the segment that ends it may be one that computes something else.
    if units[unit].predictsText == units[chosen.unit].predictsText {
      space.predicted[unit] = space.predicted[chosen.unit]
    }
    let isSelection = plan.method == .selectFirst && !units[unit].entityCodes.isEmpty
    space.entity[unit] = isSelection ? Int32(selected) : space.entity[chosen.unit]
    guard space.hasRegion[chosen.unit], units[unit].function == .classification else { return }
    let region = units[unit].region
    let source = units[chosen.unit].region
    for place in units[unit].classes.indices {
      space.region[region + place] = 0
      space.confidences[region + place] = 0
    }
    for (place, target) in chosen.classMap.enumerated() where target >= 0 {
      space.region[region + target] = space.region[source + place]
      space.confidences[region + target] = space.confidences[source + place]
    }
    space.hasRegion[unit] = true
  }

  private func collect(
    _ segment: MiningPlan.Segment, _ weight: Double, _ plan: MiningPlan, _ unit: Int,
    _ prediction: Double,
    _ space: inout ScoringWorkspace, _ medians: inout [[Double]]
  ) {
    let region = units[unit].region
    let isWeighted =
      plan.method == .weightedMajorityVote || plan.method == .weightedAverage
      || plan.method == .weightedSum
    let weight = isWeighted ? weight : 1
    switch plan.method {
    case .max: takeIfGreater(segment, unit, &space)
    case .majorityVote, .weightedMajorityVote:
      if let place = units[unit].classes.firstIndex(where: { $0.value == prediction }) {
        space.region[region + place] += weight
      }
    default:
      let source = units[segment.unit].region
      let given = space.hasRegion[segment.unit]
      for (place, target) in segment.classMap.enumerated() where target >= 0 {
        // Without a distribution, the predicted class is certain.
        let isPredicted = units[segment.unit].classes[place].value == prediction
        let p = given ? space.region[source + place] : isPredicted ? 1 : 0
        switch plan.method {
        case .median, .weightedMedian: medians[target].append(p)
        default:
          let share = weight * p
          space.region[region + target] += share
        }
      }
    }
  }

  /// `max` of classifiers: the whole distribution of the segment that is surest of its class.
  private func takeIfGreater(
    _ segment: MiningPlan.Segment, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    guard space.hasRegion[segment.unit] else { return }
    let region = units[unit].region
    let source = units[segment.unit].region
    var given = -Double.infinity
    var held = -Double.infinity
    for place in segment.classMap.indices { given = max(given, space.region[source + place]) }
    for place in units[unit].classes.indices { held = max(held, space.region[region + place]) }
    if given <= held { return }
    for (place, target) in segment.classMap.enumerated() where target >= 0 {
      space.region[region + target] = space.region[source + place]
    }
  }

  private func finishClasses(
    _ plan: MiningPlan, _ unit: Int, _ votes: Votes, _ weights: [Double], _ medians: [[Double]],
    _ space: inout ScoringWorkspace
  ) {
    let region = units[unit].region
    let count = units[unit].classes.count
    var divisor = 1.0
    switch plan.method {
    case .majorityVote, .average: divisor = Double(weights.count)
    case .weightedMajorityVote, .weightedAverage:
      divisor = 0
      for weight in weights { divisor += weight }
    case .median, .weightedMedian:
      let method = plan.method
      for place in 0..<count {
        space.region[region + place] = Self.combine(
          method, medians[place], weights, isFloat: false)
      }
    default: break
    }
    for place in 0..<count {
      space.region[region + place] /= divisor
      space.confidences[region + place] = space.region[region + place]
    }
    space.hasRegion[unit] = true
    let best = winner(unit, space)
    guard best >= 0 else { return }
    // With "continue", missing predictions are a class of their own, which may win.
    if votes.treatment == .continue, plan.method == .majorityVote,
      Double(votes.missingCount) > space.region[region + best] * divisor
    {
      space.hasRegion[unit] = false
      return
    }
    space.predicted[unit] = units[unit].classes[best].value
  }

  /// Combines numbers in the order of their segments.
  static func combine(
    _ method: MiningModel.Method, _ values: [Double], _ weights: [Double], isFloat: Bool
  ) -> Double {
    if values.isEmpty { return .nan }
    switch method {
    case .max: return values.max() ?? .nan
    case .median:
      let sorted = values.sorted()
      let middle = sorted.count / 2
      if sorted.count % 2 == 1 { return sorted[middle] }
      let sum = sorted[middle - 1] + sorted[middle]
      return sum / 2
    case .weightedMedian: return weightedMedian(values, weights)
    default: break
    }
    let isWeighted = method == .weightedAverage || method == .weightedSum
    let isAverage = method == .average || method == .weightedAverage
    if isFloat {
      var sum: Float = 0
      var total: Float = 0
      for place in values.indices {
        let weight = isWeighted ? Float(weights[place]) : 1
        let term = weight * Float(values[place])
        sum += term
        total += weight
      }
      return Double(isAverage ? sum / total : sum)
    }
    var sum = 0.0
    var total = 0.0
    for place in values.indices {
      let weight = isWeighted ? weights[place] : 1
      let term = weight * values[place]
      sum += term
      total += weight
    }
    return isAverage ? sum / total : sum
  }

  /// The value at which the weights below and above come to no more than half of all.
  private static func weightedMedian(_ values: [Double], _ weights: [Double]) -> Double {
    let order = values.indices.sorted {
      (values[$0], $0) < (values[$1], $1)
    }
    var total = 0.0
    for weight in weights { total += weight }
    var below = 0.0
    for (rank, place) in order.enumerated() {
      below += weights[place]
      if below > total / 2 { return values[place] }
      if below == total / 2, rank + 1 < order.count {
        let sum = values[place] + values[order[rank + 1]]
        return sum / 2
      }
    }
    return order.last.map { values[$0] } ?? .nan
  }
}

/// How many segments gave a prediction, by number and weight.
struct Votes {
  let treatment: MiningModel.MissingPrediction
  private let threshold: Double
  private let isVote: Bool
  private(set) var count = 0
  private(set) var missingCount = 0
  private var weight = 0.0
  private var missingWeight = 0.0

  init(
    _ treatment: MiningModel.MissingPrediction, _ threshold: Double, _ method: MiningModel.Method
  ) {
    self.treatment = treatment
    self.threshold = threshold
    isVote = method == .majorityVote || method == .weightedMajorityVote
  }

  mutating func add(_ weight: Double) {
    count += 1
    self.weight += weight
  }

  mutating func addMissing(_ weight: Double) {
    missingCount += 1
    missingWeight += weight
  }

  /// Whether there is a result at all.
  var yieldsResult: Bool {
    if missingCount == 0 { return count > 0 }
    switch treatment {
    case .returnMissing: return false
    case .skipSegment:
      // "If the fraction of missing predictions exceeds missingThreshold, the result is missing."
      let total = weight + missingWeight
      return count > 0 && (total > 0 ? missingWeight / total : 1) <= threshold
    // A missing operand makes a number missing; votes count it as a class of its own.
    case .continue: return isVote && count > 0
    }
  }
}
