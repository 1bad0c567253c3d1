import DataFields
import RuleLanguage
import ThresholdCells

/// What ranks and comparisons come to on each cell of the one fact that they rest on.
struct CellOperands: Sendable {
  /// A truth on each cell of a fact: how many of the cells before hold.
  struct Truths: Sendable {
    var fact: Int
    var held: [Int32]

    /// 1 false, 2 true, 3 either.
    func mask(_ run: Range<Int>) -> UInt8 {
      let count = Int(held[run.upperBound] - held[run.lowerBound])
      return (count < run.count ? 1 : 0) | (count > 0 ? 2 : 0)
    }
  }

  /// A rank's level on each cell of a fact; -1 where it has none.
  struct Levels: Sendable {
    var fact: Int
    var levels: [Int]
  }

  private(set) var truths: [Int: Truths] = [:]
  private(set) var levels: [Int: Levels] = [:]
  /// Whether every comparison is of one fact, of ranks, of outcomes or of scores.
  private(set) var isCovered = false
  /// For each fact its cells in which a value is missing that the decision, or one on the way, requires.
  private(set) var refusing: [[Int: [Bool]]] = []
  private let factOfSlot: [Int: Int]
  private let origins: ValueOrigins
  private let program: Program

  init(_ decided: DecidedCase, rows: [[RuleRow]]) {
    program = decided.program
    origins = decided.origins
    factOfSlot = Dictionary(
      decided.facts.enumerated().map { ($0.element.slot, $0.offset) }
    ) { first, _ in first }
    for step in decided.plan.steps {
      switch program.steps[step] {
      case .rank(let rank): add(rank: rank, rows)
      case .decide(let decision):
        for rule in program.decisions[decision].rules {
          if let root = program.rules[rule].condition { add(condition: root, rows) }
        }
      case .override(let override): add(condition: program.overrides[override].condition, rows)
      case .compute(let range, _):
        for instruction in program.code.instructions[range]
        where instruction.operation == .condition {
          add(condition: Int(instruction.right), rows)
        }
      case .model: break
      }
    }
    isCovered = coversEverything(decided.plan.steps)
    var required: Set<Int> = []
    for step in decided.plan.steps {
      if case .decide(let decision) = program.steps[step] {
        required.formUnion(program.decisions[decision].required)
      }
    }
    refusing = rows.map { cells in
      var absent: [Int: [Bool]] = [:]
      for slot in required where cells.contains(where: { !$0.isPresent(slot) }) {
        absent[slot] = cells.map { !$0.isPresent(slot) }
      }
      return absent
    }
  }

  /// Whether a required value is missing somewhere on a box, by one fact alone.
  func isMissing(_ slot: Int, on box: CellBox) -> Bool {
    for (fact, range) in box.ranges.enumerated() {
      if let absent = refusing[fact][slot], absent[range].contains(true) { return true }
    }
    return false
  }

  private mutating func add(rank: Int, _ rows: [[RuleRow]]) {
    let plan = program.ranks[rank]
    guard let fact = fact(at: plan.source) else { return }
    levels[rank] = Levels(
      fact: fact,
      levels: rows[fact].map { $0.isPresent(plan.slot) ? Int($0.value(plan.slot)) : -1 })
  }

  /// The one fact that a value is, copies and ranks included.
  func fact(at slot: Int) -> Int? {
    let base = origins.copied(slot)
    if let fact = factOfSlot[base] { return fact }
    if let rank = origins.rank(at: base) { return fact(at: program.ranks[rank].source) }
    return nil
  }

  /// Whether every comparison is of one fact, of ranks, of outcomes or of scores: nothing compares
  /// two facts as they are.
  private func coversEverything(_ steps: [Int]) -> Bool {
    var roots: [Int] = []
    for step in steps {
      switch program.steps[step] {
      case .decide(let decision):
        roots += program.decisions[decision].rules.compactMap { program.rules[$0].condition }
      case .override(let override): roots.append(program.overrides[override].condition)
      case .compute(let range, _):
        for instruction in program.code.instructions[range] {
          if instruction.operation == .condition { roots.append(Int(instruction.right)) }
        }
      case .rank, .model: break
      }
    }
    return roots.flatMap { origins.leaves(of: $0) }.allSatisfy { leaf in
      let node = program.code.conditions[leaf]
      if truths[leaf] != nil { return true }
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles: break
      default: return fact(at: Int(node.left)) == nil
      }
      let slots = [Int(node.left), Int(node.right)]
      // Two scores meet anywhere.
      if slots.allSatisfy({ origins.score(at: origins.copied($0)) != nil }) { return false }
      return slots.allSatisfy(isFollowed)
    }
  }

  /// Whether a value is told from facts each by itself: a rank of one, a score, an outcome.
  private func isFollowed(_ slot: Int) -> Bool {
    let base = origins.copied(slot)
    if origins.isConstant(base) || origins.score(at: base) != nil { return true }
    if origins.decision(at: base) != nil { return true }
    guard let rank = origins.rank(at: base) else { return false }
    return levels[rank] != nil || isFollowed(program.ranks[rank].source)
  }

  /// For each fact and cell a number for what conditions and ranks make of it.
  func signatures(counts: [Int]) -> [[Int]] {
    var parts = counts.map { Array(repeating: [Int](), count: $0) }
    for leaf in truths.keys.sorted() {
      guard let truth = truths[leaf] else { continue }
      for cell in 0..<counts[truth.fact] {
        parts[truth.fact][cell].append(Int(truth.mask(cell..<(cell + 1))))
      }
    }
    for rank in levels.keys.sorted() {
      guard let level = levels[rank] else { continue }
      for cell in 0..<counts[level.fact] { parts[level.fact][cell].append(level.levels[cell]) }
    }
    return parts.map { cells in
      var numbers: [[Int]: Int] = [:]
      return cells.map { part in
        let number = numbers[part] ?? numbers.count
        numbers[part] = number
        return number
      }
    }
  }

  private mutating func add(condition root: Int, _ rows: [[RuleRow]]) {
    for leaf in origins.leaves(of: root) where truths[leaf] == nil {
      let node = program.code.conditions[leaf]
      var slots = [Int(node.left)]
      switch node.kind {
      case .compareWords, .compareQuotients, .compareDoubles: slots.append(Int(node.right))
      default: break
      }
      let asked = slots.filter { !origins.isConstant($0) }.map(fact)
      guard let first = asked.first, let fact = first, asked.allSatisfy({ $0 == fact }) else {
        continue
      }
      var held: [Int32] = [0]
      for row in rows[fact] {
        let truth = program.code.evaluate(leaf, on: row, lists: program.lists)
        held.append((held.last ?? 0) + (truth.holds ? 1 : 0))
      }
      truths[leaf] = Truths(fact: fact, held: held)
    }
  }
}

extension ValueOrigins {
  /// The slot that a value is a copy of; itself where it is none.
  package func copied(_ slot: Int) -> Int {
    var slot = slot
    for _ in 0..<64 {
      guard slot >= 0, !isConstant(slot), let (instruction, _) = definition(of: slot),
        instruction.operation == .copy
      else { break }
      slot = Int(instruction.left)
    }
    return slot
  }
}
