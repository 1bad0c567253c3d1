package import DataFields

/// The generator seeded by counters.
///
/// Every value of the sample is a function of (seed, customer, purpose, event number), so that an
/// event can be drawn again, in any order, without remembering anything: that keeps the memory of
/// a run flat in events, and lets a cancellation repeat the amount that it takes back.
extension SplitMix64 {
  /// A generator of its own for each combination of arguments.
  package init(_ seed: UInt64, _ purpose: Purpose, _ first: Int, _ second: Int = 0) {
    var mixed = Self.mix(seed &+ Self.gamma &* (UInt64(purpose.rawValue) &+ 1))
    mixed = Self.mix(mixed ^ (UInt64(bitPattern: Int64(first)) &* 0xD134_2543_DE82_EF95))
    mixed = Self.mix(mixed ^ (UInt64(bitPattern: Int64(second)) &* 0xAF25_1AF3_B0F0_25B5))
    self.init(seed: mixed)
  }

  /// What a stream of numbers is for; streams of different purposes are unrelated.
  package enum Purpose: UInt8, Sendable {
    case enterprise, activity, invoice, invoiceDay, transfer, transferDay, rate, published
  }

  package mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True in `permille` of 1,000 cases.
  package mutating func happens(permille: Int) -> Bool { below(1_000) < permille }

  /// An index of `weights`, in proportion to them.
  package mutating func pick(_ weights: [Int]) -> Int {
    var ticket = below(max(1, weights.reduce(0, +)))
    for (index, weight) in weights.enumerated() {
      if ticket < weight { return index }
      ticket -= weight
    }
    return weights.count - 1
  }
}
