import Attribution
import PMML
import ThresholdCells
import TreeEnsembles

/// Trees over the cells of facts: which way a box of cells can go, and so the least and the greatest
/// number that they can add up to.
///
/// The tests are those of the routing table that scores; what each answers on a cell was found by
/// asking it.
struct CellForest: Sendable {
  /// What a test answers on each cell of a fact's axis.
  ///
  /// Prefix sums over the cells: how many of those before a cell answer true, false and unknown.
  private struct Answers: Sendable {
    var fact: Int
    var trues: [Int32]
    var falses: [Int32]

    /// Where the run of one answer that begins at a cell ends.
    func runEnd(_ start: Int, _ limit: Int, _ answer: UInt8) -> Int {
      // Most tests change once: the rest of the range has one answer, or is halved.
      if mask(start..<limit) == answer { return limit }
      var low = start + 1
      var high = limit
      while low < high {
        let middle = (low + high) / 2
        if mask(start..<(middle + 1)) == answer { low = middle + 1 } else { high = middle }
      }
      return low
    }

    /// The answer on one cell: 1 true, 2 false, 4 unknown.
    @inline(__always)
    func mask(at cell: Int) -> UInt8 {
      let (trues, falses) = (trues.span, falses.span)
      if trues[cell + 1] != trues[cell] { return 1 }
      return falses[cell + 1] != falses[cell] ? 2 : 4
    }

    /// 1 true, 2 false, 4 unknown: the answers that occur on a run of cells.
    @inline(__always)
    func mask(_ run: Range<Int>) -> UInt8 {
      let (trues, falses) = (trues.span, falses.span)
      let yes = trues[run.upperBound] - trues[run.lowerBound]
      let no = falses[run.upperBound] - falses[run.lowerBound]
      return (yes > 0 ? 1 : 0) | (no > 0 ? 2 : 0) | (Int(yes + no) < run.count ? 4 : 0)
    }
  }

  private let table: RoutingTable
  private let game: TreeGame
  /// For each test the position of its answers; -1 answers anything.
  private let answersOfTest: [Int32]
  private let answers: [Answers]
  /// What each node adds where a walk ends at it.
  private let endingValues: [Double]
  /// One rounding, relative to what is rounded.
  private let slackScale: Double

  /// - Parameters:
  ///   - factOfFeature: the fact behind each feature; nil where it is not followed.
  ///   - features: for each fact and cell, the features with the fact in the cell and the others as
  ///     they are.
  init(
    _ part: AdditiveForm.Trees, factOfFeature: [Int?], cellCounts: [Int],
    features: (Int, Int) -> [Double]
  ) {
    game = TreeGame(
      ensemble: part.plan.ensemble, output: TreeGame.Output(part.output), weights: part.weights,
      missingPrediction: part.missingPrediction)
    let table = RoutingTable(part.plan.ensemble)
    self.table = table
    var answerCount = 0
    var answers: [Answers] = []
    var places: [Key: Int32] = [:]
    var rows: [Int: [[Double]]] = [:]
    answersOfTest = table.tests.map { test in
      let asked =
        test.question == .compound
        ? Set(table.ensemble.predicates.features(of: Int(test.predicate)))
        : [Int(test.feature)]
      let facts = Set(asked.map { factOfFeature[$0] })
      guard facts.count == 1, let first = facts.first, let fact = first else { return -1 }
      let key = Key(test)
      if let place = places[key] { return place }
      // What cannot be held is not followed: any answer is possible.
      answerCount += cellCounts[fact]
      if answerCount > Self.answerLimit { return -1 }
      let cells =
        rows[fact]
        ?? (0..<cellCounts[fact]).map { features(fact, $0) }
      rows[fact] = cells
      var made = Answers(fact: fact, trues: [0], falses: [0])
      for row in cells {
        let answer = table.answer(test, row.span)
        made.trues.append((made.trues.last ?? 0) + (answer == .isTrue ? 1 : 0))
        made.falses.append((made.falses.last ?? 0) + (answer == .isFalse ? 1 : 0))
      }
      answers.append(made)
      places[key] = Int32(answers.count - 1)
      return Int32(answers.count - 1)
    }
    self.answers = answers
    var values = [Double](repeating: .nan, count: table.ensemble.nodeCount)
    for (tree, plan) in table.ensemble.trees.enumerated() {
      for node in plan.nodes { values[node] = game.value(.node(node), tree: tree) }
    }
    endingValues = values
    slackScale = part.plan.ensemble.isFloat ? 0x1p-23 : 0x1p-52
  }

