package import DataFields
import PMML
package import RuleLanguage
package import SourceDiagnostics
import Synchronization

/// The models that rulesets name, each read once.
package final class ModelFiles: ModelCatalog {
  private let loaded = Mutex<[String: CompiledModel]>([:])

  private let files: (any RuleFileSource)?

  /// - Parameter files: where models are read, whole; nil for the disk, where they are read piece by
  ///   piece.
  package init(_ files: (any RuleFileSource)? = nil) { self.files = files }

  package func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
    try model(at: path).signature
  }

  func model(at path: String) throws(DiagnosticsError) -> CompiledModel {
    if let model = loaded.withLock({ $0[path] }) { return model }
    let model =
      if let files {
        try CompiledModel(name: path, bytes: try files.bytes(at: path))
      } else {
        try CompiledModel(path: path)
      }
    if let reason = model.needsOtherRows {
      // A decision rests on its inputs alone, whatever was decided before it.
      throw DiagnosticsError([
        Diagnostic(
          code: "P9", message: "the model cannot be used in decisions: \(reason)", file: path)
      ])
    }
    loaded.withLock { $0[path] = model }
    return model
  }
}
