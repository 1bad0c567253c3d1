package import DataFields
package import SourceDiagnostics
internal import Synchronization

/// Reads PMML models as they are asked for, each file once.
///
/// The rule checker asks for signatures, the engine for the models behind them; both see the same
/// reading of a file, also if the file changes in between.
package final class PMMLModelCatalog: ModelCatalog {
  private let models = Mutex<[String: CompiledModel]>([:])

  package init() {}

  package func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
    try model(at: path).signature
  }

  /// The model in a file.
  ///
  /// - Throws: every fault found in the file.
  package func model(at path: String) throws(DiagnosticsError) -> CompiledModel {
    if let known = models.withLock({ $0[path] }) { return known }
    let model = try CompiledModel(path: path)
    return models.withLock { known in
      if let earlier = known[path] { return earlier }
      known[path] = model
      return model
    }
  }
}
