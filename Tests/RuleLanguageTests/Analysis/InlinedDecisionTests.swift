import DataFields
import RationaleTestSupport
import SourceDiagnostics
import Testing
import ThresholdCells

@testable import RuleLanguage

/// Decisions that read others, searched by boxes, against looking at every combination.
@Suite struct InlinedDecisionTests {
  private static let inputs = """
    input e from "s" {
      id text key
      n  int in 0 ... 12
      m  int in 0 ... 9
      k  bool
    }
    scale S: A < B < C
    rank p: S by e.n {
      A below 4
      B below 9
      C otherwise
    }

    """

  private struct Generator {
    var random: SeededGenerator

    mutating func pick<Value>(_ values: [Value]) -> Value {
      values[Int.random(in: 0..<values.count, using: &random)]
    }

    mutating func clause(_ extra: [String]) -> String {
      let symbol = pick(["==", "!=", "<", "<=", ">", ">="])
      switch Int.random(in: 0..<(extra.isEmpty ? 4 : 7), using: &random) {
      case 0: return "p \(symbol) \(pick(["A", "B", "C"]))"
      case 1: return "e.n \(symbol) \(Int.random(in: 1...11, using: &random))"
      case 2: return "e.m \(symbol) \(Int.random(in: 1...8, using: &random))"
      case 3: return pick(["e.k", "not e.k"])
      default: return pick(extra)
      }
    }

    mutating func decision(
      _ name: String, _ type: String, _ hit: String, _ outcomes: [String], otherwise: String?,
      extra: [String] = []
    ) -> String {
      var text = "decision \(name): \(type) hit \(hit) {\n"
      for number in 0..<Int.random(in: 1...4, using: &random) {
        let clauses = (0..<Int.random(in: 1...2, using: &random)).map { _ in clause(extra) }
        let join = pick([" and ", " and ", " or "])
        text += "  rule \(name)\(number) reason \(name)-\(number) when "
        text += clauses.joined(separator: join) + " then \(pick(outcomes))\n"
      }
      if let otherwise { text += "  otherwise reason \(name)-X then \(otherwise)\n" }
      return text + "}\n"
    }
  }

  /// A decision of each kind, and one that reads it beside the same inputs.
  private func rules(seed: Int) -> String {
    var generator = Generator(random: SeededGenerator(seed: UInt64(seed) &+ 4_000))
    let texts = ["\"x\"", "\"y\"", "\"z\""]
    let levels = ["A", "B", "C"]
    var text = Self.inputs
    var extra: [String]
    switch seed % 6 {
    case 0:
      text += generator.decision("d", "text", "first", texts, otherwise: "\"x\"")
      text += "let copy = d\nlet other = copy\nlet isX = copy == \"x\"\nlet again = isX\n"
      extra = ["d == \"x\"", "copy != \"x\"", "not (other == \"x\")", "isX", "not again"]
    case 1:
      text += generator.decision("d", "S", "priority B > C > A", levels, otherwise: "A")
      text += "let copy = d\n"
      extra = ["d == A", "d < p", "copy >= B", "p != copy"]
    case 2:
      text += generator.decision(
        "d", "text", "collect", texts, otherwise: generator.pick(texts))
      // Each decision has rules for all of these, or the text does not compile.
      text += "// list\n"
      extra = texts.filter { text.contains("then \($0)") }.flatMap {
        ["\($0) in d", "not \($0) in d"]
      }
    case 3:
      text += generator.decision(
        "d", "int", generator.pick(["collect sum", "collect count"]), ["1", "2", "-1"],
        otherwise: "0")
      text += """
        rank q: S by d {
          A below 1
          B below 3
          C otherwise
        }
        let level = q
        let isLow = level == A

        """
      extra = ["d > 1", "q == B", "level < C", "not isLow", "q < p", "d <= 2", "not (d != 1)"]
    case 4:
      // Without `otherwise`, and with rules that may conflict: often refused.
      text += generator.decision(
        "d", "S", generator.pick(["unique", "any"]), levels, otherwise: "B")
      extra = ["d == A", "d > A", "p <= d"]
    default:
      text += generator.decision("a", "S", "first", levels, otherwise: "A")
      text += generator.decision(
        "d", "S", "first", levels, otherwise: "B", extra: ["a > B", "a == p"])
      extra = ["d == a", "d < a", "d == C"]
    }
    return text
      + generator.decision(
        "f", "text", generator.pick(["first", "unique", "any"]), texts,
        otherwise: generator.pick([nil, "\"z\""]), extra: extra)
  }

