internal import DataFields

extension ModelProgram {
  /// Exact inference: the product of all tables, with what is not observed summed out.
  func runBayesianNetwork(
    _ plan: BayesianNetworkPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    var observed: [Int?] = plan.variables.map { _ in nil }
    for (number, variable) in plan.variables.enumerated() where variable.slot >= 0 {
      let value = space.slots[variable.slot]
      if value.isNaN { continue }
      // A value that no table lists has no probability, and neither has anything beside it.
      guard let place = variable.values.firstIndex(of: value) else { return }
      observed[number] = place
    }
    let isSeen = plan.nodes.map { $0.slot >= 0 && !space.slots[$0.slot].isNaN }
    let groups = plan.groups(isSeen)
    let isRelevant = plan.relevant(observed, groups)
    var factors: [Factor] = []
    for (number, variable) in plan.variables.enumerated() where isRelevant[number] {
      guard var factor = variable.factor else {
        // A field that is no node has no distribution to be summed over.
        if observed[number] == nil { return }
        continue
      }
      for other in factor.variables {
        if let value = observed[other] { factor = factor.fixed(other, at: value) }
      }
      factors.append(factor)
    }
    var kept: Set<Int> = []
    var means: [Double?] = []
    if case .discrete(let variable) = plan.target { kept.insert(variable) }
    for group in groups {
      if group.count == 1, isSeen[group[0]] {
        guard let factor = likelihood(plan.nodes[group[0]], observed, &space) else { return }
        factors.append(factor)
        continue
      }
      guard let joint = joint(group, plan, isSeen, observed, &space) else { return }
      if group.contains(where: { isSeen[$0] }) { factors.append(joint.likelihood) }
      if case .continuous(let target) = plan.target, group.contains(target) {
        kept = Set(joint.likelihood.variables)
        means = joint.means
      }
    }
    for variable in plan.order
    where isRelevant[variable] && observed[variable] == nil && !kept.contains(variable) {
      var product: Factor?
      for factor in factors where factor.variables.contains(variable) {
        product = product?.multiplied(by: factor) ?? factor
        // What a row lacks may join more than the document alone shows.
        if product?.isTooLarge == true { return }
      }
      factors.removeAll { $0.variables.contains(variable) }
      guard var sum = product?.summed(over: variable) else { continue }
      sum.scale()
      factors.append(sum)
    }
    var answer = Factor(variables: [], sizes: [], table: [1])
    for factor in factors {
      answer = answer.multiplied(by: factor)
      if answer.isTooLarge { return }
    }
    var total = 0.0
    for entry in answer.table { total += entry }
    guard total > 0, total.isFinite else { return }
    switch plan.target {
    case .discrete:
      let region = units[unit].region
      for place in answer.table.indices {
        space.region[region + place] = answer.table[place] / total
        space.confidences[region + place] = answer.table[place] / total
      }
      space.hasRegion[unit] = true
      let best = winner(unit, space)
      if best >= 0 { space.predicted[unit] = units[unit].classes[best].value }
    case .continuous:
      var mean = 0.0
      for (place, weight) in answer.table.enumerated() where weight > 0 {
        guard means.indices.contains(place), let part = means[place] else { return }
        mean += weight / total * part
      }
      space.predicted[unit] = mean
    }
  }

  /// The density of what was observed of a continuous node, over its parents that were not; nil if
  /// it has none.
  private func likelihood(
    _ node: BayesianNetworkPlan.ContinuousNode, _ observed: [Int?],
    _ space: inout ScoringWorkspace
  ) -> Factor? {
    let open = node.parents.indices.filter { observed[node.parents[$0]] == nil }
    var factor = Factor(
      variables: open.map { node.parents[$0] }, sizes: open.map { node.sizes[$0] }, table: [])
    let value = space.slots[node.slot]
    for place in 0..<factor.sizes.reduce(1, *) {
      guard let distribution = node.distributions[node.row(factor, place, observed)] else {
        return nil
      }
      let density = density(distribution, value, &space)
      if density.isNaN { return nil }
      factor.table.append(density)
    }
    return factor
  }

