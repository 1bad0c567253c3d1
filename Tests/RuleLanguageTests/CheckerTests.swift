import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

/// Each fault is found, at its place, once, and without consequences.
@Suite struct CheckerTests {
  /// An input, an event and what hangs on them; 24 lines.
  static let base = """
    unit person
    currency HUF
    currency EUR
    input e from "static" {
      id    text key, masked keep 2
      size  int person in 1 ... 1_000
      born  date
      note  text
    }
    event v from "events" by who = e.id {
      who  text
      cur  code
      raw  decimal(2) in cur
      net  decimal(2) HUF
      at   date time
    }
    scale S: Low < Mid < High
    scale T: Bad < Fair < Good
    rank s: S by e.size {
      Low below 10 person
      Mid below 100 person
      High otherwise
    }

    """

  private static let list = """
    event w from "ws" by who = e.id {
      who    text
      at     date time
      items  list of { q int  p decimal(2) HUF, c code column "C" }
      tags   list of text
    }

    """

  struct Case: CustomTestStringConvertible {
    var text: String
    var findings: [String]
    init(_ text: String, _ findings: String...) {
      self.text = text
      self.findings = findings
    }
    var testDescription: String { text }
  }

  @Test(arguments: [
    // Names.
    Case("let a = e.sise", "N1@24"),
    Case("let a = unknown + 1", "N1@24"),
    Case("let s = 1", "N2@24"),
    Case("let a = S", "N3@24"),
    Case("let a = v.net", "Y6@24"),
    Case("let a = b\nlet b = c\nlet c = a", "N4@24"),
    Case("let a = 1 metre", "N1@24"),
    Case("rank r: U by e.size {\n  Low otherwise\n}", "N1@24"),
    Case("let a = sume(v.net) over all time", "N1@24"),
    Case("use \"absent.rules\"", "F1@24"),
    // Types and units.
    Case("let a = e.note + 1", "Y1@24"),
    Case("let a = e.size + 1", "Y2@24"),
    Case("let a = e.size + 0"),
    Case("let a = e.size + 1 HUF", "Y2@24"),
    Case("let a = -e.note", "Y1@24"),
    Case("let a = sum(v.raw) over all time", "Y2@24"),
    Case("let a = count distinct(v.raw) over all time"),
    Case("let a = sum(v.note) over all time", "N1@24"),
    Case("let a = sum(v.who) over all time", "Y1@24"),
    Case("let a = sum(v.net)", "Y6@24"),
    Case("let a = sum(v.net) over all time / 2", "Y6@24"),
    Case("let a = count(v) over all time missing refuse", "Y7@24"),
    Case("let a = mean(v.net) over all time missing 0"),
    Case("let a = mean(v.net) over all time missing 5", "Y2@24"),
    Case("let a = mean(v.net) over all time missing 5 HUF"),
    Case("let a = e.size as float", "Y6@24"),
    Case("let k = v where net > 5", "Y2@24"),
    Case("let k = v where net > 5 HUF and cur != EUR and raw >= 0"),
    Case("let k = v where cur != EUX", "N1@24"),
    Case("let k = v where raw > 5", "Y2@24"),
    Case("let k = v where net + net > 5 HUF"),
    Case("let k = v where net + net > 5", "Y2@24"),
    Case("let k = v where net / net > 5", "Y5@24"),
    Case("let k = v where e.size > 5 person", "Y6@24"),
    Case("let a = sum(v.raw to HUF by rates at at) over all time", "N1@24"),
    // Division.
    Case("let a = sum(v.net) over all time\nlet b = a / e.size"),
    Case("let a = count(v) over all time\nlet b = e.size / a", "Y5@25"),
    Case("let a = count(v) over all time\nlet b = e.size / a missing refuse"),
    Case("let a = e.size / 0", "Y5@24"),
    // Ranks.
    Case(
      "rank r: T by e.size {\n  Bad below 5\n  Fair below 9 person\n  Good otherwise\n}", "Y2@25"),
    Case(
      "rank r: T by e.size {\n  Bad below 9 person\n  Fair below 9 person\n  Good otherwise\n}",
      "R1@26"),
    Case(
      "rank r: T by e.size {\n  Fair below 5 person\n  Bad below 9 person\n  Good otherwise\n}",
      "R2@25"),
    Case("rank r: T by e.size {\n  Bad below 5 person\n  Good otherwise\n}", "R2@24"),
    Case(
      "rank r: T by e.size {\n  Bad below 5 person\n  Fair below 9 person\n  Good below 99 person\n}",
      "R2@27"),
    Case("rank r: T by e.note {\n  Bad below 5\n  Fair below 6\n  Good otherwise\n}", "Y1@24"),
    Case(
      "rank r: T by e.size {\n  Bad before 5 person\n  Fair below 9 person\n  Good otherwise\n}",
      "Y1@25"),
    Case(
      "rank r: T by e.size {\n  Bad below 0.5 person\n  Fair below 9 person\n  Good otherwise\n}",
      "Y1@25"),
    Case(
      "rank r: T by e.size {\n  Bad below 5 person\n  Fair below 2_000 person\n  Good otherwise\n}",
      "T3@26"),
    Case("rank r: T by e.size { Bad below 5 person  Fair up to 9 person  Good otherwise }"),
    // Scales.
    Case("align S with T"),
    Case("scale U: A < B\nalign S with U", "Y3@25"),
    Case("scale U: A < A", "N2@24"),
    // What this version does not run.
    Case("input f from \"x\" {\n  id text key\n  items list of {\n    a int\n  }\n}", "L1@26"),
    Case(list + "let a = each w.items\nlet b = sum(a.q) over all time"),
    Case(list + "let b = sum(each w.items.q * each w.items.q) over all time"),
    Case(list + "let b = count distinct(each w.tags) over all time"),
    Case(list + "let t = each w.tags where tags != \"x\"\nlet b = count(t) over all time"),
    Case(list + "let a = each w.itms", "N1@30"),
    Case(list + "let a = each w.who", "Y6@30"),
    Case(list + "let a = each w.items\nlet b = sum(a.qq) over all time", "N1@31"),
    Case(list + "let a = each w.items\nlet b = sum(a) over all time", "Y6@31"),
    Case(list + "let a = each w.items\nlet b = each a.items", "Y6@31"),
    Case(list + "let b = sum(w.items) over all time", "Y6@30"),
    Case(list + "let b = sum(each w.items.q * each w.tags) over all time", "Y6@30"),
    Case(list + "let b = mean(each w.tags) over all time", "Y1@30"),
    Case(list + "let b = each w.items.q + 1", "Y6@30"),
    Case(
      "let a = e.size / (e.size / 1 person)\nrank r: S by a {\n  Low below 0.5 person\n  Mid below 1.25 person\n  High otherwise\n}"
    ),
    Case(
      "decision d: text hit first {\n  rule a reason A-1 when e.size > 5_000 person then \"x\"\n  otherwise reason A-2 then \"y\"\n}",
      "U1@25", "T3@25", "S1@26"),
    Case("examples from \"a.csv\"", "F1@24"),
    // Sources.
    Case("input f from \"x\" {\n  size int\n}", "N1@24"),
    Case("event w from \"x\" by who = e.size {\n  who text\n  at date time\n}", "N3@24"),
    Case("event w from \"x\" by whom = e.id {\n  who text\n  at date time\n}", "N1@24"),
    Case("event w from \"x\" by who = e.id {\n  who text\n  at date\n}", "N1@24"),
    Case("input f from \"x\" {\n  id text key\n  n int in 5 ... 1\n}", "Y1@26"),
    Case("input f from \"x\" {\n  id text key\n  n int in 1 ..< 5 missing 0 step 1\n}"),
    Case("input f from \"x\" {\n  id text key actionable yes\n}", "Y1@25"),
    Case("currency forint", "N3@24"),
  ])
  func `a fault is found once, at its line`(_ test: Case) {
    #expect(RuleText.findings(Self.base + test.text) == test.findings)
  }

