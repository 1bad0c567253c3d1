import DataFields
import SourceDiagnostics
import ThresholdCells

/// T1: cut points that change no outcome of any decision. T2: quantities that change none.
struct ThresholdAnalysis {
  private struct Cut: Hashable {
    var key: DecisionGrid.AxisKey
    var cut: AxisCut
  }

  private var alive = Set<Cut>()
  private var seen = Set<Cut>()
  /// Decisions that were too large to try: their cut points are not judged.
  private var open = Set<Cut>()

  mutating func add(_ grid: DecisionGrid) {
    for (axis, key) in grid.keys.enumerated() {
      for cut in grid.grid.axes[axis].cuts {
        seen.insert(Cut(key: key, cut: cut))
        if grid.results == nil { open.insert(Cut(key: key, cut: cut)) }
      }
    }
    guard let results = grid.results, !results.isEmpty else { return }
    let decision = grid.decision
    let outcomes = results.map { result -> ConstantValue? in
      result.deciding.map { decision.rules[$0].outcome } ?? decision.otherwise?.outcome
    }
    var stride = 1
    for axis in grid.grid.axes.indices.reversed() {
      let line = grid.grid.axes[axis]
      for index in results.indices {
        let cell = results[index].cells[axis]
        guard cell + 1 < line.cellCount, !line.isMissing(cell + 1) else { continue }
        if outcomes[index] != outcomes[index + stride] {
          for cut in line.cutsBetween(cell, cell + 1) {
            alive.insert(Cut(key: grid.keys[axis], cut: cut))
          }
        }
      }
      stride *= line.cellCount
    }
  }

  func findings(in program: CheckedProgram) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    for rank in program.ranks {
      guard case .value(let source) = rank.source.kind else { continue }
      var dead: [Int] = []
      for (index, cut) in rank.cutPoints.enumerated() {
        let key = Cut(
          key: .ordered(source),
          cut: AxisCut(value: cut.number, includesValueBelow: rank.belongsBelow[index]))
        guard seen.contains(key), !alive.contains(key), !open.contains(key) else { continue }
        dead.append(index)
      }
      guard !dead.isEmpty else { continue }
      let name = program.values[rank.value].name
      let levels = program.scales[rank.scale].levels
      let isWhole = dead.count == rank.cutPoints.count
      let names = dead.map { "`\(name).\(levels[rank.levels[$0 + 1]])`" }
      findings.append(
        Diagnostic(
          isWhole ? "T2" : "T1", .warning,
          isWhole
            ? "`\(name)` changes no outcome"
            : "\(names.joined(separator: ", ")) changes no outcome",
          at: [(rank.span, "")], in: program.sources))
    }
    return findings
  }
}
