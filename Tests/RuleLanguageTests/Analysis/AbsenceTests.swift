import RuleLanguage
import SourceDiagnostics
import Testing

/// A value for whose absence a rule asks may be missing in every decision, and so may what is
/// computed from it.
@Suite struct AbsenceTests {
  private static let head = """
    input e from "s" {
      id text key
      a  int  in 0 ... 9
      b  int  in 0 ... 9
    }
    let half = e.a / 2
    rank r: S by half {
      A below 2
      B otherwise
    }
    scale S: A < B
    decision asks: text hit first {
      rule a reason A-1 when e.a is missing then "without"
      otherwise reason A-2 then "with"
    }

    """

  /// The findings on decisions other than the one that asks.
  private func findings(_ decision: String) -> [String] {
    RuleText.rendered(Self.head + decision).filter { $0.contains("G1") || $0.contains("possible") }
  }

  @Test func `what is computed from a value that may be missing may be missing`() throws {
    let found = findings(
      """
      decision d: text hit first {
        rule a reason D-1 when r == A then "low"
        rule b reason D-2 when r == B then "high"
      }
      """)
    #expect(found.count == 1)
    #expect(found.first?.contains("half is missing") == true)
    #expect(
      findings(
        """
        decision d: text hit first {
          rule a reason D-1 when r == A then "low"
          rule b reason D-2 when r == B then "high"
          rule c reason D-3 when e.a is missing then "unknown"
        }
        """
      ).allSatisfy { $0.contains("possible") })
  }

  @Test func `two values compare in no way where one of them is missing`() throws {
    let found = findings(
      """
      decision d: text hit first {
        rule a reason D-1 when e.a <= e.b then "low"
        rule b reason D-2 when e.a > e.b then "high"
      }
      """)
    #expect(found.count == 1)
    #expect(found.first?.contains("e.a is missing or e.b is missing") == true)
  }

  @Test func `a value that is refused where it is missing leaves no gap`() {
    #expect(
      findings(
        """
        decision d: text hit first {
          rule a reason D-1 when e.b <= 5 then "low"
          rule b reason D-2 when e.b > 5 then "high"
        }
        """
      ).isEmpty)
  }

  @Test func `what two values compare as agrees with where they lie`() {
    // Below 3 and from 6 on they compare in one way only.
    let text = """
      input e from "s" {
        id text key
        a  int  in 0 ... 9
        b  int  in 0 ... 9
      }
      decision d: text hit first {
        rule a reason D-1 when e.a < 3 and e.b >= 6 and e.a < e.b then "low"
        rule b reason D-2 when e.a < 3 and e.b < 6 then "middle"
        rule c reason D-3 when e.a >= 3 then "high"
      }
      """
    #expect(!RuleText.findings(text).contains { $0.hasPrefix("G") })
    // Where the cells meet, each comparison may be.
    let meeting = text.replacing("e.b >= 6 and", with: "e.b >= 2 and")
      .replacing("e.b < 6 then", with: "e.b < 2 then")
    #expect(RuleText.findings(meeting).contains { $0.hasPrefix("G1") })
  }

  @Test func `the values of a witness compare as it says`() throws {
    let text = """
      input e from "s" {
        id text key
        a  int  in 0 ... 9
        b  int  in 0 ... 9
        c  int  in 0 ... 9
      }
      decision d: text hit first {
        rule a reason D-1 when e.a >= e.b or e.b > 8 then "low"
        rule b reason D-2 when e.b > e.c then "middle"
        rule c reason D-3 when e.c >= 8 and e.a < 2 then "high"
      }
      """
    let found = try #require(RuleText.compile(text).diagnostics.first { $0.code == "G1" })
    func value(_ name: String) -> Int? {
      found.witness.compactMap { part in
        part.hasPrefix("\(name) = ") ? Int(part.dropFirst(name.count + 3)) : nil
      }.first
    }
    let (a, b, c) = (
      try #require(value("e.a")), try #require(value("e.b")), try #require(value("e.c"))
    )
    #expect(a < b && b <= 8 && b <= c && !(c >= 8 && a < 2), "\(found.witness)")
  }
}