  static func decision(_ rules: String, hit: String = "first") -> String {
    "decision d: text hit \(hit) {\n\(rules)\n}"
  }

  @Test(arguments: [
    Case("rule a reason A-1 when s == Low then \"x\"\notherwise reason A-2 then \"y\"", "S1@26"),
    Case("rule a reason A-1 when Low == s then \"x\"\notherwise reason A-2 then \"y\"", "S1@26"),
    Case("rule a reason A-1 when s == S.Low then \"x\"\notherwise reason A-2 then \"y\"", "S1@26"),
    Case("rule a reason A-1 when s == Lo then \"x\"\notherwise reason A-2 then \"y\"", "N1@25"),
    Case("rule a reason A-1 when s == 5 then \"x\"\notherwise reason A-2 then \"y\"", "Y1@25"),
    Case("rule a reason A-1 when s then \"x\"\notherwise reason A-2 then \"y\"", "Y1@25"),
    Case(
      "rule a reason A-1 when e.note < \"b\" then \"x\"\notherwise reason A-2 then \"y\"", "Y1@25"),
    Case("rule a reason A-1 when s == Low then 5\notherwise reason A-2 then \"y\"", "Y1@25"),
    Case("rule a when s == Low then \"x\"\notherwise reason A-2 then \"y\"", "M1@25"),
    Case(
      "rule a reason A-1 when s == Low then \"x\"\notherwise reason A-1 then \"y\"", "M1@26"),
    Case(
      "rule a reason A-1 \"{e.id}\" when s == Low then \"x\"\notherwise reason A-2 then \"y\"",
      "M2@25"),
    Case(
      "rule a reason A-1 \"{sise}\" when s == Low then \"x\"\notherwise reason A-2 then \"y\"",
      "N1@25"),
    Case(
      "rule a reason A-1 \"a {{ brace }}\" when s == Low then \"x\"\notherwise reason A-2 then \"y\"",
      "S1@26"),
    Case(
      "rule a reason A-1 when e.note is missing then \"x\"\notherwise reason A-2 then \"y\"",
      "S1@26"),
    Case(
      "rule a reason A-1 when s == Low then \"x\"\nrule a reason A-3 when s == Mid then \"x\"\notherwise reason A-2 then \"y\"",
      "N2@26"),
  ])
  func `a decision's fault is found once, at its line`(_ test: Case) {
    let found = RuleText.findings(Self.base + Self.decision(test.text))
    // The base has cut points that these rules leave idle.
    #expect(found.filter { !$0.hasPrefix("T1") } == test.findings)
  }

