internal import DataFields

extension ModelProgram {
  /// The mean of the posterior distribution is k^T (K + noise I)^-1 y.
  func runGaussianProcess(
    _ plan: GaussianProcessPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    var point: [Double] = []
    for slot in plan.slots {
      let value = space.slots[slot]
      if value.isNaN { return }
      point.append(value)
    }
    var covariances: [Double] = []
    var mean = 0.0
    for (place, weight) in plan.weights.enumerated() {
      let covariance = plan.kernel.covariance(
        plan.points, place * point.count, point[...], plan.lambdas)
      covariances.append(covariance)
      mean += covariance * weight
    }
    space.predicted[unit] = mean
    if plan.factor.isEmpty { return }
    // "k(x, x) - k^T (K + noise I)^-1 k + noise", as the product of L^-1 k with itself.
    var variance = plan.kernel.gamma + plan.kernel.noiseVariance
    for entry in Cholesky.forward(plan.factor, covariances) { variance -= entry * entry }
    space.region[units[unit].region] = max(0, variance)
    space.hasRegion[unit] = true
  }
}
