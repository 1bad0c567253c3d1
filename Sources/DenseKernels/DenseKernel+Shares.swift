extension DenseKernel {
  /// Turns the numbers of each row into shares of 1: e to their powers, by their sum. `rows` numbers
  /// lie side by side, a row's are added up one after another.
  package func softmax(_ values: UnsafeMutablePointer<Double>, _ count: Int, rows: Int) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows) { greatest in
      greatest.initialize(repeating: -.infinity)
      for place in 0..<count {
        for row in 0..<rows { greatest[row] = max(greatest[row], values[place * rows + row]) }
      }
      for place in 0..<count {
        for row in 0..<rows { values[place * rows + row] -= greatest[row] }
      }
    }
    map(.exp, values, count: count * rows)
    simplemax(values, count, rows: rows)
  }

  /// Divides the numbers of each row by their sum.
  package func simplemax(_ values: UnsafeMutablePointer<Double>, _ count: Int, rows: Int) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows) { sums in
      sums.initialize(repeating: 0)
      for place in 0..<count {
        for row in 0..<rows { sums[row] += values[place * rows + row] }
      }
      for place in 0..<count {
        for row in 0..<rows { values[place * rows + row] /= sums[row] }
      }
    }
  }
}
