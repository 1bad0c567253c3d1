import DataFields
import RationaleTestSupport
import SourceDiagnostics
import Testing

@testable import RuleLanguage

/// G2 against trying every input: the values that no rule holds for, whatever the rest is.
@Suite struct UncoveredValuesTests {
  private static let inputs = """
    input e from "s" {
      id text key
      n  int in 0 ... 8
      m  int in 0 ... 8
      k  text
    }
    scale S: A < B < C
    rank p: S by e.n {
      A below 3
      B below 6
      C otherwise
    }
    rank q: S by e.m {
      A below 2
      B below 7
      C otherwise
    }

    """

  private struct Clause {
    var variable: Int
    var isEqual: Bool
    var value: Int

    static let values = [["A", "B", "C"], ["A", "B", "C"], ["x", "y", "other"]]

    var text: String {
      let value = variable == 2 ? "\"\(Self.values[2][value])\"" : Self.values[variable][value]
      return "\(["p", "q", "e.k"][variable]) \(isEqual ? "==" : "!=") \(value)"
    }
  }

  @Test(arguments: 0..<200)
  func `a value without a rule is found by combinations and by boxes`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) &+ 900)
    let rules = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      (0..<Int.random(in: 1...3, using: &random)).map { _ in
        let variable = Int.random(in: 0...2, using: &random)
        return Clause(
          variable: variable, isEqual: Int.random(in: 0...2, using: &random) > 0,
          value: Int.random(in: 0...(variable == 2 ? 1 : 2), using: &random))
      }
    }
    var text = Self.inputs + "decision d: text hit first {\n"
    for (number, clauses) in rules.enumerated() {
      text += "  rule r\(number) reason R-\(number) when "
      text += clauses.map(\.text).joined(separator: " and ") + " then \"o\(number)\"\n"
    }
    text += "}\n"
    let program = try #require(RuleText.unanalysed(text))
    // Each variable has three values; the third text stands for all that no rule names.
    var expected: Set<String> = []
    var isOtherGap = false
    let points = (0..<27).map { [$0 % 3, $0 / 3 % 3, $0 / 9] }
    func isCovered(_ point: [Int]) -> Bool {
      rules.contains { $0.allSatisfy { ($0.isEqual) == (point[$0.variable] == $0.value) } }
    }
    var open: Set<[Int]> = []
    for variable in 0...2 where rules.contains(where: { $0.contains { $0.variable == variable } }) {
      let named = Set(rules.joined().filter { $0.variable == variable }.map(\.value))
      // Texts that no rule names are one value.
      let values = variable < 2 ? [0, 1, 2] : named.sorted() + [2]
      let uncovered = values.filter { value in
        points.allSatisfy { $0[variable] != value || !isCovered($0) }
      }
      guard uncovered.count < values.count else { continue }
      for value in uncovered {
        let name =
          variable < 2
          ? Clause.values[variable][value]
          : value == 2 ? "any other text" : "\"\(Clause.values[2][value])\""
        expected.insert("no rule for \(["p", "q", "e.k"][variable]) = \(name)")
        open.insert([variable, value])
      }
    }
    for point in points where !isCovered(point) {
      // A text that no rule names is the third one.
      let isNamed = rules.joined().contains { $0.variable == 2 && $0.value == point[2] }
      let third = isNamed ? point[2] : 2
      if !open.contains([0, point[0]]), !open.contains([1, point[1]]), !open.contains([2, third]) {
        isOtherGap = true
      }
    }
    for budget in [1_000_000, 0] {
      let found = RulesetAnalysis(program, budget: .init(combinations: budget)).findings()
      #expect(Set(found.filter { $0.code == "G2" }.map(\.message)) == expected, "\(text)")
      #expect(found.contains { $0.code == "G1" } == isOtherGap, "\(text)")
    }
  }
}
