import DenseKernels
import RationaleTestSupport
import Testing

/// Every kernel must give the bits of the plain loop, for blocks and for single rows.
@Suite struct DenseKernelTests {
  private static let rows = DenseKernel.rowCount

  private struct Case {
    var kind: DenseLayer.Kind
    var sources: [Int32]
    var weights: [Double]
    var biases: [Double]
    var factors: [Double]
    var columns: [Double]
    var outputCount: Int

    init(_ kind: DenseLayer.Kind, sourceCount: Int, outputCount: Int, seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      func numbers(_ count: Int) -> [Double] {
        (0..<count).map { _ in
          switch Int.random(in: 0..<40, using: &generator) {
          case 0: -0.0
          case 1: 0
          default: Double.random(in: -3...3, using: &generator)
          }
        }
      }
      self.kind = kind
      self.outputCount = outputCount
      let columnCount = sourceCount + 3
      sources = (0..<sourceCount).map { _ in
        Int32.random(in: 0..<Int32(columnCount), using: &generator)
      }
      weights = numbers(sourceCount * outputCount)
      biases = numbers(outputCount)
      factors = numbers(sourceCount)
      columns = numbers(columnCount * DenseKernel.rowCount)
    }

    var layer: DenseLayer {
      DenseLayer(
        kind, sources: sources, weights: weights, outputCount: outputCount, biases: biases,
        factors: factors)
    }

    func expected(_ output: Int, _ row: Int) -> Double {
      var sum = biases[output]
      for (place, source) in sources.enumerated() {
        let value = columns[Int(source) * DenseKernel.rowCount + row]
        let weight = weights[output * sources.count + place]
        let difference = value - weight
        let square = difference * difference
        switch kind {
        case .products:
          let product = weight * value
          sum += product
        case .squares: sum += square
        case .weightedSquares:
          let weighted = factors[place] * square
          sum += weighted
        }
      }
      return sum
    }
  }

  @Test(arguments: [DenseLayer.Kind.products, .squares, .weightedSquares])
  func `sums of blocks and of single rows have the bits of the plain loop`(
    kind: DenseLayer.Kind
  ) {
    var sizes = (0...41).map { (sources: $0 % 7, outputs: $0) }
    sizes += [(57, 64), (13, 1), (200, 33), (1, 100)]
    for (seed, size) in sizes.enumerated() {
      let example = Case(
        kind, sourceCount: size.sources, outputCount: size.outputs, seed: UInt64(seed))
      let layer = example.layer
      let expected = (0..<size.outputs * Self.rows).map {
        example.expected($0 / Self.rows, $0 % Self.rows).bitPattern
      }
      for kernel in DenseKernel.all {
        // One number more, which has to stay as it is.
        var block = [Double](repeating: 7, count: size.outputs * Self.rows + 1)
        kernel.block(layer, example.columns, into: &block)
        #expect(block.dropLast().map(\.bitPattern) == expected, "\(kernel.name) \(size)")
        #expect(block.last == 7)
        for row in [0, 17, 63] {
          let values = stride(from: row, to: example.columns.count, by: Self.rows).map {
            example.columns[$0]
          }
          var single = [Double](repeating: 7, count: layer.paddedCount + 1)
          kernel.single(layer, values, into: &single)
          #expect(
            single.prefix(size.outputs).map(\.bitPattern)
              == stride(from: row, to: expected.count, by: Self.rows).map { expected[$0] },
            "\(kernel.name) \(size) row \(row)")
          #expect(single.last == 7)
        }
      }
    }
  }

  @Test func `columns are added up in their order`() {
    for count in [0, 1, 2, 5, 33] {
      let example = Case(.products, sourceCount: count, outputCount: 1, seed: 3)
      for kernel in DenseKernel.all {
        var sums = (0..<Self.rows).map { Double($0) / 7 }
        var expected = sums
        for place in 0..<count {
          for row in 0..<Self.rows {
            let product = example.weights[place] * example.columns[place * Self.rows + row]
            expected[row] += product
          }
        }
        kernel.accumulate(example.weights, example.columns, count: count, into: &sums)
        #expect(sums.map(\.bitPattern) == expected.map(\.bitPattern), "\(kernel.name)")
      }
    }
  }

  @Test func `operations are those of single numbers, and by nought there is no result`() {
    let left: [Double] = (0..<Self.rows).map { $0 % 9 == 0 ? .nan : Double($0 - 20) / 3 }
    let right: [Double] = (0..<Self.rows).map { $0 % 7 == 0 ? -0.0 : Double($0 - 30) / 7 }
    let operations: [(DenseKernel.Operation, (Double, Double) -> Double)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (.divide, { $1 == 0 ? .nan : $0 / $1 }),
    ]
    for kernel in DenseKernel.all {
      for (operation, function) in operations {
        for (isLeft, isRight) in [(true, true), (true, false), (false, true), (false, false)] {
          var result = [Double](repeating: 7, count: Self.rows)
          // Of an operand that is one number, its second one.
          kernel.operate(
            operation, isLeft ? left : Array(left[1...]), isColumn: isLeft,
            isRight ? right : Array(right[1...]), isColumn: isRight, into: &result)
          for row in 0..<Self.rows {
            let value = function(isLeft ? left[row] : left[1], isRight ? right[row] : right[1])
            #expect(
              result[row].bitPattern == value.bitPattern || result[row].isNaN && value.isNaN,
              "\(kernel.name) \(operation) row \(row)")
          }
        }
      }
    }
  }

  @Test func `a value that has no entry adds the last one`() {
    let entries: [Double] = [0.1, 0.2, 0.3, -0.0]
    let odd: [Double] = [
      .nan, .infinity, -.infinity, 4, 5, 6, 7, 8, 3, 4.5, 1e-300, -1e-300, 1e300, -4, 0x1p52,
      0x1p52 + 4, -0.0,
    ]
    let values = (0..<Self.rows).map { odd[$0 % odd.count] }
    for base in [4.0, 0, -1, -4] {
      for kernel in DenseKernel.all {
        var sums = (0..<Self.rows).map { $0 % 3 == 0 ? -0.0 : Double($0) }
        let before = sums
        entries.withUnsafeBufferPointer {
          kernel.lookUp(values, base: base, $0, addingTo: &sums)
        }
        for row in 0..<Self.rows {
          let place = (0..<3).first { values[row] == base + Double($0) } ?? 3
          let sum = before[row] + entries[place]
          #expect(sums[row].bitPattern == sum.bitPattern, "\(kernel.name) \(values[row]) \(base)")
        }
      }
    }
  }

  @Test func `rows that lack a value are found`() {
    for kernel in DenseKernel.all {
      var columns = [Double](repeating: 1, count: 5 * Self.rows)
      columns[0 * Self.rows + 63] = .nan
      columns[2 * Self.rows + 0] = .nan
      columns[3 * Self.rows + 9] = .nan
      columns[4 * Self.rows + 33] = .nan
      columns[1 * Self.rows + 4] = .infinity
      let layer = DenseLayer(.products, sources: [2, 4, 1], weights: [1, 1, 1], outputCount: 1)
      #expect(kernel.missing(layer, columns) == 1 | 1 << 33)
      #expect(kernel.missing(columns, count: 4) == UInt64(1) << 63 | 1 | 1 << 9)
      #expect(kernel.missing(columns, count: 0) == 0)
    }
  }
}
