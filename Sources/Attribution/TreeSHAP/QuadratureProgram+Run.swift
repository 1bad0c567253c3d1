internal import CShapleyKernels
import TreeEnsembles

/// The instructions that Shapley values are worked out with; which ones is a matter of speed alone.
struct ShapleyKernel: Sendable {
  static let rowCount = Int(CSHAPLEY_ROWS)

  let name: String
  let kernel: cshapley_kernel

  /// Every kernel that this processor runs, the fastest first.
  static let all: [ShapleyKernel] = {
    var kernels: [ShapleyKernel] = []
    while let name = cshapley_kernel_at(Int32(kernels.count)).name {
      let kernel = cshapley_kernel_at(Int32(kernels.count))
      kernels.append(ShapleyKernel(name: String(cString: name), kernel: kernel))
    }
    return kernels
  }()

  static let fastest = all[0]

  /// The first place in `room` where vectors may begin; nil where there is no room.
  static func aligned(
    _ room: UnsafeMutableBufferPointer<Double>
  ) -> UnsafeMutablePointer<Double>? {
    guard room.count > 0, let base = room.baseAddress else { return nil }
    let past = Int(bitPattern: base) & 63
    return past == 0 ? base : base + (64 - past) / 8
  }
}

extension QuadratureProgram {
  /// Room for a single row, made once and used for row after row.
  struct Room: Sendable {
    fileprivate var answers: [UInt8]
    fileprivate var fits: [UInt8]
    fileprivate var scratch: [Double]
    fileprivate var sums: [Double]
    /// One number for each of ``QuadratureProgram/players``.
    fileprivate(set) var values: [Double]
  }

  /// Room for 64 rows.
  struct BlockRoom: Sendable {
    /// The value of `feature` in `row` is at `feature * 64 + row`; NaN is missing.
    var columns: [Double]
    fileprivate var missing: [UInt64]
    fileprivate var isTrue: [UInt64]
    fileprivate var isUnknown: [UInt64]
    fileprivate var fits: [UInt64]
    fileprivate var scratch: [Double]
    fileprivate var sums: [Double]
    fileprivate var pairs: [Double]
    /// A column of 64 for each of ``QuadratureProgram/players``.
    fileprivate(set) var values: [Double]
    /// A column for each two of them, the first before the second; empty if not asked for.
    fileprivate(set) var pairValues: [Double]
    fileprivate(set) var scores: [Double]
    /// The rows that have no attributions.
    fileprivate(set) var undefined: UInt64 = 0
    /// The values of one feature, and the rows that have them.
    fileprivate var distinct: [(value: Double, rows: UInt64)] = []

    fileprivate mutating func findValues(_ feature: Int) {
      distinct.removeAll(keepingCapacity: true)
      for row in 0..<ShapleyKernel.rowCount {
        let value = columns[feature * ShapleyKernel.rowCount + row]
        if value.isNaN { continue }
        if let known = distinct.firstIndex(where: { $0.value == value }) {
          distinct[known].rows |= 1 << UInt64(row)
        } else {
          distinct.append((value, 1 << UInt64(row)))
        }
      }
    }
  }

  /// Players of whom pairs are worked out: 70 MB of room.
  static var pairedPlayerLimit: Int { 256 }

  private var scratchCount: Int { withForest { Int(cshapley_scratch($0)) } }

  func makeRoom() -> Room {
    Room(
      answers: Array(repeating: 0, count: tests.count),
      fits: Array(repeating: 0, count: branches.count + edges.count),
      scratch: Array(repeating: 0, count: scratchCount),
      sums: Array(repeating: 0, count: players.count * stride),
      values: Array(repeating: 0, count: players.count))
  }

  /// - Parameter hasPairs: whether ``BlockRoom/pairValues`` are asked for.
  func makeBlockRoom(featureCount: Int, hasPairs: Bool) -> BlockRoom {
    let rows = ShapleyKernel.rowCount
    let pairs = hasPairs ? players.count * players.count * rows : 0
    // Eight numbers more, to begin where vectors may.
    return BlockRoom(
      columns: Array(repeating: .nan, count: featureCount * rows),
      missing: Array(repeating: 0, count: featureCount),
      isTrue: Array(repeating: 0, count: tests.count),
      isUnknown: Array(repeating: 0, count: tests.count),
      fits: Array(repeating: 0, count: branches.count + edges.count),
      scratch: Array(repeating: 0, count: scratchCount),
      sums: Array(repeating: 0, count: players.count * stride * rows + 8),
      pairs: Array(repeating: 0, count: hasPairs ? pairs + 8 : 0),
      values: Array(repeating: 0, count: players.count * rows),
      pairValues: Array(repeating: 0, count: pairs),
      scores: Array(repeating: 0, count: rows))
  }

