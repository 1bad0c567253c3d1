import RuleLanguage
import SourceDiagnostics
import Testing

/// What a file may hold of anything is limited, and a limit says what it is.
@Suite struct LimitTests {
  private static let input = "input e from \"s\" {\n  id text key\n  n int\n}\n"

  private func message(_ text: String) -> String? {
    RuleText.compile(text).diagnostics.first { $0.code == "X7" }?.message
  }

  private func options(_ count: Int) -> String {
    // Lines are limited as well.
    let values = (0..<count).map { $0.isMultiple(of: 100) ? "\n\($0)" : "\($0)" }
    return Self.input + """
      decision d: text hit first {
        rule a reason D-1 "A."
          when e.n in (\(values.joined(separator: ", ")))
          then "a"
        otherwise reason D-2 "B." then "b"
      }
      """
  }

  @Test func `a list of values is limited`() {
    #expect(message(options(10_000)) == nil)
    #expect(message(options(10_001)) == "`in (...)` lists at most 10000 values")
  }

  @Test func `the rules of a decision are limited`() {
    let rules = (0...10_000).map {
      "  rule r\($0) reason D-\($0) \"A.\" when e.n == \($0) then \"a\"\n"
    }
    let text = Self.input + "decision d: text hit first {\n" + rules.joined() + "}\n"
    #expect(message(text) == "a decision has at most 10000 rules")
  }

  @Test func `the decisions of rulesets are limited`() {
    let decisions = (0...1_000).map {
      "decision d\($0): text hit first {\n  otherwise reason D-\($0) \"A.\" then \"a\"\n}\n"
    }
    #expect(
      message(Self.input + decisions.joined())
        == "rulesets have at most 1000 decisions together")
  }

  @Test func `the files that a file uses are limited`() {
    let uses = String(repeating: "use \"f.rules\"\n", count: 1_001)
    let used = "ruleset used version 1 {\n}\n"
    let found = RuleText.compile(uses + Self.input, files: ["f.rules": used]).diagnostics
      .filter { $0.code == "X7" }
    #expect(found.map(\.message) == ["a file uses at most 1000 others"])
  }
}
