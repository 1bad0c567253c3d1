/// Deterministic sample data: enterprises, their logins, transfers and invoices, in time order.
///
/// ```swift
/// let sample = try Sample(SampleOptions(customers: 2_000, seed: 1))
/// try sample.write(.invoices) { bytes in try file.write(bytes) }
/// ```
///
/// The same options give the same bytes. Events are streamed: memory is linear in the customers
/// that have any, and flat in events.
package struct Sample: Sendable {
  package let options: SampleOptions
  /// Records of each file.
  package let counts: [SampleFile: Int]

  let invoicing: [Active<Invoicing>]
  let transferring: [Active<Transferring>]

  /// A customer with events, by index; negative indices are parties that the register lacks.
  struct Active<Habit: Sendable>: Sendable {
    var customer: Int
    var habit: Habit
  }

  package static var minimumCustomers: Int { Enterprise.constructedCount + 1 }

  /// Draws every customer once, keeping only the habits of those who have events.
  ///
  /// - Complexity: O(customers).
  package init(_ options: SampleOptions) throws(SampleFault) {
    // An index of an active customer is stored in 32 bits.
    let range = Self.minimumCustomers...(PartyNumber.capacity - 1)
    guard range.contains(options.customers) else { throw .customersOutOfRange(range) }
    var invoicing: [Active<Invoicing>] = []
    var transferring: [Active<Transferring>] = []
    var logins = 0
    for index in 0..<options.customers {
      let enterprise = Enterprise(index: index, seed: options.seed)
      if let habit = enterprise.invoicing {
        invoicing.append(Active(customer: index, habit: habit))
      }
      if let habit = enterprise.transferring {
        transferring.append(Active(customer: index, habit: habit))
      }
      if enterprise.lastLogin != nil { logins += 1 }
    }
    for (position, _) in PartyNumber.unknown.enumerated() {
      invoicing.append(
        Active(customer: -1 - position, habit: Invoicing(count: 15, average: 90_000)))
      transferring.append(
        Active(customer: -1 - position, habit: Transferring(count: 15, average: 40_000)))
    }
    if let events = options.events {
      try Self.scale(&invoicing, &transferring, to: events)
    }
    self.options = options
    counts = [
      .staticData: options.customers, .lastLogin: logins,
      .transfers: transferring.reduce(0) { $0 + $1.habit.count },
      .invoices: invoicing.reduce(0) { $0 + $1.habit.count },
    ]
    self.invoicing = invoicing
    self.transferring = transferring
  }

  /// Gives the customers that are not constructed all events but those of the others, in
  /// proportion to their own numbers.
  private static func scale(
    _ invoicing: inout [Active<Invoicing>], _ transferring: inout [Active<Transferring>],
    to events: Int
  ) throws(SampleFault) {
    func isFixed(_ customer: Int) -> Bool { (0..<Enterprise.constructedCount).contains(customer) }
    var fixed = 0
    var drawn = 0
    for active in invoicing {
      if isFixed(active.customer) {
        fixed += active.habit.count
      } else {
        drawn += active.habit.count
      }
    }
    for active in transferring {
      if isFixed(active.customer) {
        fixed += active.habit.count
      } else {
        drawn += active.habit.count
      }
    }
    guard events >= fixed else { throw .tooFewEvents(minimum: fixed) }
    let wanted = Int128(events - fixed)
    // Rounding the running sum, not each number, makes the total exact.
    var before: Int128 = 0
    func scaled(_ count: Int) -> Int {
      let from = before * wanted / Int128(drawn)
      before += Int128(count)
      return Int(before * wanted / Int128(drawn) - from)
    }
    for slot in invoicing.indices where !isFixed(invoicing[slot].customer) {
      invoicing[slot].habit.count = scaled(invoicing[slot].habit.count)
    }
    for slot in transferring.indices where !isFixed(transferring[slot].customer) {
      transferring[slot].habit.count = scaled(transferring[slot].habit.count)
    }
    invoicing.removeAll { $0.habit.count == 0 }
    transferring.removeAll { $0.habit.count == 0 }
  }
}
