extension Sample {
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
