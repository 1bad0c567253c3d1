internal import DenseKernels

extension ModelProgram {
  func runClustering(_ plan: ClusteringPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let region = units[unit].region
    var best = -1
    let start = space.scratch.count
    defer { space.scratch.removeLast(space.scratch.count - start) }
    if plan.mixture.isEmpty {
      plan.appendMeasures(space.slots, to: &space.scratch)
    } else {
      space.scratch += plan.shares(space.slots)
    }
    for cluster in 0..<plan.clusterCount {
      let measure = space.scratch[start + cluster]
      if measure.isNaN { return }
      space.region[region + cluster] = measure
      guard best >= 0 else {
        best = cluster
        continue
      }
      let record = space.region[region + best]
      if plan.isDistance ? measure < record : measure > record { best = cluster }
    }
    guard best >= 0 else { return }
    space.hasRegion[unit] = true
    space.entity[unit] = Int32(best)
    space.predicted[unit] = Double(units[unit].entityCodes[best])
  }
}

extension ClusteringPlan {
  /// Weighted sums of squared differences as a layer, if the measure is one of them; nothing of it
  /// may hang on which fields are missing, except by ``measure(_:_:)``.
  static func squares(
    _ measure: ComparisonMeasure, _ fields: [Field], _ centers: [Double], _ count: Int
  ) -> DenseLayer? {
    guard measure.kind == .euclidean || measure.kind == .squaredEuclidean,
      fields.allSatisfy({ $0.compare == .absDiff }), centers.count == count * fields.count
    else { return nil }
    let weight = fields.reduce(0) { $0 + $1.missingWeight }
    // What a sum of all fields is scaled up by is then 1.
    guard weight > 0, weight < .infinity else { return nil }
    return DenseLayer(
      fields.allSatisfy { $0.weight == 1 } ? .squares : .weightedSquares,
      sources: fields.map { Int32($0.slot) }, weights: centers, outputCount: count,
      factors: fields.map(\.weight))
  }

  /// Appends the measure of each cluster, and perhaps some numbers more.
  func appendMeasures(_ slots: [Double], to measures: inout [Double]) {
    guard let squares, fields.allSatisfy({ !slots[$0.slot].isNaN }) else {
      for cluster in 0..<clusterCount { measures.append(measure(cluster, slots)) }
      return
    }
    let start = measures.count
    measures.append(contentsOf: repeatElement(0, count: squares.paddedCount))
    measures.withUnsafeMutableBufferPointer { measures in
      slots.withUnsafeBufferPointer { slots in
        guard let first = measures.baseAddress, let values = slots.baseAddress else { return }
        DenseKernel.fastest.single(squares, values, into: first + start)
      }
    }
    guard measure == .euclidean else { return }
    for cluster in 0..<clusterCount { measures[start + cluster].formSquareRoot() }
  }
}

extension ClusteringPlan {
  /// The distance from (or the similarity to) a cluster's centre; NaN if every field is missing.
  ///
  /// Missing fields are left out, and the sum scaled up by the weights that remain ("AdjustM").
  package func measure(_ cluster: Int, _ slots: [Double]) -> Double {
    measure.isBinary ? binarySimilarity(cluster, slots) : distance(cluster, slots)
  }

  private func distance(_ cluster: Int, _ slots: [Double]) -> Double {
    let first = cluster * fields.count
    var sum = 0.0
    var greatest = 0.0
    var allWeights = 0.0
    var knownWeights = 0.0
    for place in fields.indices {
      let field = fields[place]
      allWeights += field.missingWeight
      let value = slots[field.slot]
      if value.isNaN { continue }
      knownWeights += field.missingWeight
      let difference = Self.compare(field, value, centers[first + place])
      switch measure {
      case .cityBlock: sum += field.weight * difference
      case .chebychev: greatest = max(greatest, field.weight * difference)
      case .minkowski(let p): sum += field.weight * MathFunctions.pow(difference, p)
      default:
        let square = difference * difference
        let weighted = field.weight * square
        sum += weighted
      }
    }
    guard knownWeights > 0 else { return .nan }
    let adjustment = allWeights / knownWeights
    switch measure {
    case .euclidean: return (sum * adjustment).squareRoot()
    case .chebychev: return greatest * adjustment
    case .minkowski(let p): return MathFunctions.pow(sum * adjustment, 1 / p)
    default: return sum * adjustment
    }
  }

  static func compare(_ field: Field, _ x: Double, _ y: Double) -> Double {
    switch field.compare {
    case .absDiff: return (x - y).magnitude
    case .gaussSim:
      let z = x - y
      let s = field.similarityScale
      return MathFunctions.exp(-MathFunctions.ln(2) * z * z / (s * s))
    case .delta: return x == y ? 0 : 1
    case .equal: return x == y ? 1 : 0
    }
  }

  private func binarySimilarity(_ cluster: Int, _ slots: [Double]) -> Double {
    let first = cluster * fields.count
    var a11 = 0.0
    var a10 = 0.0
    var a01 = 0.0
    var a00 = 0.0
    var known = false
    for place in fields.indices {
      let x = slots[fields[place].slot]
      if x.isNaN { continue }
      known = true
      switch (x != 0, centers[first + place] != 0) {
      case (true, true): a11 += 1
      case (true, false): a10 += 1
      case (false, true): a01 += 1
      case (false, false): a00 += 1
      }
    }
    guard known else { return .nan }
    switch measure {
    case .simpleMatching: return (a11 + a00) / (a11 + a10 + a01 + a00)
    case .jaccard: return a11 / (a11 + a10 + a01)
    case .tanimoto: return (a11 + a00) / (a11 + 2 * (a10 + a01) + a00)
    case .binarySimilarity(let c):
      let top = c[3] * a11 + c[2] * a10 + c[1] * a01 + c[0] * a00
      return top / (c[7] * a11 + c[6] * a10 + c[5] * a01 + c[4] * a00)
    default: return .nan
    }
  }
}
