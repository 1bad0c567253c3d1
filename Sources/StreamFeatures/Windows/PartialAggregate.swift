internal import DataFields
internal import RuleLanguage

/// An aggregate over some of a subject's events: a pane of a window, or a session. Two of them make
/// the aggregate over the events of both.
struct PartialAggregate: Sendable, Hashable {
  var count: Int64 = 0
  /// Sum, least, greatest, first or last value.
  var value: Int128 = 0
  var denominator: Int128 = 1
  /// The event time of a first or last value, in seconds.
  var time: Int64 = 0
  /// An event's value could not be computed, or a sum does not fit: nothing is known any more.
  var isUnknown = false
  /// The distinct values, rising.
  var distinct: [Int64] = []

  /// Takes in one event's value.
  mutating func add(
    _ new: AggregateArithmetic.Value, time: Int64, _ plan: AggregatePlan,
    _ arithmetic: AggregateArithmetic
  ) {
    var event = PartialAggregate()
    event.count = 1
    (event.value, event.denominator, event.time) = (new.value, new.denominator, time)
    if plan.function == .countDistinct {
      guard let word = Int64(exactly: new.value) else {
        isUnknown = true
        count += 1
        return
      }
      event.distinct = [word]
    }
    merge(event, plan, arithmetic)
  }

  /// Takes in what another one knows of later or other events.
  ///
  /// - Complexity: O(1), for distinct counts O(distinct values).
  mutating func merge(
    _ other: PartialAggregate, _ plan: AggregatePlan, _ arithmetic: AggregateArithmetic
  ) {
    if other.isUnknown { isUnknown = true }
    let isFirst = count == 0
    count += other.count
    if other.count == 0 { return }
    let theirs = (other.value, other.denominator)
    switch plan.function {
    case .count: break
    case .countDistinct: insert(other.distinct)
    case .sum, .mean:
      if isFirst {
        set(theirs)
      } else if let sum = arithmetic.sum((value, denominator), theirs) {
        set(sum)
      } else {
        isUnknown = true
      }
    case .minimum:
      if isFirst || arithmetic.order(theirs, (value, denominator)) < 0 { set(theirs) }
    case .maximum:
      if isFirst || arithmetic.order(theirs, (value, denominator)) > 0 { set(theirs) }
    case .first:
      if isFirst || other.time < time {
        set(theirs)
        time = other.time
      }
    case .last:
      if isFirst || other.time >= time {
        set(theirs)
        time = other.time
      }
    }
  }

  private mutating func set(_ new: AggregateArithmetic.Value) {
    (value, denominator) = (new.value, new.denominator)
  }

  private mutating func insert(_ others: [Int64]) {
    var merged: [Int64] = []
    merged.reserveCapacity(distinct.count + others.count)
    var left = distinct[...]
    var right = others[...]
    while let first = left.first, let second = right.first {
      merged.append(min(first, second))
      if first <= second { left.removeFirst() }
      if second <= first { right.removeFirst() }
    }
    merged += left
    merged += right
    if merged.count > DistinctValues.limit { isUnknown = true } else { distinct = merged }
  }

  /// Puts the aggregate into the rule row, as one over all time is put there.
  func fill(_ row: inout RuleRow, _ plan: AggregatePlan) {
    let slot = plan.resultSlot
    if isUnknown { return row.mark(slot, .overflow, origin: .events) }
    switch plan.function {
    case .count: return row.set(slot, to: Int128(count), origin: .events)
    case .countDistinct: return row.set(slot, to: Int128(distinct.count), origin: .events)
    default: break
    }
    guard count > 0 else { return row.mark(slot, .missing, origin: .events) }
    guard plan.function == .mean else {
      return row.set(slot, to: value, over: denominator, origin: .events)
    }
    let (over, overflow) = denominator.multipliedReportingOverflow(by: Int128(count))
    if overflow {
      row.mark(slot, .overflow, origin: .events)
    } else {
      row.set(slot, to: value, over: over, origin: .events)
    }
  }
}
