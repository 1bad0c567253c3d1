/// A sum of doubles that keeps what rounding takes away from it (Neumaier, 1974).
///
/// The error does not grow with the number of terms to first order, so that a mean over many rows is
/// as good as one over few. Deterministic: it depends on the order of the terms alone.
package struct CompensatedSum: Sendable, Hashable {
  private var sum = 0.0
  private var lost = 0.0

  package init() {}

  package mutating func add(_ term: Double) {
    let next = sum + term
    // What is left of the smaller one after the larger one has been taken away.
    lost += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  package var value: Double {
    // Of an infinite sum the rest is not a number.
    sum.isFinite ? sum + lost : sum
  }
}