  /// Answers that are held: 8 bytes each.
  private static let answerLimit = 1 << 25

  private struct Key: Hashable {
    var feature: Int32
    var question: RoutingTable.Question
    var threshold: Double
    var predicate: Int32

    init(_ test: RoutingTable.Test) {
      feature = test.feature
      question = test.question
      threshold = test.threshold
      predicate = test.question == .less || test.question == .equal ? -1 : test.predicate
    }
  }

  /// The bounds of the sum, and the tree whose bounds lie furthest apart.
  struct Sum: Sendable {
    var bounds: NumberBounds
    var widest: Int
  }

  /// - Complexity: O(endings that the box can reach).
  func bounds(_ box: CellBox) -> Sum {
    var sum = NumberBounds(lower: 0, upper: 0)
    var magnitude = 0.0
    var widest = 0
    var widestGap = -1.0
    for tree in table.entries.indices {
      let part = bounds(table.entries[tree], tree, box)
      sum.lower += part.lower
      sum.upper += part.upper
      sum.mayBeMissing = sum.mayBeMissing || part.mayBeMissing
      magnitude += max(part.lower.magnitude, part.upper.magnitude)
      if part.upper - part.lower > widestGap {
        widestGap = part.upper - part.lower
        widest = tree
      }
    }
    // Each partial sum rounds once, in the model's own precision.
    let slack = slackScale * magnitude * Double(table.entries.count + 2)
    return Sum(bounds: sum.widened(by: slack), widest: widest)
  }

  private func bounds(_ target: Int32, _ tree: Int, _ box: CellBox) -> NumberBounds {
    guard target >= 0 else {
      let value = endingValue(target, tree)
      return value.isNaN ? .unknown : NumberBounds(lower: value, upper: value)
    }
    // Siblings are a chain of what is false: it is gone along, not into.
    var target = target
    var found = NumberBounds(lower: .infinity, upper: -.infinity)
    while target >= 0 {
      let test = table.tests[Int(target)]
      let mask = self.mask(Int(target), box)
      if mask & 4 != 0 { found.merge(bounds(test.onUnknown, tree, box)) }
      guard mask & 2 != 0 else {
        if mask & 1 != 0 { found.merge(bounds(test.onTrue, tree, box)) }
        return found
      }
      if mask & 1 != 0, test.onTrue != test.onFalse {
        found.merge(bounds(test.onTrue, tree, box))
      }
      target = test.onFalse
    }
    found.merge(bounds(target, tree, box))
    return found
  }

  private func mask(_ test: Int, _ box: CellBox) -> UInt8 {
    let place = Int(answersOfTest[test])
    if place < 0 { return 7 }
    return answers[place].mask(box.ranges[answers[place].fact])
  }

  /// Adds what the trees give in each cell of two facts, the others in their own: differences along
  /// rows and columns, which prefix sums turn into numbers.
  ///
  /// - Parameter differences: `(rows + 1) x (columns + 1)`, row by row.
  /// - Complexity: O(endings that can be reached).
  func addDifferences(
    _ first: Int, _ second: Int, own: [Int], _ rows: Int, _ columns: Int,
    to differences: inout [Double]
  ) {
    // Lent for the walk: it asks millions of times.
    differences.withUnsafeMutableBufferPointer { differences in
      own.withUnsafeBufferPointer { own in
        for tree in table.entries.indices {
          walk(
            table.entries[tree], tree, first, second, own, 0..<rows, 0..<columns, columns + 1,
            differences)
        }
      }
    }
  }

