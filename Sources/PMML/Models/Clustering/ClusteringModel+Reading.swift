internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readClusteringModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    let modelClass: ClusteringModel.ModelClass? = requiredChoice(.modelClass, of: element)
    var model = ClusteringModel(
      modelClass: modelClass ?? .centerBased,
      measure: ComparisonMeasure(), fields: [], missingValueWeights: [], clusters: [])
    var sawMeasure = false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .comparisonMeasure:
        sawMeasure = true
        model.measure = try readComparisonMeasure(child)
      case .clusteringField:
        model.fields.append(
          ClusteringModel.Field(
            name: required(.field, of: child), weight: number(.fieldWeight, of: child) ?? 1,
            compare: choice(.compareFunction, of: child),
            similarityScale: number(.similarityScale, of: child),
            isCenterField: boolean(.isCenterField, of: child) ?? true, line: child.line))
      case .missingValueWeights:
        while let array = try nextChild(of: child) {
          if array.name == .array { model.missingValueWeights = try readNumberArray(array) }
        }
      case .cluster: model.clusters.append(try readCluster(child))
      case .centerFields:
        report("P9", "`CenterFields` of PMML 3 is not supported", at: child)
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    checkClusters(model, sawMeasure: sawMeasure, element)
    return ModelElement(header: header, content: .clustering(model))
  }

  func readComparisonMeasure(
    _ element: Element
  ) throws(DiagnosticsError) -> ComparisonMeasure {
    var measure = ComparisonMeasure()
    enum Kind: String, CaseIterable { case distance, similarity }
    measure.isDistance = requiredChoice(.kind, of: element, as: Kind.self) != .similarity
    measure.compare = choice(.compareFunction, of: element) ?? .absDiff
    while let child = try nextChild(of: element) {
      switch child.name {
      case .euclidean: measure.kind = .euclidean
      case .squaredEuclidean: measure.kind = .squaredEuclidean
      case .cityBlock: measure.kind = .cityBlock
      case .chebychev: measure.kind = .chebychev
      case .minkowski: measure.kind = .minkowski(requiredNumber(.pParameter, of: child))
      case .simpleMatching: measure.kind = .simpleMatching
      case .jaccard: measure.kind = .jaccard
      case .tanimoto: measure.kind = .tanimoto
      case .binarySimilarity:
        let names: [AttributeName] = [.c00, .c01, .c10, .c11, .d00, .d01, .d10, .d11]
        measure.kind = .binarySimilarity(names.map { requiredNumber($0, of: child) })
      default: unexpected(child, in: element)
      }
    }
    return measure
  }

  private func readCluster(_ element: Element) throws(DiagnosticsError) -> ClusteringModel.Cluster {
    var cluster = ClusteringModel.Cluster(
      id: string(.id, of: element), name: string(.name, of: element), center: [],
      size: integer(.size, of: element), line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .array: cluster.center = try readNumberArray(child)
      case .covariances:
        while let matrix = try nextChild(of: child) {
          if matrix.name == .matrix {
            cluster.covariances = try readMatrix(matrix)
          } else {
            unexpected(matrix, in: child)
          }
        }
      case .kohonenMap, .partition: continue
      default: unexpected(child, in: element)
      }
    }
    return cluster
  }

  private func checkClusters(_ model: ClusteringModel, sawMeasure: Bool, _ element: Element) {
    if !sawMeasure { report("P3", "`ClusteringModel` has no `ComparisonMeasure`", at: element) }
    if model.clusters.isEmpty { report("P3", "`ClusteringModel` has no `Cluster`", at: element) }
    let dimensions = model.fields.count { $0.isCenterField }
    for cluster in model.clusters where cluster.center.count != dimensions {
      report(
        "P13", "a cluster has \(cluster.center.count) coordinates for \(dimensions) fields",
        line: cluster.line, path: "/PMML/ClusteringModel/Cluster")
    }
    if !model.missingValueWeights.isEmpty, model.missingValueWeights.count != dimensions {
      report(
        "P13",
        "`MissingValueWeights` has \(model.missingValueWeights.count) values for "
          + "\(dimensions) fields", at: element)
    }
  }
}
