import DataFields
import RuleLanguage
import ThresholdCells

/// What a decision comes to as two facts take each of their cells and the others stay: models by
/// difference arrays, rules by what they ask of a cell, so that few combinations are decided anew.
struct CellSurface {
  private let cells: CellDecision
  /// What rules ask of each fact in each cell, as a number: cells of one number are alike to them.
  private let signatures: [[Int]]
  /// Scores, by slot, and where the rules cut them.
  private let scores: [(slot: Int, score: CellScore, cuts: [ThresholdEdge])]
  private var known: [Key: CaseResult] = [:]
  private var evaluator: CaseEvaluator
  private let own: [Int]

  private struct Key: Hashable {
    var first: Int
    var second: Int
    var firstSignature: Int
    var secondSignature: Int
    var bands: [Int]
  }

  /// - Returns: nil where rules compare several facts, or a model has no form that adds up.
  init?(_ cells: CellDecision) {
    guard cells.doubts.isEmpty, let own = cells.own, cells.operands.coversEverything(cells) else {
      return nil
    }
    self.cells = cells
    self.own = own
    signatures = cells.operands.signatures(counts: cells.axes.map(\.cellCount))
    let cuts = ScoreCuts.ofSlots(cells.decided)
    var scores: [(slot: Int, score: CellScore, cuts: [ThresholdEdge])] = []
    for slot in cuts.keys.sorted() {
      guard let score = cells.scores[slot] else { return nil }
      scores.append((slot, score, cuts[slot] ?? []))
    }
    self.scores = scores
    evaluator = cells.decided.makeEvaluator()
  }

  /// The results for all cells of two facts, row by row of the first; of one fact if both are the
  /// same.
  ///
  /// - Complexity: O(endings that the trees can reach + cells of one x cells of the other), and a
  ///   decision for each group of cells that is new.
  mutating func results(_ first: Int, _ second: Int) -> [CaseResult] {
    let rows = cells.axes[first].cellCount
    let columns = first == second ? 1 : cells.axes[second].cellCount
    let raw = scores.map { $0.score.surface(first, second, own: own, rows, columns) }
    var bands = [Int](repeating: 0, count: scores.count)
    var results: [CaseResult] = []
    results.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let other = first == second ? row : column
        for place in scores.indices {
          bands[place] = band(place, raw[place][row * columns + column])
        }
        let key = Key(
          first: first, second: second, firstSignature: signatures[first][row],
          secondSignature: signatures[second][other], bands: bands)
        // A score so near a cut that the order of a sum could matter is told by the engine.
        if !bands.contains(-1), let result = known[key] {
          results.append(result)
          continue
        }
        let result = decide(first, row, second, other)
        if !bands.contains(-1) { known[key] = result }
        results.append(result)
      }
    }
    return results
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
      let threshold = DoubleOrder.value(at: cut.value.numerator)
      if (score - threshold).magnitude <= 0x1p-19 * (1 + threshold.magnitude) { return -1 }
      if score < threshold { break }
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
