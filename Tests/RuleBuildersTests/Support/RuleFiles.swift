import DataFields
import Decisions
import RationaleTestSupport
import RuleBuilders
import RuleLanguage
import SourceDiagnostics

/// The rulesets of this package, as files and in Swift.
enum PublishedRules {
  static let folder = ProjectFiles.path("rules")

  static let inSwift = [
    InvoiceProfile.ruleset, TransferActivity.ruleset, PremiumOffer.ruleset,
  ]

  static func text(_ ruleset: Ruleset) throws -> String {
    String(decoding: try RuleFilesOnDisk().bytes(at: "\(folder)/\(ruleset.path)"), as: UTF8.self)
  }
}

/// Texts in memory, and the disk for everything else.
struct TextsOverDisk: RuleFileSource {
  var texts: [String: String]

  func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
    if let text = texts[path] { return Array(text.utf8) }
    return try RuleFilesOnDisk().bytes(at: path)
  }
}

/// What is found in a ruleset that is written in Swift.
func findings(_ ruleset: Ruleset) -> [Diagnostic] {
  do throws(DiagnosticsError) {
    return try DecisionLibrary(ruleset).notes
  } catch {
    return error.diagnostics
  }
}