  private func facts(_ findings: [Diagnostic]) -> Set<String> {
    Set(
      findings.compactMap { finding in
        switch finding.code {
        case "G1": return "G1 \(finding.position?.line ?? 0)"
        // Which rules are named may differ where several sets of them cover a rule.
        case "U1", "U2": return "U " + finding.message.prefix { $0 != ":" }
        case "O1", "O2":
          return finding.code + " "
            + finding.message.split(separator: " ").prefix(3).joined(separator: " ")
        default: return "\(finding.code) \(finding.message)"
        }
      })
  }

  @Test(arguments: 0..<360)
  func `boxes and combinations lead to the same findings`(seed: Int) throws {
    let text = rules(seed: seed)
    guard let program = RuleText.unanalysed(text) else {
      // A comparison with an outcome that no rule gives.
      #expect(seed % 6 == 0, "\(RuleText.findings(text)) \(text)")
      return
    }
    let enumerated = RulesetAnalysis(program).findings()
    let searched = RulesetAnalysis(program, budget: .init(combinations: 0)).findings()
    let hasConflict = enumerated.contains { $0.code == "O1" || $0.code == "O2" }
    if searched.contains(where: { $0.code == "P1" }) {
      // Only a decision that may be refused is not followed.
      #expect(seed % 6 == 4 && hasConflict, "\(text)")
      return
    }
    // Where rules exclude one another wrongly, what lies beside a threshold has no one outcome.
    let (one, two) = (facts(searched), facts(enumerated))
    if hasConflict {
      #expect(one.filter { !$0.hasPrefix("T") } == two.filter { !$0.hasPrefix("T") }, "\(text)")
    } else {
      #expect(one == two, "\(text)")
    }
  }

  /// What the engine makes of every input.
  private struct EveryInput {
    /// For each decision, the rules that decide for some input, `otherwise` among them.
    var deciding: [Set<Int>]
    var hasGap: [Bool]
    var hasConflict: [Bool]

    init(_ program: Program) {
      deciding = program.decisions.map { _ in [] }
      hasGap = program.decisions.map { _ in false }
      hasConflict = hasGap
      var runner = ProgramRunner(program)
      for n in 0...12 {
        for m in 0...9 {
          for k in 0...1 {
            runner.workspace.clear()
            runner.supply("e.n", Int128(n))
            runner.supply("e.m", Int128(m))
            runner.supply("e.k", Int128(k))
            runner.run()
            for (number, result) in runner.workspace.results.enumerated() {
              switch (result.status, result.refusal) {
              case (.decided, _): deciding[number].insert(Int(result.rule))
              case (.refused, .noRule): hasGap[number] = true
              case (.refused, .conflict): hasConflict[number] = true
              default: break
              }
            }
          }
        }
      }
    }
  }

