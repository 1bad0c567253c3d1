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

  /// A decision that could be enumerated.
  package struct Subject: Sendable {
    package var table: CombinationTable
    /// Whether a rule of it never decides: a threshold that only such a rule knows is no finding of
    /// its own.
    package var hasDeadText: Bool

    package init(table: CombinationTable, hasDeadText: Bool) {
      self.table = table
      self.hasDeadText = hasDeadText
    }
  }

  /// - Parameter unproved: ranks that a decision asks about which could not be enumerated.
  package func findings(in subjects: [Subject], unproved: Set<Int>) -> [Diagnostic] {
    let tables = subjects.map(\.table)
    var isAlive: [RankCut: Bool] = [:]
    var silenced: Set<Int> = []
    var places: [Int: Int] = [:]
    var findings: [Diagnostic] = []
    for (number, table) in tables.enumerated() {
      for (axis, description) in table.question.axes.enumerated() where !description.isIndirect {
        if subjects[number].hasDeadText { silenced.formUnion(description.ranks) }
        let changes = changes(along: axis, in: table)
        let cuts = cuts(of: description, in: table)
        let isIdle = description.valueCount > 1 && !changes.contains(true)
        if isIdle, description.ranks.isEmpty {
          findings.append(idle(description, cuts, in: table))
        }
        guard case .ordered(let ordered) = description.quantity else { continue }
        for cut in cuts {
          guard let cell = ordered.cells.firstIndex(where: { $0.lower == cut.edge }) else {
            continue
          }
          if let rank = cut.rank {
            isAlive[rank, default: false] = isAlive[rank, default: false] || changes[cell - 1]
            if places[rank.rank] == nil { places[rank.rank] = number }
          } else if !changes[cell - 1], !subjects[number].hasDeadText,
            !(isIdle && description.ranks.isEmpty)
          {
            findings.append(direct(cut.edge, description, in: table))
          }
        }
      }
    }
    for (rank, number) in places.sorted(by: { $0.key < $1.key }) where !unproved.contains(rank) {
      let cuts = isAlive.keys.filter { $0.rank == rank }.sorted()
      let dead = cuts.filter { isAlive[$0] == false }
      if dead.count == cuts.count {
        let name = tables[number].question.program.ranks[rank].name
        findings.append(place("T2", "`\(name)` changes no outcome", rank, in: tables[number]))
      } else if !silenced.contains(rank) {
        findings += dead.map { ranked($0, in: tables[number]) }
      }
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
    let value = ValueSpelling(program).full(
      Quotient(plan.cutPoints[cut.cut]), slot: plan.source)
    let message = "the cut point `\(plan.cutPointNames[cut.cut])` = \(value) changes no outcome"
    return place("T1", message, cut.rank, in: table)
  }

  private func place(
    _ code: String, _ message: String, _ rank: Int, in table: CombinationTable
  ) -> Diagnostic {
    RankPlace(table.question.program).finding(code, message, rank: rank)
      ?? FindingReport(table).onDecision(code, .warning, message)
  }

  private func direct(
    _ edge: ThresholdEdge, _ axis: DecisionAxis, in table: CombinationTable
  ) -> Diagnostic {
    let spelling = ValueSpelling(table.question.program)
    return FindingReport(table).onDecision(
      "T1", .warning,
      "the threshold \(spelling.threshold(edge, of: axis)) of `\(spelling.name(axis.slot))` "
        + "changes no outcome of `\(table.question.plan.name)`")
  }

  private func idle(
    _ axis: DecisionAxis, _ cuts: [Cut], in table: CombinationTable
  ) -> Diagnostic {
    let spelling = ValueSpelling(table.question.program)
    let thresholds = cuts.map { spelling.threshold($0.edge, of: axis) }
    return FindingReport(table).onDecision(
      "T2", .warning,
      (axis.isComparison ? "a comparison" : "`\(spelling.name(axis.slot))`")
        + " changes no outcome of `\(table.question.plan.name)`",
      notes: thresholds.isEmpty ? [] : ["its thresholds: " + thresholds.joined(separator: ", ")])
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
