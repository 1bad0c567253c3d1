import DataFields
import RationaleTestSupport
import SourceDiagnostics
import Testing
import ThresholdCells

@testable import RuleLanguage

/// Properties against trying every input.
@Suite struct PropertyAnalysisTests {
  private static let inputs = """
    unit person
    input e from "s" {
      id text key
      n  int in 0 ... 12
      m  int in 0 ... 6
      k  bool
      o  int in 0 ... 3  missing refuse
    }
    scale S: A < B < C
    rank p: S by e.n {
      A below 4
      B below 9
      C otherwise
    }
    rank q: S by e.m {
      C below 2
      B below 5
      A otherwise
    }

    """

  private func rules(seed: Int) -> String {
    var random = SeededGenerator(seed: UInt64(seed) &+ 300)
    let symbols = ["<", "<=", ">", ">=", "=="]
    let hit = ["first", "priority C > B > A", "first", "collect max", "collect min"][seed % 5]
    var text = Self.inputs + "decision d: S hit \(hit) {\n"
    for number in 0..<Int.random(in: 1...4, using: &random) {
      let clauses = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        let symbol = symbols[Int.random(in: 0..<5, using: &random)]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: return "p \(symbol) \(["A", "B", "C"][Int.random(in: 0..<3, using: &random)])"
        case 1: return "q \(symbol) \(["A", "B", "C"][Int.random(in: 0..<3, using: &random)])"
        case 2: return "e.n \(symbol) \(Int.random(in: 1...11, using: &random))"
        case 3: return "e.o \(symbol) \(Int.random(in: 1...2, using: &random))"
        default: return Bool.random(using: &random) ? "e.k" : "p > q"
        }
      }
      let join = Bool.random(using: &random) ? " and " : " or "
      text += "  rule r\(number) reason R-\(number) when \(clauses.joined(separator: join))"
      text += " then \(["A", "B", "C"][Int.random(in: 0..<3, using: &random)])\n"
    }
    if seed % 3 > 0 { text += "  otherwise reason R-X then \(["A", "B", "C"][seed % 3])\n" }
    return text + "}\n"
  }

  /// What trying every input says: whether the outcome never moves the wrong way along an input.
  private func holds(_ program: Program, along input: String, rises: Bool) -> Bool {
    var runner = ProgramRunner(program)
    let slot = program.decisions[0].slot
    for n in input == "e.n" ? [0] : Array(0...12) {
      for m in input == "e.m" ? [0] : Array(0...6) {
        for k in 0...1 {
          for o in 0...3 {
            var last: Int128?
            for x in 0...(input == "e.n" ? 12 : 6) {
              runner.workspace.clear()
              runner.supply("e.n", Int128(input == "e.n" ? x : n))
              runner.supply("e.m", Int128(input == "e.m" ? x : m))
              runner.supply("e.k", Int128(k))
              runner.supply("e.o", Int128(o))
              runner.run()
              guard runner.workspace.row.isPresent(slot) else { continue }
              let value = runner.workspace.row.value(slot)
              if let last, rises ? value < last : value > last { return false }
              last = value
            }
          }
        }
      }
    }
    return true
  }

  @Test(arguments: 0..<150)
  func `a property of an outcome holds where trying every input says so`(seed: Int) throws {
    for input in ["e.n", "e.m"] {
      for word in ["rises", "falls"] {
        let text = rules(seed: seed) + "property \"x\" { d \(word) with \(input) }\n"
        let program = try #require(RuleText.unanalysed(text), "\(text)")
        let property = try #require(program.properties.first)
        let expected = holds(program, along: input, rises: word == "rises")
        let verdict = PropertyAnalysis(program).verdict(of: property)
        switch verdict {
        case .holds: #expect(expected, "\(text)")
        case .fails(let sentences): #expect(!expected && !sentences.isEmpty, "\(text)")
        case .notProved: Issue.record("not proved: \(verdict)\n\(text)")
        }
        // By boxes it is the same, or not known where some case has no outcome.
        let searched = PropertyAnalysis(program, budget: .init(combinations: 0))
          .verdict(of: property)
        switch searched {
        case .holds: #expect(expected, "\(text)")
        case .fails: #expect(!expected, "\(text)")
        case .notProved: #expect(seed % 3 == 0, "\(searched)\n\(text)")
        }
      }
    }
  }

  private func verdict(_ lets: String, _ claim: String) throws -> PropertyAnalysis.Verdict {
    let text = """
      unit person
      currency HUF
      input e from "s" {
        id    text           key
        size  int person     in 1 ... 1_000
        sum   decimal(2) HUF in 0 ... 1_000_000
        debt  decimal(2) HUF
        flag  bool
      }
      scale S: A < B < C
      \(lets)
      property "x" { \(claim) }
      """
    let program = try #require(RuleText.unanalysed(text), "\(RuleText.findings(text))")
    return PropertyAnalysis(program).verdict(of: try #require(program.properties.first))
  }

  private static let perHead = """
    let per_head = e.sum / e.size
    rank r: S by per_head {
      A below 10 HUF/person
      B below 100 HUF/person
      C otherwise
    }
    decision d: S hit first {
      rule high reason R-1 "" when r == C and e.flag then C
      rule mid  reason R-2 "" when r >= B then B
      otherwise reason R-3 "" then A
    }
    """

  @Test(arguments: [
    ("per_head rises with e.sum", true), ("per_head falls with e.size", true),
    ("r rises with e.sum", true), ("r falls with e.size", true), ("d rises with e.sum", true),
    ("d falls with e.size", true), ("r rises with e.size", false),
    ("per_head rises with e.size", false),
    ("d rises with per_head", true), ("r rises with e.debt", true),
  ])
  func `what is computed moves as its operands do`(claim: String, expected: Bool) throws {
    let verdict = try verdict(Self.perHead, claim)
    if expected {
      #expect(verdict == .holds)
    } else {
      guard case .fails = verdict else {
        Issue.record("\(verdict)")
        return
      }
    }
  }

  @Test(arguments: [
    ("let x = e.sum * e.debt", "x rises with e.sum"),
    ("let x = e.sum - e.debt * 2", "x rises with e.debt"),
  ])
  func `what does not follow is not called proved`(lets: String, claim: String) throws {
    #expect(try verdict(lets, claim) != .holds)
  }

  @Test func `a decision that rests on the input through another one is asked through it`() throws {
    let lets = """
      decision a: S hit first {
        rule x reason A-1 "" when e.size > 10 person then C
        otherwise reason A-2 "" then A
      }
      decision d: S hit first {
        rule x reason R-1 "" when a == C then A
        otherwise reason R-2 "" then C
      }
      """
    #expect(try verdict(lets, "d falls with e.size") == .holds)
    guard case .fails = try verdict(lets, "d rises with e.size") else {
      Issue.record("it falls")
      return
    }
  }
}
