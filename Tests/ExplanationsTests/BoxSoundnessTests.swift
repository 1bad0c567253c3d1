import DataFields
import Explanations
import RationaleTestSupport
import RuleLanguage
import Testing
import ThresholdCells

/// Rulesets of every construct: no point of a grid may end otherwise than was proved.
@Suite struct BoxSoundnessTests {
  private static let header = """
    ruleset constructs version 1 {
      owner "Tests"
    }
    input e from "s" {
      id text key
      a int in 0 ... 5
      b int in 0 ... 5
      c int in 0 ... 5
    }
    scale S: Low < High
    rank level: S by e.a {
      Low below 3
      High otherwise
    }
    """

  private static let decisions: [(name: String, text: String, decision: Int)] = [
    (
      "two overrides",
      """
      decision d: text hit first {
        rule up reason D-1 "" when e.a > 2 then "up"
        otherwise reason D-2 "" then "down"
      }
      override one reason D-3 by "a" until 2030-12-31 {
        when e.b == 2
        set  d = "up"
      }
      override two reason D-4 by "b" until 2030-12-31 {
        when e.c < 3
        set  d = "hold"
      }
      """, 0
    ),
    (
      "an override of its own outcome",
      """
      decision d: text hit first {
        rule up reason D-1 "" when e.a > 2 then "up"
        otherwise reason D-2 "" then "down"
      }
      override one reason D-3 by "a" until 2030-12-31 {
        when e.b > 3 and d == "up"
        set  d = "hold"
      }
      """, 0
    ),
    (
      "collected outcomes",
      """
      decision d: text hit collect {
        rule a reason D-1 "" when e.a > 2 then "a"
        rule b reason D-2 "" when e.b > 2 then "b"
        otherwise reason D-3 "" then "none"
      }
      """, 0
    ),
    (
      "a sum that is ranked, and members",
      """
      decision points: int hit collect sum {
        rule a reason P-1 "" when e.a > 2 then 5
        rule b reason P-2 "" when e.b > 2 then 3
        otherwise reason P-3 "" then 0
      }
      decision tags: text hit collect {
        rule t reason T-1 "" when e.c > 4 then "t"
        rule u reason T-2 "" when e.b > 1 then "u"
        otherwise reason T-3 "" then "v"
      }
      decision d: text hit first {
        rule big reason D-1 "" when points > 4 and "t" in tags then "big"
        rule some reason D-2 "" when points >= 3 or level == High then "some"
        otherwise reason D-3 "" then "none"
      }
      """, 2
    ),
    (
      "facts in a row",
      """
      decision d: text hit first {
        rule rising reason D-1 "" when e.a < e.b and e.b < e.c then "rising"
        rule high reason D-2 "" when e.a < e.b and e.a > 2 then "high"
        otherwise reason D-3 "" then "none"
      }
      """, 0
    ),
    (
      "priorities and two facts compared",
      """
      decision d: text hit priority "x" > "y" > "z" {
        rule one reason D-1 "" when e.a > e.b then "y"
        rule two reason D-2 "" when e.c >= 2 then "x"
        rule three reason D-3 "" when not (e.b == 1 or e.b == 4) then "z"
        otherwise reason D-4 "" then "w"
      }
      """, 0
    ),
  ]

  @Test(arguments: decisions.indices)
  func `what is proved holds at every point`(index: Int) throws {
    let (name, text, decision) = Self.decisions[index]
    let directory = try TemporaryDirectory()
    let library = try DecisionLibraryText.library(Self.header + "\n" + text, in: directory)
    var random = SeededGenerator(seed: UInt64(index))
    for _ in 0..<12 {
      let own = (0..<3).map { _ in Int.random(in: 0...5, using: &random) }
      let decided = try DecisionLibraryText.decided(
        library, ["e.a": own[0], "e.b": own[1], "e.c": own[2]], decision: decision)
      guard decided.result.isDecided else { continue }
      let brute = BruteForce(decided, top: 5)
      let cells = CellDecision(decided.overQuantities())
      let slots = decided.facts.map(\.slot)
      let reasons = SufficientReasons(cells)
      func original(_ facts: [Int]) -> Set<Int> {
        Set(facts.compactMap { slots.firstIndex(of: cells.decided.facts[$0].slot) })
      }
      if reasons.reason.isProved {
        #expect(brute.entails(original(reasons.reason.facts)), "\(name) \(own)")
        checkRegions(cells, reasons.reason, brute, slots, "\(name) \(own)")
      }
      for reason in reasons.all ?? [] { #expect(brute.entails(original(reason)), "\(name) \(own)") }
      for fact in reasons.necessary {
        let others = Set(decided.facts.indices).subtracting(original([fact]))
        #expect(!brute.entails(others), "\(name) \(own)")
      }
    }
  }

  /// Every point within the intervals that are printed.
  private func checkRegions(
    _ cells: CellDecision, _ reason: SufficientReason, _ brute: BruteForce, _ slots: [Int],
    _ name: String
  ) {
    for point in brute.results.indices {
      let values = brute.values(of: point)
      let isInside = zip(reason.facts, reason.cells).allSatisfy { fact, range in
        guard let place = slots.firstIndex(of: cells.decided.facts[fact].slot),
          let axis = cells.axes[fact].axis
        else { return false }
        return range.contains(axis.cell(of: Quotient(Int128(values[place]))))
      }
      if isInside { #expect(brute.results[point] == brute.decided.result, "\(name) \(values)") }
    }
  }
}
