internal import DataFields

/// When the events of one customer happen: evenly over the sample's days, each moved within its
/// share of them, so that the days ascend with the event's number and can be computed singly.
struct EventSchedule: Sendable {
  let count: Int
  let customer: Int
  let seed: UInt64
  let purpose: SplitMix64.Purpose
  let worksWeekends: Bool

  /// The day of an event; never below that of the event before it.
  func day(of event: Int) -> Int {
    var random = SplitMix64(seed, purpose, customer, event)
    // (event + u) / count of the period, with u in 0 ..< 1: in 128 bits, since a customer may have
    // any number of events.
    let position =
      Int128(event) * Int128(SampleCalendar.span) * 1_024
      + Int128(random.below(SampleCalendar.span * 1_024))
    let day = SampleCalendar.first + Int(position / Int128(count) / 1_024)
    return worksWeekends ? day : SampleCalendar.workday(from: day)
  }
}

/// The customers in the order of their next events: a list for each day.
///
/// Memory is two numbers a customer and one a day; events are never held. Within a day the order is
/// that in which customers came to it, which is fixed by their schedules.
struct EventCalendar {
  private var heads: [Int32]
  private var following: [Int32]

  init(customers: Int) {
    heads = Array(repeating: -1, count: SampleCalendar.span)
    following = Array(repeating: -1, count: customers)
  }

  mutating func add(_ slot: Int, on day: Int) {
    let index = day - SampleCalendar.first
    following[slot] = heads[index]
    heads[index] = Int32(truncatingIfNeeded: slot)
  }

  /// Takes a customer off the day's list.
  mutating func take(on day: Int) -> Int? {
    let index = day - SampleCalendar.first
    let slot = Int(heads[index])
    guard slot >= 0 else { return nil }
    heads[index] = following[slot]
    return slot
  }
}
