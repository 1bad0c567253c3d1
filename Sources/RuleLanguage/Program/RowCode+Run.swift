package import DataFields

/// What an instruction may need from outside its row.
package protocol ConversionSource {
  /// Carries out conversion number `index`; returns false if there is no rate, having noted why.
  mutating func convert(_ index: Int, in row: inout RuleRow, to destination: Int) -> Bool
}

/// The conversion source of a row that holds no conversion: the rule row.
package struct NoConversions: ConversionSource {
  package init() {}
  package mutating func convert(_ index: Int, in row: inout RuleRow, to destination: Int) -> Bool {
    false
  }
}

extension RowCode {
  /// Runs instructions in order.
  ///
  /// - Parameter keepSupplied: leave slots alone whose value was supplied from outside.
  /// - Returns: false if a conversion failed; the rest is then not run.
  /// - Complexity: O(range), no allocation.
  @discardableResult
  package func run<Conversions: ConversionSource>(
    _ range: Range<Int>, on row: inout RuleRow, lists: [ListPlan], keepSupplied: Bool = false,
    conversions: inout Conversions
  ) -> Bool {
    for index in range {
      let instruction = instructions[index]
      let destination = Int(instruction.destination)
      if keepSupplied, row.tags(destination).origin == ValueOrigin.supplied.rawValue { continue }
      let left = Int(instruction.left)
      let right = Int(instruction.right)
      switch instruction.operation {
      case .condition:
        let root = evaluate(right, on: row, lists: lists)
        row.set(destination, to: root.holds ? 1 : 0, origin: .derived)
      case .convert:
        guard conversions.convert(right, in: &row, to: destination) else { return false }
      case .coalesce:
        if row.tags(left).state == ValueState.missing.rawValue {
          row.set(
            destination, to: row.value(right), over: row.denominator(right), origin: .defaulted)
        } else if left != destination {
          // In place, a value keeps its origin: an aggregate stays one.
          row.copy(left, to: destination, origin: .derived)
        }
      case .atLeast, .atMost:
        bound(left, right, instruction.operation, on: &row)
      case .require:
        let state = max(row.tags(left).state, row.tags(destination).state)
        if state != ValueState.present.rawValue {
          row.mark(destination, state, origin: .derived)
        }
      case .copy:
        row.copy(left, to: destination, origin: .derived)
      case .negate:
        compute(left, left, to: destination, on: &row) { a, _ in
          a.0 == .min ? nil : (-a.0, a.1)
        }
      case .add:
        compute(left, right, to: destination, on: &row) { a, b in
          let (sum, overflow) = a.0.addingReportingOverflow(b.0)
          return overflow ? nil : (sum, 1)
        }
      case .subtract:
        compute(left, right, to: destination, on: &row) { a, b in
          let (difference, overflow) = a.0.subtractingReportingOverflow(b.0)
          return overflow ? nil : (difference, 1)
        }
      case .multiply:
        compute(left, right, to: destination, on: &row) { a, b in
          let (product, overflow) = a.0.multipliedReportingOverflow(by: b.0)
          return overflow ? nil : (product, 1)
        }
      case .scaleUp:
        compute(left, right, to: destination, on: &row) { a, b in
          guard let digits = Int(exactly: b.0),
            let scaled = ExactArithmetic.scaled(a.0, byDigits: digits)
          else { return nil }
          return (scaled, a.1)
        }
      case .addQuotient:
        quotient(left, right, to: destination, on: &row) { $0.adding($1) }
      case .subtractQuotient:
        quotient(left, right, to: destination, on: &row) { a, b in
          b.negated.flatMap { a.adding($0) }
        }
      case .multiplyQuotient:
        quotient(left, right, to: destination, on: &row) { $0.multiplied(by: $1) }
      case .divideQuotient:
        // A divisor of zero leaves the result missing: the ruleset says what stands in.
        if row.isPresent(left), row.isPresent(right), row.value(right) == 0 {
          row.mark(destination, .missing, origin: .derived)
        } else {
          quotient(left, right, to: destination, on: &row) { $0.divided(by: $1) }
        }
      }
    }
    return true
  }

