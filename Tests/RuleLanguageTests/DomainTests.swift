import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

/// What an aggregate or a value can be is the same to the checker, the analysis and the engine.
@Suite struct DomainTests {
  private static let text = """
    input e from "s" {
      id text key
      a  int in 0 ... 100
    }
    event v from "v" by who = e.id {
      who text
      at  date time
      n   int in 0 ... 100
      m   int
    }
    let latest = last(v.n) over all time
    let total  = sum(v.n) over all time missing -5
    let kept   = v where m >= 0
    let small  = min(kept.m) over all time
    let most   = max(v.m) over all time missing refuse in 409_282 ... 500_000
    let double = e.a * 2 missing refuse in 10 ... 50
    decision d: text hit unique {
      rule a reason A-1 "" when most > 5 and double > 30 then "x"
      rule b reason A-2 "" when most > 450_000 then "x"
      otherwise reason A-3 "" then "y"
    }
    """

  @Test func `what is supplied for an aggregate is what events can add up to`() throws {
    let program = try #require(RuleText.unanalysed(Self.text))
    func bounds(_ name: String) -> [Quotient?] {
      program.lets.filter { $0.name == name }.flatMap { [$0.lowerBound, $0.upperBound] }
    }
    #expect(bounds("latest") == [Quotient(0), Quotient(100)])
    #expect(bounds("total") == [Quotient(-5), nil])
    #expect(bounds("small") == [Quotient(0), nil])
    #expect(bounds("most") == [Quotient(409_282), Quotient(500_000)])
    #expect(bounds("double") == [Quotient(10), Quotient(50)])
  }

  @Test func `a witness lies in the range that is declared`() throws {
    let found = RuleText.compile(Self.text).diagnostics
    #expect(found.contains { $0.code == "T3" })
    let overlap = try #require(found.first { $0.code == "O2" })
    #expect(overlap.message.contains("most = 450_001"))
  }

  @Test func `a computed value outside the range that is declared refuses the decision`() throws {
    let program = try #require(RuleText.unanalysed(Self.text))
    var runner = ProgramRunner(program)
    for most in [409_281, 409_282, 500_000, 500_001] as [Int128] {
      for a in [4, 5, 25, 26] as [Int128] {
        runner.workspace.clear()
        runner.supply("e.a", a)
        runner.workspace.row.set(runner.slot("most"), to: most, origin: .events)
        runner.run()
        let isWithin = (409_282...500_000).contains(most) && (5...25).contains(a)
        let result = runner.workspace.results[0]
        #expect((result.status == .decided) == isWithin)
        if !isWithin { #expect(result.refusal == .outOfRange) }
      }
    }
  }
}
