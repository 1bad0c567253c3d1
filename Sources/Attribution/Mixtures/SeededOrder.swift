/// Numbers that look random, the same on every run for the same seed: SplitMix64 (Steele, Lea and
/// Flood, 2014).
struct SeededOrder: Sendable {
  private var state: UInt64

  /// - Parameters:
  ///   - seed: the model's.
  ///   - key: the row's or the decision's.
  init(seed: UInt64, key: UInt64) {
    state = seed
    state = next() ^ key
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number from 0 to below `count`; of 2^64 draws, the odds of any differ by one at most.
  mutating func next(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Puts the elements into one of all orders, each as likely (Fisher and Yates; Durstenfeld, 1964).
  mutating func shuffle(_ list: inout [Int]) {
    for place in stride(from: list.count - 1, to: 0, by: -1) {
      list.swapAt(place, next(below: place + 1))
    }
  }
}
