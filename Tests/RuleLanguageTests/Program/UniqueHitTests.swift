import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

/// `hit unique` where two rules hold: with one outcome it is decided, with two it is not.
@Suite struct UniqueHitTests {
  private func text(_ outcomes: [String]) -> String {
    let rules = outcomes.enumerated().map { number, outcome in
      "  rule r\(number) reason A-\(number) \"\" when e.a > \(number * 10) then \"\(outcome)\""
    }
    return """
      input e from "s" {
        id text key
        a  int in 0 ... 100
      }
      decision d: text hit unique {
      \(rules.joined(separator: "\n"))
        otherwise reason A-9 "" then "none"
      }
      """
  }

  @Test(arguments: [["x", "x", "x"], ["x", "x", "y"], ["x", "y", "x"], ["x", "y", "y"]])
  func `rules of one outcome decide by the first, of two they refuse`(_ outcomes: [String]) throws {
    let program = try #require(RuleText.unanalysed(text(outcomes)))
    var runner = ProgramRunner(program)
    for value in 0...40 {
      runner.workspace.clear()
      runner.supply("e.a", Int128(value))
      runner.run()
      let holding = outcomes.indices.filter { value > $0 * 10 }
      let result = runner.workspace.results[0]
      if Set(holding.map { outcomes[$0] }).count > 1 {
        #expect(result.status == .refused)
        #expect(result.refusal == .conflict)
        #expect(outcomes[Int(result.conflictingRule)] != outcomes[0])
      } else {
        #expect(result.status == .decided)
        #expect(Int(result.rule) == holding.first ?? outcomes.count)
      }
    }
  }

  @Test func `the checker warns of the one and refuses the other`() {
    let (same, warnings) = RuleText.compile(text(["x", "x"]))
    #expect(same != nil)
    #expect(warnings.filter { $0.code.hasPrefix("O") }.map(\.code) == ["O2"])
    let (different, errors) = RuleText.compile(text(["x", "y"]))
    #expect(different == nil)
    #expect(errors.filter { $0.code.hasPrefix("O") }.map(\.code) == ["O1"])
  }
}
