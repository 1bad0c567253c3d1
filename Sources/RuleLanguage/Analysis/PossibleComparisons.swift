import DataFields
import ThresholdCells

/// Which combinations contradict themselves: where two values that are compared lie in cells that
/// leave only one way to compare, and the comparison is said to come out another way.
struct PossibleComparisons: Sendable {
  /// Least and greatest value of a cell; nil where there is none.
  private struct Extent: Sendable {
    var low: Quotient?
    var high: Quotient?
    /// Whether the ends themselves are values of the cell.
    var holdsLow = true
    var holdsHigh = true

    func holds(_ value: Quotient) -> Bool {
      if let low, value < low || (value == low && !holdsLow) { return false }
      if let high, value > high || (value == high && !holdsHigh) { return false }
      return true
    }
  }

  private struct Comparison: Sendable {
    var axis: Int
    var left: Int
    var right: Int
    var leftExtents: [Extent]
    var rightExtents: [Extent]
  }

  private let question: DecisionQuestion
  private var comparisons: [Comparison] = []

  init(_ question: DecisionQuestion) {
    self.question = question
    var axisOfSlot: [Int: Int] = [:]
    for (place, axis) in question.axes.enumerated() where !axis.isComparison {
      for write in axis.writes.first ?? [] where axisOfSlot[write.slot] == nil {
        // Ranks and linear forms of the value are written with it; a copy is the value.
        if write.slot == axis.slot || isCopy(write.slot, of: axis.slot) {
          axisOfSlot[write.slot] = place
        }
      }
    }
    for (place, axis) in question.axes.enumerated() where axis.isComparison {
      guard axis.compared.count == 2, axis.valueCount == 3,
        let left = axisOfSlot[axis.compared[0]], let right = axisOfSlot[axis.compared[1]],
        let leftExtents = extents(question.axes[left]),
        let rightExtents = extents(question.axes[right]),
        isAlike(question.axes[left].slot, question.axes[right].slot)
      else { continue }
      comparisons.append(
        Comparison(
          axis: place, left: left, right: right, leftExtents: leftExtents,
          rightExtents: rightExtents))
    }
  }

  var isEmpty: Bool { comparisons.isEmpty }

  /// Whether a combination, given by its cell on each axis, can occur as far as comparisons go.
  func contains(_ cell: (_ axis: Int) -> Int) -> Bool {
    for comparison in comparisons {
      let (one, other) = (cell(comparison.left), cell(comparison.right))
      let outcome = cell(comparison.axis)
      let isAbsent =
        one >= comparison.leftExtents.count || other >= comparison.rightExtents.count
      // Without one of the values they compare in no way.
      if isAbsent != (outcome >= 3) { return false }
      if isAbsent { continue }
      let (left, right) = (comparison.leftExtents[one], comparison.rightExtents[other])
      let isPossible =
        switch outcome {
        case 0: Self.mayBeBelow(left, right)
        case 1: Self.mayBeEqual(left, right)
        default: Self.mayBeBelow(right, left)
        }
      if !isPossible { return false }
    }
    return true
  }

  /// Values of the axes that are compared, which compare as a combination says: in each cell one, as far
  /// as they can be found by moving one value at a time.
  func values(_ cells: [Int]) -> [Int: Quotient] {
    var values: [Int: Quotient] = [:]
    var extents: [Int: Extent] = [:]
    for comparison in comparisons {
      for (axis, all) in [
        (comparison.left, comparison.leftExtents), (comparison.right, comparison.rightExtents),
      ] where cells[axis] < all.count {
        extents[axis] = all[cells[axis]]
        if let write = question.axes[axis].writes[cells[axis]].first {
          values[axis] = Quotient(write.value, over: write.denominator)
        }
      }
    }
    for _ in 0..<(2 * comparisons.count + 2) {
      var isSettled = true
      for comparison in comparisons {
        guard let left = values[comparison.left], let right = values[comparison.right],
          let one = extents[comparison.left], let other = extents[comparison.right]
        else { continue }
        let pair: (Quotient, Quotient)?
        switch cells[comparison.axis] {
        case 0: pair = left < right ? nil : Self.apart((left, one), (right, other))
        case 1: pair = left == right ? nil : Self.equal((left, one), (right, other))
        default:
          pair = right < left ? nil : Self.apart((right, other), (left, one)).map { ($1, $0) }
        }
        guard let pair else { continue }
        isSettled = false
        (values[comparison.left], values[comparison.right]) = pair
      }
      if isSettled { break }
    }
    return values
  }

  /// Two values moved so that the first lies below the second, each in its cell.
  private static func apart(
    _ lower: (value: Quotient, extent: Extent), _ upper: (value: Quotient, extent: Extent)
  ) -> (Quotient, Quotient)? {
    if let above = lower.value.adding(Quotient(1)), upper.extent.holds(above) {
      return (lower.value, above)
    }
    if let below = upper.value.adding(Quotient(-1)), lower.extent.holds(below) {
      return (below, upper.value)
    }
    guard let low = lower.extent.low, let high = upper.extent.high, low < high,
      lower.extent.holds(low), upper.extent.holds(high)
    else { return nil }
    return (low, high)
  }

  private static func equal(
    _ left: (value: Quotient, extent: Extent), _ right: (value: Quotient, extent: Extent)
  ) -> (Quotient, Quotient)? {
    let ends = [left.extent.low, right.extent.low, left.extent.high, right.extent.high]
    for value in [left.value, right.value] + ends.compactMap(\.self)
    where left.extent.holds(value) && right.extent.holds(value) {
      return (value, value)
    }
    return nil
  }

  private static func mayBeBelow(_ left: Extent, _ right: Extent) -> Bool {
    guard let low = left.low, let high = right.high else { return true }
    return low < high
  }

  private static func mayBeEqual(_ left: Extent, _ right: Extent) -> Bool {
    func meets(_ lower: Extent, _ upper: Extent) -> Bool {
      guard let low = upper.low, let high = lower.high else { return true }
      return low < high || (low == high && upper.holdsLow && lower.holdsHigh)
    }
    return meets(left, right) && meets(right, left)
  }

  private func isCopy(_ slot: Int, of base: Int) -> Bool {
    var slot = slot
    var steps = 0
    while slot != base, steps < 64 {
      guard let (instruction, _) = question.origins.definition(of: slot),
        instruction.operation == .copy
      else { return false }
      slot = Int(instruction.left)
      steps += 1
    }
    return slot == base
  }

  /// Words of the same type compare as the values do.
  private func isAlike(_ left: Int, _ right: Int) -> Bool {
    let slots = question.program.code.layout.slots
    return slots[left].type == slots[right].type
  }

  /// Nil where the axis is no line of numbers.
  private func extents(_ axis: DecisionAxis) -> [Extent]? {
    guard case .ordered(let line) = axis.quantity,
      question.program.code.layout.slots[axis.slot].type != .double
    else { return nil }
    return line.cells.map { cell in
      var extent = Extent(low: line.domain.lower, high: line.domain.upper)
      if let lower = cell.lower {
        extent.low = lower.value
        extent.holdsLow = !lower.isAfter
      }
      if let upper = cell.upper {
        extent.high = upper.value
        extent.holdsHigh = upper.isAfter
        // Among whole words the one before the edge is the last.
        if line.density == .steps, !upper.isAfter {
          extent.high = upper.value.adding(Quotient(-1)) ?? upper.value
          extent.holdsHigh = true
        }
      }
      return extent
    }
  }
}
