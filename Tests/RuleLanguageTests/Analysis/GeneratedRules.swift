import DataFields
import RationaleTestSupport
import RuleLanguage

/// A ruleset of many rules, each of which asks about a few of many inputs.
///
/// Each input has cut points, and a rule takes a run of the cells between them on up to four inputs.
struct GeneratedRules {
  /// For each rule, the inputs that it asks about and the cells that it takes: `cuts + 1` of them.
  var rules: [[(input: Int, cells: Range<Int>)]]
  var outcomes: [Int]
  let inputs: Int
  let cuts: Int
  var hitPolicy = HitPolicy.first

  init(rules count: Int, inputs: Int = 20, cuts: Int = 10, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    self.inputs = inputs
    self.cuts = cuts
    rules = (0..<count).map { _ in
      var chosen = Set<Int>()
      let size = Int.random(in: 1...4, using: &random)
      while chosen.count < size { chosen.insert(Int.random(in: 0..<inputs, using: &random)) }
      return chosen.sorted().map { input in
        // Between two different edges, but not all cells.
        var lower = 0
        var upper = cuts + 1
        repeat {
          lower = Int.random(in: 0...cuts, using: &random)
          upper = Int.random(in: (lower + 1)...(cuts + 1), using: &random)
        } while lower == 0 && upper == cuts + 1
        return (input, lower..<upper)
      }
    }
    outcomes = (0..<count).map { _ in Int.random(in: 0..<5, using: &random) }
  }

  /// A cut point: 10, 20, ... up to 10 times their number.
  private func threshold(_ edge: Int) -> Int { 10 * edge }

  private func condition(_ rule: Int) -> String {
    rules[rule].flatMap { input, cells -> [String] in
      var parts: [String] = []
      if cells.lowerBound > 0 { parts.append("e.x\(input) >= \(threshold(cells.lowerBound))") }
      if cells.upperBound <= cuts { parts.append("e.x\(input) < \(threshold(cells.upperBound))") }
      return parts
    }.joined(separator: " and ")
  }

  func text(otherwise: Bool = true) -> String {
    var lines = ["input e from \"static\" {", "  id text key"]
    for input in 0..<inputs { lines.append("  x\(input) int in 0 ... \(10 * cuts + 9)") }
    lines += ["}", "decision d: text hit \(hitPolicy) {"]
    for rule in rules.indices {
      lines.append(
        "  rule r\(rule) reason R-\(rule) when \(condition(rule)) then \"o\(outcomes[rule])\"")
    }
    if otherwise { lines.append("  otherwise reason R-X then \"none\"") }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  func holds(_ rule: Int, _ cells: [Int]) -> Bool {
    rules[rule].allSatisfy { $0.cells.contains(cells[$0.input]) }
  }
}
