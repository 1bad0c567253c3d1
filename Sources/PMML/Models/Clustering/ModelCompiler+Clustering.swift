internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileClustering(
    _ model: ClusteringModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    var fields: [ClusteringPlan.Field] = []
    let used = model.fields.filter(\.isCenterField)
    let weights = model.missingValueWeights
    for (place, field) in used.enumerated() {
      guard let binding = lookUp(field.name, in: scope, line: field.line) else { continue }
      if binding.dataType == .string {
        reader.report(
          "P21", "`\(field.name)` is a text where a number is needed", line: field.line)
      }
      let compare = field.compare ?? model.measure.compare
      if compare == .gaussSim, field.similarityScale == nil {
        reader.report("P3", "`gaussSim` needs a `similarityScale`", line: field.line)
      }
      fields.append(
        ClusteringPlan.Field(
          slot: binding.slot, weight: field.weight,
          // That there is one for each field was checked.
          missingWeight: weights.indices.contains(place) ? weights[place] : 1,
          compare: compare, similarityScale: field.similarityScale ?? 1))
    }
    // "The id of a cluster is its implicit 1-based index where none is given."
    let ids = model.clusters.enumerated().map { place, cluster in
      cluster.id ?? String(place + 1)
    }
    program.units[unit].entityCodes = ids.map { Int32(code($0)) }
    program.units[unit].displayCodes = zip(model.clusters, ids).map { cluster, id in
      Int32(code(cluster.name ?? id))
    }
    program.units[unit].classes = ids.map { ClassLabel(value: code($0), text: $0) }
    var mixture: [NormalDistribution] = []
    if model.modelClass == .distributionBased, !reader.hasErrors {
      mixture = distributions(model, dimensions: used.count, header)
    }
    program.units[unit].content = .clustering(
      ClusteringPlan(
        measure: model.measure, fields: fields,
        centers: model.clusters.flatMap(\.center), clusterCount: model.clusters.count,
        mixture: mixture))
    reserveRegion(model.clusters.count, unit: unit)
  }
}
