/// The SplitMix64 generator (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
/// OOPSLA 2014, doi:10.1145/2660193.2660195): the same numbers on every run, from a seed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

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

  /// What the state moves by from number to number.
  package static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The number of a state.
  package static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
