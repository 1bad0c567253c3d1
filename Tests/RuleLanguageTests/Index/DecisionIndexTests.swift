import DataFields
import RationaleTestSupport
import Testing

@testable import RuleLanguage

/// Decisions through what was prepared at load against the same program rule by rule.
@Suite struct DecisionIndexTests {
  /// Rulesets over values of every type, with from one to eighty rules.
  private struct Generator {
    var random: SeededGenerator

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    mutating func pick(_ texts: [String]) -> String { texts[number(0...(texts.count - 1))] }

    private mutating func leaf(ranksAlone: Bool) -> String {
      let symbol = pick(["<", "<=", ">", ">=", "==", "!="])
      let equality = pick(["==", "!="])
      let level = pick(["S", "M", "L"])
      if ranksAlone {
        switch number(0...3) {
        case 0: return "a \(symbol) b"
        case 1: return "a \(symbol) \(level)"
        case 2: return "b \(symbol) \(level)"
        default: return "flag"
        }
      }
      switch number(0...11) {
      case 0, 1: return "e.n \(symbol) \(number(-3...12))"
      case 2: return "\(number(-3...12)) \(symbol) e.n"
      case 3: return "e.d \(symbol) \(number(0...9)).\(number(0...9))"
      case 4: return "e.t \(equality) \"\(pick(["x", "y", "z"]))\""
      case 5: return "e.on \(symbol) 2021-01-0\(number(1...9))"
      case 6: return "q \(symbol) \(number(0...5)).\(number(0...9))"
      case 7: return "m.p \(pick(["<", "<=", ">", ">="])) 0.\(number(0...9))"
      case 8: return "a \(symbol) \(level)"
      case 9: return "a \(symbol) b"
      case 10: return "e.n \(pick(["is missing", "is present"]))"
      default: return "e.n \(symbol) e.k"
      }
    }

    private mutating func condition(_ depth: Int, _ ranksAlone: Bool) -> String {
      guard depth > 0, number(0...2) > 0 else { return leaf(ranksAlone: ranksAlone) }
      let parts = (0...number(1...2)).map { _ in condition(depth - 1, ranksAlone) }
      switch number(0...5) {
      case 0: return "(" + parts.joined(separator: " or ") + ")"
      case 1: return "not (" + parts.joined(separator: " and ") + ")"
      default: return "(" + parts.joined(separator: " and ") + ")"
      }
    }

    mutating func text() -> String {
      let ranksAlone = number(0...2) == 0
      let policy = pick(["first", "unique", "any", "priority \"A\" > \"B\" > \"C\""])
      var lines = [
        """
        input e from "static" {
          id  text        key
          n   int         in -5 ... 20
          k   int         in -5 ... 20
          d   decimal(1)  in 0 ... 10
          t   text
          on  date
          v   int         in 1 ... 7
        }
        let q = e.k / e.v
        let flag = e.n > e.k
        model m from "m.pmml" sha256 "\(RuleText.modelDigest)" {
          feed SIZE = e.n as float, REGION = e.t
          score p = probability("1") in 0 ... 1
        }
        scale Level: S < M < L
        rank a: Level by e.n { S \(pick(["below", "up to"])) 2  M \(pick(["below", "up to"])) 9  L otherwise }
        rank b: Level by q { S \(pick(["below", "up to"])) 1  M \(pick(["below", "up to"])) 2  L otherwise }
        decision d: text hit \(policy) {
        """
      ]
      for rule in 0..<number(1...(ranksAlone ? 6 : 80)) {
        let outcome = pick(["A", "B", "C"])
        lines.append(
          "  rule r\(rule) reason R-\(rule) when \(condition(2, ranksAlone)) then \"\(outcome)\"")
      }
      if number(0...1) == 0 { lines.append("  otherwise reason R-X then \"C\"") }
      return (lines + ["}", ""]).joined(separator: "\n")
    }
  }

