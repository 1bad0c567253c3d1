/// The numbers by which customers are known.
///
/// A number depends on the customer's index alone, not on the seed or the size of the sample, so
/// that a list of numbers (`do-not-contact.csv`) fits every sample.
package enum PartyNumber {
  /// The customer of the published report; index 0 of every sample.
  package static let published = 334_628_087

  /// How many customers have a number of their own.
  package static let capacity = 1 << 29 - 1

  /// The number of the customer with this index: nine digits, each number once.
  package static func of(index: Int) -> Int {
    precondition((0..<capacity).contains(index), "no number for this index")
    guard index > 0 else { return published }
    let number = base + permuted(index)
    // The published number belongs to index 0; who would have had it takes the place of index 0.
    return number == published ? base + permuted(0) : number
  }

  /// Parties of events that the register does not know: their events are filtered.
  package static let unknown = [100_000_001, 100_000_002]

  private static let base = 200_000_001

  /// A bijection of `0 ..< 2^29`: odd multiplications and shifted exclusive ors can be undone.
  private static func permuted(_ index: Int) -> Int {
    let mask = 1 << 29 - 1
    var x = (index &* 0x1F35_A7BD &+ 0x0B5A_D4EB) & mask
    x ^= x >> 15
    x = (x &* 0x0C2B_2AE5) & mask
    x ^= x >> 13
    return x
  }
}
