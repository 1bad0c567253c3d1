import DataFields
import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing
import ThresholdCells

/// Small random tables, compared with a naive evaluation of every point of their inputs.
@Suite struct BruteForceAnalysisTests {
  /// A row of a table: an interval for each input, or none.
  struct Row {
    /// `lower <= value < upper`, `value <= upper`, `value == lower` and the like, spelled naively.
    var tests: [(input: Int, comparison: Comparison, value: Int)]
    var outcome: String

    func holds(_ point: [Int]) -> Bool {
      tests.allSatisfy { test in
        let value = point[test.input]
        switch test.comparison {
        case .equal: return value == test.value
        case .notEqual: return value != test.value
        case .less: return value < test.value
        case .lessOrEqual: return value <= test.value
        case .greater: return value > test.value
        case .greaterOrEqual: return value >= test.value
        }
      }
    }
  }

  struct RandomTable {
    var rows: [Row]
    var policy: HitPolicy
    var hasOtherwise: Bool
    static let bounds = [0...6, 2...9]

    init(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      let comparisons: [Comparison] = [
        .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
      ]
      policy = [.unique, .first, .any, .priority][Int.random(in: 0..<4, using: &random)]
      hasOtherwise = Bool.random(using: &random)
      rows = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        let tests = (0..<Int.random(in: 0...3, using: &random)).map { _ in
          (
            input: Int.random(in: 0...1, using: &random),
            comparison: comparisons[Int.random(in: 0..<6, using: &random)],
            value: Int.random(in: 0...10, using: &random)
          )
        }
        return Row(tests: tests, outcome: ["A", "B", "C"][Int.random(in: 0..<3, using: &random)])
      }
    }

    var points: [[Int]] {
      Self.bounds[0].flatMap { x in Self.bounds[1].map { [x, $0] } }
    }

    func program() -> Program {
      var builder = DecisionTableBuilder()
      let inputs = [
        builder.input("x", in: Self.bounds[0]), builder.input("y", in: Self.bounds[1]),
      ]
      let rules = rows.enumerated().map { number, row in
        DecisionTableBuilder.Rule(
          name: "r\(number)",
          when: .all(
            row.tests.map {
              .compare(inputs[$0.input], $0.comparison, builder.constant($0.value))
            }), then: row.outcome)
      }
      builder.decision(
        "d", policy, rules, otherwise: hasOtherwise ? "D" : nil, priorities: ["C", "A", "B"])
      return builder.build()
    }

