internal import DataFields

extension BayesianNetworkPlan {
  /// The continuous nodes that bear on the answer, parted into those that hang together by nodes
  /// that were not observed.
  func groups(_ isSeen: [Bool]) -> [[Int]] {
    var isAsked = isSeen
    if case .continuous(let target) = target { isAsked[target] = true }
    // Children stand after their parents.
    for node in nodes.indices.reversed() where isAsked[node] {
      for parent in nodes[node].nodeParents where !isSeen[parent] { isAsked[parent] = true }
    }
    return DisjointSets.groups(nodes.indices.filter { isAsked[$0] }) { node in
      nodes[node].nodeParents.filter { !isSeen[$0] }
    }
  }
}

extension ModelProgram {
  /// What nodes that hang together come to, for every combination of their discrete parents that
  /// were not observed.
  struct JointDistribution {
    /// Of what was observed, up to a factor; without anything observed 1 throughout.
    var likelihood: Factor
    /// What the target is expected to be; nil where the document does not say.
    var means: [Double?]
  }

  /// - Returns: nil where the answer would need an integral that is not exact here, where something
  ///   has no density, and where there is too much to do.
  func joint(
    _ group: [Int], _ plan: BayesianNetworkPlan, _ isSeen: [Bool], _ observed: [Int?],
    _ space: inout ScoringWorkspace
  ) -> JointDistribution? {
    let open = Set(group.flatMap { plan.nodes[$0].parents }).filter { observed[$0] == nil }.sorted()
    var factor = Factor(
      variables: open, sizes: open.map { plan.variables[$0].values.count }, table: [])
    guard let count = Factor.count(factor.sizes),
      group.count * group.count <= BayesianNetworkPlan.workLimit / count / group.count
    else { return nil }
    let hasEvidence = group.contains { isSeen[$0] }
    var target = -1
    if case .continuous(let node) = plan.target { target = node }
    var means: [Double?] = []
    var logarithms: [Double] = []
    var entry = LinearGaussian()
    for place in 0..<count {
      entry = LinearGaussian()
      var numbers: [Int: Int] = [:]
      var isKnown = true
      for node in group {
        let row = plan.nodes[node].row(factor, place, observed)
        guard
          let part = part(
            plan.nodes[node], row, plan, isSeen, needsVariance: hasEvidence, &space)
        else {
          isKnown = false
          break
        }
        let terms = part.terms.compactMap { term in
          numbers[term.node].map {
            LinearGaussian.Term(variable: $0, coefficient: term.coefficient)
          }
        }
        if isSeen[node] {
          let value = space.slots[plan.nodes[node].slot]
          guard entry.observe(value, terms, constant: part.constant, variance: part.variance) else {
            return nil
          }
        } else {
          numbers[node] = entry.means.count
          entry.add(terms, constant: part.constant, variance: part.variance)
        }
      }
      if hasEvidence, !isKnown { return nil }
      logarithms.append(entry.logLikelihood)
      means.append(isKnown ? numbers[target].map { entry.means[$0] } : nil)
    }
    // Only ratios matter, and a density may be too small for a number.
    let greatest = logarithms.max() ?? 0
    guard greatest.isFinite else { return nil }
    factor.table = logarithms.map { MathFunctions.exp($0 - greatest) }
    return JointDistribution(likelihood: factor, means: means)
  }

  /// A node as a sum of multiples of nodes that were not observed, of a constant, and of noise.
  private struct Part {
    var terms: [BayesianNetworkPlan.Term] = []
    var constant: Double
    var variance: Double
  }

  private func part(
    _ node: BayesianNetworkPlan.ContinuousNode, _ row: Int, _ plan: BayesianNetworkPlan,
    _ isSeen: [Bool], needsVariance: Bool, _ space: inout ScoringWorkspace
  ) -> Part? {
    var part = Part(constant: 0, variance: 0)
    var variance = -1
    if node.nodeParents.allSatisfy({ isSeen[$0] }) {
      guard let distribution = node.distributions[row] else { return nil }
      part.constant = mean(distribution, &space)
      if case .normal(_, let own) = distribution { variance = own }
    } else {
      guard let linear = node.linear[row] else { return nil }
      if linear.rest >= 0 { part.constant = expressions.evaluate(linear.rest, &space) }
      for term in linear.terms {
        if isSeen[term.node] {
          part.constant += term.coefficient * space.slots[plan.nodes[term.node].slot]
        } else {
          part.terms.append(term)
        }
      }
      variance = linear.variance
    }
    guard needsVariance else { return part }
    guard variance >= 0 else { return nil }
    part.variance = expressions.evaluate(variance, &space)
    return part.variance >= 0 && part.constant.isFinite ? part : nil
  }
}
