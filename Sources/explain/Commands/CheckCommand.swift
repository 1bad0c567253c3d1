internal import ArgumentParser
internal import Decisions
internal import FileIO
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

      With --fix, the edits that findings propose are made in the files named, again and again \
      until there are none, and what is left is reported: names that were nearly right, units \
      that are missing, digests that are absent or differ, scales to align. With --drafts, gaps \
      are closed too, by rows and rules whose outcome and reason are left to be decided.

      EXAMPLES
        explain check rules/invoice-profile.rules rules/transfer-activity.rules
        explain check --list rules/invoice-profile.rules
        explain check --fix rules/invoice-profile.rules
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

  @Flag(help: "Make the edits that findings propose, and check again.")
  var fix = false

  @Flag(help: "With --fix, insert rows and rules with outcomes to be decided.")
  var drafts = false

  func validate() throws {
    if drafts, !fix { throw ValidationError("--drafts goes with --fix") }
  }

  func run() throws {
    var compilation = compile()
    if fix {
      var edits = 0
      // What is mended may bring to light what stood behind it. Edits that come again did not help.
      var earlier: [[String]] = []
      for _ in 0..<Self.fixRounds {
        let proposed = proposals(compilation.diagnostics)
        let summary = proposed.map { $0.message + $0.replacement }.sorted()
        guard !proposed.isEmpty, !earlier.contains(summary) else { break }
        earlier.append(summary)
        let made = try mend(proposed)
        if made == 0 { break }
        edits += made
        compilation = compile()
      }
      StandardError.write("\(edits) edit\(edits == 1 ? "" : "s") made\n")
    }
    let program = compilation.program
    var findings = compilation.diagnostics
    if list, let program { findings = listing(findings, program) }
    if strict, program != nil {
      findings += UntestedRules.findings(try DecisionLibrary(rules: rules))
    }
    if json {
      try StandardOutput.write(DiagnosticJSON.array(findings))
    } else {
      let style: DiagnosticRenderer.Style = Terminal.output().usesColor ? .ansi : .plain
      let renderer = DiagnosticRenderer(style: style)
      let pages = findings.map { renderer.render($0) } + [summary(compilation, findings)]
      try StandardOutput.write(pages.joined(separator: "\n"))
    }
    let worst = findings.contains { $0.severity == .error || (strict && $0.severity == .warning) }
    if worst || program == nil { throw ExitCode.failure }
  }

  private func compile() -> RulesetCompiler.Compilation {
    RulesetCompiler(models: ModelFiles(), files: RuleFilesOnDisk()).compilation(paths: rules)
  }

  private static let fixRounds = 10

  /// The first edit that each finding proposes.
  private func proposals(_ findings: [Diagnostic]) -> [Diagnostic.FixIt] {
    findings.compactMap { finding in finding.fixIts.first { drafts || !$0.isDraft } }
  }

  /// Makes edits in the files named on the command line.
  private func mend(_ edits: [Diagnostic.FixIt]) throws(FileError) -> Int {
    var count = 0
    for path in Set(rules).sorted() where edits.contains(where: { $0.file == path }) {
      let bytes = try WholeFile.read(path, limit: 1 << 26)
      let mended = Diagnostic.FixIt.apply(edits, to: bytes, named: path)
      if mended.count > 0 { try WholeFile.rewrite(path, with: mended.bytes) }
      count += mended.count
    }
    return count
  }

  /// The findings with the combinations behind each share.
  private func listing(_ findings: [Diagnostic], _ program: Program) -> [Diagnostic] {
    let listed = RulesetAnalysis(program, isListing: true).findings().filter { $0.code == "S1" }
    return findings.map { finding in
      guard finding.code == "S1" else { return finding }
      return listed.first { $0.file == finding.file && $0.position == finding.position } ?? finding
    }
  }

  private func summary(_ compilation: RulesetCompiler.Compilation, _ findings: [Diagnostic])
    -> String
  {
    let counts = Diagnostic.Severity.allCases.compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }
    let what = counts.isEmpty ? "no findings" : counts.joined(separator: ", ")
    let leftOut = compilation.errorsLeftOut
    guard let program = compilation.program else {
      let more =
        leftOut == 0 ? "" : "; \(leftOut) more error\(leftOut == 1 ? " is" : "s are") not shown"
      return "\(what)\(more)\n"
    }
    let rulesets = program.rulesets.count
    let decisions = program.decisions.count
    return "\(rulesets) ruleset\(rulesets == 1 ? "" : "s"), "
      + "\(decisions) decision\(decisions == 1 ? "" : "s"): \(what)\n"
  }
}
