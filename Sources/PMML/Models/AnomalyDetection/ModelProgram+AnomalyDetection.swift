internal import DataFields

extension ModelProgram {
  func runAnomalyDetection(
    _ plan: AnomalyDetectionPlan, _ unit: Int, _ space: inout ScoringWorkspace
  ) {
    run(plan.inner, &space)
    if space.invalidInput >= 0 { return }
    let value = space.predicted[plan.inner]
    switch plan.algorithm {
    case .iforest:
      space.predicted[unit] = value.isNaN ? .nan : MathFunctions.pow(2, -value / plan.meanDepth)
    case .clusterMeanDist:
      let cluster = Int(space.entity[plan.inner])
      guard space.hasRegion[plan.inner], plan.meanClusterDistances.indices.contains(cluster) else {
        return
      }
      let distance = space.region[units[plan.inner].region + cluster]
      space.predicted[unit] = distance / plan.meanClusterDistances[cluster]
    case .ocsvm, .other: space.predicted[unit] = value
    }
  }
}
