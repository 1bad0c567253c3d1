internal import ArgumentParser
internal import Decisions
internal import SourceDiagnostics
internal import TraceReports

/// `explain test`: runs the tests that stand in ruleset files.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests in ruleset files, and say what they reach.",
    discussion: """
      Runs every `test`, row of a `test table` and `property` of the rulesets, as the engine would \
      decide on the values that they give. What is not given is missing. Prints what failed, with \
      its place, and which rules, sides of cut points and table cells the tests reached.

      EXAMPLES
        explain test rules/invoice-profile.rules
        explain test rules/*.rules rules/variants/*.rules
        explain test --verbose rules/premium-offer.rules
        explain test --json rules/premium-offer.rules | jq '.tests[] | select(.passed | not)'

      Exit codes: 0 all passed, 1 a test failed or a ruleset is faulty.
      """)

  @Argument(help: "The ruleset files.")
  var rules: [String]

  @Flag(name: .shortAndLong, help: "Name every test, and everything that none reaches.")
  var verbose = false

  @Flag(help: "Print every test and the coverage as JSON.")
  var json = false

  func run() throws {
    var outcomes: [RulesetTests.Outcome] = []
    var coverage = RulesetTests.Coverage()
    var known: Set<[String]> = []
    // Each file on its own: variants may declare the same names. What two of them use is tested
    // with each.
    var faulty = 0
    for path in rules {
      let library: DecisionLibrary
      do throws(DiagnosticsError) { library = try DecisionLibrary(rules: [path]) } catch {
        // One faulty file does not keep the others from being tested.
        CommandFailure.report(error.diagnostics.filter { $0.severity == .error })
        faulty += 1
        continue
      }
      let (more, reached) = RulesetTests(library).run()
      for outcome in more where known.insert([outcome.ruleset, outcome.name]).inserted {
        outcomes.append(outcome)
      }
      coverage.add(reached)
    }
    try StandardOutput.write(
      json ? Self.json(outcomes, coverage) : report(outcomes, coverage, faulty: faulty))
    if faulty > 0 || outcomes.contains(where: { !$0.failures.isEmpty }) { throw ExitCode.failure }
  }

  private func report(
    _ outcomes: [RulesetTests.Outcome], _ coverage: RulesetTests.Coverage, faulty: Int
  ) -> String {
    let renderer = DiagnosticRenderer(style: Terminal.output().usesColor ? .ansi : .plain)
    var lines: [String] = []
    for outcome in outcomes where verbose || !outcome.failures.isEmpty {
      lines.append(
        "\(outcome.failures.isEmpty ? "ok    " : "FAILED") "
          + "\(outcome.ruleset): \(outcome.name)")
      lines += outcome.failures.map { renderer.render($0) }
    }
    let failed = outcomes.count { !$0.failures.isEmpty }
    lines.append(
      "\(outcomes.count) test\(outcomes.count == 1 ? "" : "s"), "
        + (failed == 0 ? "all passed" : "\(failed) failed"))
    if faulty > 0 {
      lines.append(
        faulty == 1
          ? "1 ruleset is faulty and was not tested"
          : "\(faulty) rulesets are faulty and were not tested")
    }
    lines += share("rules and overrides that decided", coverage.rulesReached, coverage.rulesMissed)
    lines += share(
      "cut points tested on both sides", coverage.cutPointsReached, coverage.cutPointsMissed)
    lines += share(
      "table cells met and not met", coverage.cellsReached, coverage.cellsMissed)
    return lines.joined(separator: "\n") + "\n"
  }

  /// `tests` (`ruleset`, `name`, `passed`, `failures` as of `explain check --json`) and `coverage`
  /// (`rules`, `cutPoints` and table `cells`, each with what was `reached` and what was `missed`).
  private static func json(_ outcomes: [RulesetTests.Outcome], _ coverage: RulesetTests.Coverage)
    -> String
  {
    let quoted = DiagnosticJSON.quoted
    let tests = outcomes.map { outcome in
      "    {\"ruleset\": \(quoted(outcome.ruleset)), \"name\": \(quoted(outcome.name)), "
        + "\"passed\": \(outcome.failures.isEmpty), \"failures\": ["
        + outcome.failures.map(DiagnosticJSON.object).joined(separator: ", ") + "]}"
    }
    func names(_ names: [String]) -> String {
      "[" + names.map(quoted).joined(separator: ", ") + "]"
    }
    func share(_ name: String, _ reached: [String], _ missed: [String]) -> String {
      "    \"\(name)\": {\"reached\": \(names(reached)), \"missed\": \(names(missed))}"
    }
    return "{\n  \"tests\": [\n" + tests.joined(separator: ",\n") + "\n  ],\n"
      + "  \"coverage\": {\n"
      + share("rules", coverage.rulesReached, coverage.rulesMissed) + ",\n"
      + share("cutPoints", coverage.cutPointsReached, coverage.cutPointsMissed) + ",\n"
      + share("cells", coverage.cellsReached, coverage.cellsMissed) + "\n  }\n}\n"
  }

  private func share(_ what: String, _ reached: [String], _ missed: [String]) -> [String] {
    let all = reached.count + missed.count
    guard all > 0 else { return [] }
    let line = "\(what): \(reached.count) of \(all)"
    guard verbose, !missed.isEmpty else { return [line] }
    return [line, "  not: " + missed.joined(separator: ", ")]
  }
}

extension RulesetTests.Coverage {
  /// What several runs reached together.
  fileprivate mutating func add(_ other: Self) {
    func merged(_ reached: [String], _ missed: [String], _ more: [String], _ less: [String])
      -> (reached: [String], missed: [String])
    {
      var known = Set(reached)
      let all = reached + more.filter { known.insert($0).inserted }
      let open = (missed + less).filter { known.insert($0).inserted }
      return (all, open)
    }
    (rulesReached, rulesMissed) = merged(
      rulesReached, rulesMissed, other.rulesReached, other.rulesMissed)
    (cutPointsReached, cutPointsMissed) = merged(
      cutPointsReached, cutPointsMissed, other.cutPointsReached, other.cutPointsMissed)
    (cellsReached, cellsMissed) = merged(
      cellsReached, cellsMissed, other.cellsReached, other.cellsMissed)
  }
}
