import DataFields
import RationaleTestSupport
import RuleLanguage

/// A decision table whose rows part a box of whole numbers: each point lies in exactly one row.
///
/// Rows are made by cutting the box again and again at random; defects are planted afterwards.
struct IntervalTable {
  typealias Row = [Range<Int>]

  var rows: [Row]
  let inputs: Int
  /// All values of each input.
  static let extent = 0..<1_000_000
  /// The rows' outcomes; neighbours differ.
  var outcomes: [String]
  var hitPolicy = HitPolicy.unique

  init(rows count: Int, inputs: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    self.inputs = inputs
    var rows: [Row] = [Array(repeating: Self.extent, count: inputs)]
    while rows.count < count {
      // The largest of a few random rows is cut, so that none becomes too thin.
      let candidates = (0..<4).map { _ in Int.random(in: 0..<rows.count, using: &random) }
      let axis = Int.random(in: 0..<inputs, using: &random)
      let chosen = candidates.max { rows[$0][axis].count < rows[$1][axis].count } ?? 0
      let range = rows[chosen][axis]
      guard range.count >= 8 else { continue }
      let margin = range.count / 4
      let cut = Int.random(
        in: (range.lowerBound + margin)..<(range.upperBound - margin), using: &random)
      var upper = rows[chosen]
      upper[axis] = cut..<range.upperBound
      rows[chosen][axis] = range.lowerBound..<cut
      rows.append(upper)
    }
    self.rows = rows
    outcomes = rows.indices.map { "o\($0)" }
  }

  /// Takes the last cells off a row: what it no longer holds is a gap.
  mutating func plantGap(in row: Int) -> [Int] {
    let range = rows[row][0]
    rows[row][0] = range.lowerBound..<(range.upperBound - 1)
    return rows[row].enumerated().map {
      $0.offset == 0 ? range.upperBound - 1 : $0.element.lowerBound
    }
  }

  /// Draws a row out by one over its neighbours.
  ///
  /// - Returns: the rows that now share points with it.
  mutating func plantOverlap(in row: Int) -> [Int] {
    rows[row][0] = rows[row][0].lowerBound..<(rows[row][0].upperBound + 1)
    return rows.indices.filter { $0 != row && Self.share(rows[$0], rows[row]) }
  }

  /// Adds a row within another one, after all rows: in a table `hit first` it never decides.
  mutating func plantDeadRow(in row: Int) -> Int {
    rows.append(rows[row].map { $0.lowerBound..<($0.lowerBound + max(1, $0.count / 2)) })
    outcomes.append("dead")
    return rows.count - 1
  }

  static func share(_ one: Row, _ other: Row) -> Bool {
    zip(one, other).allSatisfy { $0.overlaps($1) }
  }

  /// As a program, without text.
  func program() -> Program {
    var builder = DecisionTableBuilder(reserving: 4 * rows.count * inputs + 16)
    let bounds = Self.extent.lowerBound...(Self.extent.upperBound - 1)
    let slots = (0..<inputs).map { builder.input("x\($0)", in: bounds) }
    let rules = rows.enumerated().map { number, row in
      DecisionTableBuilder.Rule(
        name: "row \(number + 1)",
        when: .all(
          row.enumerated().flatMap { input, range in
            [
              .compare(slots[input], .greaterOrEqual, builder.constant(range.lowerBound)),
              .compare(slots[input], .less, builder.constant(range.upperBound)),
            ]
          }), then: outcomes[number])
    }
    builder.decision("d", hitPolicy, rules)
    return builder.build()
  }

  /// A column beside those of the inputs, and the decisions that it reads.
  struct Column {
    var declarations: String
    var name: String
    /// The cell of each row.
    var cells: [String]
  }

  /// As a ruleset.
  func text(with column: Column? = nil) -> String {
    var lines = ["input e from \"static\" {", "  id text key"]
    for input in 0..<inputs {
      lines.append("  x\(input) int in \(Self.extent.lowerBound) ... \(Self.extent.upperBound - 1)")
    }
    lines.append("}")
    if let column { lines.append(column.declarations) }
    lines += ["decision d: text hit \(hitPolicy) {", "  table"]
    let names = (0..<inputs).map { "e.x\($0)" } + (column.map { [$0.name] } ?? [])
    lines.append("    " + names.joined(separator: " | ") + " || then | reason")
    for (number, row) in rows.enumerated() {
      let cells =
        row.map(Self.test)
        + (column.map { [$0.cells[number]] } ?? [])
      lines.append(
        "    \(cells.joined(separator: " | ")) || \"\(outcomes[number])\" | D-\(number + 1)")
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  private static func test(_ range: Range<Int>) -> String {
    switch (range.lowerBound == extent.lowerBound, range.upperBound == extent.upperBound) {
    case (true, true): "*"
    case (true, false): "< \(range.upperBound)"
    case (false, true): ">= \(range.lowerBound)"
    case (false, false): "\(range.lowerBound) ..< \(range.upperBound)"
    }
  }
}
