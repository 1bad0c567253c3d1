package import ThresholdCells

/// The combinations of a decision's cells in the words of its ruleset.
package struct QuestionText: Sendable {
  private let question: DecisionQuestion
  private let spelling: ValueSpelling
  private let possible: PossibleComparisons

  package init(_ question: DecisionQuestion) {
    self.question = question
    possible = PossibleComparisons(question)
    spelling = ValueSpelling(question.program)
  }

  /// Values that lie in a combination, as an author would give them: `amount = 60_000 HUF`.
  ///
  /// - Parameter named: axes to name; nil for all that have more than one cell.
  package func witness(_ cells: [Int], named: [Int]? = nil) -> String {
    let parts = values(cells, named: named)
    return parts.isEmpty ? "any input" : parts.joined(separator: ", ")
  }

  /// The same values, one by one.
  package func values(_ cells: [Int], named: [Int]? = nil) -> [String] {
    let compared = possible.isEmpty ? [:] : possible.values(cells)
    return axes(named).map { place in
      let axis = question.axes[place]
      guard let value = compared[place] else { return spelling.value(cells[place], of: axis) }
      return "\(spelling.name(axis.slot)) = \(spelling.full(value, slot: axis.slot))"
    }
  }

  /// A combination by its ranks: `amount = S, size = M`.
  package func ranks(_ cells: [Int], named: [Int]? = nil) -> String {
    described(cells, named) { $0.cell($1, of: $2) }
  }

  private func described(
    _ cells: [Int], _ named: [Int]?, _ text: (ValueSpelling, Int, DecisionAxis) -> String
  ) -> String {
    let parts = parts(cells, named, text)
    return parts.isEmpty ? "any input" : parts.joined(separator: ", ")
  }

  private func parts(
    _ cells: [Int], _ named: [Int]?, _ text: (ValueSpelling, Int, DecisionAxis) -> String
  ) -> [String] {
    axes(named).map { text(spelling, cells[$0], question.axes[$0]) }
  }

  private func axes(_ named: [Int]?) -> [Int] {
    named ?? question.axes.indices.filter { question.axes[$0].cellCount > 1 }
  }

  /// The notes that a finding on a combination ends with: its ranks, and why it may not occur.
  package func notes(on cells: [Int], named: [Int]? = nil) -> [String] {
    let axes = named ?? Array(question.axes.indices)
    let isRanked = axes.contains { question.axes[$0].isRanked }
    return (isRanked ? ["where \(ranks(cells, named: named))"] : []) + doubtNotes
  }

  package var doubtNotes: [String] {
    question.doubts.map { "possible, not proved: \($0)" }
  }

  /// Whether each combination is known to occur; what is found on one is else "possible".
  package var isExact: Bool { question.doubts.isEmpty }

  /// A box as a condition: `50_000 <= amount < 100_000 and coverage >= 3`.
  package func region(_ box: CellBox, isRule: Bool = false) -> String {
    let parts = question.axes.indices.compactMap {
      spelling.region(box.ranges[$0], of: question.axes[$0], isRule: isRule)
    }
    return parts.isEmpty ? "every case" : parts.joined(separator: " and ")
  }

  /// The axes that a box says something about.
  package func bound(_ box: CellBox) -> [Int] {
    box.ranges.indices.filter { box.ranges[$0] != 0..<question.axes[$0].cellCount }
  }
}
