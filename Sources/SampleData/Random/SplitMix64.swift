/// The SplitMix64 generator (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, doi:10.1145/2660193.2660195), seeded by counters.
///
/// Every value of the sample is a function of (seed, customer, purpose, event number), so that an
/// event can be drawn again, in any order, without remembering anything: that keeps the memory of
/// a run flat in events, and lets a cancellation repeat the amount that it takes back.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// A generator of its own for each combination of arguments.
  package init(_ seed: UInt64, _ purpose: Purpose, _ first: Int, _ second: Int = 0) {
    var mixed = Self.mix(seed &+ Self.gamma &* (UInt64(purpose.rawValue) &+ 1))
    mixed = Self.mix(mixed ^ (UInt64(bitPattern: Int64(first)) &* 0xD134_2543_DE82_EF95))
    mixed = Self.mix(mixed ^ (UInt64(bitPattern: Int64(second)) &* 0xAF25_1AF3_B0F0_25B5))
    state = mixed
  }

  /// What a stream of numbers is for; streams of different purposes are unrelated.
  package enum Purpose: UInt8, Sendable {
    case enterprise, activity, invoice, invoiceDay, transfer, transferDay, rate, published
  }

  package mutating func next() -> UInt64 {
    state &+= Self.gamma
    return Self.mix(state)
  }

  /// A number in `0 ..< bound`, by Lemire's multiplication without the rejection step: the bias is
  /// below bound / 2^64, and exactly one number is consumed, so that streams stay aligned.
  package mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0, "an empty range has no number")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
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

  private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
