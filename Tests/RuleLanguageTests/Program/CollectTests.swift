import DataFields
import RationaleTestSupport
import SourceDiagnostics
import Testing
import ThresholdCells

@testable import RuleLanguage

/// `hit collect` against a naive reading of DMN, on every point of the inputs.
@Suite struct CollectTests {
  /// A clause on one input, as text and as what it means.
  private struct Clause {
    var isOnN: Bool
    var symbol: String
    var value: Int

    var text: String { "e.\(isOnN ? "n" : "m") \(symbol) \(value)" }

    func holds(_ n: Int, _ m: Int) -> Bool {
      let x = isOnN ? n : m
      switch symbol {
      case "==": return x == value
      case "!=": return x != value
      case "<": return x < value
      case "<=": return x <= value
      case ">": return x > value
      default: return x >= value
      }
    }
  }

  private struct Rule {
    var clauses: [Clause]
    var isUnion: Bool
    var outcome: Int

    var text: String { clauses.map(\.text).joined(separator: isUnion ? " or " : " and ") }

    func holds(_ n: Int, _ m: Int) -> Bool {
      isUnion
        ? clauses.contains { $0.holds(n, m) } : clauses.allSatisfy { $0.holds(n, m) }
    }
  }

  private struct Collecting {
    static let inputs = """
      input e from "s" {
        id text key
        n  int in 0 ... 12
        m  int in 0 ... 8
      }

      """
    var aggregator: String
    var rules: [Rule]
    var otherwise: Int?

    init(seed: Int) {
      var random = SeededGenerator(seed: UInt64(seed) &+ 7_000)
      let symbols = ["==", "!=", "<", "<=", ">", ">="]
      aggregator = ["", "sum", "min", "max", "count"][seed % 5]
      otherwise =
        Int.random(in: 0..<4, using: &random) > 0 ? Int.random(in: 0...2, using: &random) : nil
      rules = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        Rule(
          clauses: (0..<Int.random(in: 1...2, using: &random)).map { _ in
            let isOnN = Bool.random(using: &random)
            return Clause(
              isOnN: isOnN, symbol: symbols[Int.random(in: 0..<6, using: &random)],
              value: Int.random(in: 0...(isOnN ? 12 : 8), using: &random))
          }, isUnion: Bool.random(using: &random), outcome: Int.random(in: -1...2, using: &random))
      }
    }

    var text: String {
      var text = Self.inputs + "decision d: int hit collect \(aggregator) {\n"
      for (number, rule) in rules.enumerated() {
        text += "  rule r\(number) reason R-\(number) when \(rule.text) then \(rule.outcome)\n"
      }
      if let otherwise { text += "  otherwise reason R-X then \(otherwise)\n" }
      return text + "}\n"
    }

