import DataFields
package import SourceDiagnostics
import ThresholdCells

/// T1, T2: a threshold that changes no outcome of any decision that compares with it, and an input
/// that changes none.
///
/// A threshold of a rank counts for every decision that asks about the rank; it is dead where none of
/// them ends differently on its two sides.
package struct ThresholdAnalysis: Sendable {
  package init() {}

  /// - Parameter tables: the decisions that could be enumerated, and are free of dead rules.
  /// - Parameter unproved: ranks that some other decision asks about.
  package func findings(in tables: [CombinationTable], unproved: Set<Int>) -> [Diagnostic] {
    var isAlive: [RankCut: Bool] = [:]
    var places: [RankCut: Int] = [:]
    var findings: [Diagnostic] = []
    for (number, table) in tables.enumerated() {
      for (axis, description) in table.question.axes.enumerated() where !description.isIndirect {
        let changes = changes(along: axis, in: table)
        if description.valueCount > 1, !changes.contains(true) {
          findings.append(idle(description, in: table))
        }
        guard case .ordered(let ordered) = description.quantity else { continue }
        for cut in cuts(of: description, in: table) {
          let cell = ordered.cells.firstIndex { $0.lower == cut.edge }
          guard let cell else { continue }
          let isChange = changes[cell - 1]
          if let rank = cut.rank {
            isAlive[rank, default: false] = isAlive[rank, default: false] || isChange
            if places[rank] == nil { places[rank] = number }
          } else if !isChange {
            findings.append(direct(cut.edge, description, in: table))
          }
        }
      }
    }
    for (cut, number) in places.sorted(by: { $0.key < $1.key })
    where isAlive[cut] == false && !unproved.contains(cut.rank) {
      findings.append(ranked(cut, in: tables[number]))
    }
    return findings
  }

  private struct RankCut: Hashable, Comparable {
    var rank: Int
    var cut: Int

    static func < (left: Self, right: Self) -> Bool {
      (left.rank, left.cut) < (right.rank, right.cut)
    }
  }

  private struct Cut {
    var edge: ThresholdEdge
    var rank: RankCut?
  }

  /// For each step from a cell to the next, whether some outcome changes.
  private func changes(along axis: Int, in table: CombinationTable) -> [Bool] {
    let size = table.question.axes[axis].valueCount
    var changes = Array(repeating: false, count: max(0, size - 1))
    for combination in table.results.indices {
      let cell = table.space.cell(combination, axis: axis)
      guard cell < size - 1, !changes[cell] else { continue }
      let next = combination + table.space.strides[axis]
      if table.outcomes[combination] != table.outcomes[next] { changes[cell] = true }
    }
    // Choices have no neighbours: one that differs from the first differs.
    if !table.question.axes[axis].isOrdered, changes.contains(true) {
      return changes.map { _ in true }
    }
    return changes
  }

  /// The thresholds on an axis: of its ranks, and those that conditions name and no rank has.
  private func cuts(of axis: DecisionAxis, in table: CombinationTable) -> [Cut] {
    guard case .ordered(let ordered) = axis.quantity else { return [] }
    let program = table.question.program
    let isDouble = program.code.layout.slots[axis.slot].type == .double
    var cuts: [Cut] = []
    for rank in axis.ranks {
      let plan = program.ranks[rank]
      for (index, word) in plan.cutPoints.enumerated() {
        let value = isDouble ? DoubleOrder.place(ofBits: word) : word
        let edge = ThresholdEdge(.init(value), isAfter: plan.belongsBelow[index])
        guard let canonical = ThresholdAxis.canonical(edge, ordered.density) else { continue }
        cuts.append(Cut(edge: canonical, rank: RankCut(rank: rank, cut: index)))
      }
    }
    for cell in ordered.cells {
      guard let edge = cell.lower, !cuts.contains(where: { $0.edge == edge }) else { continue }
      cuts.append(Cut(edge: edge, rank: nil))
    }
    return cuts
  }

  private func ranked(_ cut: RankCut, in table: CombinationTable) -> Diagnostic {
    let program = table.question.program
    let plan = program.ranks[cut.rank]
    let isDouble = program.code.layout.slots[plan.source].type == .double
    let word =
      isDouble ? DoubleOrder.place(ofBits: plan.cutPoints[cut.cut]) : plan.cutPoints[cut.cut]
    let edge = ThresholdEdge(.init(word), isAfter: plan.belongsBelow[cut.cut])
    let value = ValueSpelling(program).threshold(edge, slot: plan.source)
    let message = "the cut point `\(plan.cutPointNames[cut.cut])` = \(value) changes no outcome"
    return RankPlace(program).finding("T1", message, rank: cut.rank)
      ?? FindingReport(table).onDecision("T1", .warning, message)
  }

  private func direct(
    _ edge: ThresholdEdge, _ axis: DecisionAxis, in table: CombinationTable
  ) -> Diagnostic {
    let spelling = ValueSpelling(table.question.program)
    return FindingReport(table).onDecision(
      "T1", .warning,
      "the threshold \(spelling.threshold(edge, slot: axis.slot)) of `\(spelling.name(axis.slot))` "
        + "changes no outcome of `\(table.question.plan.name)`")
  }

  private func idle(_ axis: DecisionAxis, in table: CombinationTable) -> Diagnostic {
    let program = table.question.program
    let name =
      axis.isRanked ? program.ranks[axis.ranks[0]].name : ValueSpelling(program).name(axis.slot)
    return FindingReport(table).onDecision(
      "T2", .warning,
      axis.isComparison
        ? "a comparison changes no outcome of `\(table.question.plan.name)`"
        : "`\(name)` changes no outcome of `\(table.question.plan.name)`")
  }
}

/// Where a rank is declared: its line, in the file whose line that is.
private struct RankPlace {
  private let program: Program

  init(_ program: Program) { self.program = program }

  func finding(_ code: String, _ message: String, rank: Int) -> Diagnostic? {
    let plan = program.ranks[rank]
    let wanted = Array("rank \(plan.name)".utf8)
    for (number, file) in program.sources.files.enumerated() {
      let bytes = file.lineBytes(plan.line)
      guard bytes.count >= wanted.count else { continue }
      for start in bytes.startIndex...(bytes.endIndex - wanted.count)
      where bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
        let span = SourceSpan(file: number, range: start..<(start + wanted.count))
        return Diagnostic(code, .warning, message, at: [(span, "")], in: program.sources)
      }
    }
    return nil
  }
}
