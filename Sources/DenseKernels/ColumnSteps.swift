internal import CDenseKernels

/// Operations on columns of 64 rows, one after another, with every place resolved: for the memory of
/// one workspace, which must live as long.
package final class ColumnSteps {
  package enum Operation: Sendable {
    /// The left operand as it is.
    case copy
    case add, subtract, multiply
    /// Missing where it is by 0.
    case divide
    /// The left operand, rounded to single precision.
    case single
    /// 1 where the left operand has the value of the right one, 0 where not; missing where it is.
    case indicator
    /// The left operand, or the right one where it is missing.
    case replaceMissing
  }

  package enum Operand {
    /// One number for all rows.
    case number(Double)
    case column(UnsafePointer<Double>)
  }

  // Plain memory, since an array would be retained and released for each block.
  private var steps: UnsafeMutablePointer<cdense_step>
  private var count = 0
  private var capacity = 8
  private var numbers: [UnsafeMutablePointer<Double>] = []

  package init() { steps = .allocate(capacity: capacity) }

  deinit {
    steps.deallocate()
    for number in numbers { number.deallocate() }
  }

  package func append(
    _ operation: Operation, _ left: Operand, _ right: Operand = .number(0),
    into result: UnsafeMutablePointer<Double>
  ) {
    let number =
      switch operation {
      case .copy: CDENSE_COPY
      case .add: CDENSE_ADD
      case .subtract: CDENSE_SUBTRACT
      case .multiply: CDENSE_MULTIPLY
      case .divide: CDENSE_DIVIDE
      case .single: CDENSE_SINGLE
      case .indicator: CDENSE_INDICATOR
      case .replaceMissing: CDENSE_REPLACE
      }
    append(number, left, right, rows: nil, into: result)
  }

  /// The column in the rows that the bits name when the steps are run; missing in the others.
  package func append(
    _ column: UnsafePointer<Double>, where rows: UnsafePointer<UInt64>,
    into result: UnsafeMutablePointer<Double>
  ) {
    append(CDENSE_MASKED, .column(column), .number(0), rows: rows, into: result)
  }

  private func append(
    _ operation: some BinaryInteger, _ left: Operand, _ right: Operand,
    rows: UnsafePointer<UInt64>?, into result: UnsafeMutablePointer<Double>
  ) {
    var columns: UInt32 = 0
    func place(_ operand: Operand, _ bit: UInt32) -> UnsafePointer<Double> {
      switch operand {
      case .column(let column):
        columns |= bit
        return column
      case .number(let value):
        let number = UnsafeMutablePointer<Double>.allocate(capacity: 1)
        number.initialize(to: value)
        numbers.append(number)
        return UnsafePointer(number)
      }
    }
    let first = place(left, 1)
    let second = place(right, 2)
    if count == capacity {
      let larger = UnsafeMutablePointer<cdense_step>.allocate(capacity: 2 * capacity)
      larger.initialize(from: steps, count: count)
      steps.deallocate()
      (steps, capacity) = (larger, 2 * capacity)
    }
    (steps + count).initialize(
      to: cdense_step(
        left: first, right: second, result: result, rows: rows, operation: UInt32(operation),
        columns: columns))
    count += 1
  }

  package func run(by kernel: DenseKernel = .fastest) { kernel.run(steps, count: count) }
}
