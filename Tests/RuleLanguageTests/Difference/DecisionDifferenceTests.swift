import DataFields
import RationaleTestSupport
import SourceDiagnostics
import Testing

@testable import RuleLanguage

/// The regions of a difference against deciding every input with both versions.
@Suite struct DecisionDifferenceTests {
  private static let inputs = """
    input e from "s" {
      id  text key
      n   int in 0 ... 30
      m   int in 0 ... 12
      k   text
    }
    scale S: A < B < C

    """

  private static let texts = ["x", "y", "z"]

  /// A ruleset of two ranks and some rules; neighbouring seeds differ in a few places.
  private func version(_ random: inout SeededGenerator, _ rules: [String], cuts: (Int, Int))
    -> String
  {
    var text =
      Self.inputs + """
        rank p: S by e.n {
          A below \(cuts.0)
          B below \(cuts.1)
          C otherwise
        }
        decision d: text hit first {

        """
    for (number, rule) in rules.enumerated() {
      text += "  rule r\(number) reason R-\(number) when \(rule)\n"
    }
    return text + "  otherwise reason R-X then \"none\"\n}\n"
  }

  private func rule(_ random: inout SeededGenerator) -> String {
    let symbols = ["==", "!=", "<", "<=", ">", ">="]
    let clauses = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      let symbol = symbols[Int.random(in: 0..<6, using: &random)]
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return "p \(symbol) \(["A", "B", "C"][Int.random(in: 0..<3, using: &random)])"
      case 1: return "e.n \(symbol) \(Int.random(in: 1..<30, using: &random))"
      case 2: return "e.m \(symbol) \(Int.random(in: 1..<12, using: &random))"
      default:
        return "e.k \(Bool.random(using: &random) ? "==" : "!=") "
          + "\"\(Self.texts[Int.random(in: 0..<3, using: &random)])\""
      }
    }
    return clauses.joined(separator: Bool.random(using: &random) ? " and " : " or ")
      + " then \"o\(Int.random(in: 0..<3, using: &random))\""
  }

  private func outcome(_ runner: inout ProgramRunner, _ n: Int, _ m: Int, _ k: String) -> String {
    runner.workspace.clear()
    runner.supply("e.n", Int128(n))
    runner.supply("e.m", Int128(m))
    var texts = runner.program.texts
    runner.supply("e.k", Int128(texts.intern(k)))
    runner.run()
    let name = runner.program.decisions[0].name
    return runner.outcome(name) ?? "refused"
  }

  @Test(arguments: 0..<80)
  func `the regions are where the versions differ, and nowhere else`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var rules = (0..<Int.random(in: 1...4, using: &random)).map { _ in rule(&random) }
    let old = try #require(RuleText.unanalysed(version(&random, rules, cuts: (10, 20))))
    // A cut point moves, a rule is written anew, or both.
    let changed = Int.random(in: 0..<rules.count, using: &random)
    if Bool.random(using: &random) { rules[changed] = rule(&random) }
    let cuts = (Int.random(in: 8...12, using: &random), Int.random(in: 18...22, using: &random))
    let new = try #require(RuleText.unanalysed(version(&random, rules, cuts: cuts)))
    let difference = DecisionDifference("d", old: (old, 0), new: (new, 0))
    #expect(difference.refusal == nil && difference.isComplete)

    // The regions as they are printed make a ruleset of their own.
    var text = Self.inputs + "decision moved: text hit first {\n"
    for (number, region) in difference.regions.enumerated() {
      let condition = region.condition == "every case" ? "e.n >= 0" : region.condition
      let move = "\(region.before) -> \(region.after)".filter { $0 != "\"" }
      text += "  rule m\(number) reason M-\(number) when \(condition) then \"\(move)\"\n"
    }
    text += "  otherwise reason M-X then \"same\"\n}\n"
    let moved = try #require(RuleText.unanalysed(text), "the regions do not compile: \(text)")
    var (one, other, third) = (ProgramRunner(old), ProgramRunner(new), ProgramRunner(moved))
    for n in 0...30 {
      for m in 0...12 {
        for k in Self.texts + ["other"] {
          let (before, after) = (outcome(&one, n, m, k), outcome(&other, n, m, k))
          let expected = before == after ? "same" : "\(before) -> \(after)"
          #expect(outcome(&third, n, m, k) == expected, "n \(n), m \(m), k \(k)\n\(text)")
        }
      }
    }
  }

  @Test func `a moved cut point says who is on the other side of it`() throws {
    let old = try #require(RuleText.compile(Self.profile(size: 250)).program)
    let new = try #require(RuleText.compile(Self.profile(size: 200)).program)
    let difference = RulesetDifference(old: old, new: new)
    #expect(
      difference.changes == [
        .init(kind: "cut point", name: "size.L", before: "250 person", after: "200 person")
      ])
    let regions = try #require(difference.decisions.first).regions
    #expect(
      regions == [
        .init(
          before: "\"other\"", after: "\"large\"",
          condition: "e.employees >= 200 person and e.employees < 250 person",
          witness: "e.employees = 200 person")
      ])
  }

  private static func profile(size: Int) -> String {
    """
    unit person
    input e from "s" {
      id         text        key
      employees  int person  in 1 ... 1_000
    }
    scale Size: S < M < L
    rank size: Size by e.employees {
      S below 50 person
      M below \(size) person
      L otherwise
    }
    decision d: text hit first {
      rule large reason A-1 "" when size == L then "large"
      otherwise reason A-2 "" then "other"
    }
    """
  }
}
