internal import ArgumentParser
internal import Decisions
internal import RuleLanguage
internal import SourceDiagnostics
internal import TraceReports

/// `explain check`: what is wrong with rulesets, before anybody is decided on.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check rulesets: types, units, gaps, overlaps, dead rules, digests.",
    discussion: """
      Reads the rulesets and every file that they name, and prints each finding with its place, a \
      witness and what would mend it. Errors keep a ruleset from running; warnings and notes do \
      not. Several versions of one ruleset are checked for days that two of them claim or none.

      With --strict, warnings fail too, and rules and cut points that no in-file test reaches are \
      noted. With --json, findings are printed as a JSON array with the ranges that an editor \
      would underline.

      EXAMPLES
        explain check rules/invoice-profile.rules rules/transfer-activity.rules
        explain check --list rules/invoice-profile.rules
        explain check --strict rules/premium-offer.rules
        explain check --json rules/invoice-profile.rules | jq '.[].code'

      Exit codes: 0 nothing but notes and warnings, 1 errors (with --strict, warnings too).
      """)

  @Argument(help: "The ruleset files.")
  var rules: [String]

  @Flag(help: "Fail on warnings; note what no test reaches.")
  var strict = false

  @Flag(help: "List the combinations that end in otherwise, not only their number.")
  var list = false

  @Flag(help: "Print the findings as JSON.")
  var json = false

  func run() throws {
    let (program, found) = RulesetCompiler(models: ModelFiles(), files: RuleFilesOnDisk())
      .compile(paths: rules)
    var findings = found
    if list, let program { findings = listing(found, program) }
    if strict, let program { findings += try untested(program) }
    if json {
      try StandardOutput.write(DiagnosticJSON.array(findings))
    } else {
      let style: DiagnosticRenderer.Style = Terminal.output().usesColor ? .ansi : .plain
      let renderer = DiagnosticRenderer(style: style)
      let pages = findings.map { renderer.render($0) } + [summary(program, findings)]
      try StandardOutput.write(pages.joined(separator: "\n"))
    }
    let worst = findings.contains { $0.severity == .error || (strict && $0.severity == .warning) }
    if worst || program == nil { throw ExitCode.failure }
  }

  /// The findings with the combinations behind each share.
  private func listing(_ findings: [Diagnostic], _ program: Program) -> [Diagnostic] {
    let listed = RulesetAnalysis(program, isListing: true).findings().filter { $0.code == "S1" }
    return findings.map { finding in
      guard finding.code == "S1" else { return finding }
      return listed.first { $0.file == finding.file && $0.position == finding.position } ?? finding
    }
  }

  /// C1 and C2: what the rulesets' own tests do not reach.
  private func untested(_ program: Program) throws -> [Diagnostic] {
    let coverage = RulesetTests(try DecisionLibrary(rules: rules)).run().coverage
    return coverage.rulesMissed.map {
      Diagnostic(code: "C1", severity: .note, message: "no test is decided by `\($0)`")
    }
      + coverage.cutPointsMissed.map {
        Diagnostic(
          code: "C2", severity: .note, message: "no tests stand on both sides of `\($0)`")
      }
  }

  private func summary(_ program: Program?, _ findings: [Diagnostic]) -> String {
    let counts = Diagnostic.Severity.allCases.compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }
    let what = counts.isEmpty ? "no findings" : counts.joined(separator: ", ")
    guard let program else { return "\(what)\n" }
    let rulesets = program.rulesets.count
    let decisions = program.decisions.count
    return "\(rulesets) ruleset\(rulesets == 1 ? "" : "s"), "
      + "\(decisions) decision\(decisions == 1 ? "" : "s"): \(what)\n"
  }
}
