internal import CDenseKernels

/// Outputs that take from the same sources, in the same order: the neurons of a layer, support
/// vectors, the centres of clusters.
///
/// Unchecked, since it holds memory by pointers, on borders of cache lines: it is written in the
/// initialiser, before anyone else has the object, only read from then on, and freed with the last
/// reference. The pointers are private, and what lends them within this target only reads.
package final class DenseLayer: @unchecked Sendable {
  package enum Kind: Sendable {
    /// `bias + weight * value + ...`
    case products
    /// `bias + (value - weight)^2 + ...`
    case squares
    /// `bias + factor * (value - weight)^2 + ...`
    case weightedSquares
  }

  /// How many outputs a tile has: as many weights lie side by side, and room for the outputs of a
  /// single row comes in whole tiles.
  package static let tile = Int(CDENSE_TILE)

  package let outputCount: Int
  package let sourceCount: Int
  private let weights: UnsafeMutablePointer<Double>
  private let biases: UnsafeMutablePointer<Double>
  private let factors: UnsafeMutablePointer<Double>
  private let sources: UnsafeMutablePointer<Int32>
  private let kind: UInt32

  /// - Parameters:
  ///   - sources: the numbers of the columns (or of a row's values) that the outputs take from.
  ///   - weights: output by output, one a source.
  ///   - biases: one an output; none are all nought.
  ///   - factors: one a source, for weighted squares.
  package init(
    _ kind: Kind, sources: [Int32], weights: [Double], outputCount: Int, biases: [Double] = [],
    factors: [Double] = []
  ) {
    let tile = Self.tile
    let tiles = (outputCount + tile - 1) / tile
    self.outputCount = outputCount
    sourceCount = sources.count
    self.weights = Self.allocate(tiles * tile * sources.count, 0)
    self.biases = Self.allocate(tiles * tile, 0)
    self.factors = Self.allocate(sources.count, 1)
    self.sources = Self.allocate(sources.count, 0)
    for (place, source) in sources.enumerated() { self.sources[place] = source }
    for (place, factor) in factors.prefix(sources.count).enumerated() {
      self.factors[place] = factor
    }
    for (output, bias) in biases.prefix(outputCount).enumerated() { self.biases[output] = bias }
    // Tile by tile, so that memory is written in its order.
    let count = sources.count
    let given = weights.span
    for first in stride(from: 0, to: outputCount, by: tile) {
      let own = self.weights + first * count
      for source in 0..<count {
        for output in 0..<min(tile, outputCount - first) {
          own[source * tile + output] = given[(first + output) * count + source]
        }
      }
    }
    self.kind =
      switch kind {
      case .products: UInt32(CDENSE_PRODUCTS)
      case .squares: UInt32(CDENSE_SQUARES)
      case .weightedSquares: UInt32(CDENSE_WEIGHTED_SQUARES)
      }
  }

  deinit {
    weights.deallocate()
    biases.deallocate()
    factors.deallocate()
    sources.deallocate()
  }

  /// Where a source is: the number of its column or value.
  package func source(_ place: Int) -> Int { Int(sources[place]) }

  /// The weights of an output, one a source.
  package func weights(of output: Int) -> [Double] {
    let first = output / Self.tile * Self.tile * sourceCount + output % Self.tile
    return (0..<sourceCount).map { weights[first + $0 * Self.tile] }
  }

  /// Adds to `gradient`, which has a number for each column, what each source does to a weighted sum of
  /// the outputs of a single row: the reverse of ``DenseKernel/single(_:_:into:)``.
  ///
  /// - Parameters:
  ///   - weighting: what each output counts in the sum.
  ///   - values: what the sources hold; looked at where outputs are sums of squares.
  package func addGradient(
    _ weighting: UnsafePointer<Double>, _ values: UnsafePointer<Double>,
    into gradient: UnsafeMutablePointer<Double>
  ) {
    let tile = Self.tile
    let isSum = kind == UInt32(CDENSE_PRODUCTS)
    for first in stride(from: 0, to: outputCount, by: tile) {
      let count = min(tile, outputCount - first)
      for source in 0..<sourceCount {
        let own = weights + (first * sourceCount + source * tile)
        let column = Int(sources[source])
        var sum = 0.0
        for output in 0..<count {
          let slope =
            isSum ? own[output] : 2 * factors[source] * (values[column] - own[output])
          sum += weighting[first + output] * slope
        }
        gradient[column] += sum
      }
    }
  }

  /// The bytes of weights, biases, factors and sources.
  package var byteCount: Int {
    (paddedCount * (sourceCount + 1) + sourceCount) * MemoryLayout<Double>.stride
      + sourceCount * MemoryLayout<Int32>.stride
  }

  /// How many numbers the outputs of a single row take.
  package var paddedCount: Int { (outputCount + Self.tile - 1) / Self.tile * Self.tile }

  var plan: cdense_layer {
    cdense_layer(
      weights: weights, biases: biases, factors: factors, sources: sources,
      source_count: UInt32(sourceCount), output_count: UInt32(outputCount), kind: kind,
      padding: 0)
  }

  var sourceNumbers: UnsafePointer<Int32> { UnsafePointer(sources) }

  /// On the borders of cache lines, which no load of a vector then crosses.
  private static func allocate<Number>(
    _ count: Int, _ value: Number
  ) -> UnsafeMutablePointer<Number> {
    let bytes = max(count, 1) * MemoryLayout<Number>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    return memory.initializeMemory(as: Number.self, repeating: value, count: max(count, 1))
  }
}
