/// What a sample is made from.
package struct SampleOptions: Sendable, Hashable {
  package var customers: Int
  /// Invoices and transfers together; nil takes what the customers' habits give.
  package var events: Int?
  package var seed: UInt64
  package var form: SampleForm

  package init(
    customers: Int = 2_000, events: Int? = nil, seed: UInt64 = 1, form: SampleForm = .csv
  ) {
    self.customers = customers
    self.events = events
    self.seed = seed
    self.form = form
  }
}

/// A sample that cannot be made as asked.
package enum SampleFault: Error, Sendable, Hashable, CustomStringConvertible {
  case customersOutOfRange(ClosedRange<Int>)
  case tooFewEvents(minimum: Int)

  package var description: String {
    switch self {
    case .customersOutOfRange(let range):
      "the number of customers is out of range (expected \(range.lowerBound) to \(range.upperBound))"
    case .tooFewEvents(let minimum):
      "too few events: the constructed customers alone have \(minimum)"
    }
  }
}