  private static func fill(_ runner: inout ProgramRunner, _ random: inout SeededGenerator) {
    runner.workspace.clear()
    func set(_ name: String, _ value: Int128) {
      let slot = runner.slot(name)
      switch Int.random(in: 0..<24, using: &random) {
      case 0: runner.workspace.row.mark(slot, .missing, origin: .input)
      case 1: runner.workspace.row.mark(slot, .outOfRange, origin: .input)
      case 2: runner.workspace.row.set(slot, to: value << 64, origin: .input)
      default: runner.workspace.row.set(slot, to: value, origin: .input)
      }
    }
    set("e.n", Int128(Int.random(in: -5...20, using: &random)))
    set("e.k", Int128(Int.random(in: -5...20, using: &random)))
    set("e.d", Int128(Int.random(in: 0...100, using: &random)))
    set("e.on", Int128(18_627 + Int.random(in: 0...10, using: &random)))
    set("e.v", Int128(Int.random(in: 1...7, using: &random)))
    let text = ["x", "y", "z", "w"][Int.random(in: 0..<4, using: &random)]
    set("e.t", Int128(runner.program.texts.code(of: text) ?? 1_000))
    let score: Double =
      switch Int.random(in: 0..<12, using: &random) {
      case 0: .nan
      case 1: -0.0
      default: Double(Int.random(in: 0...10, using: &random)) / 10
      }
    set("m.p", Int128(score.bitPattern))
  }

  @Test(arguments: 0..<120)
  func decidesAsTheRulesOneByOne(seed: Int) throws {
    var generator = Generator(random: SeededGenerator(seed: UInt64(seed)))
    let text = generator.text()
    let program = try #require(RuleText.unanalysed(text), "\(text)")
    var plain = program
    plain.dropIndexes()
    var quick = ProgramRunner(program)
    var slow = ProgramRunner(plain)
    var random = SeededGenerator(seed: UInt64(seed) &+ 77)
    for _ in 0..<200 {
      Self.fill(&quick, &random)
      slow.workspace.row = quick.workspace.row
      for index in slow.workspace.ruleStates.indices {
        slow.workspace.ruleStates[index] = .notReached
      }
      quick.run()
      slow.run()
      program.settleRules(of: 0, in: &quick.workspace)
      #expect(quick.workspace.results == slow.workspace.results, "\(text)")
      #expect(quick.workspace.ruleStates == slow.workspace.ruleStates, "\(text)")
      for (rule, state) in slow.workspace.ruleStates.enumerated() where state != .notReached {
        #expect(
          quick.workspace.decidingClauses[rule] == slow.workspace.decidingClauses[rule], "\(text)")
      }
      for slot in 0..<quick.workspace.row.slotCount {
        #expect(quick.workspace.row.quotient(slot) == slow.workspace.row.quotient(slot), "\(text)")
      }
    }
  }

  /// Without this the other test could pass for want of indexes.
  @Test func indexesAreBuilt() throws {
    var counts = (verdicts: 0, rows: 0, none: 0)
    for seed in 0..<120 {
      var generator = Generator(random: SeededGenerator(seed: UInt64(seed)))
      let index = try #require(RuleText.unanalysed(generator.text())?.indexes.first)
      if !index.verdicts.isEmpty {
        counts.verdicts += 1
      } else if !index.rows.isEmpty {
        counts.rows += 1
      } else {
        counts.none += 1
      }
    }
    #expect(counts.verdicts > 20)
    #expect(counts.rows > 50)
  }

  /// More rules than one summary word covers, which is 64 x 64.
  @Test func findsARowAmongThousands() throws {
    let rows = 4_200
    var lines = ["input e from \"static\" {", "  id text key", "  x int in 0 ... 60_000", "}"]
    lines.append("decision d: text hit first {")
    for row in 0..<rows {
      lines.append(
        "  rule r\(row) reason R-\(row) when e.x >= \(row * 10) and e.x < \(row * 10 + 10) then \"o\(row)\""
      )
    }
    lines += ["  otherwise reason X then \"none\"", "}", ""]
    let program = try #require(RuleText.unanalysed(lines.joined(separator: "\n")))
    #expect(program.indexes.first?.rows.isEmpty == false)
    var runner = ProgramRunner(program)
    for x in [0, 9, 10, 40_959, 40_960, 40_961, 41_999, 42_000, 60_000] {
      runner.workspace.clear()
      runner.supply("e.x", Int128(x))
      runner.run()
      #expect(runner.outcome("d") == (x < 10 * rows ? "o\(x / 10)" : "none"))
    }
  }
}
