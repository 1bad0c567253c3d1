internal import DataFields
internal import Decisions
internal import RuleLanguage

/// One `hit first` table whose row k takes the amounts from 10 k up to 10 k + 10: what a decision
/// costs by the number of rows.
struct TableBench {
  private var engine: DecisionEngine
  private let steps: [Int]
  private let slot: Int
  /// Which row each case hits, drawn at random.
  private let rows: [Int]

  init(rows count: Int) throws {
    let library = try DecisionLibrary(
      rules: ["table.rules"], files: RuleFilesInMemory(texts: ["table.rules": Self.rules(count)]))
    engine = DecisionEngine(library)
    guard let slot = library.program.code.layout.slot(named: "client.amount"),
      let id = library.program.code.layout.slot(named: "client.id")
    else { throw CommandFailure(message: "the benchmark's ruleset lacks a field") }
    self.slot = slot
    steps = library.program.decisions[0].steps
    let subject = Int128(engine.texts.intern("1"))
    engine.workspace.row.set(id, to: subject, origin: .input)
    var state: UInt64 = 1
    rows = (0..<512).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
  }

  private static func rules(_ count: Int) -> String {
    let rows = (0..<count).map { "    \($0 * 10) ..< \($0 * 10 + 10) || \"\($0)\" | T-\($0)" }
    return """
      ruleset bench-table version 1 {
        owner      "Benchmarks"
        effective  from 2021-01-01
      }
      input client from "cases" {
        id      text  key
        amount  int   in 0 ... \(count * 10 - 1)
      }
      decision band: text hit first {
        table
          client.amount || then | reason
      \(rows.joined(separator: "\n"))
      }

      """
  }

  private mutating func decide(_ row: Int) {
    engine.workspace.row.set(slot, to: Int128(row * 10 + 5), origin: .input)
    engine.run(steps, asOf: nil)
  }

  /// How many cases are decided by another row than theirs.
  mutating func wrongCases() -> Int {
    rows.count { row in
      decide(row)
      return engine.outcomeCode(of: 0).map { engine.texts.text($0) } != "\(row)"
    }
  }

  /// All 512 cases once.
  mutating func decideAll() {
    for row in rows { decide(row) }
  }

  var caseCount: Int { rows.count }
}
