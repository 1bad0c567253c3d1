internal import CDenseKernels

/// The instructions that dense models are scored with; which ones is a matter of speed alone.
///
/// A block is 64 rows in columns: the value `source` of row `row` is at `source * 64 + row`.
package struct DenseKernel: Sendable {
  package static let rowCount = Int(CDENSE_ROWS)

  package enum Function: Sendable {
    case exp, logistic, tanh
    /// The value, or 0 where it is less than that.
    case rectifier
  }

  package enum Operation: Sendable { case add, subtract, multiply, divide }

  package let name: String
  private let kernel: cdense_kernel

  /// Every kernel that this processor runs, the fastest first.
  package static let all: [DenseKernel] = {
    var kernels: [DenseKernel] = []
    while let name = cdense_kernel_at(Int32(kernels.count)).name {
      kernels.append(
        DenseKernel(
          name: String(cString: name), kernel: cdense_kernel_at(Int32(kernels.count))))
    }
    return kernels
  }()

  package static let fastest = all[0]

  /// A column for each output, from the columns of the sources.
  package func block(
    _ layer: DenseLayer, _ columns: UnsafePointer<Double>,
    into outputs: UnsafeMutablePointer<Double>
  ) {
    var plan = layer.plan
    kernel.block(&plan, columns, outputs)
  }

  /// The outputs of a single row; there is room for ``DenseLayer/paddedCount``.
  package func single(
    _ layer: DenseLayer, _ values: UnsafePointer<Double>,
    into outputs: UnsafeMutablePointer<Double>
  ) {
    var plan = layer.plan
    kernel.single(&plan, values, outputs)
  }

  /// `sums += coefficient * column`, column after column.
  package func accumulate(
    _ coefficients: UnsafePointer<Double>, _ columns: UnsafePointer<Double>, count: Int,
    into sums: UnsafeMutablePointer<Double>
  ) {
    kernel.accumulate(coefficients, columns, UInt32(count), sums)
  }

  /// The function of each `factor * value`, in place.
  package func map(
    _ function: Function, by factor: Double = 1, _ values: UnsafeMutablePointer<Double>,
    count: Int
  ) {
    let number =
      switch function {
      case .exp: CDENSE_EXP
      case .logistic: CDENSE_LOGISTIC
      case .tanh: CDENSE_TANH
      case .rectifier: CDENSE_RECTIFIER
      }
    kernel.map(UInt32(number), factor, values, UInt32(count))
  }

  /// An operation on 64 rows; an operand that is no column is one number for all of them. Division
  /// by 0 gives NaN.
  package func operate(
    _ operation: Operation, _ left: UnsafePointer<Double>, isColumn isLeftColumn: Bool = true,
    _ right: UnsafePointer<Double>, isColumn isRightColumn: Bool = true,
    into result: UnsafeMutablePointer<Double>
  ) {
    let number =
      switch operation {
      case .add: CDENSE_ADD
      case .subtract: CDENSE_SUBTRACT
      case .multiply: CDENSE_MULTIPLY
      case .divide: CDENSE_DIVIDE
      }
    let steps: UInt32 = (isLeftColumn ? 1 : 0) | (isRightColumn ? 2 : 0)
    kernel.operate(UInt32(number), left, right, steps, result)
  }

  /// Adds to each of 64 sums the entry at its row's value less `base`; a value that is not whole, or
  /// has no entry, or is missing adds the last one.
  package func lookUp(
    _ values: UnsafePointer<Double>, base: Double, _ entries: UnsafeBufferPointer<Double>,
    addingTo sums: UnsafeMutablePointer<Double>
  ) {
    kernel.look_up(values, base, entries.baseAddress, UInt32(entries.count), sums)
  }

  /// The rows of which a value in some of the first columns is missing.
  package func missing(_ columns: UnsafePointer<Double>, count: Int) -> UInt64 {
    kernel.missing(columns, nil, UInt32(count))
  }

  /// The rows of which a source of the layer is missing.
  package func missing(_ layer: DenseLayer, _ columns: UnsafePointer<Double>) -> UInt64 {
    kernel.missing(columns, layer.sourceNumbers, UInt32(layer.sourceCount))
  }
}

/// Functions as dense models use them: one number by the steps that ``DenseKernel/map`` takes with
/// many, and with its bits.
package enum DenseFunctions {
  package static func exp(_ value: Double) -> Double { cdense_exp(value) }
  package static func logistic(_ value: Double) -> Double { cdense_logistic(value) }
  package static func tanh(_ value: Double) -> Double { cdense_tanh(value) }
}
