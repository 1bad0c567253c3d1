import RuleLanguage
import SourceDiagnostics
import Testing

@Suite struct ParserTests {
  @Test(arguments: [
    ("lett a = 1", ["X5@1"]),
    ("let = 1", ["X5@1"]),
    ("let a 1", ["X5@1"]),
    ("let a = ", ["X5@1"]),
    ("let a = (1", ["X5@1"]),
    ("let a = 1 = 2", ["X5@1"]),
    ("let a = 1__0", ["X3@1"]),
    ("let a = 99999999999999999999999999999999999999999999999999", ["X3@1"]),
    ("let a = 2021-02-30", ["X4@1"]),
    ("let and = 1", ["X5@1"]),
    ("unit below", ["X5@1"]),
    ("input e from \"x\" {\n  id texxt key\n  n integer\n}", ["X5@2", "X5@3"]),
    ("input e from \"x\" {\n  id text kee\n}", ["X5@2"]),
    ("scale S A < B", ["X5@1"]),
    ("scale S: A <", ["X5@1"]),
    ("decision d: text hit sometimes {\n}", ["X5@1"]),
    ("test {\n}", ["X5@1"]),
    ("decision d: text hit first {\n  rule a reason D- when true then \"x\"\n}", ["X5@2"]),
    ("let a = 5 HUF/then", ["X5@1"]),
    ("decision d: text hit first {\n  rule a reason D--1 when true then \"x\"\n}", ["X5@2"]),
  ])
  func `a fault shows where it is`(_ text: String, _ findings: [String]) {
    #expect(RuleText.findings(text) == findings)
  }

  @Test func `parsing goes on after each fault`() {
    let text = """
      let a = )
      let b = 1 +
      scale S: A <
      input e from "x" {
        id text column
        n  int in 1 .. 2
        m  int in 1 ... 2
      }
      decision d: text hit first {
        rule one reason A-1 whn s == A then "x"
        rule two reason A-2 when s == then "x"
        otherwise then
      }
      let ok = 1
      """
    #expect(
      RuleText.findings(text) == [
        "X5@1", "X5@2", "X5@3", "X5@5", "X1@6", "X5@10", "X5@11", "X5@12",
      ])
  }

  @Test func `a forgotten brace does not swallow the next declaration`() {
    let text = """
      input e from "x" {
        id text key
      let a = 1
      """
    #expect(RuleText.findings(text) == ["X5@1"])
  }

  @Test func `nesting has a limit`() {
    let deep = String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000)
    #expect(RuleText.findings("let a = \(deep)") == ["X6@1"])
    let long = Array(repeating: "1", count: 10_000).joined(separator: " + ")
    #expect(RuleText.findings("let a = \(long)") == ["X6@1"])
    let nots = String(repeating: "not ", count: 10_000)
    #expect(RuleText.findings("let a = \(nots) true") == ["X6@1"])
    let minus = String(repeating: "- ", count: 10_000)
    #expect(RuleText.findings("let a = \(minus) x") == ["X6@1"])
  }

  @Test func `a file without a ruleset says so`() {
    let (program, diagnostics) = RuleText.compile("let a = 1", withHeader: false)
    #expect(program == nil)
    #expect(diagnostics.map(\.code) == ["X5"])
  }

  @Test func `a file that is too large is refused`() {
    let line = String(repeating: " ", count: 99) + "\n"
    #expect(RuleText.findings(String(repeating: line, count: 42_000)) == ["X7@0"])
    #expect(RuleText.findings("// " + String(repeating: "-", count: 70_000)) == ["X7@1"])
  }

  @Test func `a table's rows have as many cells as its heading`() {
    let text = """
      decision d: text hit first {
        table
          1 | 2 || then | reason
          * | * || "x"  | A-1
          *     || "x"  | A-2
          * | * || "x"
      }
      """
    #expect(
      RuleText.findings(text).filter { $0.hasPrefix("X5") } == ["X5@5", "X5@6"])
  }
}
