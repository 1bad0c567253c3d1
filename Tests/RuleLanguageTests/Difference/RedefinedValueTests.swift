import DataFields
import RationaleTestSupport
import ReferenceData
import Testing

@testable import RuleLanguage

/// Versions that define values otherwise, against deciding every input with both.
@Suite struct RedefinedValueTests {
  /// A ruleset by its parts, of which each may be written otherwise.
  private struct Draft {
    var standIn: String
    var lets: [String]
    var rankSource: String
    var cut: Int
    var inner: [String]
    var rules: [String]

    init(_ random: inout SeededGenerator) {
      standIn = Self.standIn(&random)
      lets = (0..<3).map { Self.letLine($0, &random) }
      rankSource = Self.value(&random)
      cut = Int.random(in: 1...20, using: &random)
      inner = (0..<2).map { _ in Self.condition(&random, outcomes: false) }
      rules = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Self.condition(&random, outcomes: true)
      }
    }

    mutating func mutate(_ random: inout SeededGenerator) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: standIn = Self.standIn(&random)
      case 1, 2, 3:
        let place = Int.random(in: 0..<lets.count, using: &random)
        lets[place] = Self.letLine(place, &random)
      case 4: rankSource = Self.value(&random)
      case 5: cut = Int.random(in: 1...20, using: &random)
      case 6: inner[0] = Self.condition(&random, outcomes: false)
      default: rules[0] = Self.condition(&random, outcomes: true)
      }
    }

    private static func standIn(_ random: inout SeededGenerator) -> String {
      ["", "", "missing 0", "missing 4"][Int.random(in: 0..<4, using: &random)]
    }

    private static func letLine(_ place: Int, _ random: inout SeededGenerator) -> String {
      let c = Int.random(in: 1...4, using: &random)
      let d = Int.random(in: 0...6, using: &random)
      let text =
        switch Int.random(in: 0..<8, using: &random) {
        case 0: "e.n * \(c)"
        case 1: "(e.n - \(d)) * \(c)"
        case 2: "\(d) - e.n"
        case 3: "e.n + e.m"
        case 4: "e.n * e.m"
        case 5: "e.n / (e.m + 1)"
        case 6: "e.n / \(c)"
        default: "e.n / e.m missing \(d)"
        }
      return "let v\(place) = \(text)"
    }

    private static func value(_ random: inout SeededGenerator) -> String {
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1, 2: "v\(Int.random(in: 0..<3, using: &random))"
      case 3: "e.n"
      case 4: "e.m"
      case 5: "e.n * \(Int.random(in: 2...4, using: &random))"
      default: "e.m + \(Int.random(in: 1...3, using: &random))"
      }
    }

    private static func condition(_ random: inout SeededGenerator, outcomes: Bool) -> String {
      let symbols = ["==", "<", "<=", ">", ">="]
      let clauses = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        let symbol = symbols[Int.random(in: 0..<5, using: &random)]
        switch Int.random(in: 0..<(outcomes ? 6 : 4), using: &random) {
        case 0, 1: return "\(value(&random)) \(symbol) \(Int.random(in: 0..<14, using: &random))"
        case 2: return "p \(symbol) \(["A", "B"][Int.random(in: 0..<2, using: &random)])"
        case 3: return "\(value(&random)) \(symbol) \(value(&random))"
        case 4: return "flag"
        default: return "inner \(Bool.random(using: &random) ? "==" : "!=") \"i0\""
        }
      }
      return clauses.joined(separator: Bool.random(using: &random) ? " and " : " or ")
    }

    var text: String {
      var text = """
        input e from "s" {
          id  text key
          n   int in 0 ... 9
          m   int in 0 ... 5 missing as "" \(standIn)
        }
        scale S: A < B

        """
      text += lets.joined(separator: "\n") + "\n"
      text += "let flag = v0 > 4\n"
      text += "rank p: S by \(rankSource) {\n  A below \(cut)\n  B otherwise\n}\n"
      text += "decision inner: text hit first {\n"
      for (number, rule) in inner.enumerated() {
        text += "  rule i\(number) reason I-\(number) when \(rule) then \"i\(number)\"\n"
      }
      text += "  otherwise reason I-X then \"ix\"\n}\ndecision d: text hit first {\n"
      for (number, rule) in rules.enumerated() {
        text += "  rule r\(number) reason R-\(number) when \(rule) then \"o\(number)\"\n"
      }
      return text + "  otherwise reason R-X then \"none\"\n}\n"
    }
  }

  private struct Input: Hashable {
    var n: Int
    var m: Int?
  }

  /// As a source gives it: what stands in for a missing value is filled in before any step runs.
  private func outcome(_ runner: inout ProgramRunner, _ input: Input) -> String {
    runner.workspace.clear()
    runner.supply("e.n", Int128(input.n))
    if let m = input.m {
      runner.supply("e.m", Int128(m))
    } else if let field = runner.program.inputs[0].fields.first(where: { $0.name == "m" }),
      case .value(let constant) = field.missing
    {
      runner.supply("e.m", runner.program.code.layout.constants[constant].numerator)
    }
    runner.run()
    return runner.outcome("d") ?? "refused"
  }

  private static let inputs = (0...9).flatMap { n in
    ([0, 1, 2, 3, 4, 5, nil] as [Int?]).map { Input(n: n, m: $0) }
  }

  /// `e.n = 3, e.m is missing`: the input that a witness names.
  private func input(_ witness: String) -> Input? {
    var input = Input(n: 0, m: 0)
    if witness == "any input" { return input }
    for part in witness.split(separator: ", ") {
      if part == "e.m is missing" {
        input.m = nil
      } else if part.hasPrefix("e.n = "), let value = Int(part.dropFirst(6)) {
        input.n = value
      } else if part.hasPrefix("e.m = "), let value = Int(part.dropFirst(6)) {
        input.m = value
      } else {
        return nil
      }
    }
    return input
  }

  @Test(arguments: 0..<100)
  func `no difference is denied, and what is proved holds`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var draft = Draft(&random)
    guard let old = RuleText.unanalysed(draft.text) else { return }
    for _ in 0..<Int.random(in: 1...2, using: &random) { draft.mutate(&random) }
    guard let new = RuleText.unanalysed(draft.text) else { return }
    let difference = self.difference(old, new)
    guard difference.refusal == nil, difference.isComplete else { return }
    var (one, other) = (ProgramRunner(old), ProgramRunner(new))
    var moves: [Input: String] = [:]
    for input in Self.inputs {
      let (before, after) = (outcome(&one, input), outcome(&other, input))
      guard before != after else { continue }
      if before == "refused" || after == "refused" {
        #expect(!difference.notes.isEmpty, "\(input): \(before) -> \(after)\n\(draft.text)")
      } else {
        moves[input] = "\"\(before)\" -> \"\(after)\""
      }
    }
    let said = Set(difference.regions.map { "\($0.before) -> \($0.after)" })
    for (input, move) in moves {
      #expect(said.contains(move), "\(input): \(move) is denied\n\(draft.text)")
    }
    guard difference.doubts.isEmpty else { return }
    #expect(said == Set(moves.values), "\(difference.regions)\n\(draft.text)")
    for region in difference.regions {
      let input = try #require(self.input(region.witness), "\(region.witness)")
      #expect(moves[input] == "\(region.before) -> \(region.after)", "\(region)\n\(draft.text)")
    }
  }

  @Test func `enough of the drafts are compared, proved and moved`() {
    var (compared, proved, moved) = (0, 0, 0)
    for seed in 0..<40 {
      var random = SeededGenerator(seed: UInt64(seed))
      var draft = Draft(&random)
      guard let old = RuleText.unanalysed(draft.text) else { continue }
      draft.mutate(&random)
      guard let new = RuleText.unanalysed(draft.text) else { continue }
      let difference = self.difference(old, new)
      guard difference.refusal == nil, difference.isComplete else { continue }
      compared += 1
      if difference.doubts.isEmpty { proved += 1 }
      if !difference.regions.isEmpty { moved += 1 }
    }
    #expect(compared > 30 && proved > 5 && moved > 8, "\(compared) \(proved) \(moved)")
  }

  private func difference(_ old: Program, _ new: Program) -> DecisionDifference {
    func place(_ program: Program) -> Int {
      program.decisions.firstIndex { $0.name == "d" } ?? 0
    }
    return DecisionDifference("d", old: (old, place(old)), new: (new, place(new)))
  }

  // MARK: One definition

  private func difference(
    _ old: String, _ new: String, rule: String = "v > 5", oldFiles: [String: String] = [:],
    newFiles: [String: String] = [:]
  ) throws -> DecisionDifference {
    func program(_ definition: String, _ files: [String: String]) throws -> Program {
      let text = """
        currency HUF
        input e from "s" {
          id  text key
          n   int in 0 ... 100
          m   int in 0 ... 100
          k   text
        }
        event ev from "vs" by who = e.id {
          who    text
          at     date time
          net    int in 0 ... 50
          gross  int in 0 ... 50
        }
        \(definition)
        decision d: text hit first {
          rule r reason R-1 when \(rule) then "x"
          otherwise reason R-2 then "y"
        }
        """
      let compiled = RuleText.compile(text, files: files)
      return try #require(compiled.program, "\(compiled.diagnostics)")
    }
    return difference(try program(old, oldFiles), try program(new, newFiles))
  }

  @Test(arguments: [
    ("let v = e.n * 2", "let v = e.n * 3", "v > 5", "e.n == 2"),
    ("let v = e.n / 2", "let v = e.n / 4", "v > 5", "e.n >= 11 and e.n < 21"),
    ("let v = 10 - e.n", "let v = 12 - e.n", "v > 5", "e.n >= 5 and e.n < 7"),
    ("let v = 5", "let v = 7", "e.n > v", "e.n >= 6 and e.n < 8"),
    ("let v = e.n", "let v = e.n + 1", "v < e.m", ""),
    ("let v = e.n * e.m", "let v = e.n * e.m * 2", "v > 5", "old v >= 3 and old v < 6"),
    ("let w = e.n * e.m\nlet v = w + 1", "let w = e.n * e.m\nlet v = w + 2", "v > 5", "w == 4"),
  ])
  func `a region is said in what both versions have`(
    _ old: String, _ new: String, _ rule: String, _ condition: String
  ) throws {
    let difference = try self.difference(old, new, rule: rule)
    if condition.isEmpty {
      #expect(!difference.regions.isEmpty && !difference.doubts.isEmpty)
    } else {
      #expect(difference.regions.map(\.condition) == [condition])
      #expect(!difference.doubts.contains { $0.contains("otherwise") })
    }
  }

  @Test func `a nameless value that is computed otherwise`() throws {
    #expect(try difference("let v = e.n", "let v = e.n + 0", rule: "v * 2 > 5").regions == [])
    let (old, new) = ("let v = e.n * 2 > 5", "let v = e.n * 3 > 5")
    let difference = try self.difference(old, new, rule: "v")
    #expect(difference.regions.map(\.condition) == ["e.n == 2"])
    #expect(difference.doubts == [])
  }

  @Test(arguments: [
    (
      "let s = ev where net > 1\nlet v = count(s) over all time",
      "let s = ev where net > 2\nlet v = count(s) over all time"
    ),
    (
      "let v = sum(ev.net) over all time missing 0", "let v = sum(ev.gross) over all time missing 0"
    ),
    ("let v = sum(ev.net) over all time missing 0", "let v = max(ev.net) over all time missing 0"),
    ("let v = e.n * e.m", "let v = e.n * e.m * e.n"),
    ("let v = e.n * e.m", "let v = e.n * e.n"),
    (
      "window w = 30 d\nlet v = sum(ev.net) over w missing 0",
      "window w = 60 d\nlet v = sum(ev.net) over w missing 0"
    ),
    (
      "let v = sum(ev.net) over all time missing 0",
      "window w = 60 d\nlet v = sum(ev.net) over w missing 0"
    ),
  ])
  func `what cannot be decided is possible, and named`(_ old: String, _ new: String) throws {
    let difference = try self.difference(old, new)
    #expect(!difference.regions.isEmpty)
    #expect(difference.doubts.contains { $0.contains("`old v` and `new v`") })
    #expect(difference.doubts.contains("defined otherwise: `v`"))
  }

  @Test func `other members of a list`() throws {
    let (old, new) = ("K\na\nb\nc\n", "K\na\nb\nd\n")
    func definition(_ list: String) -> String {
      "let v = e.k in list \"big.csv\" sha256 \"\(Digest(of: list.utf8))\""
    }
    let difference = try self.difference(
      definition(old), definition(new), rule: "v", oldFiles: ["big.csv": old],
      newFiles: ["big.csv": new])
    #expect(
      Set(difference.regions.map { "\($0.condition): \($0.before) -> \($0.after)" }) == [
        "e.k == \"c\": \"x\" -> \"y\"", "e.k == \"d\": \"y\" -> \"x\"",
      ])
    #expect(difference.doubts == [])
  }

  @Test func `another table of rates`() throws {
    func definition(_ table: String) -> String {
      """
      rates huf from "huf.csv" sha256 "\(Digest(of: table.utf8))" {
        date column "d"
        currency column "c"
        rate column "r" decimal(2)
        previous within 7 d
      }
      event paid from "ps" by who = e.id {
        who     text
        at      date time
        code    code
        amount  decimal(2) in code
      }
      let v = sum(paid.amount to HUF by huf at at) over all time missing 0
      """
    }
    func difference(_ old: String, _ new: String) throws -> DecisionDifference {
      try self.difference(
        definition(old), definition(new), rule: "v > 5 HUF", oldFiles: ["huf.csv": old],
        newFiles: ["huf.csv": new])
    }
    let (old, new) = ("d,c,r\n2024-01-01,EUR,380.00\n", "d,c,r\n2024-01-01,EUR,390.00\n")
    #expect(try difference(old, old).regions.isEmpty)
    let changed = try difference(old, new)
    #expect(!changed.regions.isEmpty)
    #expect(changed.doubts.contains("defined otherwise: `v`"))
  }

  @Test func `another model, and another feed of it`() throws {
    func definition(_ model: String, _ digest: String, _ size: String) -> String {
      """
      model m from "\(model)" sha256 "\(digest)" {
        feed SIZE   = \(size) as float
        feed REGION = e.k
        score p = probability("1")
      }
      """
    }
    let old = definition("m.pmml", RuleText.modelDigest, "e.n")
    #expect(try difference(old, old, rule: "m.p > 0.5").regions.isEmpty)
    for new in [
      definition("other.pmml", RuleText.otherModelDigest, "e.n"),
      definition("m.pmml", RuleText.modelDigest, "e.m"),
    ] {
      let changed = try difference(old, new, rule: "m.p > 0.5")
      #expect(!changed.regions.isEmpty)
      #expect(changed.doubts.contains("defined otherwise: `m.p`"))
    }
  }

  @Test func `another value stands in for a missing one`() throws {
    let (old, new) = (
      "let v = sum(ev.net) over all time missing 0", "let v = sum(ev.net) over all time missing 9"
    )
    let difference = try self.difference(old, new)
    #expect(difference.regions.map(\.condition) == ["v is missing"])
    let refused = try self.difference(old.replacing("missing 0", with: "missing refuse"), new)
    #expect(refused.regions == [])
    #expect(refused.notes == ["no longer refused where `v` is missing"])
  }

  @Test func `an override that changed is not passed over`() throws {
    func definition(_ day: String) -> String {
      """
      decision inner: text hit first {
        rule i reason I-1 when e.n > 3 then "a"
        otherwise reason I-2 then "b"
      }
      override late reason O-1 by "law" until \(day) {
        when e.m > 7
        set inner = "a"
      }
      """
    }
    let difference = try self.difference(
      definition("2026-01-01"), definition("2027-01-01"), rule: "inner == \"a\"")
    #expect(!difference.regions.isEmpty)
    #expect(difference.doubts.contains("defined otherwise: `inner`"))
  }
}
