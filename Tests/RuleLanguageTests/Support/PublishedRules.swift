import DataFields
import ReferenceData
import RuleLanguage
import SourceDiagnostics

/// The rulesets of this package, read from `rules/`.
enum PublishedRules {
  static let folder: String = {
    // Tests/RuleLanguageTests/Support/PublishedRules.swift
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    return parts.joined(separator: "/") + "/rules"
  }()

  static let names = [
    "invoice-profile", "transfer-activity", "premium-offer", "variants/invoice-profile-code",
    "variants/transfer-activity-code",
  ]

  static func path(_ name: String) -> String { "\(folder)/\(name).rules" }

  static func compile(_ names: String...) -> (program: Program?, diagnostics: [Diagnostic]) {
    RulesetCompiler(models: Premium(), files: RuleFilesOnDisk())
      .compile(paths: names.map { path($0) })
  }

  static func text(_ name: String) throws -> String {
    String(decoding: try RuleFilesOnDisk().bytes(at: path(name)), as: UTF8.self)
  }

  /// The signature of `models/premium.pmml`; its bytes are read for the digest alone.
  struct Premium: ModelCatalog {
    func signature(ofModelAt path: String) throws(DiagnosticsError) -> ModelSignature {
      let bytes = try RuleFilesOnDisk().bytes(at: path)
      return ModelSignature(
        path: path, digest: Digest(of: bytes), element: "MiningModel", modelName: nil,
        function: .classification,
        inputs: ["INVOICE_COUNT", "SIZE", "CURRENCIES"].map {
          ModelField(name: $0, dataType: .double, opType: .continuous)
        },
        target: nil, classes: ["0", "1"], outputs: [], attribution: .needsBackground("no covers"))
    }
  }
}
