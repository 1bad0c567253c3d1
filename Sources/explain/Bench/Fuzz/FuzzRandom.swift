internal import DataFields

/// SplitMix64: the same inputs on every machine.
struct FuzzRandom {
  private var random: SplitMix64

  /// Each input has a sequence of its own, so that one can be made again without those before it.
  init(seed: UInt64, number: Int) {
    let number = UInt64(truncatingIfNeeded: number)
    var first = SplitMix64(seed: seed &* 0xD134_2543_DE82_EF95 &+ number)
    random = SplitMix64(seed: first.next() &+ number)
  }

  /// At least 0 and below the bound; 0 for a bound of 0.
  mutating func next(below bound: Int) -> Int { Int(random.next() % UInt64(max(1, bound))) }

  mutating func next(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + next(below: range.upperBound - range.lowerBound + 1)
  }

  /// True once in so many times.
  mutating func once(in times: Int) -> Bool { next(below: times) == 0 }

  /// One of some things, or nil where there is none.
  mutating func pick<T>(_ choices: [T]) -> T? {
    choices.isEmpty ? nil : choices[next(below: choices.count)]
  }

  /// One of two or more texts.
  mutating func word(_ first: String, _ others: String...) -> String {
    let place = next(below: others.count + 1)
    return place == 0 ? first : others[place - 1]
  }
}