  @Test(arguments: [
    (
      "SIZE = e.size as float, REGION = e.note", "score p = probability(\"1\") in 0 ... 1",
      [String]()
    ),
    ("SIZE = e.size, REGION = e.note", "score p = probability(\"1\")", ["Y1@25"]),
    ("SIZE = e.size as float", "score p = probability(\"1\")", ["D3@24"]),
    ("SIZE = e.size as float, REGIN = e.note", "score p = probability(\"1\")", ["D3@24", "D3@25"]),
    ("SIZE = e.size as float, REGION = e.note", "score p = probability(\"2\")", ["D3@26"]),
    ("SIZE = e.size as float, REGION = e.note", "label p = probability(\"1\")", ["Y1@26"]),
    ("SIZE = e.size as float, REGION = e.note", "score p = probabilty(\"1\")", ["D3@26"]),
  ])
  func `a model takes what it declares`(_ feed: String, _ score: String, _ findings: [String]) {
    let text = """
      model m from "m.pmml" sha256 "\(RuleText.modelDigest)" {
        feed \(feed)
        \(score)
      }
      """
    #expect(RuleText.findings(Self.base + text) == findings)
  }

  @Test func `a cut point outside the range of a score is an error, and so is equality`() {
    let text = """
      model m from "m.pmml" sha256 "\(RuleText.modelDigest)" {
        feed SIZE = e.size as float, REGION = e.note
        score p = probability("1") in 0 ... 1
      }
      rank r: S by m.p {
        Low below 0.2
        Mid below 1.5
        High otherwise
      }
      decision d: text hit first {
        rule a reason A-1 when m.p == 0.5 then "x"
        otherwise reason A-2 then "y"
      }
      """
    #expect(RuleText.findings(Self.base + text) == ["D4@30", "Y4@34"])
    let sound = text.replacing("below 1.5", with: "below 0.5")
    for equality in [
      "m.p != 0.5", "m.p in (0.5, 0.7)", "m.p in 0.5 ... 0.5", "not (0.5 == m.p)", "m.p == m.p",
    ] {
      let other = sound.replacing("m.p == 0.5", with: equality)
      #expect(RuleText.findings(Self.base + other) == ["Y4@34"], "\(equality)")
    }
  }

  @Test func `a model whose digest differs is refused`() {
    let text = "model m from \"m.pmml\" sha256 \"\(String(repeating: "0", count: 64))\" {\n}"
    #expect(RuleText.findings(Self.base + text) == ["D2@24"])
  }

  @Test func `several faults of one file are reported together`() {
    let text = """
      let a = e.sise
      let b = e.size + 1 HUF
      rank r: T by a {
        Bad below 5 person
        Fair below 9 person
        Good otherwise
      }
      let c = b + a
      let d = count(w) over all time
      """
    // What rests on `a` and `b` is silent.
    #expect(RuleText.findings(Self.base + text) == ["N1@24", "Y2@25", "N1@32"])
  }

  @Test func `a chain of definitions as long as a file is no danger`() {
    var text = Self.base + "let a0 = e.size\n"
    for index in 1...3_000 { text += "let a\(index) = a\(index - 1) + 1 person\n" }
    // One finding, where the limit is passed: line 24 is depth 1.
    #expect(RuleText.findings(text) == ["X6@280"])
  }

  @Test func `order in the file is free`() {
    let text = """
      let b = a + 1 person
      let a = e.size
      """
    #expect(RuleText.findings(Self.base + text).isEmpty)
  }

  // MARK: Use and versions