  /// The Shapley values of one row, in ``Room/values``.
  ///
  /// - Returns: what the trees add up to; nil if the row has no attributions.
  func run(
    _ row: Span<Double>, _ table: RoutingTable, _ room: inout Room,
    by kernel: ShapleyKernel = .fastest
  ) -> Double? {
    table.answers(row, into: &room.answers)
    var score = 0.0
    withForest { forest in
      room.answers.withUnsafeBufferPointer { answers in
        room.fits.withUnsafeMutableBufferPointer { fits in
          room.scratch.withUnsafeMutableBufferPointer { scratch in
            room.sums.withUnsafeMutableBufferPointer { sums in
              room.values.withUnsafeMutableBufferPointer { values in
                kernel.kernel.single(
                  forest, answers.baseAddress, fits.baseAddress, scratch.baseAddress,
                  sums.baseAddress, values.baseAddress, &score)
              }
            }
          }
        }
      }
    }
    for ways in undefined where ways.allSatisfy({ room.fits[branches.count + Int($0)] != 0 }) {
      return nil
    }
    return score + constant
  }

  /// The Shapley values of 64 rows, in `room`; the bits of ``run(_:_:_:by:)``.
  func run(
    _ table: RoutingTable, _ room: inout BlockRoom, by kernel: ShapleyKernel = .fastest
  ) {
    answer(table, &room, kernel)
    withForest { forest in
      room.isTrue.withUnsafeBufferPointer { isTrue in
        room.isUnknown.withUnsafeBufferPointer { isUnknown in
          room.fits.withUnsafeMutableBufferPointer { fits in
            room.scratch.withUnsafeMutableBufferPointer { scratch in
              room.sums.withUnsafeMutableBufferPointer { sums in
                room.pairs.withUnsafeMutableBufferPointer { pairs in
                  room.values.withUnsafeMutableBufferPointer { values in
                    room.pairValues.withUnsafeMutableBufferPointer { pairValues in
                      room.scores.withUnsafeMutableBufferPointer { scores in
                        kernel.kernel.block(
                          forest, isTrue.baseAddress, isUnknown.baseAddress, fits.baseAddress,
                          scratch.baseAddress, ShapleyKernel.aligned(sums),
                          ShapleyKernel.aligned(pairs),
                          values.baseAddress, pairValues.baseAddress, scores.baseAddress)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    for row in room.scores.indices { room.scores[row] += constant }
    room.undefined = 0
    for ways in undefined {
      room.undefined |= ways.reduce(~0) { $0 & room.fits[branches.count + Int($1)] }
    }
  }

  private func answer(
    _ table: RoutingTable, _ room: inout BlockRoom, _ kernel: ShapleyKernel
  ) {
    let rows = ShapleyKernel.rowCount
    for feature in room.missing.indices {
      var missing: UInt64 = 0
      for row in 0..<rows where room.columns[feature * rows + row].isNaN { missing |= 1 << row }
      room.missing[feature] = missing
    }
    tests.withUnsafeBufferPointer { tests in
      room.columns.withUnsafeBufferPointer { columns in
        room.missing.withUnsafeBufferPointer { missing in
          room.isTrue.withUnsafeMutableBufferPointer { isTrue in
            room.isUnknown.withUnsafeMutableBufferPointer { isUnknown in
              kernel.kernel.ask(
                tests.baseAddress, UInt32(tests.count), columns.baseAddress, missing.baseAddress,
                isTrue.baseAddress, isUnknown.baseAddress)
            }
          }
        }
      }
    }
    answerOthers(table, &room)
  }

  /// Whether a value is in a set is asked once for each value of the block.
  private func answerOthers(_ table: RoutingTable, _ room: inout BlockRoom) {
    let rows = ShapleyKernel.rowCount
    var feature = -1
    for place in otherTests {
      let test = table.tests[Int(place)]
      guard test.question == .member else {
        let answers = table.answers(Int(place), room.columns.span, rowCount: rows)
        room.isTrue[Int(place)] = answers.isTrue
        room.isUnknown[Int(place)] = answers.isUnknown
        continue
      }
      if Int(test.feature) != feature {
        feature = Int(test.feature)
        room.findValues(feature)
      }
      var isTrue: UInt64 = 0
      for (value, holders) in room.distinct where table.holds(Int(place), value) {
        isTrue |= holders
      }
      room.isTrue[Int(place)] = isTrue
      room.isUnknown[Int(place)] = room.missing[feature]
    }
  }

  /// Calls `body` with all that the kernels read.
  private func withForest<Result>(_ body: (UnsafePointer<cshapley_forest>) -> Result) -> Result {
    trees.withUnsafeBufferPointer { trees in
      edges.withUnsafeBufferPointer { edges in
        nodes.withUnsafeBufferPointer { nodes in
          inverses.withUnsafeBufferPointer { inverses in
            branches.withUnsafeBufferPointer { branches in
              answers.withUnsafeBufferPointer { answers in
                var forest = cshapley_forest(
                  trees: trees.baseAddress, edges: edges.baseAddress,
                  nodes: nodes.baseAddress, inverses: inverses.baseAddress,
                  branches: branches.baseAddress, answers: answers.baseAddress,
                  tree_count: UInt32(trees.count), branch_count: UInt32(branches.count),
                  player_count: UInt32(players.count), stride: UInt32(stride),
                  depth: UInt32(depth), padding: 0)
                return body(&forest)
              }
            }
          }
        }
      }
    }
  }
}
