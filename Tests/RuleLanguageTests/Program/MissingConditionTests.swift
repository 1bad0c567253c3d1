import DataFields
import RuleLanguage
import Testing

/// A condition with a name and no value to ask about has no truth value, unless one stands in.
@Suite struct MissingConditionTests {
  private static let text = """
    input e from "s" {
      id text key
      a  int
      b  int
    }
    let high    = e.a > 5 missing true
    let low     = e.a > 5 missing false
    let either  = e.a > 5 or e.b > 5 missing true
    let refused = e.a > 5
    let through = not refused missing true
    decision d: text hit first {
      rule a reason D-1 when high then "high"
      otherwise reason D-2 then "low"
    }
    """

  private func run(_ values: [String: Int128]) throws -> ProgramRunner {
    var runner = ProgramRunner(try #require(RuleText.unanalysed(Self.text)))
    runner.workspace.clear()
    for (name, value) in values { runner.supply(name, value) }
    runner.run()
    return runner
  }

  private func truth(_ name: String, _ runner: ProgramRunner) -> Bool? {
    let slot = runner.slot(name)
    return runner.workspace.row.isPresent(slot) ? runner.workspace.row.value(slot) != 0 : nil
  }

  @Test(
    arguments: [
      ("high", true), ("low", false), ("either", true), ("refused", nil), ("through", true),
    ] as [(String, Bool?)])
  func `what stands in is the truth value of a condition without its value`(
    _ name: String, _ expected: Bool?
  ) throws {
    #expect(truth(name, try run(["e.b": 1])) == expected)
  }

  @Test(arguments: [
    ("high", false), ("low", false), ("either", false), ("refused", false), ("through", true),
  ])
  func `a condition with its value is itself`(_ name: String, _ expected: Bool) throws {
    #expect(truth(name, try run(["e.a": 5, "e.b": 1])) == expected)
    let other = name == "through" ? !expected : true
    #expect(truth(name, try run(["e.a": 6, "e.b": 1])) == other)
  }

  @Test func `a decision goes by what stands in`() throws {
    #expect(try run([:]).outcome("d") == "high")
    #expect(try run(["e.a": 5]).outcome("d") == "low")
  }

  @Test func `a rule that asks whether a value is missing leaves conditions on it their truth`()
    throws
  {
    let text =
      Self.text + """

        decision asked: text hit first {
          rule a reason A-1 when e.a is missing and not refused then "without"
          rule b reason A-2 when refused then "high"
          otherwise reason A-3 then "low"
        }
        """
    var runner = ProgramRunner(try #require(RuleText.unanalysed(text)))
    runner.workspace.clear()
    runner.run()
    #expect(truth("refused", runner) == false)
    #expect(runner.outcome("asked") == "without")
  }

  @Test func `a rule may ask whether a condition has a truth value`() throws {
    let text = """
      input e from "s" {
        id text key
        a  int
      }
      let high = e.a > 5
      decision d: text hit first {
        rule a reason D-1 when high is missing then "unknown"
        rule b reason D-2 when high then "high"
        otherwise reason D-3 then "low"
      }
      """
    var runner = ProgramRunner(try #require(RuleText.compile(text).program))
    for (value, outcome) in [(nil, "unknown"), (5, "low"), (6, "high")] as [(Int128?, String)] {
      runner.workspace.clear()
      if let value { runner.supply("e.a", value) }
      runner.run()
      #expect(runner.outcome("d") == outcome)
    }
    // Without the rule that asks, nothing decides where the truth value is missing.
    let without = text.replacing(
      "otherwise reason D-3 then", with: "rule c reason D-3 when not high then"
    )
    .replacing("rule a reason D-1 when high is missing then \"unknown\"\n", with: "")
    #expect(RuleText.findings(without).isEmpty)
  }

  @Test func `a cut point above every probability is an error`() {
    let text = """
      input e from "s" {
        id   text key
        size int
      }
      model m from "m.pmml" sha256 "\(RuleText.modelDigest)" {
        feed SIZE   = e.size as float
        feed REGION = e.id
        score p = probability("1")
      }
      decision d: text hit first {
        rule a reason D-1 when m.p > 1.5 then "high"
        otherwise reason D-2 then "low"
      }
      """
    #expect(RuleText.findings(text) == ["D4@11"])
    let wider = text.replacing("(\"1\")", with: "(\"1\") in 0 ... 2")
    #expect(!RuleText.findings(wider).contains { $0.hasPrefix("D4") })
  }
}