  private func walk(
    _ target: Int32, _ tree: Int, _ first: Int, _ second: Int, _ own: UnsafeBufferPointer<Int>,
    _ rows: Range<Int>, _ columns: Range<Int>, _ stride: Int,
    _ differences: UnsafeMutableBufferPointer<Double>
  ) {
    var target = target
    let tests = table.tests.span
    let places = answersOfTest.span
    let answers = answers.span
    while target >= 0 {
      let place = Int(places[Int(target)])
      guard place >= 0 else {
        differences[rows.lowerBound * stride + columns.lowerBound] = .nan
        return
      }
      let fact = answers[place].fact
      if fact == first || fact == second { break }
      // Another fact is in its own cell.
      target = Self.next(tests[Int(target)], answers[place].mask(at: own[fact]))
    }
    guard target >= 0 else {
      let value = endingValue(target, tree)
      differences[rows.lowerBound * stride + columns.lowerBound] += value
      differences[rows.lowerBound * stride + columns.upperBound] -= value
      differences[rows.upperBound * stride + columns.lowerBound] -= value
      differences[rows.upperBound * stride + columns.upperBound] += value
      return
    }
    let test = tests[Int(target)]
    let place = Int(places[Int(target)])
    let isFirst = answers[place].fact == first
    // Runs of one answer.
    let range = isFirst ? rows : columns
    var start = range.lowerBound
    while start < range.upperBound {
      let answer = answers[place].mask(at: start)
      let end = answers[place].runEnd(start, range.upperBound, answer)
      walk(
        Self.next(test, answer), tree, first, second, own, isFirst ? start..<end : rows,
        isFirst ? columns : start..<end, stride, differences)
      start = end
    }
  }

  /// The number of an ending; most are the scores of nodes.
  @inline(__always)
  private func endingValue(_ target: Int32, _ tree: Int) -> Double {
    let node = Int(~target)
    if target != Int32.min, node < endingValues.count { return endingValues[node] }
    return game.value(table.ending(target), tree: tree)
  }

  private static func next(_ test: RoutingTable.Test, _ answer: UInt8) -> Int32 {
    answer == 1 ? test.onTrue : answer == 2 ? test.onFalse : test.onUnknown
  }

  /// The first test of a tree that a box goes through both ways: a fact, and the cell before which
  /// the box is best parted; nil if it has none on one fact.
  func split(_ tree: Int, _ box: CellBox) -> (fact: Int, cell: Int)? {
    var open = [table.entries[tree]]
    while let target = open.popLast() {
      guard target >= 0 else { continue }
      let test = table.tests[Int(target)]
      let mask = self.mask(Int(target), box)
      let place = Int(answersOfTest[Int(target)])
      if mask.nonzeroBitCount > 1, place >= 0 {
        let found = answers[place]
        let run = box.ranges[found.fact]
        // Where the answer first differs from that of the first cell.
        let first = found.mask(run.lowerBound..<(run.lowerBound + 1))
        if let cell = run.dropFirst().first(where: { found.mask($0..<($0 + 1)) != first }) {
          return (found.fact, cell)
        }
      }
      if mask & 4 != 0 { open.append(test.onUnknown) }
      if mask & 2 != 0 { open.append(test.onFalse) }
      if mask & 1 != 0 { open.append(test.onTrue) }
    }
    return nil
  }
}

extension NumberBounds {
  mutating func merge(_ other: NumberBounds) {
    lower = min(lower, other.lower)
    upper = max(upper, other.upper)
    mayBeMissing = mayBeMissing || other.mayBeMissing
  }
}
