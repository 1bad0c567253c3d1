internal import DataFields
internal import SourceDiagnostics

/// A model within, and what its result is divided by.
package final class AnomalyDetectionPlan: Sendable {
  let algorithm: AnomalyDetectionModel.Algorithm
  package let inner: Int
  /// c(n): the mean depth of an unsuccessful search in a tree of n rows.
  let meanDepth: Double
  let meanClusterDistances: [Double]

  init(_ model: AnomalyDetectionModel, inner: Int) {
    algorithm = model.algorithm
    self.inner = inner
    let n = model.sampleDataSize ?? 2
    // Liu, Ting and Zhou, Isolation Forest (2008), equation 1.
    meanDepth = 2 * (MathFunctions.ln(n - 1) + 0.577_215_664_901_532_9) - 2 * (n - 1) / n
    meanClusterDistances = model.meanClusterDistances
  }
}

extension ModelCompiler {
  func compileAnomalyDetection(
    _ model: AnomalyDetectionModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    guard let inner = model.model.first else { return }
    let child = program.units.count
    program.units.append(placeholder(inner))
    compileUnit(
      inner, unit: child, scope: FieldScope(parent: scope), inheritedTarget: nil)
    if model.algorithm == .clusterMeanDist {
      guard case .clustering(let plan) = program.units[child].content,
        plan.clusterCount == model.meanClusterDistances.count
      else {
        reader.report(
          "P13",
          "`clusterMeanDist` needs a `ClusteringModel`, and a mean distance for each cluster",
          line: header.line)
        return
      }
    }
    program.units[unit].content = .anomalyDetection(AnomalyDetectionPlan(model, inner: child))
  }
}
