import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

@Suite struct AnalysisTests {
  static let base = """
    input e from "static" {
      id  text key
      n   int in 0 ... 100
      m   int in 0 ... 100
      k   text
      o   int
    }
    scale S: A < B < C
    rank p: S by e.n {
      A below 10
      B below 20
      C otherwise
    }
    rank q: S by e.n {
      A below 20
      B below 30
      C otherwise
    }
    rank r: S by e.m {
      A below 10
      B below 20
      C otherwise
    }

    """

  private func findings(_ hit: String, _ body: String) -> [Diagnostic] {
    RuleText.compile(Self.base + "decision d: text hit \(hit) {\n\(body)\n}").diagnostics
      .filter { !$0.code.hasPrefix("T") }
  }

  @Test func `a gap comes with an input that falls into it`() throws {
    let found = findings(
      "unique",
      """
      rule a reason A-1 when p == A then "x"
      rule b reason A-2 when p == C then "y"
      """)
    #expect(found.map(\.code) == ["G2"])
    #expect(found.first?.message == "no rule for p = B")
    #expect(found.first?.notes.first == "for example e.n = 10")
  }

  @Test func `an overlap with different outcomes comes with an input and both rules`() throws {
    let found = findings(
      "unique",
      """
      rule a reason A-1 when p == A then "x"
      rule b reason A-2 when p <= B then "y"
      rule c reason A-3 when p == C then "z"
      """)
    #expect(found.map(\.code) == ["O1"])
    #expect(found.first?.severity == .error)
    #expect(found.first?.notes.first == "where p = A")
  }

  @Test(arguments: [
    "e.n > e.m", "e.n >= e.m", "e.n != e.m", "e.n > 2 * e.m", "e.n + e.m < 9 person",
  ])
  func `a comparison of two quantities may hold and may fail`(condition: String) {
    let found = RuleText.compile(
      """
      unit person
      input e from "s" {
        id text        column "ID" key
        n  int person  in 0 ... 1_000
        m  int person  in 0 ... 1_000
      }
      decision d: text hit first {
        rule a reason A-1 "" when \(condition) then "x"
        otherwise reason A-2 "" then "y"
      }
      """
    ).diagnostics
    #expect(found.allSatisfy { $0.severity == .note }, "\(found)")
  }

  /// What stands in for a missing value is one of the values that rules must cover.
  @Test(arguments: [
    ("let a = sum(v.net) over all time missing 0", "a >= 0", "a < 0", ["U1"]),
    ("let a = min(v.net) over all time missing -1", "a >= 0", "a < 0", []),
    ("let a = e.n + 0 missing 200", "a <= 100", "a > 100", []),
    ("let a = e.n missing 200", "a <= 100", "a > 100", []),
    ("let a = e.n > 5 missing true", "a", "not a", []),
  ])
  func `a rule may hold for what stands in for a missing value`(
    _ declaration: String, _ first: String, _ second: String, _ codes: [String]
  ) {
    let found = RuleText.compile(
      """
      input e from "s" {
        id text key
        n  int in 0 ... 100
      }
      event v from "vs" by who = e.id {
        who text
        at  date time
        net int in 0 ... 50
      }
      \(declaration)
      decision d: text hit unique {
        rule a reason A-1 when \(first) then "x"
        rule b reason A-2 when \(second) then "y"
      }
      """
    ).diagnostics
    #expect(found.filter { $0.severity == .error }.map(\.code) == codes, "\(found)")
  }

  @Test func `an overlap with the same outcome is a warning`() {
    let found = findings(
      "unique",
      """
      rule a reason A-1 when p <= B then "x"
      rule b reason A-2 when p >= B then "x"
      """)
    #expect(found.map(\.code) == ["O2"])
    #expect(found.first?.severity == .warning)
  }

  @Test func `any admits an overlap with the same outcome`() {
    let found = findings(
      "any",
      """
      rule a reason A-1 when p <= B then "x"
      rule b reason A-2 when p >= B then "x"
      """)
    #expect(found.isEmpty)
  }

