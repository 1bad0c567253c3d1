internal import DataFields

/// Instances laid flat, with the value of each target beside.
package final class NearestNeighborPlan: Sendable {
  struct Target: Sendable {
    /// Where the prediction goes; -1 for the unit's own.
    var slot: Int
    var isContinuous: Bool
    /// By instance; NaN is missing.
    var values: [Double]
    /// The values of a category, in the order in which ties are broken: by how many instances have
    /// it, then by text.
    var preference: [Double]
  }

  /// The distance to an instance, as that to the centre of a cluster.
  let instances: ClusteringPlan
  let neighborCount: Int
  let targets: [Target]
  let continuousMethod: NearestNeighborModel.ContinuousMethod
  let categoricalMethod: NearestNeighborModel.CategoricalMethod
  let threshold: Double

  init(
    _ model: NearestNeighborModel, instances: ClusteringPlan, targets: [Target]
  ) {
    self.instances = instances
    self.targets = targets
    neighborCount = min(model.neighborCount, instances.clusterCount)
    continuousMethod = model.continuousMethod
    categoricalMethod = model.categoricalMethod
    threshold = model.threshold
  }
}
