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

/// The files of a sample.
package enum SampleFile: String, CaseIterable, Sendable {
  case staticData = "static"
  case lastLogin = "last-login"
  case transfers
  case invoices

  package func name(_ form: SampleForm) -> String { "\(rawValue).\(form.rawValue)" }

  package var columns: [String] {
    switch self {
    case .staticData:
      ["PARTY_ID", "CREATED_ON", "SIZE", "LOB_CODE", "REGION", "COUNTY", "PACKAGE"]
    case .lastLogin: ["PARTY_ID", "LAST_LOGIN"]
    case .transfers: ["TRANSFER_ID", "PARTY_ID", "CURRENCY", "AMOUNT", "VALUE_DATE"]
    case .invoices:
      [
        "invoice_id", "party_id", "currency", "taxexclusiveamount", "taxinclusiveamount",
        "payableamount", "issuedate", "taxpointdate", "duedate",
      ]
    }
  }
}

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

  private let invoicing: [Active<Invoicing>]
  private let transferring: [Active<Transferring>]

  /// A customer with events, by index; negative indices are parties that the register lacks.
  private struct Active<Habit: Sendable>: Sendable {
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

  /// Writes one file in pieces of some 64 KiB.
  ///
  /// - Complexity: O(records); memory does not grow with them.
  package func write<Failure: Error>(
    _ file: SampleFile, to sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    var encoder = RecordEncoder(options.form, columns: file.columns)
    switch file {
    case .staticData, .lastLogin: try writeCustomers(file, &encoder, sink)
    case .transfers: try writeTransfers(&encoder, sink)
    case .invoices: try writeInvoices(&encoder, sink)
    }
    if !encoder.bytes.isEmpty { try sink(encoder.bytes) }
  }

  private func writeCustomers<Failure: Error>(
    _ file: SampleFile, _ encoder: inout RecordEncoder, _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    for index in 0..<options.customers {
      let enterprise = Enterprise(index: index, seed: options.seed)
      switch file {
      case .staticData:
        encoder.identifier(enterprise.party)
        encoder.date(enterprise.created, midnight: true)
        encoder.text(enterprise.size)
        encoder.identifier(enterprise.activity)
        encoder.integer(enterprise.region)
        encoder.integer(enterprise.county)
        encoder.integer(enterprise.package)
        encoder.endRecord()
      default:
        guard let day = enterprise.lastLogin else { continue }
        encoder.identifier(enterprise.party)
        encoder.date(day)
        encoder.endRecord()
      }
      try flush(&encoder, sink)
    }
  }

  private func writeTransfers<Failure: Error>(
    _ encoder: inout RecordEncoder, _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let schedules = transferring.map {
      EventSchedule(
        count: $0.habit.count, customer: $0.customer, seed: options.seed, purpose: .transferDay,
        worksWeekends: $0.habit.worksWeekends)
    }
    var number = Self.firstTransfer
    try inTimeOrder(schedules) { (slot, event, day) throws(Failure) in
      let active = transferring[slot]
      encoder.identifier(number)
      encoder.identifier(party(active.customer))
      encoder.text(Currency.huf.code)
      encoder.money(
        TransferDraw.amount(
          event, of: active.habit, customer: active.customer, seed: options.seed))
      encoder.date(day)
      encoder.endRecord()
      number += 1
      try flush(&encoder, sink)
    }
  }

  private func writeInvoices<Failure: Error>(
    _ encoder: inout RecordEncoder, _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    let schedules = invoicing.map {
      // The published customer has the same days in every sample.
      EventSchedule(
        count: $0.habit.count, customer: $0.customer,
        seed: $0.habit.manner == .published ? UInt64(PartyNumber.published) : options.seed,
        purpose: .invoiceDay, worksWeekends: $0.habit.worksWeekends)
    }
    var number = Self.firstInvoice
    try inTimeOrder(schedules) { (slot, event, day) throws(Failure) in
      let active = invoicing[slot]
      let invoice = InvoiceDraw(
        event, of: active.habit, customer: active.customer, issued: day, seed: options.seed)
      encoder.identifier(number)
      encoder.identifier(party(active.customer))
      encoder.text(invoice.currency.code)
      encoder.money(invoice.exclusive)
      encoder.money(invoice.inclusive)
      encoder.money(invoice.payable)
      encoder.date(invoice.issued)
      encoder.date(invoice.taxPoint)
      encoder.date(invoice.due)
      encoder.endRecord()
      number += 1
      try flush(&encoder, sink)
    }
  }

  /// Calls `body` with each customer's slot, the event's number and its day, day by day.
  private func inTimeOrder<Failure: Error>(
    _ schedules: [EventSchedule],
    _ body: (_ slot: Int, _ event: Int, _ day: Int) throws(Failure) -> Void
  ) throws(Failure) {
    var calendar = EventCalendar(customers: schedules.count)
    var next = [Int](repeating: 0, count: schedules.count)
    // Backwards, since a list is taken from its front.
    for slot in schedules.indices.reversed() { calendar.add(slot, on: schedules[slot].day(of: 0)) }
    for day in SampleCalendar.first...SampleCalendar.last {
      while let slot = calendar.take(on: day) {
        var event = next[slot]
        var eventDay = day
        while eventDay == day {
          try body(slot, event, day)
          event += 1
          guard event < schedules[slot].count else { break }
          eventDay = schedules[slot].day(of: event)
        }
        next[slot] = event
        if eventDay > day { calendar.add(slot, on: eventDay) }
      }
    }
  }

  private func party(_ customer: Int) -> Int {
    customer >= 0 ? PartyNumber.of(index: customer) : PartyNumber.unknown[-1 - customer]
  }

  private func flush<Failure: Error>(
    _ encoder: inout RecordEncoder, _ sink: ([UInt8]) throws(Failure) -> Void
  ) throws(Failure) {
    guard encoder.bytes.count >= 1 << 16 else { return }
    try sink(encoder.bytes)
    encoder.clear()
  }

  private static let firstTransfer = 700_000_001
  private static let firstInvoice = 800_000_001
}
