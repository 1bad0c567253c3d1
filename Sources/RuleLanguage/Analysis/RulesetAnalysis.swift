import SourceDiagnostics

/// The static analyses of checked rulesets, each in a file of its own.
enum RulesetAnalysis {
  static func findings(in program: CheckedProgram) -> [Diagnostic] {
    []
  }
}