  @Test func `two ranks of one input are not independent`() {
    // p == C (n >= 20) and q == A (n < 20) cannot both be.
    let found = findings(
      "first",
      """
      rule a reason A-1 when p == C and q == A then "x"
      otherwise reason A-2 then "y"
      """)
    #expect(found.map(\.code) == ["U1", "S1"])
    #expect(found.first?.message == "`a` holds for no input")
    // Of the nine pairs four occur: AA, BA, CB, CC.
    #expect(found.last?.message == "4 of 4 rank combinations end in otherwise")
  }

  @Test func `a rule that earlier rules cover together never decides`() {
    let found = findings(
      "first",
      """
      rule a reason A-1 when p == A then "x"
      rule b reason A-2 when p == B then "y"
      rule c reason A-3 when p <= B then "z"
      otherwise reason A-4 then "w"
      """)
    #expect(found.map(\.code) == ["U2", "S1"])
  }

  @Test func `otherwise that cannot decide is refused`() {
    let found = findings(
      "first",
      """
      rule a reason A-1 when p <= B then "x"
      rule b reason A-2 when p >= B then "y"
      otherwise reason A-3 then "z"
      """)
    #expect(found.map(\.code) == ["U2"])
    #expect(found.first?.message.contains("`otherwise`") == true)
  }

  @Test func `numbers are cut where rules compare them, on the right side`() {
    let found = findings(
      "unique",
      """
      rule a reason A-1 when e.n < 50 then "x"
      rule b reason A-2 when e.n > 50 then "y"
      """)
    #expect(found.map(\.message) == ["no rule covers e.n = 50"])
    let closed = findings(
      "unique",
      """
      rule a reason A-1 when e.n <= 50 then "x"
      rule b reason A-2 when e.n >= 51 then "y"
      """)
    // Between 50 and 51 there is no whole number.
    #expect(closed.isEmpty)
  }

  /// What stands in for a missing value need not lie within the bounds of those that are given.
  @Test(arguments: [
    "input g from \"t\" {\n  id text key\n  v int in 10 ... 20 missing 0\n}\nlet w = g.v",
    "input g from \"t\" {\n  id text key\n  v int in 10 ... 20\n}\nlet w = g.v * 1 missing 0",
  ])
  func `a value that stands in for a missing one is a case`(declarations: String) {
    let found = RuleText.compile(
      declarations + """

        decision d: text hit unique {
          rule a reason A-1 when w >= 10 then "x"
        }
        """
    ).diagnostics
    #expect(found.map(\.code) == ["G1"])
  }

  @Test func `texts are cut into those that rules name and the rest`() {
    let found = findings(
      "unique",
      """
      rule a reason A-1 when e.k == "x" then "x"
      rule b reason A-2 when e.k == "y" then "y"
      """)
    #expect(found.map(\.message) == ["no rule for e.k = any other text"])
  }

  @Test func `a value that may be missing is a case of its own`() {
    let found = findings(
      "unique",
      """
      rule a reason A-1 when e.o < 5 then "x"
      rule b reason A-2 when e.o >= 5 then "y"
      rule c reason A-3 when e.o is missing then "z"
      """)
    #expect(found.isEmpty)
    let gap = findings(
      "unique",
      """
      rule a reason A-1 when e.o < 5 then "x"
      rule c reason A-3 when e.o is present and e.o >= 5 then "z"
      """)
    #expect(gap.map(\.message) == ["no rule covers e.o is missing"])
  }

  @Test func `what rests on a common input is called possible`() {
    let text =
      Self.base + """
        let twice = e.n + e.n
        decision d: text hit unique {
          rule a reason A-1 when twice < 10 then "x"
          rule b reason A-2 when twice >= 10 and e.n >= 5 then "y"
        }
        """
    let found = RuleText.compile(text).diagnostics.filter { $0.code == "G1" }
    #expect(found.first?.message.hasPrefix("possibly no rule covers") == true)
  }

