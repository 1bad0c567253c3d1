import DataFields
import ThresholdCells

/// Builds the ``RowIndex`` of a decision with many rules.
struct RowIndexBuilder {
  private let program: Program
  private let rules: Range<Int>
  /// What each rule asks of one value alone, as the roots of such parts.
  private var parts: [Int: [(rule: Int, root: Int)]] = [:]

  /// Fewer rules are tried one by one.
  private static let ruleMinimum = 8
  /// What the bitmaps of a decision may take, in words of 8 bytes: 64 MB.
  private static let wordLimit = 8 << 20

  private init(_ program: Program, _ rules: Range<Int>) {
    self.program = program
    self.rules = rules
  }

  /// The index is empty where the decision has few rules, or none that asks a value against a
  /// constant.
  static func index(_ program: Program, decision: Int) -> RowIndex {
    let rules = program.decisions[decision].rules
    var index = RowIndex(rules: rules)
    guard rules.count >= ruleMinimum else { return index }
    var builder = RowIndexBuilder(program, rules)
    for rule in rules {
      if let root = program.rules[rule].condition { builder.gather(root, of: rule) }
    }
    let slots = builder.parts.keys.sorted {
      let (a, b) = (builder.parts[$0]?.count ?? 0, builder.parts[$1]?.count ?? 0)
      return a != b ? a > b : $0 < $1
    }
    for slot in slots where index.axes.count < RowIndex.axisLimit {
      builder.addAxis(slot, to: &index)
    }
    return index
  }

  /// Takes the parts of a condition that must hold together, each about one value.
  private mutating func gather(_ root: Int, of rule: Int) {
    let node = program.code.conditions[root]
    if node.kind == .all {
      var child = root + 1
      while child < node.end {
        gather(child, of: rule)
        child = Int(program.code.conditions[child].end)
      }
    } else if let slot = onlySlot(root) {
      parts[slot, default: []].append((rule, root))
    }
  }

  /// The value that a condition is about, if it is about one alone and in words that cells can say.
  private func onlySlot(_ root: Int) -> Int? {
    var found: Int?
    for node in program.code.conditions[root..<Int(program.code.conditions[root].end)] {
      let slot: Int
      switch node.kind {
      case .all, .any, .not: continue
      case .inList, .isTrue: return nil
      case .isPresent, .isMissing: slot = Int(node.left)
      case .compareWords, .compareQuotients, .compareDoubles:
        guard let comparison = comparison(node) else { return nil }
        slot = comparison.slot
      }
      guard slot >= program.code.layout.constantCount, found == nil || found == slot else {
        return nil
      }
      found = slot
    }
    return found
  }

  private struct SlotComparison {
    var slot: Int
    var symbol: Comparison
    var cutPoint: CutPoint
  }

  private struct CutPoint: Hashable, Comparable {
    var word: Int64
    var denominator: Int64

    static func < (left: Self, right: Self) -> Bool {
      ExactArithmetic.compareProducts(
        Int128(left.word), Int128(right.denominator), Int128(right.word), Int128(left.denominator))
        < 0
    }
  }

  /// A comparison of a value with a constant, the value on the left.
  private func comparison(_ node: ConditionNode) -> SlotComparison? {
    let constants = program.code.layout.constants
    let (left, right) = (Int(node.left), Int(node.right))
    guard (left < constants.count) != (right < constants.count) else { return nil }
    let isSwapped = left < constants.count
    let constant = constants[isSwapped ? left : right].reduced
    let word: Int64
    if node.kind == .compareDoubles {
      let number = Double(bitPattern: UInt64(truncatingIfNeeded: constant.numerator))
      guard let key = RowIndex.key(number) else { return nil }
      word = key
    } else {
      // Not the ends: what is clamped to a word then lies beyond every cut point.
      guard let exact = Int64(exactly: constant.numerator), exact > .min, exact < .max else {
        return nil
      }
      word = exact
    }
    guard let denominator = Int64(exactly: constant.denominator) else { return nil }
    return SlotComparison(
      slot: isSwapped ? right : left,
      symbol: isSwapped ? node.comparison.mirrored : node.comparison,
      cutPoint: CutPoint(
        word: word, denominator: node.kind == .compareDoubles ? 1 : denominator))
  }

  // MARK: One value

