package import DataFields
package import ThresholdCells

/// Values, cells and regions in the words of the ruleset.
package struct ValueSpelling: Sendable {
  private let program: Program
  /// Values that go by another name than their own.
  private var renamed: [Int: String] = [:]

  package init(_ program: Program) { self.program = program }

  mutating func rename(_ slot: Int, to name: String) { renamed[slot] = name }

  /// A slot's name; for a nameless one, that of the rank that cuts it.
  package func name(_ slot: Int) -> String {
    if let name = renamed[slot] { return name }
    let slots = program.code.layout.slots
    guard slots.indices.contains(slot) else { return "" }
    if !slots[slot].name.isEmpty { return slots[slot].name }
    if slot < program.code.layout.constantCount {
      return full(program.code.layout.constants[slot], slot: slot)
    }
    if let rank = program.ranks.first(where: { $0.source == slot }) {
      return "value of \(rank.name)"
    }
    return "a computed value"
  }

  /// A value with its unit: `60_000 HUF`.
  package func full(_ value: Quotient, slot: Int) -> String {
    let unit = program.code.layout.slots[slot].type.unit
    return unit.isNone ? bare(value, slot: slot) : "\(bare(value, slot: slot)) \(unit)"
  }

  /// A value without its unit: `60_000`, `1986-06-01`, `"none"`, `M`.
  package func bare(_ value: Quotient, slot: Int) -> String {
    let word = value.numerator
    switch program.code.layout.slots[slot].type {
    case .boolean: return word != 0 ? "true" : "false"
    case .date:
      return CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: word)).description
    case .text: return "\"\(program.texts.text(Int32(truncatingIfNeeded: word)))\""
    case .rank(let scale):
      let levels = program.scales[scale].levels
      return Int(exactly: word).flatMap { levels.indices.contains($0) ? levels[$0] : nil } ?? "?"
    case .double: return Double(bitPattern: UInt64(truncatingIfNeeded: word)).description
    case .integer, .decimal, .quotient: return number(value, slot: slot)
    }
  }

  private func number(_ value: Quotient, slot: Int) -> String {
    let scale = program.code.layout.slots[slot].type.scale
    let lowest = value.reduced
    // A few digits more where they end the fraction; else the fraction as it stands.
    for digits in 0...6 {
      guard let power = ExactArithmetic.powerOfTen(digits), power % lowest.denominator == 0,
        let scaled = ExactArithmetic.scaled(lowest.numerator, byDigits: digits)
      else { continue }
      return Self.grouped(scaled / lowest.denominator, scale: scale + digits)
    }
    guard let under = ExactArithmetic.scaled(lowest.denominator, byDigits: scale) else {
      return "\(lowest.numerator)/\(lowest.denominator)"
    }
    return "\(lowest.numerator)/\(under)"
  }

  /// `1_000_000.5`: groups of three digits, no zeros after the last digit that counts.
  private static func grouped(_ value: Int128, scale: Int) -> String {
    let text = NumberText.grouped(value, scale: scale)
    var spelled = String(text.map { $0 == "," ? "_" : $0 })
    if spelled.contains(".") {
      while spelled.hasSuffix("0") { spelled.removeLast() }
      if spelled.hasSuffix(".") { spelled.removeLast() }
    }
    return spelled
  }

  // MARK: Edges

  /// An edge as a comparison, seen from below (`<`, `<=`) or above (`>=`, `>`), as it was written.
  private func edge(_ edge: ThresholdEdge, of axis: DecisionAxis, full isFull: Bool) -> (
    below: String, above: String, value: String
  ) {
    let written = axis.written[edge] ?? edge
    let text = value(at: written, slot: axis.slot, full: isFull)
    return written.isAfter ? ("<=", ">", text) : ("<", ">=", text)
  }

  private func value(at edge: ThresholdEdge, slot: Int, full isFull: Bool) -> String {
    var value = edge.value
    if program.code.layout.slots[slot].type == .double {
      value = Quotient(Int128(DoubleOrder.value(at: value.numerator).bitPattern))
    }
    return isFull ? full(value, slot: slot) : bare(value, slot: slot)
  }

  /// The value of the threshold at an edge: `100_000 HUF`.
  package func threshold(_ edge: ThresholdEdge, of axis: DecisionAxis) -> String {
    value(at: axis.written[edge] ?? edge, slot: axis.slot, full: true)
  }

  // MARK: Cells

  /// A cell by a value in it: `amount = S`, `coverage = 3`, `status is missing`.
  package func cell(_ cell: Int, of axis: DecisionAxis) -> String {
    if cell >= axis.valueCount { return absence(of: axis) }
    guard axis.isRanked else { return value(cell, of: axis) }
    return axis.ranks.map { index in
      let rank = program.ranks[index]
      let level = axis.level(cell, slot: rank.slot)
      return "\(rank.name) = \(level.map { program.scales[rank.scale].levels[$0] } ?? "?")"
    }.joined(separator: ", ")
  }

  /// A value in a cell, by the name of its input: `enterprise.employees = 50 person`.
  package func value(_ cell: Int, of axis: DecisionAxis) -> String {
    if cell >= axis.valueCount { return absence(of: axis) }
    if case .choices(let choices) = axis.quantity {
      if axis.isComparison { return choices[cell].text }
      return "\(name(axis.slot)) = \(choices[cell].text)"
    }
    let write = axis.writes[cell][0]
    let value = Quotient(write.value, over: write.denominator) ?? Quotient(write.value)
    return "\(name(axis.slot)) = \(full(value, slot: axis.slot))"
  }

  private func absence(of axis: DecisionAxis) -> String {
    let slots = axis.isComparison ? axis.compared : [axis.slot]
    return slots.map { "\(name($0)) is missing" }.joined(separator: " or ")
  }

  // MARK: Regions

  /// A run of cells as a condition; nil where it is all of them.
  ///
  /// - Parameter isRule: as a rule writes it (`amount >= 50_000 HUF and amount < 100_000 HUF`), not
  ///   as a message does (`50_000 <= amount < 100_000`).
  package func region(_ cells: Range<Int>, of axis: DecisionAxis, isRule: Bool) -> String? {
    if cells == 0..<axis.cellCount { return nil }
    let name = name(axis.slot)
    let values = cells.clamped(to: 0..<axis.valueCount)
    let includesMissing = cells.upperBound > axis.valueCount
    if values.isEmpty { return absence(of: axis) }
    if axis.isComparison, case .choices(let choices) = axis.quantity {
      let said = choices[values].map(\.text) + (includesMissing ? [absence(of: axis)] : [])
      return said.count == 1 ? said[0] : "(" + said.joined(separator: " or ") + ")"
    }
    if values == 0..<axis.valueCount { return "\(name) is present" }
    let text: String
    switch axis.quantity {
    case .choices(let choices):
      text = choice(choices, values, name)
    case .ordered(let ordered):
      if axis.isRanked, axis.ranks.count == 1 {
        text = levels(values, of: axis)
      } else {
        let lower = ordered.cells[values.lowerBound].lower
        let upper = ordered.cells[values.upperBound - 1].upper
        text = interval(lower, upper, of: axis, isRule: isRule)
      }
    }
    return includesMissing ? "(\(text) or \(name) is missing)" : text
  }

  private func choice(
    _ choices: [DecisionAxis.Choice], _ cells: Range<Int>, _ name: String
  ) -> String {
    let chosen = choices[cells]
    // What no rule names can only be said by what it is not.
    if chosen.contains(where: { $0.word == Int128(Int32.max) }) {
      return choices.indices.filter { !cells.contains($0) }
        .map { "\(name) != \(choices[$0].text)" }.joined(separator: " and ")
    }
    func said(_ choice: DecisionAxis.Choice) -> String {
      let others = choice.alike == 1 ? "text that lists" : "texts that lists"
      return "\(name) == \(choice.text)"
        + (choice.alike > 0 ? " (or \(choice.alike) more \(others) name alike)" : "")
    }
    if chosen.count == 1, let only = chosen.first { return said(only) }
    return "(" + chosen.map(said).joined(separator: " or ") + ")"
  }

  private func levels(_ cells: Range<Int>, of axis: DecisionAxis) -> String {
    let rank = program.ranks[axis.ranks[0]]
    let scale = program.scales[rank.scale].levels
    let taken = cells.compactMap { axis.level($0, slot: rank.slot) }
    guard let low = taken.min(), let high = taken.max() else { return rank.name }
    if low == high { return "\(rank.name) == \(scale[low])" }
    if high == scale.count - 1 { return "\(rank.name) >= \(scale[low])" }
    if low == 0 { return "\(rank.name) <= \(scale[high])" }
    return "\(rank.name) >= \(scale[low]) and \(rank.name) <= \(scale[high])"
  }

  private func interval(
    _ lower: ThresholdEdge?, _ upper: ThresholdEdge?, of axis: DecisionAxis, isRule: Bool
  ) -> String {
    let name = name(axis.slot)
    let slot = axis.slot
    if let lower, let upper, let point = point(lower, upper, slot: slot) {
      return "\(name) == \(isRule ? full(point, slot: slot) : bare(point, slot: slot))"
    }
    let low = lower.map { edge($0, of: axis, full: isRule) }
    let high = upper.map { edge($0, of: axis, full: isRule) }
    switch (low, high) {
    case (let low?, let high?):
      if isRule {
        return "\(name) \(low.above) \(low.value) and \(name) \(high.below) \(high.value)"
      }
      let mirrored = low.above == ">=" ? "<=" : "<"
      return "\(low.value) \(mirrored) \(name) \(high.below) \(high.value)"
    case (let low?, nil): return "\(name) \(low.above) \(low.value)"
    case (nil, let high?): return "\(name) \(high.below) \(high.value)"
    case (nil, nil): return "\(name) is present"
    }
  }

  /// The only value between two edges, if there is but one.
  private func point(_ lower: ThresholdEdge, _ upper: ThresholdEdge, slot: Int) -> Quotient? {
    if lower.value == upper.value, !lower.isAfter, upper.isAfter { return lower.value }
    switch program.code.layout.slots[slot].type {
    case .integer, .decimal, .date:
      return lower.value.adding(Quotient(1)) == upper.value ? lower.value : nil
    case .double:
      guard lower.value.adding(Quotient(1)) == upper.value else { return nil }
      return Quotient(Int128(DoubleOrder.value(at: lower.value.numerator).bitPattern))
    default:
      return nil
    }
  }

  // MARK: Table cells

  /// A run of cells as the test cell of a table, under a column that shows the axis' value or one of
  /// its ranks; `*` where it is all of them.
  package func testCell(_ cells: Range<Int>, of axis: DecisionAxis) -> String? {
    if cells == 0..<axis.cellCount { return "*" }
    guard cells.upperBound <= axis.valueCount, !axis.isComparison else { return nil }
    switch axis.quantity {
    case .choices(let choices):
      let chosen = choices[cells]
      guard chosen.allSatisfy({ $0.word != Int128(Int32.max) }) else { return "*" }
      return chosen.map(\.text).joined(separator: ", ")
    case .ordered(let ordered):
      if axis.isRanked, axis.ranks.count == 1 {
        let rank = program.ranks[axis.ranks[0]]
        let prefix = "\(rank.name) == "
        let text = levels(cells, of: axis)
        if text.contains(" and ") { return nil }
        if text.hasPrefix(prefix) { return String(text.dropFirst(prefix.count)) }
        return String(text.dropFirst(rank.name.count + 1))
      }
      let lower = ordered.cells[cells.lowerBound].lower
      let upper = ordered.cells[cells.upperBound - 1].upper
      if let lower, let upper {
        if let point = point(lower, upper, slot: axis.slot) { return bare(point, slot: axis.slot) }
        let low = edge(lower, of: axis, full: false)
        let high = edge(upper, of: axis, full: false)
        guard low.above == ">=" else { return nil }
        return "\(low.value) \(high.below == "<" ? "..<" : "...") \(high.value)"
      }
      if let lower {
        let low = edge(lower, of: axis, full: false)
        return "\(low.above) \(low.value)"
      }
      if let upper {
        let high = edge(upper, of: axis, full: false)
        return "\(high.below) \(high.value)"
      }
      return "*"
    }
  }
}
