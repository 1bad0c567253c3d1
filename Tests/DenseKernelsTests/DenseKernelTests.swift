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
    let operations: [(ColumnSteps.Operation, (Double, Double) -> Double)] = [
      (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }),
      (.divide, { $1 == 0 ? .nan : $0 / $1 }), (.copy, { left, _ in left }),
      (.single, { left, _ in Double(Float(left)) }),
      (.indicator, { $0.isNaN ? $0 : $0 == $1 ? 1 : 0 }), (.replaceMissing, { $0.isNaN ? $1 : $0 }),
    ]
    for kernel in DenseKernel.all {
      for (operation, function) in operations {
        for (isLeft, isRight) in [(true, true), (true, false), (false, true), (false, false)] {
          var result = [Double](repeating: 7, count: Self.rows)
          left.withUnsafeBufferPointer { first in
            right.withUnsafeBufferPointer { second in
              result.withUnsafeMutableBufferPointer { result in
                guard let first = first.baseAddress, let second = second.baseAddress,
                  let result = result.baseAddress
                else { return }
                let steps = ColumnSteps()
                steps.append(
                  operation, isLeft ? .column(first) : .number(first[1]),
                  isRight ? .column(second) : .number(second[1]), into: result)
                steps.run(by: kernel)
              }
            }
          }
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
        let table = LookUpTables([.init(column: 0, base: base, entries: entries)])
        table.add(values, to: &sums, by: kernel)
        for row in 0..<Self.rows {
          let place = (0..<3).first { values[row] == base + Double($0) } ?? 3
          let sum = before[row] + entries[place]
          #expect(sums[row].bitPattern == sum.bitPattern, "\(kernel.name) \(values[row]) \(base)")
          #expect(table.sum(before[row], [values[row]]).bitPattern == sum.bitPattern)
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

  // MARK: Winners, ranks and cells

  /// Columns of few distinct numbers, so that many are equal, with missing and endless ones.
  private static func columns(_ count: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    let values: [Double] = [.nan, .infinity, -.infinity, -0.0, 0, 1, 2, -1, 1e-300]
    return (0..<count * rows).map { _ in values.randomElement(using: &generator) ?? 0 }
  }

  @Test func `the first of the greatest or least numbers is picked, and its entry fetched`() {
    let entries: [Double] = [10, -0.0, .infinity, 4, 5, 6, 7]
    let rows: UInt64 = 0xFFFF_FFF0_FFFF_FF7F
    for (seed, count) in [0, 1, 2, 7].enumerated() {
      let columns = Self.columns(count, seed: UInt64(seed))
      for (kernel, least) in DenseKernel.all.flatMap({ [($0, true), ($0, false)] }) {
        var places = [Double](repeating: 7, count: Self.rows)
        kernel.pick(least: least, columns, count: count, into: &places)
        var values = [Double](repeating: 7, count: Self.rows)
        var entities = [Int32](repeating: 7, count: Self.rows)
        kernel.fetch(places, entries, rows: rows, into: &values, entities: &entities)
        for row in 0..<Self.rows {
          var best = -1
          for column in 0..<count {
            let value = columns[column * Self.rows + row]
            if value.isNaN { continue }
            let record = best < 0 ? .nan : columns[best * Self.rows + row]
            if best < 0 || (least ? value < record : value > record) { best = column }
          }
          #expect(places[row] == Double(best), "\(kernel.name) \(least) \(count) row \(row)")
          let found = rows >> UInt64(row) & 1 == 0 ? -1 : best
          #expect(entities[row] == Int32(found))
          let value = found < 0 ? Double.nan : entries[found]
          #expect(values[row].bitPattern == value.bitPattern || values[row].isNaN && value.isNaN)
        }
      }
    }
  }

  @Test func `ranks go down to nought, equal numbers in their order`() {
    for (seed, count) in [0, 1, 3, 9].enumerated() {
      let columns = Self.columns(count, seed: UInt64(seed + 10))
      for kernel in DenseKernel.all {
        let rankCount = 4
        var ranks = [Double](repeating: 7, count: rankCount * Self.rows)
        kernel.rank(columns, count: count, rankCount: rankCount, into: &ranks)
        for row in 0..<Self.rows {
          let order = (0..<count).filter { columns[$0 * Self.rows + row] >= 0 }.sorted {
            let (left, right) = (columns[$0 * Self.rows + row], columns[$1 * Self.rows + row])
            return left == right ? $0 < $1 : left > right
          }
          let expected = (0..<rankCount).map { $0 < order.count ? Double(order[$0]) : -1 }
          #expect(
            (0..<rankCount).map { ranks[$0 * Self.rows + row] } == expected,
            "\(kernel.name) \(count) row \(row)")
        }
      }
    }
  }

  @Test func `a row takes the points of the cell that its value falls into`() {
    let edges: [Double] = [-1, 0, 0.5, .infinity]
    let points: [Double] = [1.5, 2, .nan, -0.0, 4, 5]
    let differences: [Double] = [0, 1, .nan, -2, 3, 4]
    let odd: [Double] = [.nan, -.infinity, -1, (-1.0).nextDown, -0.0, 0.25, 0.5, 7, .infinity]
    let values = (0..<Self.rows).map { odd[$0 % odd.count] }
    func table(reason: Int) -> CellTables {
      CellTables([
        .init(
          column: 0, reason: reason, edges: edges, points: points, differences: differences)
      ])
    }
    for kernel in DenseKernel.all {
      var sums = (0..<Self.rows).map { Double($0) / 3 }
      var numbers = (0..<Self.rows).map { $0 % 2 == 0 ? Double.nan : Double($0) }
      let before = (sums, numbers)
      let missing = table(reason: 0).add(values, to: &sums, numbers: &numbers, by: kernel)
      for row in 0..<Self.rows {
        let cell =
          values[row].isNaN ? points.count - 1 : edges.count { values[row] >= $0 }
        #expect((missing >> UInt64(row) & 1 != 0) == points[cell].isNaN)
        var single = [before.1[row]]
        let sum = table(reason: 0).sum(before.0[row], [values[row]], numbers: &single)
        #expect((sum == nil) == points[cell].isNaN)
        if points[cell].isNaN { continue }
        #expect(sums[row].bitPattern == (before.0[row] + points[cell]).bitPattern)
        let number = before.1[row].isNaN ? differences[cell] : before.1[row] + differences[cell]
        #expect(numbers[row].bitPattern == number.bitPattern, "\(kernel.name) row \(row)")
        #expect(sum?.bitPattern == sums[row].bitPattern)
        #expect(single[0].bitPattern == number.bitPattern)
      }
      var alone = before.0
      var none = before.1
      #expect(table(reason: -1).add(values, to: &alone, numbers: &none, by: kernel) == missing)
      #expect(none.map(\.bitPattern) == before.1.map(\.bitPattern))
      #expect(alone.map(\.bitPattern) == sums.map(\.bitPattern))
    }
  }

  @Test func `a column is there in the rows that bits name`() {
    let column = (0..<Self.rows).map { Double($0) }
    for kernel in DenseKernel.all {
      for rows in [UInt64.max, 0, 0x8000_0000_0000_0001, 0x0123_4567_89AB_CDEF] {
        var result = [Double](repeating: 7, count: Self.rows)
        withUnsafePointer(to: rows) { bits in
          column.withUnsafeBufferPointer { column in
            result.withUnsafeMutableBufferPointer { result in
              guard let column = column.baseAddress, let result = result.baseAddress else { return }
              let steps = ColumnSteps()
              steps.append(column, where: bits, into: result)
              steps.run(by: kernel)
            }
          }
        }
        for row in 0..<Self.rows {
          #expect(rows >> UInt64(row) & 1 != 0 ? result[row] == column[row] : result[row].isNaN)
        }
      }
    }
  }
}