  private func addAxis(_ slot: Int, to index: inout RowIndex) {
    let asked = parts[slot] ?? []
    var cutPoints: Set<CutPoint> = []
    for part in asked {
      for node in program.code.conditions[part.root..<Int(program.code.conditions[part.root].end)]
      where node.kind != .isPresent && node.kind != .isMissing {
        if let comparison = comparison(node) { cutPoints.insert(comparison.cutPoint) }
      }
    }
    let sorted = cutPoints.sorted()
    var places: [CutPoint: Int] = [:]
    for (place, cutPoint) in sorted.enumerated() { places[cutPoint] = place }
    let cellCount = 2 * sorted.count + 2
    var open: [Int: CellRuns] = [:]
    for part in asked {
      let cells = self.cells(part.root, places, cellCount)
      open[part.rule] = open[part.rule]?.intersection(cells) ?? cells
    }
    guard let bitmaps = bitmaps(open, cellCount, wordCount: index.wordCount),
      index.bitmaps.count + bitmaps.words.count <= Self.wordLimit
    else { return }
    var form = RowIndex.Form.words
    switch program.code.layout.slots[slot].type {
    case .quotient: form = .fractions
    case .double: form = .doubles
    default: if sorted.contains(where: { $0.denominator != 1 }) { form = .fractions }
    }
    let firstBitmap = index.bitmaps.count / index.wordCount
    index.axes.append(
      RowIndex.Axis(
        form: form, slot: Int32(slot), firstCutPoint: Int32(index.cutPoints.count),
        cutPointCount: Int32(sorted.count), firstCell: Int32(index.cells.count)))
    index.cutPoints += sorted.map(\.word)
    index.denominators += sorted.map(\.denominator)
    index.cells += bitmaps.ofCell.map { Int32(firstBitmap) + $0 }
    index.bitmaps += bitmaps.words
    for start in stride(from: 0, to: bitmaps.words.count, by: index.wordCount) {
      var summary = [UInt64](repeating: 0, count: index.blockCount)
      for word in 0..<index.wordCount where bitmaps.words[start + word] != 0 {
        summary[word / 64] |= 1 << UInt64(word % 64)
      }
      index.summaries += summary
    }
  }

  /// The cells in which a condition about one value holds; the last cell is that of no value.
  private func cells(_ root: Int, _ places: [CutPoint: Int], _ count: Int) -> CellRuns {
    let node = program.code.conditions[root]
    switch node.kind {
    case .all, .any:
      var result = CellRuns([0..<count])
      var union: [Range<Int>] = []
      var child = root + 1
      while child < node.end {
        let part = cells(child, places, count)
        if node.kind == .any { union += part.runs } else { result = result.intersection(part) }
        child = Int(program.code.conditions[child].end)
      }
      return node.kind == .all
        ? result : CellRuns(union.sorted { $0.lowerBound < $1.lowerBound })
    case .not: return cells(root + 1, places, count).complement(of: count)
    case .isPresent: return CellRuns([0..<(count - 1)])
    case .isMissing: return CellRuns([(count - 1)..<count])
    case .compareWords, .compareQuotients, .compareDoubles:
      guard let comparison = comparison(node), let place = places[comparison.cutPoint] else {
        return CellRuns([0..<count])
      }
      let on = 2 * place + 1
      let below = 0..<on
      let above = (on + 1)..<(count - 1)
      switch comparison.symbol {
      case .equal: return CellRuns([on..<(on + 1)])
      case .notEqual: return CellRuns([below, above])
      case .less: return CellRuns([below])
      case .lessOrEqual: return CellRuns([0..<(on + 1)])
      case .greater: return CellRuns([above])
      case .greaterOrEqual: return CellRuns([on..<(count - 1)])
      }
    case .inList, .isTrue: return CellRuns([0..<count])
    }
  }

  /// Sweeps over the cells; neighbours that leave the same rules open share a bitmap.
  ///
  /// - Returns: nil if they come to too many.
  private func bitmaps(_ open: [Int: CellRuns], _ cellCount: Int, wordCount: Int)
    -> (words: [UInt64], ofCell: [Int32])?
  {
    var toggles: [[Int]] = Array(repeating: [], count: cellCount + 1)
    var current = [UInt64](repeating: 0, count: wordCount)
    for rule in rules {
      let place = rule - rules.lowerBound
      guard let cells = open[rule] else {
        current[place / 64] |= 1 << UInt64(place % 64)
        continue
      }
      for run in cells.runs {
        toggles[run.lowerBound].append(place)
        toggles[run.upperBound].append(place)
      }
    }
    var words: [UInt64] = []
    var ofCell: [Int32] = []
    for cell in 0..<cellCount {
      for place in toggles[cell] { current[place / 64] ^= 1 << UInt64(place % 64) }
      if cell == 0 || !toggles[cell].isEmpty {
        guard words.count + wordCount <= Self.wordLimit else { return nil }
        words += current
      }
      ofCell.append(Int32(words.count / wordCount - 1))
    }
    return (words, ofCell)
  }
}
