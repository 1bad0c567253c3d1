/// Clusters by their centres, or by how their points are distributed.
struct ClusteringModel: Sendable {
  struct Field: Sendable {
    var name: String
    var weight: Double
    var compare: ComparisonMeasure.CompareFunction?
    var similarityScale: Double?
    var isCenterField: Bool
    var line: Int
  }

  struct Cluster: Sendable {
    var id: String?
    var name: String?
    var center: [Double]
    var size: Int?
    var covariances: [[Double]]?
    var line: Int
  }

  enum ModelClass: String, Sendable, CaseIterable { case centerBased, distributionBased }

  var modelClass = ModelClass.centerBased

  var measure: ComparisonMeasure
  var fields: [Field]
  var missingValueWeights: [Double]
  var clusters: [Cluster]
}
