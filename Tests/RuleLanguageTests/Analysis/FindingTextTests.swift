import RuleLanguage
import SourceDiagnostics
import Testing

/// Findings as people read them.
@Suite struct FindingTextTests {
  static let base = """
    currency HUF
    input e from "static" {
      id       text key
      amount   decimal(2) HUF in 0 ... 1_000_000
      coverage int in 0 ... 50
      kind     text
    }
    scale Size: S < M < L
    rank size: Size by e.coverage {
      S below 3
      M up to 6
      L otherwise
    }

    """

  private func rendered(_ decision: String, code: String) -> [String] {
    RuleText.compile(Self.base + decision).diagnostics.filter { $0.code == code }
      .map { DiagnosticRenderer(style: .plain).render($0) }
  }

  @Test func `a gap says its witness, its region and the row that would close it`() {
    let decision = """
      decision fee: text hit unique {
        table
          e.amount           | e.coverage || then | reason
          < 50_000           | *          || "a"  | F-1
          >= 100_000         | *          || "b"  | F-2
          50_000 ..< 100_000 | < 3        || "c"  | F-3
      }
      """
    #expect(
      rendered(decision, code: "G1") == [
        """
        error[G1]: no rule covers e.amount = 50_000 HUF, e.coverage = 3
         --> r.rules:16:1
          = gap: 50_000 <= e.amount < 100_000 and e.coverage >= 3
          = add, for example:   50_000 ..< 100_000 | >= 3 || ... | reason ...

        """
      ])
  }

  @Test func `the row that a gap proposes closes it`() {
    let decision = """
      decision fee: text hit unique {
        table
          size | e.amount || then | reason
          S    | *        || "a"  | F-1
          M    | <= 50.5  || "b"  | F-2
          L    | *        || "c"  | F-3
      """
    let gaps = rendered(decision + "\n}", code: "G1")
    #expect(gaps.count == 1)
    let row = gaps.first.flatMap { gap in
      gap.split(separator: "\n").first { $0.contains("add, for example:   ") }
    }
    #expect(row == "  = add, for example:   M | > 50.5 || ... | reason ...")
    let closed = RuleText.compile(
      Self.base + decision + "\n    M | > 50.5 || \"d\" | F-4\n}"
    ).diagnostics
    #expect(closed.filter { $0.severity == .error } == [])
  }

  @Test func `a rule that a gap proposes is written with its units`() {
    let decision = """
      decision fee: text hit first {
        rule one reason F-1 when e.amount > 10.5 HUF or e.kind == "x" then "a"
      }
      """
    #expect(
      rendered(decision, code: "G1") == [
        """
        error[G1]: no rule covers e.amount = 0 HUF, e.kind = any other text
         --> r.rules:16:1
          = gap: e.amount <= 10.5 and e.kind != "x"
          = add, for example:   rule NAME reason CODE "..." when e.amount <= 10.5 HUF and \
        e.kind != "x" then ...

        """
      ])
  }

  @Test func `a covered rule is marked with the rules that cover it`() {
    let decision = """
      decision fee: text hit first {
        rule one reason F-1 when size == S then "a"
        rule two reason F-2 when size == M then "b"
        rule three reason F-3 when size <= M then "c"
        otherwise reason F-4 then "d"
      }
      """
    #expect(
      rendered(decision, code: "U2") == [
        """
        error[U2]: `three` never decides: `one` and `two` together take every case of it
          --> r.rules:19:3
           |
        17 |   rule one reason F-1 when size == S then "a"
           |   ^^^^^^^^
        18 |   rule two reason F-2 when size == M then "b"
           |   ^^^^^^^^
        19 |   rule three reason F-3 when size <= M then "c"
           |   ^^^^^^^^^^ never decides

        """
      ])
  }
}