  func mean(
    _ distribution: BayesianNetworkPlan.Distribution, _ space: inout ScoringWorkspace
  ) -> Double {
    switch distribution {
    case .normal(let mean, _): return expressions.evaluate(mean, &space)
    case .lognormal(let mean, let variance):
      let half = expressions.evaluate(variance, &space) / 2
      return MathFunctions.exp(expressions.evaluate(mean, &space) + half)
    case .uniform(let lower, let upper):
      return (expressions.evaluate(lower, &space) + expressions.evaluate(upper, &space)) / 2
    case .triangular(let mean, _, _): return expressions.evaluate(mean, &space)
    }
  }

  private func density(
    _ distribution: BayesianNetworkPlan.Distribution, _ x: Double,
    _ space: inout ScoringWorkspace
  ) -> Double {
    switch distribution {
    case .normal(let mean, let variance):
      let variance = expressions.evaluate(variance, &space)
      guard variance > 0 else { return .nan }
      let deviation = variance.squareRoot()
      return MathFunctions.normalPDF((x - expressions.evaluate(mean, &space)) / deviation)
        / deviation
    case .lognormal(let mean, let variance):
      let variance = expressions.evaluate(variance, &space)
      guard variance > 0 else { return .nan }
      guard x > 0 else { return 0 }
      let deviation = variance.squareRoot()
      let z = (MathFunctions.ln(x) - expressions.evaluate(mean, &space)) / deviation
      return MathFunctions.normalPDF(z) / (x * deviation)
    case .uniform(let lower, let upper):
      let lower = expressions.evaluate(lower, &space)
      let upper = expressions.evaluate(upper, &space)
      guard upper > lower else { return .nan }
      return x >= lower && x <= upper ? 1 / (upper - lower) : 0
    case .triangular(let mean, let lower, let upper):
      let lower = expressions.evaluate(lower, &space)
      let upper = expressions.evaluate(upper, &space)
      // The mean of a triangle is a third of the sum of its corners.
      let mode = 3 * expressions.evaluate(mean, &space) - lower - upper
      guard upper > lower, mode >= lower, mode <= upper else { return .nan }
      if x < lower || x > upper { return 0 }
      if x < mode { return 2 * (x - lower) / ((upper - lower) * (mode - lower)) }
      if x > mode { return 2 * (upper - x) / ((upper - lower) * (upper - mode)) }
      return 2 / (upper - lower)
    }
  }
}

extension BayesianNetworkPlan {
  /// The variables that bear on the answer: the target's, what was observed, and their ancestors.
  /// The rest would be summed out to 1.
  func relevant(_ observed: [Int?], _ groups: [[Int]]) -> [Bool] {
    var isRelevant = observed.map { $0 != nil }
    var open = isRelevant.indices.filter { isRelevant[$0] }
    func mark(_ variable: Int) {
      if isRelevant[variable] { return }
      isRelevant[variable] = true
      open.append(variable)
    }
    if case .discrete(let variable) = target { mark(variable) }
    for group in groups { for node in group { for parent in nodes[node].parents { mark(parent) } } }
    while let variable = open.popLast() {
      for parent in variables[variable].parents { mark(parent) }
    }
    return isRelevant
  }
}

extension BayesianNetworkPlan.ContinuousNode {
  /// The row of the node's tables for what was observed and for an entry of a factor over the rest.
  func row(_ factor: Factor, _ entry: Int, _ observed: [Int?]) -> Int {
    var values: [Int: Int] = [:]
    var rest = entry
    for place in factor.variables.indices.reversed() {
      values[factor.variables[place]] = rest % factor.sizes[place]
      rest /= factor.sizes[place]
    }
    var row = 0
    for (parent, size) in zip(parents, sizes) {
      row = row * size + (observed[parent] ?? values[parent] ?? 0)
    }
    return row
  }
}
