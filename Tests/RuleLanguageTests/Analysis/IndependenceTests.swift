import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

/// Combinations that cannot occur are not said to be gaps for certain.
@Suite struct IndependenceTests {
  private static let events = """
    input p from "s" {
      id text key
      y  decimal(2)
      n  int in 0 ... 10
      m  int in 1 ... 10
    }
    event v from "t" by party = p.id {
      party text
      paid  decimal(2)
      capped decimal(2) in 0 ... 10
      at    date time
    }
    let x = sum(v.paid where paid >= 0) over all time missing 0

    """

  private func gaps(_ text: String, rules: [String]) -> [String] {
    let decision =
      "decision d: text hit unique {\n"
      + rules.enumerated().map {
        "  rule r\($0.offset) reason R-\($0.offset) when \($0.element) then \"o\($0.offset)\"\n"
      }.joined() + "}\n"
    return RuleText.compile(text + decision).diagnostics.filter { $0.code == "G1" }.map(\.message)
  }

  @Test func `what a bounded value leaves moves with the other operand`() {
    // x is not negative: x - y lies below -100 only where y is above 100.
    let found = gaps(
      Self.events + "let left = x - p.y\n",
      rules: ["left >= -100", "left < -100 and p.y > 100"])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("possibly ") })
  }

  @Test func `a base without bounds can make up any difference`() {
    let found = gaps(
      Self.events + "let left = p.y - x\n",
      rules: ["left >= -100", "left < -100 and x > 100"])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("no rule ") })
  }

  @Test func `a product with zero is zero`() {
    let found = gaps(
      Self.events + "let rate = x / p.m\nlet pay = rate * p.n\n",
      rules: ["pay <= 5", "pay > 5 and p.n > 0"])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("possibly ") })
  }

  @Test func `a quotient by what is positive can be anything that is not negative`() {
    let found = gaps(
      Self.events + "let rate = x / p.m\n",
      rules: ["rate <= 5", "rate > 5 and p.m > 3"])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("no rule ") })
  }

  @Test func `of no events nothing adds up`() {
    let found = gaps(
      Self.events + """
        let count = count(v) over all time

        """,
      rules: ["count > 0", "count == 0 and x < 10"])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("possibly ") })
  }

  @Test func `few values with an upper bound do not add up to much`() {
    let found = gaps(
      Self.events + """
        let count = count(v) over all time
        let total = sum(v.capped) over all time missing 0

        """,
      rules: ["total <= 1_000", "total > 1_000 and count >= 100"])
    #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("possibly ") })
  }

  @Test func `a decision on a score is tied to the score`() throws {
    let text = """
      input e from "s" {
        id   text key
        size int in 0 ... 10
        region text
      }
      model fraud from "m.pmml" sha256 "\(RuleText.modelDigest)" {
        feed SIZE = e.size as float, REGION = e.region
        score p = probability("1") in 0 ... 1
      }
      decision grade: text hit first {
        rule high reason A-1 when fraud.p >= 0.5 then "high"
        otherwise reason A-2 then "low"
      }

      """
    // A low grade with a high score cannot be.
    #expect(gaps(text, rules: ["grade == \"high\"", "grade == \"low\" and fraud.p < 0.7"]) == [])
    let found = gaps(text, rules: ["grade == \"high\"", "grade == \"low\" and fraud.p < 0.3"])
    #expect(found.count == 1 && found[0].contains("fraud.p"))
  }

  @Test func `what a named condition computes stays what it was`() {
    let text =
      Self.events + """
        let big = p.n + p.m > 5
        let alias = big

        """
    #expect(
      RuleText.findings(
        text + """
          decision d: text hit unique {
            rule a reason R-1 when alias and p.n < 3 then "x"
            rule b reason R-2 when big and p.n >= 3 then "y"
            rule c reason R-3 when not alias then "z"
          }
          """) == [])
  }
}
