import DataFields
import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing

/// Decisions with far more combinations than could be looked at one by one.
///
/// The sizes here keep a debug build quick; `Scripts/proofs.py` runs the same at full size.
@Suite struct LargeDecisionTests {
  private func codes(_ findings: [Diagnostic]) -> Set<String> { Set(findings.map(\.code)) }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a table that parts its inputs is proved complete and disjoint`(seed: UInt64) {
    let table = IntervalTable(rows: 300, inputs: 4, seed: seed)
    // Every row has an outcome of its own: each threshold changes one, and nothing is found.
    #expect(RulesetAnalysis(table.program()).findings() == [])
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `a planted gap, an overlap and a dead row are all found`(seed: UInt64) throws {
    var table = IntervalTable(rows: 300, inputs: 4, seed: seed)
    // Rows that do not end where the inputs end, or there would be nothing to share.
    let inner = table.rows.indices.filter {
      table.rows[$0][0].upperBound < IntervalTable.extent.upperBound
    }
    let gap = table.plantGap(in: inner[7])
    let overlapping = inner[100]
    let others = table.plantOverlap(in: overlapping)
    #expect(!others.isEmpty)
    let found = RulesetAnalysis(table.program()).findings()
    #expect(codes(found) == ["G1", "O1"])
    let gaps = found.filter { $0.code == "G1" }
    // The overlap may fill some of the gap, and part it.
    #expect(gaps.contains { $0.message.contains("x0 = \(Self.grouped(gap[0]))") })
    let pairs = Set(others.map { "rows \([$0, overlapping].sorted().map { $0 + 1 })" })
    let named = Set(
      found.filter { $0.code == "O1" }.map { finding in
        "rows \(finding.message.split(separator: " ").compactMap { Int($0) }.prefix(2).map { $0 })"
      })
    #expect(named == Set(pairs.prefix(10)) || named.isSubset(of: pairs) && named.count == 10)

    var ordered = IntervalTable(rows: 300, inputs: 4, seed: seed)
    ordered.hitPolicy = .first
    let dead = ordered.plantDeadRow(in: 20)
    let unreachable = RulesetAnalysis(ordered.program()).findings()
    #expect(unreachable.map(\.code) == ["U1"])
    #expect(
      unreachable.first?.message
        == "row \(dead + 1) never decides: row 21 takes every case of it")
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `rules over twenty inputs are proved, and agree with chance`(seed: UInt64) {
    let generated = GeneratedRules(rules: 60, seed: seed)
    let found = RuleText.compile(generated.text()).diagnostics
    #expect(!codes(found).contains("P1"))
    let dead = Set(
      found.filter { $0.code == "U1" || $0.code == "U2" }.compactMap { finding in
        Int(finding.message.dropFirst(2).prefix { $0 != "`" })
      })
    // What is called dead must never decide in many random draws within its own region.
    var random = SeededGenerator(seed: seed)
    for rule in generated.rules.indices {
      var decides = false
      for _ in 0..<2_000 where !decides {
        var cells = (0..<generated.inputs).map { _ in
          Int.random(in: 0...generated.cuts, using: &random)
        }
        for (input, range) in generated.rules[rule] {
          cells[input] = Int.random(in: range, using: &random)
        }
        decides = !(0..<rule).contains { generated.holds($0, cells) }
      }
      #expect(!decides || !dead.contains(rule), "r\(rule)")
    }
  }

  private static func grouped(_ number: Int) -> String {
    NumberText.grouped(Int128(number), scale: 0).split(separator: ",").joined(separator: "_")
  }
}