    /// DMN's meaning: the list of all outputs, their sum, least, greatest or number.
    func outcome(_ n: Int, _ m: Int) -> String {
      let held = rules.filter { $0.holds(n, m) }.map(\.outcome)
      guard !held.isEmpty else { return otherwise.map { "\($0)" } ?? "no rule" }
      switch aggregator {
      case "sum": return "\(held.reduce(0, +))"
      case "min": return "\(held.min() ?? 0)"
      case "max": return "\(held.max() ?? 0)"
      case "count": return "\(held.count)"
      default:
        return held.count == 1
          ? "\(held[0])" : "(" + held.map { "\($0)" }.joined(separator: ", ") + ")"
      }
    }
  }

  private func outcome(_ runner: inout ProgramRunner, _ n: Int, _ m: Int) -> String {
    runner.workspace.clear()
    runner.supply("e.n", Int128(n))
    runner.supply("e.m", Int128(m))
    runner.run()
    let program = runner.program
    guard runner.workspace.results[0].status == .decided else {
      return runner.workspace.results[0].refusal == .noRule ? "no rule" : "refused"
    }
    guard program.decisions[0].collectsList else {
      return "\(runner.workspace.row.value(program.decisions[0].slot))"
    }
    let values = program.collectedRules(of: 0, in: runner.workspace).map {
      "\(runner.workspace.row.value(program.rules[$0].outcome))"
    }
    #expect(runner.workspace.row.value(program.decisions[0].slot) == Int128(values.count))
    return values.count == 1 ? values[0] : "(\(values.joined(separator: ", ")))"
  }

  @Test(arguments: 0..<150)
  func `every point comes to what DMN says`(seed: Int) throws {
    let collecting = Collecting(seed: seed)
    var runner = ProgramRunner(try #require(RuleText.unanalysed(collecting.text)))
    for n in 0...12 {
      for m in 0...8 {
        #expect(outcome(&runner, n, m) == collecting.outcome(n, m), "n \(n), m \(m)")
      }
    }
  }

  private func facts(_ findings: [Diagnostic]) -> Set<String> {
    Set(
      findings.map { finding in
        switch finding.code {
        case "G1": "G1"
        // Which rules are named may differ where several sets of them cover a rule.
        case "U1", "U2": "U " + finding.message.prefix { $0 != ":" }
        default: "\(finding.code) \(finding.message)"
        }
      })
  }

  @Test(arguments: 0..<300)
  func `boxes and combinations lead to the same findings`(seed: Int) throws {
    let program = try #require(RuleText.unanalysed(Collecting(seed: seed).text))
    let enumerated = RulesetAnalysis(program).findings()
    let searched = RulesetAnalysis(program, budget: .init(combinations: 0)).findings()
    #expect(!searched.contains { $0.code == "P1" })
    #expect(facts(searched) == facts(enumerated))
  }

  /// A threshold is dead exactly where no point beside it comes to anything else.
  @Test(arguments: 0..<300)
  func `thresholds that change nothing are those that a naive search finds`(seed: Int) throws {
    let collecting = Collecting(seed: seed)
    let program = try #require(RuleText.unanalysed(collecting.text))
    let findings = RulesetAnalysis(program, budget: .init(combinations: 0)).findings()
    let covered = (0...12).allSatisfy { n in
      (0...8).allSatisfy { collecting.outcome(n, $0) != "no rule" }
    }
    #expect(findings.contains { $0.code == "G1" } == !covered)
    let changes = (0..<12).contains { n in
      (0...8).contains { collecting.outcome(n, $0) != collecting.outcome(n + 1, $0) }
    }
    if findings.contains(where: { $0.code == "T2" && $0.message.contains("e.n") }) {
      #expect(!changes)
    }
    for finding in findings where finding.code == "T1" && finding.message.contains("`e.n`") {
      let words = finding.message.split(separator: " ")
      let value = try #require(words.dropFirst(2).first.flatMap { Int($0) })
      // `> 5` and `== 5` end after the value, the others before it.
      let steps = [value - 1, value].filter { (0..<12).contains($0) }
      #expect(
        steps.contains { step in
          (0...8).allSatisfy { collecting.outcome(step, $0) == collecting.outcome(step + 1, $0) }
        }, "\(finding.message)")
    }
  }

  @Test(arguments: 0..<100)
  func `two versions differ in the regions that are found, and nowhere else`(seed: Int) throws {
    let before = Collecting(seed: seed)
    var after = before
    let other = Collecting(seed: seed + 5)
    after.rules[0] = other.rules[0]
    if seed % 3 == 0 { after.rules.append(before.rules[0]) }
    let old = try #require(RuleText.unanalysed(before.text))
    let new = try #require(RuleText.unanalysed(after.text))
    let difference = DecisionDifference("d", old: (old, 0), new: (new, 0))
    #expect(difference.refusal == nil && difference.isComplete)
    // The regions as they are printed make a ruleset of their own.
    var text = Collecting.inputs + "decision moved: text hit unique {\n"
    for (number, region) in difference.regions.enumerated() {
      let condition = region.condition == "every case" ? "e.n >= 0" : region.condition
      text += "  rule m\(number) reason M-\(number) when \(condition)"
      text += " then \"\(region.before) -> \(region.after)\"\n"
    }
    text += "  otherwise reason M-X then \"same\"\n}\n"
    var runner = ProgramRunner(try #require(RuleText.unanalysed(text), "\(text)"))
    for n in 0...12 {
      for m in 0...8 {
        runner.workspace.clear()
        runner.supply("e.n", Int128(n))
        runner.supply("e.m", Int128(m))
        runner.run()
        let (one, two) = (before.outcome(n, m), after.outcome(n, m))
        let expected = one == two ? "same" : "\(one) -> \(two)"
        #expect(runner.outcome("moved") == expected, "n \(n), m \(m)\n\(text)")
      }
    }
  }

  @Test(arguments: 0..<100)
  func `another decision asks a list for an outcome`(seed: Int) throws {
    var collecting = Collecting(seed: seed * 5)
    collecting.otherwise = 0
    let wanted = collecting.rules[0].outcome
    let text =
      collecting.text + """
        decision next: text hit first {
          rule has reason N-1 when \(wanted) in d and e.m > 3 then "yes"
          otherwise reason N-2 then "no"
        }
        """
    let program = try #require(RuleText.unanalysed(text))
    var runner = ProgramRunner(program)
    for n in 0...12 {
      for m in 0...8 {
        _ = outcome(&runner, n, m)
        let held = collecting.rules.filter { $0.holds(n, m) }.map(\.outcome)
        let list = held.isEmpty ? [0] : held
        #expect(runner.outcome("next") == (list.contains(wanted) && m > 3 ? "yes" : "no"))
      }
    }
    // The analysis makes the list on the way: it knows whether the rule ever decides.
    let decides = (0...12).contains { n in
      (4...8).contains { m in
        let held = collecting.rules.filter { $0.holds(n, m) }.map(\.outcome)
        return (held.isEmpty ? [0] : held).contains(wanted)
      }
    }
    let isDead = RulesetAnalysis(program).findings().contains {
      ["U1", "U2"].contains($0.code) && $0.message.hasPrefix("`has`")
    }
    #expect(isDead == !decides)
  }

  private static let inputs = """
    input e from "s" {
      id text key
      n  int in 0 ... 12
    }

    """

  @Test(arguments: [
    ("hit collect sum", "text", "\"a\"", "Y1@5"),
    ("hit collect max", "text", "\"a\"", "Y1@5"),
    ("hit collect mean", "int", "1", "X5@5"),
    ("hit collect count", "text", "\"a\"", "Y1@7"),
  ])
  func `an aggregator takes the outcomes that it can`(
    hit: String, type: String, outcome: String, finding: String
  ) {
    let found = RuleText.findings(
      Self.inputs + """
        decision d: \(type) \(hit) {
          rule a reason A-1 "" when e.n > 3 then \(outcome)
          otherwise reason A-2 "" then \(outcome)
        }
        """)
    #expect(found.contains(finding), "\(found)")
  }

  @Test(arguments: [
    ("d == \"a\"", "Y1"), ("\"b\" in d", "Y1"), ("\"a\" in e.n", "Y1"), ("\"a\" in nothing", "N1"),
  ])
  func `a list is asked with in, for outcomes that it can have`(condition: String, code: String) {
    let found = RuleText.compile(
      Self.inputs + """
        decision d: text hit collect {
          rule a reason A-1 "" when e.n > 3 then "a"
          otherwise reason A-2 "" then "none"
        }
        decision f: text hit first {
          rule has reason F-1 "" when \(condition) then "x"
          otherwise reason F-2 "" then "y"
        }
        """
    ).diagnostics.filter { $0.severity == .error }
    #expect(found.map(\.code) == [code], "\(found.map(\.message))")
  }

  @Test func `outcomes that add up to more than a number holds are refused`() {
    let large = "100000000000000000000000000000000000000"
    let found = RuleText.findings(
      Self.inputs + """
        decision d: int hit collect sum {
          rule a reason A-1 "" when e.n > 3 then \(large)
          rule b reason A-2 "" when e.n > 4 then \(large)
          otherwise reason A-3 "" then 0
        }
        """)
    #expect(found == ["Y1@7"])
  }

  @Test func `past the budget a threshold is not proved, never fine`() throws {
    var text = Self.inputs.replacing("0 ... 12", with: "0 ... 1_000")
    text += "decision d: int hit collect sum {\n"
    for rule in 0..<40 {
      text += "  rule r\(rule) reason R-\(rule) when e.n > \(rule * 7) and e.n < \(rule * 9 + 50)"
      text += " then \(rule + 1)\n"
    }
    text += "  otherwise reason R-X then 0\n}\n"
    let program = try #require(RuleText.unanalysed(text))
    let findings = RulesetAnalysis(
      program, budget: .init(combinations: 0), boxBudget: .init(boxesPerQuestion: 1, boxes: 30)
    ).findings()
    #expect(findings.contains { $0.code == "P1" })
    #expect(!findings.contains { $0.code == "T1" || $0.code == "T2" })
  }
}
