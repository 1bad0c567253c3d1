/// The value of a field some rows before.
struct Lag: Sendable {
  enum Aggregate: String, Sendable, CaseIterable {
    case none, avg, max, median, min, product, sum, stddev
  }

  var field: String
  var count: Int
  var aggregate: Aggregate
  /// Fields whose values tell blocks of rows apart.
  var blocks: [String]
}

struct LagPlan: Sendable {
  var field: KeptField
  var count: Int
  var aggregate: Lag.Aggregate
  var blocks: [KeptField]

  /// "The value of the field in the n-th record before", or the aggregate of the n records before.
  ///
  /// Of fewer records than n, those that are there are aggregated; missing values are left out.
  func value(_ history: LagHistory, _ space: inout ScoringWorkspace) -> Double {
    let key = blocks.map { $0.value(space.slots, space.texts) }
    if aggregate == .none { return history.value(count, before: key).value(&space.texts) }
    let numbers = history.values(key).compactMap(\.number)
    guard !numbers.isEmpty else { return .nan }
    func sum(_ numbers: [Double]) -> Double { numbers.reduce(0, +) }
    let mean = sum(numbers) / Double(numbers.count)
    switch aggregate {
    case .none: return .nan
    case .avg: return mean
    case .max: return numbers.max() ?? .nan
    case .min: return numbers.min() ?? .nan
    case .product: return numbers.reduce(1, *)
    case .sum: return sum(numbers)
    case .median:
      let sorted = numbers.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    case .stddev:
      guard numbers.count > 1 else { return .nan }
      let squares = sum(numbers.map { ($0 - mean) * ($0 - mean) })
      return (squares / Double(numbers.count - 1)).squareRoot()
    }
  }
}

/// The last values of a field, block by block.
///
/// Memory grows with the number of blocks, by as many values as the lag reaches back.
struct LagHistory: Sendable {
  private struct Block {
    /// A ring, once it is full.
    var values: [KeptValue] = []
    var oldest = 0
  }

  private var blocks: [[KeptValue]: Block] = [:]

  mutating func append(_ value: KeptValue, _ plan: LagPlan, _ key: [KeptValue]) {
    var block = blocks.removeValue(forKey: key) ?? Block()
    if block.values.count < plan.count {
      block.values.append(value)
    } else {
      block.values[block.oldest] = value
      block.oldest = (block.oldest + 1) % plan.count
    }
    blocks[key] = block
  }

  /// The value that many rows before in the block; missing if there is no such row.
  func value(_ count: Int, before key: [KeptValue]) -> KeptValue {
    guard let block = blocks[key], block.values.count == count else { return .missing }
    return block.values[block.oldest]
  }

  /// The values before in the block, the oldest first.
  func values(_ key: [KeptValue]) -> [KeptValue] {
    guard let block = blocks[key] else { return [] }
    return Array(block.values[block.oldest...] + block.values[..<block.oldest])
  }
}
