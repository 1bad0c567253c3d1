import DataFields
import RuleLanguage
import ThresholdCells

/// What a decision comes to as two facts take each of their cells and the others stay: models by
/// difference arrays, rules by what they ask of a cell, so that few combinations are decided anew.
package struct CellSurface {
  private let cells: CellDecision
  /// What rules ask of each fact in each cell, as a number: cells of one number are alike to them.
  private let signatures: [[Int]]
  /// Scores, by slot, and where the rules cut them.
  private let scores: [(slot: Int, score: CellScore, cuts: [Double])]
  private let signatureCounts: [Int]
  private let bandCounts: [Int]
  /// The results that were met; cells hold their numbers.
  package private(set) var results: [CaseResult]
  private var evaluator: CaseEvaluator
  private let own: [Int]

  /// - Returns: nil where rules compare several facts, or a model has no form that adds up.
  package init?(_ cells: CellDecision) {
    guard cells.doubts.isEmpty, let own = cells.own, cells.operands.isCovered else {
      return nil
    }
    self.cells = cells
    self.own = own
    signatures = cells.operands.signatures(counts: cells.axes.map(\.cellCount))
    let cuts = ScoreCuts.ofSlots(cells.decided)
    var scores: [(slot: Int, score: CellScore, cuts: [Double])] = []
    for slot in cuts.keys.sorted() {
      guard let score = cells.scores[slot] else { return nil }
      let places = (cuts[slot] ?? []).map {
        score.rawScore(at: DoubleOrder.value(at: $0.value.numerator))
      }
      // A cut that no raw score reaches parts nothing.
      scores.append((slot, score, places.filter(\.isFinite)))
    }
    self.scores = scores
    signatureCounts = signatures.map { ($0.max() ?? 0) + 1 }
    bandCounts = scores.map { $0.cuts.count + 1 }
    guard bandCounts.reduce(1.0, { $0 * Double($1) }) <= 4_096 else { return nil }
    results = [cells.decided.result]
    evaluator = cells.decided.makeEvaluator()
  }

  /// The number in ``results`` of what is decided in each cell of two facts, row by row of the first;
  /// of one fact if both are the same. 0 is the case's own result.
  ///
  /// - Complexity: O(endings that the trees can reach + cells of one x cells of the other), and a
  ///   decision for each group of cells that is new.
  package mutating func outcomes(_ first: Int, _ second: Int) -> [Int32] {
    let rows = cells.axes[first].cellCount
    let columns = first == second ? 1 : cells.axes[second].cellCount
    let raw = scores.map { $0.score.surface(first, second, own: own, rows, columns) }
    let columnSignatures = signatureCounts[second]
    let bands = bandCounts.reduce(1, *)
    // What was decided for a pair of signatures and the bands of all scores.
    var known = [Int32](
      repeating: -1, count: signatureCounts[first] * columnSignatures * bands)
    var outcomes = [Int32](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = row * columns + column
        let other = first == second ? row : column
        var key = signatures[first][row] * columnSignatures + signatures[second][other]
        var isNear = false
        for score in scores.indices {
          let band = band(score, raw[score][place])
          if band < 0 { isNear = true }
          key = key * bandCounts[score] + max(band, 0)
        }
        // A score so near a cut that the order of a sum could matter is told by the engine.
        if !isNear, known[key] >= 0 {
          outcomes[place] = known[key]
          continue
        }
        let number = number(of: decide(first, row, second, other))
        if !isNear { known[key] = number }
        outcomes[place] = number
      }
    }
    return outcomes
  }

  /// Whether two facts have too many cells to look at each pair.
  package func isTooLarge(_ first: Int, _ second: Int) -> Bool {
    let cells = Double(cells.axes[first].cellCount) * Double(cells.axes[second].cellCount)
    let keys =
      Double(signatureCounts[first]) * Double(signatureCounts[second])
      * bandCounts.reduce(1.0) { $0 * Double($1) }
    return cells > 4e6 || keys > 4e6
  }

  private mutating func number(of result: CaseResult) -> Int32 {
    if let number = results.firstIndex(of: result) { return Int32(number) }
    results.append(result)
    return Int32(results.count - 1)
  }

  private mutating func decide(_ first: Int, _ row: Int, _ second: Int, _ column: Int) -> CaseResult
  {
    var changes: [FactChange] = []
    if row != own[first] {
      changes.append(FactChange(fact: first, value: cells.witnesses[first][row]))
    }
    if first != second, column != own[second] {
      changes.append(FactChange(fact: second, value: cells.witnesses[second][column]))
    }
    return evaluator.result(of: changes)
  }

  /// Between which cuts a score lies; -1 where it lies too near to one.
  private func band(_ place: Int, _ score: Double) -> Int {
    if score.isNaN { return -1 }
    var band = 0
    for cut in scores[place].cuts {
      if (score - cut).magnitude <= 0x1p-19 * (1 + cut.magnitude) { return -1 }
      if score < cut { break }
      band += 1
    }
    return band
  }
}

/// Where the conditions and ranks of a decision cut scores, rising.
enum ScoreCuts {
  static func ofSlots(_ decided: DecidedCase) -> [Int: [ThresholdEdge]] {
    let program = decided.program
    let origins = decided.origins
    var cuts: [Int: Set<ThresholdEdge>] = [:]
    for step in decided.plan.steps {
      guard case .model(let model) = program.steps[step] else { continue }
      for score in program.models[model].scores { cuts[score.slot] = [] }
    }
    func add(_ slot: Int, _ bits: Int128) {
      let base = origins.copied(slot)
      guard cuts[base] != nil else { return }
      cuts[base]?.insert(ThresholdEdge(Quotient(DoubleOrder.place(ofBits: bits)), isAfter: false))
    }
    var roots: [Int] = []
    for step in decided.plan.steps {
      switch program.steps[step] {
      case .rank(let rank):
        for cut in program.ranks[rank].cutPoints { add(program.ranks[rank].source, cut) }
      case .decide(let decision):
        roots += program.decisions[decision].rules.compactMap { program.rules[$0].condition }
      case .override(let override): roots.append(program.overrides[override].condition)
      case .compute(let range, _):
        for instruction in program.code.instructions[range]
        where instruction.operation == .condition {
          roots.append(Int(instruction.right))
        }
      case .model: break
      }
    }
    for root in roots {
      for leaf in origins.leaves(of: root) {
        let node = program.code.conditions[leaf]
        guard node.kind == .compareDoubles else { continue }
        if let constant = origins.constant(at: Int(node.right)) {
          add(Int(node.left), constant.numerator)
        }
        if let constant = origins.constant(at: Int(node.left)) {
          add(Int(node.right), constant.numerator)
        }
      }
    }
    return cuts.mapValues { $0.sorted() }
  }
}