    /// The rule that decides a point by the policy's plain meaning.
    func result(_ point: [Int]) -> CombinationTable.Result {
      let holding = rows.indices.filter { rows[$0].holds(point) }
      guard let first = holding.first else { return hasOtherwise ? .decided(rows.count) : .gap }
      switch policy {
      case .first, .collect: return .decided(first)
      case .unique: return holding.count > 1 ? .conflict : .decided(first)
      case .any:
        return Set(holding.map { rows[$0].outcome }).count > 1 ? .conflict : .decided(first)
      case .priority:
        for outcome in ["C", "A", "B"] {
          if let rule = holding.first(where: { rows[$0].outcome == outcome }) {
            return .decided(rule)
          }
        }
        return .gap
      }
    }
  }

  @Test(arguments: 0..<300)
  func `every point ends as the table of combinations says`(seed: Int) throws {
    let random = RandomTable(seed: UInt64(seed))
    let table = try #require(CombinationTable(DecisionQuestion(random.program(), decision: 0)))
    for point in random.points {
      #expect(table.results[combination(point, table)] == random.result(point), "\(point)")
    }
  }

  @Test(arguments: 0..<300)
  func `the engine decides a witness of each combination as the analysis says`(seed: Int) throws {
    let program = RandomTable(seed: UInt64(seed)).program()
    let table = try #require(CombinationTable(DecisionQuestion(program, decision: 0)))
    var workspace = EvaluationWorkspace(program)
    for combination in 0..<table.space.count {
      workspace.clear()
      for input in program.inputs { workspace.row.set(input.fields[0].slot, to: 5, origin: .input) }
      for (axis, cell) in table.space.cells(combination).enumerated() {
        for write in table.question.axes[axis].writes[cell] {
          workspace.row.set(write.slot, to: write.value, origin: .input)
        }
      }
      program.decide(0, in: &workspace, keepSupplied: false)
      let result = workspace.results[0]
      switch table.results[combination] {
      case .decided(let rule): #expect(Int(result.rule) == rule && result.status == .decided)
      case .gap: #expect(result.refusal == .noRule && result.status == .refused)
      case .conflict:
        let holding = table.holding(combination).map { table.rules[$0] }
        if Set(holding.map { workspace.row.value(program.rules[$0].outcome) }).count == 1 {
          // O2: the first of them decides.
          #expect(Int(result.rule) == holding.first && result.status == .decided)
        } else {
          #expect(result.refusal == .conflict && result.status == .refused)
        }
      case .refused: Issue.record("nothing is missing")
      }
    }
  }

  @Test(arguments: 0..<300)
  func `findings are those of a search through every point`(seed: Int) throws {
    let random = RandomTable(seed: UInt64(seed))
    let findings = RulesetAnalysis(random.program()).findings()
    let results = random.points.map { random.result($0) }
    #expect(findings.contains { $0.code == "G1" } == results.contains(.gap))
    #expect(findings.contains { $0.code == "S1" } == results.contains(.decided(random.rows.count)))

    var decides = Set(
      results.compactMap { if case .decided(let rule) = $0 { rule } else { nil } })
    var overlaps: Set<String> = []
    for point in random.points {
      let holding = random.rows.indices.filter { random.rows[$0].holds(point) }
      if random.policy == .any || random.result(point) == .conflict { decides.formUnion(holding) }
      guard random.result(point) == .conflict else { continue }
      for (position, one) in holding.enumerated() {
        for other in holding[(position + 1)...] {
          let isSame = random.rows[one].outcome == random.rows[other].outcome
          if random.policy == .any, isSame { continue }
          overlaps.insert("\(isSame ? "O2" : "O1") `r\(one)` and `r\(other)`")
        }
      }
    }
    let found = findings.filter { $0.code == "O1" || $0.code == "O2" }.map { finding in
      "\(finding.code) \(finding.message.prefix(13))"
    }
    #expect(Set(found) == overlaps)

    let last = random.rows.count + (random.hasOtherwise ? 1 : 0)
    let dead = Set((0..<last).filter { !decides.contains($0) })
    let named = findings.filter { $0.code == "U1" || $0.code == "U2" }.map { finding in
      finding.message.hasPrefix("`otherwise`")
        ? random.rows.count : Int(finding.message.dropFirst(2).prefix { $0 != "`" }) ?? -1
    }
    #expect(Set(named) == dead)
  }

  @Test(arguments: 0..<300)
  func `a threshold is called dead where no point beside it ends differently`(seed: Int) {
    let random = RandomTable(seed: UInt64(seed))
    let findings = RulesetAnalysis(random.program()).findings()
    let hasDeadText = findings.contains { $0.code.hasPrefix("U") }
    func outcome(_ point: [Int]) -> Set<String> {
      switch random.result(point) {
      case .decided(let rule): [rule < random.rows.count ? random.rows[rule].outcome : "D"]
      case .gap, .refused: []
      case .conflict: Set(random.rows.filter { $0.holds(point) }.map(\.outcome))
      }
    }
    var idle: [String] = []
    var idleInputs: Set<String> = []
    for (input, name) in ["x", "y"].enumerated() {
      let bounds = RandomTable.bounds[input]
      // For each first value above an edge, the threshold that is written there.
      var edges: [Int: Int] = [:]
      for test in random.rows.flatMap(\.tests) where test.input == input {
        switch test.comparison {
        case .less, .greaterOrEqual, .equal, .notEqual: edges[test.value] = test.value
        case .lessOrEqual, .greater: break
        }
        switch test.comparison {
        case .lessOrEqual, .greater, .equal, .notEqual:
          edges[test.value + 1] = edges[test.value + 1] ?? test.value
        case .less, .greaterOrEqual: break
        }
      }
      var dead: Set<String> = []
      let parting = edges.filter { bounds.contains($0.key) && bounds.contains($0.key - 1) }
      for (edge, written) in parting {
        let changes = random.points.contains { point in
          guard point[input] == edge else { return false }
          var before = point
          before[input] = edge - 1
          return outcome(point) != outcome(before)
        }
        if !changes {
          dead.insert("\(edge) the threshold \(written) of `\(name)` changes no outcome of `d`")
        }
      }
      if !parting.isEmpty, dead.count == parting.count {
        idleInputs.insert("`\(name)` changes no outcome of `d`")
      } else {
        idle += dead.map { String($0.drop { $0 != " " }.dropFirst()) }
      }
    }
    #expect(
      findings.filter { $0.code == "T1" }.map(\.message).sorted()
        == (hasDeadText ? [] : idle.sorted()))
    #expect(Set(findings.filter { $0.code == "T2" }.map(\.message)) == idleInputs)
  }

  private func combination(_ point: [Int], _ table: CombinationTable) -> Int {
    table.space.combination(
      table.question.axes.map { axis in
        let name = table.question.program.code.layout.slots[axis.slot].name
        guard case .ordered(let ordered) = axis.quantity else { return 0 }
        return ordered.cell(of: Quotient(Int128(point[name == "x" ? 0 : 1])))
      })
  }
}
