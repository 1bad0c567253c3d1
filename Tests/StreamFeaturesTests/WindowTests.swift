import DataFields
import RationaleTestSupport
import RuleLanguage
import StreamFeatures
import Testing

/// Windows beside an evaluator that keeps every event and computes each window anew.
@Suite struct WindowTests {
  private static let day: Int64 = 86_400

  static let windows: [WindowPlan] = [
    .sliding(extent: 86_400, slide: 86_400, lateness: 0),
    .sliding(extent: 7 * 86_400, slide: 7 * 86_400, lateness: 3 * 86_400),
    .sliding(extent: 30 * 86_400, slide: 86_400, lateness: 5 * 86_400),
    .sliding(extent: 6 * 86_400, slide: 2 * 86_400, lateness: 86_400),
    .session(gap: 3 * 86_400, lateness: 4 * 86_400),
    .session(gap: 86_400, lateness: 0),
  ]

  private static func program(_ window: WindowPlan) throws -> Program {
    var program = try SaleProgram().program
    for index in program.aggregates.indices { program.aggregates[index].window = window }
    return program
  }

  /// Events of some subjects, each at most as late as the window allows, around 1970 as well.
  private static func sales(_ count: Int, _ window: WindowPlan, seed: UInt64) -> [Sale] {
    var generator = SeededGenerator(seed: seed)
    var latest: Int32 = -20
    let lateness = Int32(window.lateness / 86_400)
    return (0..<count).map { _ in
      let day = Int32.random(in: latest - lateness...latest + 2, using: &generator)
      latest = max(latest, day)
      return Sale(
        subject: Int.random(in: 0..<4, using: &generator),
        amount: Int128(Int.random(in: -50_000...200_000, using: &generator)), currency: "HUF",
        day: day)
    }
  }

  /// The events of the window that one of them reads, by the definition.
  private static func members(_ sale: Sale, among earlier: [Sale], _ window: WindowPlan) -> [Sale] {
    let own = earlier.filter { $0.subject == sale.subject && $0.amount >= 0 }
    switch window {
    case .sliding(let extent, let slide, _):
      // The window whose end is the first multiple of the slide after the event.
      var end = Int64(-1_000_000) * Int64(slide)
      while end <= Int64(sale.day) * day { end += Int64(slide) }
      return own.filter {
        Int64($0.day) * day >= end - Int64(extent) && Int64($0.day) * day < end
      }
    case .session(let gap, _):
      // Everything that is reached from the event by steps of less than the gap.
      var days = [sale.day]
      var found: [Sale] = []
      var rest = own
      while let next = rest.firstIndex(where: { candidate in
        days.contains { abs(Int64($0) - Int64(candidate.day)) * day < Int64(gap) }
      }) {
        found.append(rest[next])
        days.append(rest[next].day)
        rest.remove(at: next)
      }
      return own.filter { sale in found.contains { $0.day == sale.day } }
    }
  }

