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

  /// What a step from one cell to the next does to the outcome.
  package enum Step: Sendable, Hashable {
    case changes, unchanged
    /// The budget ended before either was known: no finding rests on it.
    case notProved
  }

  /// A decision with what each step along each of its axes does.
  package struct Subject: Sendable {
    package var question: DecisionQuestion
    /// For each axis, its steps between cells with a value.
    package var steps: [[Step]]
    /// Whether a rule of it never decides: a threshold that only such a rule knows is no finding of
    /// its own.
    package var hasDeadText: Bool

    package init(question: DecisionQuestion, steps: [[Step]], hasDeadText: Bool) {
      self.question = question
      self.steps = steps
      self.hasDeadText = hasDeadText
      for axis in steps.indices where !question.axes[axis].isOrdered {
        // Choices have no neighbours: one that differs from the first differs.
        if steps[axis].contains(.changes) {
          self.steps[axis] = steps[axis].map { _ in .changes }
        }
      }
    }

    /// What a table of all combinations says.
    package init(_ table: CombinationTable, hasDeadText: Bool) {
      let axes = table.question.axes.indices
      self.init(
        question: table.question, steps: axes.map { Self.steps(along: $0, in: table) },
        hasDeadText: hasDeadText)
    }

    private static func steps(along axis: Int, in table: CombinationTable) -> [Step] {
      let size = table.question.axes[axis].valueCount
      var steps = Array(repeating: Step.unchanged, count: max(0, size - 1))
      for combination in table.results.indices {
        let cell = table.space.cell(combination, axis: axis)
        guard cell < size - 1, steps[cell] == .unchanged,
          table.outcomes[combination] != CombinationTable.impossible
        else { continue }
        // What cannot occur is no change: the next cell that can is what this one is compared with.
        var end = cell + 1
        var next = combination + table.space.strides[axis]
        while end < size - 1, table.outcomes[next] == CombinationTable.impossible {
          end += 1
          next += table.space.strides[axis]
        }
        if table.outcomes[next] == CombinationTable.impossible { continue }
        if table.outcomes[combination] != table.outcomes[next] {
          for step in cell..<end { steps[step] = .changes }
        }
      }
      return steps
    }
  }

  /// - Parameter unproved: ranks that a decision asks about which could not be looked into.
  package func findings(in subjects: [Subject], unproved: Set<Int>) -> [Diagnostic] {
    var isAlive: [RankCut: Bool] = [:]
    var silenced: Set<Int> = []
    var places: [Int: Int] = [:]
    var findings: [Diagnostic] = []
    for (number, subject) in subjects.enumerated() {
      let question = subject.question
      for (axis, description) in question.axes.enumerated() where !description.isIndirect {
        if subject.hasDeadText { silenced.formUnion(description.ranks) }
        let steps = subject.steps[axis]
        let cuts = cuts(of: description, in: question)
        let isIdle = description.valueCount > 1 && steps.allSatisfy { $0 == .unchanged }
        if isIdle, description.ranks.isEmpty {
          findings.append(idle(description, cuts, in: question))
        }
        for cut in cuts {
          if let rank = cut.rank {
            isAlive[rank, default: false] =
              isAlive[rank, default: false] || steps[cut.cell - 1] != .unchanged
            if places[rank.rank] == nil { places[rank.rank] = number }
          } else if steps[cut.cell - 1] == .unchanged, !subject.hasDeadText,
            !(isIdle && description.ranks.isEmpty)
          {
            findings.append(direct(cut.edge, description, in: question))
          }
        }
      }
    }
    for (rank, number) in places.sorted(by: { $0.key < $1.key }) where !unproved.contains(rank) {
      let question = subjects[number].question
      let cuts = isAlive.keys.filter { $0.rank == rank }.sorted()
      let dead = cuts.filter { isAlive[$0] == false }
      if dead.count == cuts.count {
        let name = question.program.ranks[rank].name
        findings.append(place("T2", "`\(name)` changes no outcome", rank, in: question))
      } else if !silenced.contains(rank) {
        findings += dead.map { ranked($0, in: question) }
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
    /// The cell that begins at the edge.
    var cell: Int
    var rank: RankCut?
  }

  /// The thresholds on an axis: of its ranks, and those that conditions name and no rank has.
  private func cuts(of axis: DecisionAxis, in question: DecisionQuestion) -> [Cut] {
    guard case .ordered(let ordered) = axis.quantity else { return [] }
    var cellOfEdge: [ThresholdEdge: Int] = [:]
    for (cell, description) in ordered.cells.enumerated() {
      if let edge = description.lower { cellOfEdge[edge] = cell }
    }
    let program = question.program
    let isDouble = program.code.layout.slots[axis.slot].type == .double
    var cuts: [Cut] = []
    var ranked: Set<ThresholdEdge> = []
    for rank in axis.ranks {
      let plan = program.ranks[rank]
      for (index, word) in plan.cutPoints.enumerated() {
        let value = isDouble ? DoubleOrder.place(ofBits: word) : word
        let edge = ThresholdEdge(.init(value), isAfter: plan.belongsBelow[index])
        guard let canonical = ThresholdAxis.canonical(edge, ordered.density) else { continue }
        ranked.insert(canonical)
        guard let cell = cellOfEdge[canonical] else { continue }
        cuts.append(Cut(edge: canonical, cell: cell, rank: RankCut(rank: rank, cut: index)))
      }
    }
    for (cell, description) in ordered.cells.enumerated() {
      // Where a decision made on the way cuts is that decision's to answer for.
      guard let edge = description.lower, !ranked.contains(edge), axis.ownEdges.contains(edge)
      else { continue }
      cuts.append(Cut(edge: edge, cell: cell, rank: nil))
    }
    return cuts
  }

  private func ranked(_ cut: RankCut, in question: DecisionQuestion) -> Diagnostic {
    let program = question.program
    let plan = program.ranks[cut.rank]
    let value = ValueSpelling(program).full(
      Quotient(plan.cutPoints[cut.cut]), slot: plan.source)
    let message = "the cut point `\(plan.cutPointNames[cut.cut])` = \(value) changes no outcome"
    return place("T1", message, cut.rank, in: question)
  }

  private func place(
    _ code: String, _ message: String, _ rank: Int, in question: DecisionQuestion
  ) -> Diagnostic {
    RankPlace(question.program).finding(code, message, rank: rank)
      ?? FindingReport(question.program, decision: question.decision).onDecision(
        code, .warning, message)
  }

  private func direct(
    _ edge: ThresholdEdge, _ axis: DecisionAxis, in question: DecisionQuestion
  ) -> Diagnostic {
    let spelling = ValueSpelling(question.program)
    return FindingReport(question.program, decision: question.decision).onDecision(
      "T1", .warning,
      "the threshold \(spelling.threshold(edge, of: axis)) of `\(spelling.name(axis.slot))` "
        + "changes no outcome of `\(question.plan.name)`")
  }

  private func idle(
    _ axis: DecisionAxis, _ cuts: [Cut], in question: DecisionQuestion
  ) -> Diagnostic {
    let spelling = ValueSpelling(question.program)
    let thresholds = cuts.map { spelling.threshold($0.edge, of: axis) }
    return FindingReport(question.program, decision: question.decision).onDecision(
      "T2", .warning,
      (axis.isComparison ? "a comparison" : "`\(spelling.name(axis.slot))`")
        + " changes no outcome of `\(question.plan.name)`",
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
