import DataFields
import RationaleTestSupport
import RuleLanguage
import StreamFeatures
import Testing

@Suite struct KeyedStateTests {
  private static let day: Int32 = 18_631  // 2021-01-04

  private func sales(_ count: Int, subjects: Int, seed: UInt64) -> [Sale] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      Sale(
        subject: Int.random(in: 0..<subjects, using: &generator),
        amount: Int128(Int.random(in: -50_000...200_000, using: &generator)),
        currency: ["HUF", "EUR", "HUF", "HUF"].randomElement(using: &generator) ?? "HUF",
        day: Self.day + Int32.random(in: 0...7, using: &generator))
    }
  }

  /// What an amount comes to, by the definition: x 350.5, half to even.
  private func converted(_ sale: Sale) -> Int128 {
    guard sale.currency == "EUR" else { return sale.amount }
    let product = sale.amount * 3505
    let (quotient, rest) = product.quotientAndRemainder(dividingBy: 10)
    if rest > 5 || (rest == 5 && quotient % 2 != 0) { return quotient + 1 }
    return quotient
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `every aggregate agrees with its definition`(seed: UInt64) throws {
    let program = try SaleProgram().program
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    let sales = sales(3000, subjects: 40, seed: seed)
    for sale in sales { _ = state.take(sale, &aggregation, &texts) }
    for subject in 0..<40 {
      let code = try #require(texts.code(of: "subject \(subject)"))
      let row = state.row(try #require(state.place(of: code)), program)
      let own = sales.filter { $0.subject == subject && $0.amount >= 0 }
      let amounts = own.map(converted)
      #expect(row.value(0) == Int128(own.count))
      #expect(row.value(1) == Int128(Set(own.map(\.currency)).count))
      #expect(row.value(2) == amounts.reduce(0, +))
      #expect((row.value(3), row.denominator(3)) == (amounts.reduce(0, +), Int128(own.count)))
      #expect(row.value(4) == amounts.min())
      #expect(row.value(5) == amounts.max())
      let firstDay = own.map(\.day).min()
      #expect(row.value(6) == own.first { $0.day == firstDay }.map(converted))
      let lastDay = own.map(\.day).max()
      #expect(row.value(7) == own.last { $0.day == lastDay }.map(converted))
      #expect(row.origin(2) == .events)
    }
  }

  @Test func `without events a count is 0 and anything else is missing`() throws {
    let program = try SaleProgram().program
    var state = KeyedState(program)
    let place = state.addSubject(7)
    let row = state.row(place, program)
    #expect(row.value(0) == 0 && row.isPresent(0))
    #expect(row.value(1) == 0 && row.isPresent(1))
    for slot in 2..<8 { #expect(row.state(slot) == .missing) }
  }

  @Test func `an event that cannot be converted touches nothing`() throws {
    let program = try SaleProgram().program
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    func take(_ amount: Int128, _ currency: String, _ day: Int32) -> EventAggregation.Evaluation {
      state.take(
        Sale(subject: 0, amount: amount, currency: currency, day: day), &aggregation, &texts)
    }
    #expect(take(100, "USD", Self.day) == .failed(.unknownCurrency(texts.intern("USD"))))
    let euro = texts.intern("EUR")
    #expect(
      take(100, "EUR", Self.day + 8)
        == .failed(
          .noRate(
            currency: euro, day: CalendarDate(daysSinceEpoch: Self.day + 8),
            latest: CalendarDate(daysSinceEpoch: Self.day))))
    #expect(take(.max, "EUR", Self.day) == .failed(.overflow))
    #expect(state.subjectCount == 0)
    // An event that does not count cannot fail.
    #expect(take(-1, "USD", Self.day) == .ready(contributes: false))
  }

  @Test func `a sum that overflows stays so and refuses`() throws {
    let program = try SaleProgram().program
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    for amount in [Int128.max, 1, 1] {
      _ = state.take(
        Sale(subject: 0, amount: amount, currency: "HUF", day: Self.day), &aggregation, &texts)
    }
    let row = state.row(0, program)
    #expect(row.state(2) == .overflow)
    #expect(row.state(3) == .overflow)
    #expect(row.value(0) == 3)
    #expect(row.value(5) == .max)
  }
}

@Suite struct SnapshotTests {
  private func sample(_ events: Range<Int>) throws -> (Program, StateSnapshot) {
    let program = try SaleProgram().program
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    for number in events {
      let currency = number % 3 == 0 ? "EUR" : "HUF"
      _ = state.take(
        Sale(
          subject: number % 7, amount: Int128(number * 100), currency: currency,
          day: 18_631 + Int32(number % 5)), &aggregation, &texts)
    }
    let added = (Int32(program.texts.count)..<Int32(texts.count)).map { texts.text($0) }
    return (
      program,
      StateSnapshot(
        fingerprint: .zero,
        positions: [InputPosition(source: "sales", identity: "abc", record: events.count)],
        traceCount: 12, deadLetterBytes: 345, counters: [1, 0, 99], state: state, texts: added)
    )
  }

  @Test func `what is read back is what was written`() throws {
    let (program, snapshot) = try sample(0..<100)
    let bytes = snapshot.encoded()
    let read = try StateSnapshot(decoding: bytes, program: program, fingerprint: .zero)
    #expect(read.positions == snapshot.positions)
    #expect(read.traceCount == 12)
    #expect(read.deadLetterBytes == 345)
    #expect(read.counters == [1, 0, 99])
    #expect(read.texts == snapshot.texts)
    #expect(read.encoded() == bytes)
    for place in 0..<7 {
      let (row, written) = (read.state.row(place, program), snapshot.state.row(place, program))
      for slot in 0..<written.slotCount { #expect(row.quotient(slot) == written.quotient(slot)) }
      #expect(read.state.lineageHead(for: place) == snapshot.state.lineageHead(for: place))
      #expect(read.state.lineageLength(for: place) == snapshot.state.lineageLength(for: place))
    }
  }

  @Test func `a snapshot with any byte changed or cut off is refused`() throws {
    let (program, snapshot) = try sample(0..<20)
    let bytes = snapshot.encoded()
    func isRefused(_ bytes: [UInt8]) -> Bool {
      do throws(SnapshotFault) {
        _ = try StateSnapshot(decoding: bytes, program: program, fingerprint: .zero)
        return false
      } catch {
        return true
      }
    }
    for place in bytes.indices where place != 7 {
      var changed = bytes
      changed[place] ^= 0x10
      if !isRefused(changed) { Issue.record("byte \(place)") }
      if !isRefused(Array(bytes.prefix(place))) { Issue.record("length \(place)") }
    }
  }

  @Test func `a snapshot of the format before windows is read`() throws {
    let (program, snapshot) = try sample(0..<100)
    var bytes = snapshot.encoded()
    // Of the present format without the length of the file of late events, the subjects that are ahead, the
    // time of the latest event and the number of windows.
    bytes.removeLast(32)
    let latest = StateEncoderLength.signed(Int128(try #require(snapshot.state.latest)))
    bytes.removeLast(1 + latest + 1)
    bytes.removeSubrange((16 + 32 + 1 + 6 + 4 + 1 + 1 + 2)...(16 + 32 + 1 + 6 + 4 + 1 + 1 + 2 + 1))
    bytes[6] = 2
    let length = UInt64(bytes.count - 16)
    for index in 0..<8 { bytes[8 + index] = UInt8(truncatingIfNeeded: length >> UInt64(8 * index)) }
    bytes += Digest(of: bytes[16...]).bytes
    let read = try StateSnapshot(decoding: bytes, program: program, fingerprint: .zero)
    #expect(read.deadLetterBytes == 345)
    #expect(read.lateBytes == 0)
    #expect(read.state.latest == nil)
    for place in 0..<7 {
      let (row, written) = (read.state.row(place, program), snapshot.state.row(place, program))
      for slot in 0..<written.slotCount { #expect(row.quotient(slot) == written.quotient(slot)) }
    }
  }

  @Test func `the state of other rules is refused`() throws {
    let (program, snapshot) = try sample(0..<20)
    let other = try #require(Digest(bytes: Array(repeating: 1, count: 32)))
    do throws(SnapshotFault) {
      _ = try StateSnapshot(
        decoding: snapshot.encoded(), program: program, fingerprint: other)
      Issue.record("no error")
    } catch {
      #expect(error == .otherRules)
    }
  }
}