  private func compile(_ files: [String: String], _ paths: [String]) -> [String] {
    let (_, diagnostics) = RulesetCompiler(
      models: RuleText.OneModel(), files: RuleFilesInMemory(texts: files)
    ).compile(paths: paths)
    return diagnostics.map { "\($0.code) \($0.file)" }
  }

  @Test func `a file that uses itself by way of another is an error`() {
    let files = [
      "a.rules": "ruleset a version 1 {\n}\nuse \"b.rules\"",
      "b.rules": "ruleset b version 1 {\n}\nuse \"x/../a.rules\"",
    ]
    #expect(compile(files, ["a.rules"]) == ["N4 b.rules"])
  }

  @Test func `a used ruleset lends its names, and is compiled once`() throws {
    let files = [
      "d/base.rules": "ruleset base version 1 {\n}\n" + Self.base,
      "d/a.rules": "ruleset a version 1 {\n}\nuse \"base.rules\"\nlet n = e.size",
      "d/b.rules": "ruleset b version 1 {\n}\nuse \"../d/base.rules\"\nlet m = s",
    ]
    let (program, diagnostics) = RulesetCompiler(
      models: RuleText.OneModel(), files: RuleFilesInMemory(texts: files)
    ).compile(paths: ["d/a.rules", "d/b.rules", "d/base.rules"])
    #expect(diagnostics.isEmpty)
    #expect(try #require(program).rulesets.map(\.name) == ["base", "a", "b"])
    #expect(program?.inputs.count == 1)
  }

  @Test(arguments: [
    ("from 2021-01-01", "from 2022-01-01", ["D1 b.rules"]),
    ("2021-01-01 ..< 2022-01-01", "from 2022-01-01", []),
    ("2021-01-01 ..< 2022-01-01", "from 2022-02-01", ["D1 b.rules"]),
    ("2021-01-01 ..< 2022-01-01", "from 2021-12-31", ["D1 b.rules"]),
    ("2021-01-01 ..< 2021-01-01", "from 2021-01-01", ["D1 a.rules"]),
  ])
  func `versions neither overlap nor leave days out`(
    _ first: String, _ second: String, _ findings: [String]
  ) {
    let files = [
      "a.rules": "ruleset r version 1 {\n  effective \(first)\n}",
      "b.rules": "ruleset r version 2 {\n  effective \(second)\n}",
    ]
    #expect(compile(files, ["a.rules", "b.rules"]) == findings)
  }

  // MARK: Digest

  @Test func `layout, comments and digit groups do not change the digest, meaning does`() throws {
    func digest(_ text: String) throws -> Digest {
      let (program, diagnostics) = RuleText.compile(text)
      return try #require(program, "\(diagnostics)").rulesets[0].digest
    }
    let plain = try digest(Self.base + "let a = e.size + 1000 person")
    #expect(
      try digest(Self.base + "/// what\nlet a =   // why\n  e.size\n + 1_000 person") == plain)
    #expect(try digest(Self.base + "let a = e.size + 1001 person") != plain)
    #expect(try digest(Self.base + "let b = e.size + 1000 person") != plain)
  }

  @Test func `the digest of a ruleset follows that of what it uses`() throws {
    func digest(_ number: Int) throws -> Digest {
      let (program, _) = RuleText.compile(
        "use \"u.rules\"", files: ["u.rules": "ruleset u version \(number) {\n}"])
      return try #require(program).rulesets[1].digest
    }
    #expect(try digest(1) == digest(1))
    #expect(try digest(1) != digest(2))
  }

  @Test func `a masked value stays masked by another name, computed with, or picked from events`() {
    let text = """
      input e from "s" {
        id  text key, masked keep 2
        pay decimal(2) masked
        n   int in 0 ... 9
      }
      event v from "t" by party = e.id {
        party text
        iban  text masked keep 4
        paid  decimal(2) masked
        note  text
        at    date time
      }
      let who    = e.id
      let person = who
      let double = e.pay * 2
      let iban   = last(v.iban) over all time missing ""
      let most   = max(v.paid * 2) over all time missing 0
      let note   = last(v.note) over all time missing ""
      let some   = count(v where paid > 100) over all time
      let rich   = e.pay > 1_000
      scale S: A < B
      rank level: S by e.pay {
        A below 10
        B otherwise
      }

      """
    func codes(_ name: String) -> [String] {
      RuleText.compile(
        text + """
          decision d: text hit first {
            rule a reason A-1 "{\(name)}" when e.n > 3 then "x"
            otherwise reason A-2 then "y"
          }
          """
      ).diagnostics.filter { $0.severity == .error }.map(\.code)
    }
    for name in ["e.id", "who", "person", "double", "iban", "most"] {
      #expect(codes(name) == ["M2"], "\(name)")
    }
    for name in ["note", "some", "rich", "level", "e.n"] { #expect(codes(name) == [], "\(name)") }
  }
}
