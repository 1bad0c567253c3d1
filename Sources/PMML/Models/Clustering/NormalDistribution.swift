internal import SourceDiagnostics

/// How the points of a cluster are distributed: a normal distribution of several dimensions.
struct NormalDistribution: Sendable {
  /// The logarithm of the cluster's share of all points.
  var logarithmOfShare: Double
  var mean: [Double]
  var covariances: [[Double]]
  /// The Cholesky factor of the covariances.
  var factor: [[Double]]

  /// The logarithm of the density at a point, of the coordinates that are known.
  func logarithmOfDensity(_ point: [Double]) -> Double {
    let known = point.indices.filter { !point[$0].isNaN }
    guard !known.isEmpty else { return .nan }
    var factor = factor
    if known.count < point.count {
      // The distribution of some of the coordinates has their means and covariances.
      let part = known.map { row in known.map { covariances[row][$0] } }
      guard let smaller = Cholesky.factor(part) else { return .nan }
      factor = smaller
    }
    let solution = Cholesky.forward(factor, known.map { point[$0] - mean[$0] })
    var sum = 0.0
    for (place, value) in solution.enumerated() {
      sum -= value * value / 2 + MathFunctions.ln(factor[place][place])
    }
    return sum - Double(known.count) / 2 * MathFunctions.ln(2 * Double.pi)
  }
}

extension ClusteringPlan {
  /// The probability of each cluster, given the point.
  func shares(_ slots: [Double]) -> [Double] {
    let point = fields.map { slots[$0.slot] }
    let logarithms = mixture.map { $0.logarithmOfShare + $0.logarithmOfDensity(point) }
    guard let greatest = logarithms.max(), greatest.isFinite else {
      return logarithms.map { _ in .nan }
    }
    let parts = logarithms.map { MathFunctions.exp($0 - greatest) }
    var total = 0.0
    for part in parts { total += part }
    return parts.map { $0 / total }
  }
}

extension ModelCompiler {
  /// The work of loading grows with the cube of the fields.
  private static var dimensionLimit: Int { 256 }

  /// The distributions of the clusters: "For distribution-based models the clusters are defined by
  /// their statistics", which here are means and covariances.
  func distributions(
    _ model: ClusteringModel, dimensions: Int, _ header: ModelHeader
  ) -> [NormalDistribution] {
    guard dimensions <= Self.dimensionLimit else {
      reader.report(
        "P13",
        "distributions over \(dimensions) fields are too large: the limit is "
          + "\(Self.dimensionLimit)", line: header.line)
      return []
    }
    for field in model.fields where field.weight != 1 {
      reader.report(
        "P9", "a `fieldWeight` has no place in a distribution-based model", line: field.line)
    }
    // Without sizes all clusters are as likely.
    let sizes = model.clusters.map(\.size)
    let isSized = !sizes.contains(nil)
    var total = 0.0
    for size in sizes { total += Double(size ?? 1) }
    var list: [NormalDistribution] = []
    for cluster in model.clusters {
      guard let covariances = cluster.covariances else {
        reader.report(
          "P9",
          "a distribution-based cluster is supported with `Covariances`: PMML does not say how a "
            + "point is compared with other statistics", line: cluster.line)
        return []
      }
      guard covariances.count == dimensions,
        covariances.allSatisfy({ $0.count == dimensions })
      else {
        reader.report(
          "P13", "`Covariances` is not \(dimensions) by \(dimensions), as the fields ask",
          line: cluster.line)
        return []
      }
      let size = isSized ? Double(cluster.size ?? 1) : 1
      guard let factor = Cholesky.factor(covariances), size > 0 else {
        reader.report(
          size > 0 ? "P27" : "P4",
          size > 0
            ? "the covariances of a cluster are not positive definite"
            : "a cluster with a `size` of 0 has no points", line: cluster.line)
        return []
      }
      list.append(
        NormalDistribution(
          logarithmOfShare: MathFunctions.ln(size / (isSized ? total : Double(sizes.count))),
          mean: cluster.center, covariances: covariances, factor: factor))
    }
    return list
  }
}
