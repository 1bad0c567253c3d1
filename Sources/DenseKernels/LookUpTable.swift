/// A number for each of some whole values.
///
/// Unchecked, since it holds memory by a pointer: it is written in the initialiser, before anyone else
/// has the object, only read from then on, and freed with the last reference.
package final class LookUpTable: @unchecked Sendable {
  private let base: Double
  private let entries: UnsafeMutableBufferPointer<Double>

  /// - Parameters:
  ///   - base: the value of the first entry: a whole number, from which the difference to any value
  ///     that has an entry is exact.
  ///   - entries: the last one is for values without one.
  package init(base: Double, entries: [Double]) {
    self.base = base
    self.entries = .allocate(capacity: max(entries.count, 1))
    self.entries.initialize(repeating: -0.0)
    for (place, entry) in entries.enumerated() { self.entries[place] = entry }
  }

  deinit { entries.deallocate() }

  /// The entry of a value; the last one if it has none, or is missing.
  @inline(__always)
  package func entry(of value: Double) -> Double {
    let last = entries.count - 1
    let place = value - base
    // False for NaN.
    guard place >= 0, place < Double(last) else { return entries[last] }
    let index = Int(place)
    return entries[Double(index) == place ? index : last]
  }

  /// Adds the entry of each row's value to its sum.
  package func add(
    _ values: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>,
    by kernel: DenseKernel = .fastest
  ) {
    kernel.lookUp(values, base: base, UnsafeBufferPointer(entries), addingTo: sums)
  }
}