  private func expect(_ row: RuleRow, _ members: [Sale], _ comment: Comment) {
    let amounts = members.map(\.amount)
    #expect(row.value(0) == Int128(members.count), comment)
    #expect(row.value(1) == (members.isEmpty ? 0 : 1), comment)
    guard !members.isEmpty else {
      for slot in 2..<8 { #expect(row.state(slot) == .missing, comment) }
      return
    }
    let sum = amounts.reduce(0, +)
    #expect(row.value(2) == sum, comment)
    #expect((row.value(3), row.denominator(3)) == (sum, Int128(members.count)), comment)
    #expect(row.value(4) == amounts.min(), comment)
    #expect(row.value(5) == amounts.max(), comment)
    let first = members.map(\.day).min()
    #expect(row.value(6) == members.first { $0.day == first }?.amount, comment)
    let last = members.map(\.day).max()
    #expect(row.value(7) == members.last { $0.day == last }?.amount, comment)
  }

  @Test(arguments: windows, [UInt64(1), 2])
  func `every window agrees with its definition, and goes on from a snapshot`(
    window: WindowPlan, seed: UInt64
  ) throws {
    let program = try Self.program(window)
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    let sales = Self.sales(700, window, seed: seed)
    for (number, sale) in sales.enumerated() {
      _ = state.take(sale, &aggregation, &texts)
      guard sale.amount >= 0 else { continue }
      let code = try #require(texts.code(of: "subject \(sale.subject)"))
      let place = try #require(state.place(of: code))
      expect(
        state.row(place, program, day: sale.day),
        Self.members(sale, among: Array(sales[...number]), window), "\(window) event \(number)")
      if number % 97 == 50 {
        var snapshot = StateSnapshot(
          fingerprint: .zero, positions: [], traceCount: 0, deadLetterBytes: 0, lateBytes: number,
          counters: [], state: state, texts: [])
        snapshot.ahead = [.init(place: 1, next: [number, 7])]
        let bytes = snapshot.encoded()
        let read = try StateSnapshot(decoding: bytes, program: program, fingerprint: .zero)
        #expect(read.encoded() == bytes)
        #expect(read.lateBytes == number)
        #expect(read.ahead == snapshot.ahead)
        state = read.state
      }
      if number % 53 == 20 {
        // A subject that goes to another lane, whose texts have other codes.
        let bytes = state.subjectBytes(place) { texts.text($0) }
        var other = KeyedState(program)
        var otherTexts = program.texts
        _ = otherTexts.intern("something else")
        let there = other.addSubject(otherTexts.intern("subject \(sale.subject)"))
        try other.setSubject(there, bytes: bytes[...]) { otherTexts.intern($0) }
        let (row, own) = (
          other.row(there, program, day: sale.day), state.row(place, program, day: sale.day)
        )
        for slot in 0..<8 { #expect(row.quotient(slot) == own.quotient(slot)) }
        #expect(other.subjectBytes(there) { otherTexts.text($0) } == bytes)
      }
    }
  }

  /// Ten minutes moved on by five, as Flink's HOP: sums and counts of a user by hand, in days.
  @Test func `an event reads the window that ends with its own pane`() throws {
    let window = WindowPlan.sliding(extent: 10 * 86_400, slide: 5 * 86_400, lateness: 0)
    let program = try Self.program(window)
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    var seen: [[Int128]] = []
    for (day, amount) in [(0, 1), (4, 10), (5, 100), (9, 1_000), (10, 10_000), (20, 7)] {
      _ = state.take(
        Sale(subject: 0, amount: Int128(amount), currency: "HUF", day: Int32(day)), &aggregation,
        &texts)
      let row = state.row(0, program, day: Int32(day))
      seen.append([row.value(0), row.value(2)])
    }
    #expect(seen == [[1, 1], [2, 11], [3, 111], [4, 1_111], [3, 11_100], [1, 7]])
  }

  @Test func `a sum that does not fit makes its windows unknown, and no others`() throws {
    let program = try Self.program(.sliding(extent: 86_400, slide: 86_400, lateness: 0))
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    for (day, amount) in [(1, Int128.max), (1, 1), (2, 5)] {
      _ = state.take(
        Sale(subject: 0, amount: amount, currency: "HUF", day: Int32(day)), &aggregation, &texts)
      let row = state.row(0, program, day: Int32(day))
      #expect(row.state(2) == (amount == 1 ? .overflow : .present))
    }
  }

  @Test func `memory is bounded by extent and lateness, and erasure leaves nothing`() throws {
    let window = WindowPlan.sliding(extent: 3 * 86_400, slide: 86_400, lateness: 86_400)
    let program = try Self.program(window)
    var texts = program.texts
    var aggregation = EventAggregation(program, event: 0)
    var state = KeyedState(program)
    var longest = 0
    for day in 0..<500 {
      _ = state.take(
        Sale(subject: 0, amount: 5, currency: "HUF", day: Int32(day)), &aggregation, &texts)
      longest = max(longest, state.subjectBytes(0) { texts.text($0) }.count)
    }
    #expect(longest < 600)
    state.erase(0)
    let row = state.row(0, program, day: 499)
    #expect(row.value(0) == 0)
    #expect(row.state(2) == .missing)
  }
}
