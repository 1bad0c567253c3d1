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

  private let kernel: cdense_kernel

  package var name: String { String(cString: kernel.name) }

  /// Every kernel that this processor runs, the fastest first.
  package static let all: [DenseKernel] = {
    var kernels: [DenseKernel] = []
    while true {
      let kernel = cdense_kernel_at(Int32(kernels.count))
      if kernel.name == nil { break }
      kernels.append(DenseKernel(kernel: kernel))
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

  /// Does steps one after another.
  func run(_ steps: UnsafePointer<cdense_step>, count: Int) { kernel.run(steps, UInt32(count)) }

  /// Adds to each of 64 sums the entry at its row's value less `base`; a value that is not whole, or
  /// has no entry, or is missing adds the last one.
  package func lookUp(
    _ values: UnsafePointer<Double>, base: Double, _ entries: UnsafeBufferPointer<Double>,
    addingTo sums: UnsafeMutablePointer<Double>
  ) {
    kernel.look_up(values, base, entries.baseAddress, UInt32(entries.count), sums)
  }

  /// For each of 64 rows the first of the columns with the greatest number (or the least); missing
  /// ones are passed over. -1 where there is none.
  package func pick(
    least: Bool, _ columns: UnsafePointer<Double>, count: Int,
    into places: UnsafeMutablePointer<Double>
  ) {
    kernel.pick(least ? 1 : 0, columns, UInt32(count), places)
  }

  /// For each of 64 rows the columns with the greatest numbers, of equal ones the first, down to 0: a
  /// column of places a rank. -1 where there are fewer.
  package func rank(
    _ columns: UnsafePointer<Double>, count: Int, rankCount: Int,
    into ranks: UnsafeMutablePointer<Double>
  ) {
    kernel.rank(columns, UInt32(count), UInt32(rankCount), ranks)
  }

  /// The entry of each row's place; missing where the place is -1, or the bits do not name the row.
  ///
  /// - Parameter entities: gets the places that are so found.
  package func fetch(
    _ places: UnsafePointer<Double>, _ entries: UnsafePointer<Double>, rows: UInt64,
    into values: UnsafeMutablePointer<Double>, entities: UnsafeMutablePointer<Int32>? = nil
  ) {
    kernel.fetch(places, entries, rows, values, entities)
  }

  func addCells(
    _ cells: UnsafePointer<cdense_cells>, _ values: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>, _ numbers: UnsafeMutablePointer<Double>?
  ) -> UInt64 {
    kernel.add_cells(cells, values, sums, numbers)
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