  @Test func `a decision that another reads is taken as the function that it is`() {
    let text =
      Self.base + """
        decision c: text hit first {
          rule a reason C-1 when p == A then "in"
          otherwise reason C-2 then "out"
        }
        decision d: text hit unique {
          table
            p | c     || then | reason
            A | *     || "x"  | D-1
            B | "out" || "y"  | D-2
            C | "out" || "z"  | D-3
        }
        """
    #expect(
      RuleText.compile(text).diagnostics.map(\.code).filter { !$0.hasPrefix("T") } == ["S1"])
  }

  @Test func `a cut point that changes nothing is named, and so is an idle rank`() {
    let text =
      Self.base + """
        decision d: text hit first {
          rule a reason A-1 when p == A then "x"
          rule b reason A-2 when r <= C then "y"
        }
        """
    let found = RuleText.compile(text).diagnostics
    #expect(
      found.map { "\($0.code) \($0.message)" } == [
        "T1 the cut point `p.C` = 20 changes no outcome", "T2 `r` changes no outcome",
      ])
  }

  @Test func `thirty inputs are no obstacle to a gap and an overlap`() throws {
    var text = "input e from \"s\" {\n  id text key\n"
    for index in 0..<30 { text += "  n\(index) int\n" }
    text += "}\ndecision d: text hit unique {\n"
    for index in 0..<30 {
      text += "  rule r\(index) reason A-\(index) when e.n\(index) < \(index) then \"x\"\n"
    }
    let found = RuleText.compile(text + "}").diagnostics
    #expect(Set(found.map(\.code)) == ["G1", "O2"])
    let gap = try #require(found.first { $0.code == "G1" })
    // All thirty inputs must lie above for none to hold.
    #expect(gap.message.split(separator: ",").count == 30)
    let overlap = try #require(found.first { $0.code == "O2" })
    #expect(overlap.message.hasSuffix("for e.n0 = -1, e.n1 = 0, with the same outcome"))
    #expect(found.last { $0.code == "O2" }?.notes.last == "425 more pairs of rules overlap")
  }

  /// Random decisions over two ranks against trying every input.
  @Test(arguments: 0..<60)
  func `gaps, overlaps and idle rules agree with trying every input`(_ seed: Int) throws {
    var state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    let operators = ["==", "!=", "<", "<=", ">", ">="]
    let levels = ["A", "B", "C"]
    struct Clause {
      var variable: Int
      var symbol: Int
      var level: Int
      func holds(_ n: Int, _ m: Int) -> Bool {
        let rank =
          variable == 0
          ? (n < 10 ? 0 : n < 20 ? 1 : 2)
          : variable == 1 ? (n < 20 ? 0 : n < 30 ? 1 : 2) : (m < 10 ? 0 : m < 20 ? 1 : 2)
        switch symbol {
        case 0: return rank == level
        case 1: return rank != level
        case 2: return rank < level
        case 3: return rank <= level
        case 4: return rank > level
        default: return rank >= level
        }
      }
    }
    var rules: [[Clause]] = []
    var text = Self.base + "decision d: text hit unique {\n"
    for index in 0..<(2 + random(3)) {
      let clauses = (0...random(2)).map { _ in
        Clause(variable: random(3), symbol: random(6), level: random(3))
      }
      rules.append(clauses)
      let condition = clauses.map {
        "\(["p", "q", "r"][$0.variable]) \(operators[$0.symbol]) \(levels[$0.level])"
      }.joined(separator: " and ")
      text += "  rule r\(index) reason A-\(index) when \(condition) then \"x\(index)\"\n"
    }
    var isGap = false
    var overlaps = Set<[Int]>()
    var held = Set<Int>()
    for n in 0...100 {
      for m in 0...100 {
        let holding = rules.indices.filter { rules[$0].allSatisfy { $0.holds(n, m) } }
        if holding.isEmpty { isGap = true }
        held.formUnion(holding)
        for (place, left) in holding.enumerated() {
          for right in holding[(place + 1)...] { overlaps.insert([left, right]) }
        }
      }
    }
    let found = RuleText.compile(text + "}").diagnostics
    #expect(found.contains { $0.code == "G1" || $0.code == "G2" } == isGap, "\(text)")
    #expect(found.count { $0.code == "O1" } == overlaps.count, "\(text)")
    #expect(found.count { $0.code == "U1" } == rules.count - held.count, "\(text)")
  }
}