  @Test(arguments: 0..<180)
  func `findings are what the engine does with every input`(seed: Int) throws {
    guard let program = RuleText.unanalysed(rules(seed: seed)) else { return }
    let truth = EveryInput(program)
    // What rests on a decision that is refused is refused as well: no finding of its own.
    guard !truth.hasConflict.dropLast().contains(true) else { return }
    let findings = RulesetAnalysis(
      program, budget: .init(combinations: seed % 2 == 0 ? 0 : 100_000)
    )
    .findings()
    #expect(!findings.contains { $0.code == "P1" })
    for (number, plan) in program.decisions.enumerated() {
      let lines =
        plan
        .line...(number + 1 < program.decisions.count
        ? program.decisions[number + 1].line - 1 : .max)
      let own = findings.filter { lines.contains($0.position?.line ?? 0) }
      #expect(
        own.contains { $0.code == "G1" || $0.code == "G2" } == truth.hasGap[number],
        "\(rules(seed: seed))")
      if plan.hitPolicy == .unique || plan.hitPolicy == .any {
        #expect(
          own.contains { $0.code == "O1" } == truth.hasConflict[number],
          "\(rules(seed: seed))")
      }
      // A dead rule before it may be the only one that gives an outcome which this one asks for.
      if findings.contains(where: { $0.code.hasPrefix("U") && ($0.position?.line ?? 0) < plan.line }
      ) {
        continue
      }
      guard plan.hitPolicy == .first || plan.hitPolicy == .priority else { continue }
      for rule in Array(plan.rules) + (plan.otherwise.map { [$0] } ?? []) {
        let isDead = own.contains { finding in
          finding.code.hasPrefix("U") && finding.message.hasPrefix("`\(program.rules[rule].name)` ")
        }
        #expect(isDead == !truth.deciding[number].contains(rule), "\(rules(seed: seed))")
      }
    }
  }

  @Test func `a decision of many inputs that reads another is proved`() throws {
    var fields = ""
    var clauses: [String] = []
    for number in 0..<10 {
      fields += "  x\(number) int in 0 ... 100\n"
      clauses.append("e.x\(number) >= 50")
    }
    let text = """
      input e from "s" {
        id text key
      \(fields)}
      decision first: text hit first {
        rule all reason F-1 when \(clauses.joined(separator: " and ")) then "all"
        rule some reason F-2 when \(clauses.prefix(5).joined(separator: " or ")) then "some"
        otherwise reason F-3 then "none"
      }
      decision second: text hit first {
        rule a reason S-1 when first == "all" and e.x0 < 30 then "never"
        rule b reason S-2 when first == "some" and e.x1 < 30 then "b"
        otherwise reason S-3 then "c"
      }
      """
    let program = try #require(RuleText.unanalysed(text))
    let found = RulesetAnalysis(program, budget: .init(combinations: 500)).findings()
    #expect(!found.contains { $0.code == "P1" })
    // A case where all are large has no small one.
    #expect(
      found.filter { $0.code.hasPrefix("U") }.map(\.message) == ["`a` holds for no input"])
  }

  /// A column that says what a decision comes to on each row, where that is one outcome.
  private func graded(_ rows: [IntervalTable.Row]) -> IntervalTable.Column {
    func grade(_ row: IntervalTable.Row) -> String {
      if row[0].upperBound <= 300_000 { return "Low" }
      if row[0].lowerBound >= 300_000, row[1].upperBound <= 600_000 { return "Mid" }
      return row[0].lowerBound >= 300_000 && row[1].lowerBound >= 600_000 ? "High" : "*"
    }
    return IntervalTable.Column(
      declarations: """
        scale Grade: Low < Mid < High
        decision near: bool hit first {
          rule near reason N-1 when e.x0 < 300_000 then true
          otherwise reason N-2 then false
        }
        decision grade: Grade hit unique {
          rule low  reason G-1 when near == true then Low
          rule mid  reason G-2 when near == false and e.x1 < 600_000 then Mid
          rule high reason G-3 when near == false and e.x1 >= 600_000 then High
        }
        """, name: "grade", cells: rows.map(grade))
  }

  private func found(_ table: IntervalTable, _ column: IntervalTable.Column) -> [Diagnostic] {
    RuleText.compile(table.text(with: column)).diagnostics.filter { $0.severity < .note }
  }

  @Test func `a defect in a large table that reads an outcome is found alone`() throws {
    let table = IntervalTable(rows: 300, inputs: 3, seed: 5)
    let column = graded(table.rows)
    #expect(Set(column.cells) == ["Low", "Mid", "High", "*"])
    #expect(found(table, column) == [])

    let inner = table.rows.indices.filter {
      table.rows[$0][0].upperBound < IntervalTable.extent.upperBound
        && table.rows[$0][0].upperBound != 300_000
    }
    var open = table
    let gap = open.plantGap(in: inner[20])
    let gaps = found(open, column)
    #expect(gaps.map(\.code) == ["G1"])
    let first = NumberText.grouped(Int128(gap[0]), scale: 0).split(separator: ",")
    #expect(gaps.first?.message.contains("x0 = \(first.joined(separator: "_"))") == true)

    var shared = table
    let others = shared.plantOverlap(in: inner[40])
    let overlaps = found(shared, column)
    #expect(Set(overlaps.map(\.code)) == ["O1"] && overlaps.count == others.count)

    var ordered = table
    ordered.hitPolicy = .first
    let dead = ordered.plantDeadRow(in: inner[60])
    let unreachable = found(ordered, graded(ordered.rows))
    #expect(unreachable.map(\.code) == ["U1"])
    #expect(unreachable.first?.message.hasPrefix("row \(dead + 1) never decides") == true)

    // Only what `grade` comes to tells that the row holds for nothing.
    var wrong = column
    let low = try #require(column.cells.firstIndex(of: "Low"))
    wrong.cells[low] = "High"
    let contradictions = found(table, wrong)
    #expect(contradictions.map(\.code) == ["G1", "U1"])
    #expect(contradictions.last?.message == "row \(low + 1) holds for no input")
  }
}
