import DataFields
import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing
import ThresholdCells

/// Searches over boxes against looking at every combination: two ways to the same findings.
@Suite struct BoxAnalysisTests {
  /// A decision of nested conditions over two numbers, a rank of each, and one that may be missing.
  static func program(seed: Int) -> Program {
    var random = SeededGenerator(seed: UInt64(seed) &+ 1_000)
    var builder = DecisionTableBuilder()
    let x = builder.input("x", in: 0...20)
    let y = builder.input("y", in: 0...20)
    let z = builder.input("z", in: 0...9, missing: .rule)
    let scale = builder.scale("Level", "A", "B", "C")
    let p = builder.rank("p", scale, by: x, cuts: [5, 12])
    let q = builder.rank("q", scale, by: y, cuts: [4, 9], falling: Bool.random(using: &random))
    let comparisons: [Comparison] = [
      .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
    ]
    func leaf() -> DecisionTableBuilder.Condition {
      let comparison = comparisons[Int.random(in: 0..<6, using: &random)]
      switch Int.random(in: 0..<7, using: &random) {
      case 0, 1:
        return .compare(x, comparison, builder.constant(Int.random(in: 0...21, using: &random)))
      case 2:
        return .compare(y, comparison, builder.constant(Int.random(in: 0...21, using: &random)))
      case 3:
        return .compare(z, comparison, builder.constant(Int.random(in: 0...9, using: &random)))
      case 4: return .isMissing(z)
      case 5: return .compare(p, comparison, q)
      default:
        let level = builder.constant(Int.random(in: 0...2, using: &random), .rank(scale: scale))
        return .compare(Bool.random(using: &random) ? p : q, comparison, level)
      }
    }
    func condition(_ depth: Int) -> DecisionTableBuilder.Condition {
      guard depth > 0, Int.random(in: 0..<4, using: &random) > 0 else { return leaf() }
      let children = (0..<Int.random(in: 1...3, using: &random)).map { _ in condition(depth - 1) }
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return .any(children)
      case 1: return .not(.all(children))
      default: return .all(children)
      }
    }
    let policy: HitPolicy = [.unique, .first, .any, .priority][
      Int.random(in: 0..<4, using: &random)]
    // Five rules make ten pairs: all overlaps are shown.
    let rules = (0..<Int.random(in: 1...5, using: &random)).map { number in
      DecisionTableBuilder.Rule(
        name: "r\(number)", when: condition(2),
        then: ["A", "B", "C"][Int.random(in: 0..<3, using: &random)])
    }
    builder.decision(
      "d", policy, rules, otherwise: Bool.random(using: &random) ? "D" : nil,
      priorities: ["C", "A", "B"])
    return builder.build()
  }

  /// What is found without looking at every combination.
  private func searched(_ program: Program) -> [Diagnostic] {
    RulesetAnalysis(program, budget: .init(combinations: 0)).findings()
  }

  private func facts(_ findings: [Diagnostic], thresholds: Bool) -> Set<String> {
    Set(
      findings.compactMap { finding in
        switch finding.code {
        case "G1": return "G1"
        // Which rules are named may differ where several sets of them cover a rule.
        case "U1", "U2":
          let isNever = finding.message.contains("holds for no input")
          return "U \(isNever) " + finding.message.prefix { $0 != " " }
        case "O1", "O2":
          return finding.code + " "
            + finding.message.prefix { $0 != "," }
            .split(separator: " ").prefix(3).joined(separator: " ")
        case "T1", "T2": return thresholds ? "\(finding.code) \(finding.message)" : nil
        default: return "\(finding.code) \(finding.message)"
        }
      })
  }

  @Test(arguments: 0..<600)
  func `boxes and combinations lead to the same findings`(seed: Int) {
    let program = Self.program(seed: seed)
    let enumerated = RulesetAnalysis(program).findings()
    // Where rules exclude one another wrongly, what lies beside a threshold has no one outcome.
    let hasConflict = enumerated.contains { $0.code == "O1" || $0.code == "O2" }
    let found = searched(program)
    #expect(!found.contains { $0.code == "P1" })
    #expect(
      facts(found, thresholds: !hasConflict) == facts(enumerated, thresholds: !hasConflict))
  }

  @Test(arguments: 0..<300)
  func `a single rule that covers another is named alone by both`(seed: Int) {
    let program = Self.program(seed: seed)
    let enumerated = Set(
      RulesetAnalysis(program).findings().filter { $0.code == "U1" }.map {
        String($0.message.prefix { $0 != ":" })
      })
    let found = Set(
      searched(program).filter { $0.code == "U1" }.map {
        String($0.message.prefix { $0 != ":" })
      })
    #expect(found == enumerated)
  }

  /// The box of a gap must hold no case of a rule, whichever corner of it is tried.
  @Test(arguments: 0..<300)
  func `a gap that is found is one`(seed: Int) throws {
    let program = Self.program(seed: seed)
    let products = try #require(
      DecisionProducts(DecisionQuestion(program, decision: 0), budget: .init()))
    var search = CoverSearch(products.table, budget: .init())
    guard case .free(let box) = search.free(in: products.everything, of: 0..<products.table.count)
    else { return }
    let table = try #require(CombinationTable(DecisionQuestion(program, decision: 0)))
    for combination in table.space.combinations(of: box) {
      #expect(table.holding(combination) == [])
    }
  }

  @Test(arguments: 0..<300)
  func `the combinations that no rule holds are counted`(seed: Int) throws {
    let program = Self.program(seed: seed)
    let products = try #require(
      DecisionProducts(DecisionQuestion(program, decision: 0), budget: .init()))
    var search = CoverSearch(products.table, budget: .init())
    let count = search.countFree(in: products.everything, of: 0..<products.table.count)
    let table = try #require(CombinationTable(DecisionQuestion(program, decision: 0)))
    let asked = table.results.indices.filter { table.results[$0] != .refused }
    #expect(count?.isComplete == true)
    #expect(
      count?.count == Int128(asked.count { table.holding($0).isEmpty }))
  }

  @Test func `past the budget of boxes nothing is called proved`() {
    let program = IntervalTable(rows: 60, inputs: 3, seed: 4).program()
    let findings = RulesetAnalysis(
      program, budget: .init(combinations: 0), boxBudget: .init(boxesPerQuestion: 3, boxes: 200)
    ).findings()
    #expect(findings.contains { $0.code == "P1" && $0.notes.last?.contains("boxes") == true })
    #expect(findings.contains { $0.code == "G1" && $0.message.hasPrefix("not proved") })
  }
}
