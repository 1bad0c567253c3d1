internal import Decisions
internal import SourceDiagnostics

/// C1 and C2: what rulesets' own tests do not reach.
enum UntestedRules {
  static func findings(_ library: DecisionLibrary) -> [Diagnostic] {
    let coverage = RulesetTests(library).run().coverage
    return coverage.rulesMissed.map {
      Diagnostic(code: "C1", severity: .note, message: "no test is decided by `\($0)`")
    }
      + coverage.cutPointsMissed.map {
        Diagnostic(
          code: "C2", severity: .note, message: "no tests stand on both sides of `\($0)`")
      }
  }
}
