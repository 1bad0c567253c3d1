package import RuleLanguage
package import SourceDiagnostics

/// Rulesets in Swift as if their texts were files in a folder; everything else is read from there.
package struct BuiltRuleFiles: RuleFileSource {
  /// The paths of the rulesets themselves, without those that they use.
  package private(set) var paths: [String] = []
  private let others: any RuleFileSource
  private var rulesets: [String: Ruleset] = [:]

  package init(_ rulesets: [Ruleset], in folder: String, over others: any RuleFileSource) {
    self.others = others
    let prefix = folder.isEmpty || folder.hasSuffix("/") ? folder : folder + "/"
    for ruleset in rulesets {
      let path = ruleset.path.hasPrefix("/") ? ruleset.path : prefix + ruleset.path
      paths.append(path)
      add(ruleset, at: path)
    }
  }

  private mutating func add(_ ruleset: Ruleset, at path: String) {
    let plain = RulePath.plain(path)
    guard rulesets[plain] == nil else { return }
    rulesets[plain] = ruleset
    for used in ruleset.uses { add(used, at: RulePath.resolve(used.path, from: path)) }
  }

  package func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
    if let ruleset = rulesets[RulePath.plain(path)] { return Array(ruleset.text.utf8) }
    return try others.bytes(at: path)
  }

  /// Diagnostics with the places in Swift that built the lines that they are about.
  package func located(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    diagnostics.map { diagnostic in
      guard let line = diagnostic.position?.line,
        let ruleset = rulesets[RulePath.plain(diagnostic.file)],
        ruleset.places.indices.contains(line - 1), let place = ruleset.places[line - 1]
      else { return diagnostic }
      var located = diagnostic
      located.notes.append("built at \(place)")
      return located
    }
  }
}