  /// Marks a value that lies outside the range that the ruleset declares for it.
  private func bound(
    _ slot: Int, _ limit: Int, _ operation: Instruction.Operation, on row: inout RuleRow
  ) {
    guard row.isPresent(slot) else { return }
    let order = ExactArithmetic.compareProducts(
      row.value(slot), row.denominator(limit), row.value(limit), row.denominator(slot))
    if operation == .atLeast ? order < 0 : order > 0 {
      row.mark(slot, .outOfRange, origin: .derived)
    }
  }

  @inline(__always)
  private func compute(
    _ left: Int, _ right: Int, to destination: Int, on row: inout RuleRow,
    _ operation: ((Int128, Int128), (Int128, Int128)) -> (Int128, Int128)?
  ) {
    let state = max(row.tags(left).state, row.tags(right).state)
    guard state == ValueState.present.rawValue else {
      row.mark(destination, state, origin: .derived)
      return
    }
    if let (value, denominator) = operation(
      (row.value(left), row.denominator(left)), (row.value(right), row.denominator(right)))
    {
      row.set(destination, to: value, over: denominator, origin: .derived)
    } else {
      row.mark(destination, .overflow, origin: .derived)
    }
  }

  @inline(__always)
  private func quotient(
    _ left: Int, _ right: Int, to destination: Int, on row: inout RuleRow,
    _ operation: (Quotient, Quotient) -> Quotient?
  ) {
    compute(left, right, to: destination, on: &row) { a, b in
      guard let x = Quotient(a.0, over: a.1), let y = Quotient(b.0, over: b.1),
        let result = operation(x, y)
      else { return nil }
      return (result.numerator, result.denominator)
    }
  }

  /// What became of a condition.
  package struct Truth: Sendable {
    package var holds: Bool
    /// The leaf that decided: the last that was tried; -1 if there was none.
    package var decidingClause: Int32
  }

  /// Evaluates the condition whose root is node `root`; leaves are tried in order and no further
  /// than is needed.
  ///
  /// A comparison with a value that is not present does not hold.
  /// - Complexity: O(nodes of the condition), no allocation.
  package func evaluate(_ root: Int, on row: RuleRow, lists: [ListPlan]) -> Truth {
    var clause: Int32 = -1
    let holds = holds(root, row, lists, &clause)
    return Truth(holds: holds, decidingClause: clause)
  }

  // The depth is bounded by the parser's limit on nesting.
  private func holds(
    _ index: Int, _ row: borrowing RuleRow, _ lists: [ListPlan], _ clause: inout Int32
  ) -> Bool {
    let node = conditions[index]
    switch node.kind {
    case .all:
      var child = index + 1
      while child < node.end {
        if !holds(child, row, lists, &clause) { return false }
        child = Int(conditions[child].end)
      }
      return true
    case .any:
      var child = index + 1
      while child < node.end {
        if holds(child, row, lists, &clause) { return true }
        child = Int(conditions[child].end)
      }
      return false
    case .not:
      return !holds(index + 1, row, lists, &clause)
    default:
      clause = node.clause
      return leafHolds(node, row, lists)
    }
  }

  @inline(__always)
  private func leafHolds(
    _ node: ConditionNode, _ row: borrowing RuleRow, _ lists: [ListPlan]
  ) -> Bool {
    let left = Int(node.left)
    switch node.kind {
    case .isPresent: return row.isPresent(left)
    case .isMissing: return !row.isPresent(left)
    case .isTrue: return row.isPresent(left) && row.value(left) != 0
    case .inList:
      return row.isPresent(left)
        && lists[Int(node.right)].contains(Int32(truncatingIfNeeded: row.value(left)))
    default: break
    }
    let right = Int(node.right)
    guard row.isPresent(left), row.isPresent(right) else { return false }
    let a = row.value(left)
    let b = row.value(right)
    switch node.kind {
    case .compareWords:
      return node.comparison.holds(for: a < b ? -1 : a == b ? 0 : 1)
    case .compareQuotients:
      return node.comparison.holds(
        for: ExactArithmetic.compareProducts(
          a, row.denominator(right), b, row.denominator(left)))
    case .compareDoubles:
      let x = Double(bitPattern: UInt64(truncatingIfNeeded: a))
      let y = Double(bitPattern: UInt64(truncatingIfNeeded: b))
      if x.isNaN || y.isNaN { return false }
      return node.comparison.holds(for: x < y ? -1 : x == y ? 0 : 1)
    default:
      return false
    }
  }
}
