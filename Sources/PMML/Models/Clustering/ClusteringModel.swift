/// Clusters by their centres.
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
    var line: Int
  }

  var measure: ComparisonMeasure
  var fields: [Field]
  var missingValueWeights: [Double]
  var clusters: [Cluster]
}
