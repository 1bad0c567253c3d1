/// A model whose result says how unusual a row is.
struct AnomalyDetectionModel: Sendable {
  enum Algorithm: String, Sendable, CaseIterable { case iforest, ocsvm, clusterMeanDist, other }

  var algorithm: Algorithm
  var sampleDataSize: Double?
  var meanClusterDistances: [Double] = []
  /// One; an array, since a structure cannot hold its own kind.
  var model: [ModelElement] = []
}
