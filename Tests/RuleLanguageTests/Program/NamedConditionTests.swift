import DataFields
import RuleLanguage
import Testing

/// `let high = average > 500`: a name for a condition changes nothing of what it means.
@Suite struct NamedConditionTests {
  private static let text = """
    input e from "s" {
      id text key
      a  int
      b  int
      k  bool
    }
    let high = e.a > 5
    let low  = not high
    let both = low or e.b > 3
    decision first: text hit first {
      rule a reason F-1 when e.a > 5 then "x"
      otherwise reason F-2 then "y"
    }
    let isY = not (first == "x")
    decision named: text hit first {
      rule a reason N-1 when both and e.k then "one"
      rule b reason N-2 when isY then "two"
      otherwise reason N-3 then "three"
    }
    decision written: text hit first {
      rule a reason W-1 when (not (e.a > 5) or e.b > 3) and e.k then "one"
      rule b reason W-2 when not (first == "x") then "two"
      otherwise reason W-3 then "three"
    }
    """

  @Test func `a decision by a named condition is refused as one by the condition is`() throws {
    let program = try #require(RuleText.unanalysed(Self.text))
    var runner = ProgramRunner(program)
    var refused = 0
    for a in [nil, 5, 6] as [Int128?] {
      for b in [nil, 3, 4] as [Int128?] {
        for k in [nil, 0, 1] as [Int128?] {
          runner.workspace.clear()
          for (name, value) in [("e.a", a), ("e.b", b), ("e.k", k)] {
            if let value { runner.supply(name, value) }
          }
          runner.run()
          #expect(runner.outcome("named") == runner.outcome("written"), "\(a) \(b) \(k)")
          if runner.outcome("named") == nil { refused += 1 }
          #expect((runner.outcome("named") == nil) == (a == nil || b == nil || k == nil))
        }
      }
    }
    #expect(refused == 19)
  }
}
