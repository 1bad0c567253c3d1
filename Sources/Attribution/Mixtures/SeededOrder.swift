internal import DataFields

/// Numbers that look random, the same on every run for the same seed.
struct SeededOrder: Sendable {
  private var random: SplitMix64

  /// - Parameters:
  ///   - seed: the model's.
  ///   - key: the row's or the decision's.
  init(seed: UInt64, key: UInt64) {
    var first = SplitMix64(seed: seed)
    random = SplitMix64(seed: first.next() ^ key)
  }

  /// A number from 0 to below `count`; of 2^64 draws, the odds of any differ by one at most.
  mutating func next(below count: Int) -> Int {
    random.below(count)
  }

  /// Puts the elements into one of all orders, each as likely (Fisher and Yates; Durstenfeld, 1964).
  mutating func shuffle(_ list: inout [Int]) {
    for place in stride(from: list.count - 1, to: 0, by: -1) {
      list.swapAt(place, next(below: place + 1))
    }
  }
}
