internal import DataFields
internal import RuleLanguage

/// One aggregate of every subject, as columns by the subject's place.
///
/// Sums are exact; one that leaves what 38 digits hold stays *overflow* from then on, and every
/// decision that rests on it is refused.
struct AggregateColumn: Sendable {
  let plan: AggregatePlan
  var counts: [Int64] = []
  /// Sum, least, greatest, first or last value; empty for counts.
  var values: [Int128] = []
  /// What the values are divided by; empty unless their type is a quotient.
  var denominators: [Int128] = []
  /// The event time of a first or last value; empty otherwise.
  var times: [Int32] = []
  /// Subjects whose aggregate cannot be told any more.
  var overflowed: Set<Int32> = []
  var distinct = DistinctValues()

  private let keepsValue: Bool
  private let arithmetic: AggregateArithmetic
  private var isQuotient: Bool { arithmetic.isQuotient }
  private let keepsTime: Bool

  init(_ plan: AggregatePlan) {
    self.plan = plan
    keepsValue = plan.function != .count && plan.function != .countDistinct
    arithmetic = AggregateArithmetic(plan)
    keepsTime = plan.function == .first || plan.function == .last
  }

  mutating func addSubject() {
    counts.append(0)
    if keepsValue { values.append(0) }
    if keepsValue, isQuotient { denominators.append(1) }
    if keepsTime { times.append(0) }
    if plan.function == .countDistinct { distinct.addSubject() }
  }

  /// Forgets what there was of a subject.
  mutating func erase(_ subject: Int) {
    counts[subject] = 0
    if keepsValue { values[subject] = 0 }
    if keepsValue, isQuotient { denominators[subject] = 1 }
    if keepsTime { times[subject] = 0 }
    overflowed.remove(Int32(truncatingIfNeeded: subject))
    if plan.function == .countDistinct { distinct.erase(subject) }
  }

  /// Adds the codes of the texts that are held.
  func addTextCodes(to used: inout Set<Int32>) {
    guard plan.valueType == .text else { return }
    for (subject, value) in values.enumerated() where counts[subject] > 0 {
      used.insert(Int32(truncatingIfNeeded: value))
    }
    guard plan.function == .countDistinct else { return }
    for subject in counts.indices {
      for value in distinct.values(subject) { used.insert(Int32(truncatingIfNeeded: value)) }
    }
  }

  /// Takes in one event's value. `time` is the event's day.
  ///
  /// - Complexity: O(1), for distinct counts O(distinct values).
  mutating func add(_ value: Int128, over denominator: Int128, time: Int32, for subject: Int) {
    let isFirst = counts[subject] == 0
    counts[subject] += 1
    switch plan.function {
    case .count: break
    case .countDistinct:
      guard let word = Int64(exactly: value), distinct.insert(word, for: subject) != .tooMany
      else { return fail(subject) }
    case .sum, .mean:
      guard isFirst else { return addToSum(value, denominator, subject) }
      set(subject, value, denominator)
    case .minimum:
      if isFirst || order(value, denominator, subject) < 0 { set(subject, value, denominator) }
    case .maximum:
      if isFirst || order(value, denominator, subject) > 0 { set(subject, value, denominator) }
    case .first:
      if isFirst || time < times[subject] {
        set(subject, value, denominator)
        times[subject] = time
      }
    case .last:
      if isFirst || time >= times[subject] {
        set(subject, value, denominator)
        times[subject] = time
      }
    }
  }

  /// An event's value could not be computed: the aggregate is not known from then on.
  mutating func fail(_ subject: Int) { overflowed.insert(Int32(truncatingIfNeeded: subject)) }

  private mutating func set(_ subject: Int, _ value: Int128, _ denominator: Int128) {
    values[subject] = value
    if isQuotient { denominators[subject] = denominator }
  }

  private mutating func addToSum(_ value: Int128, _ denominator: Int128, _ subject: Int) {
    let held = (values[subject], isQuotient ? denominators[subject] : 1)
    guard let sum = arithmetic.sum(held, (value, denominator)) else { return fail(subject) }
    set(subject, sum.value, sum.denominator)
  }

  /// How a value compares with the one that is held.
  private func order(_ value: Int128, _ denominator: Int128, _ subject: Int) -> Int {
    arithmetic.order(
      (value, denominator), (values[subject], isQuotient ? denominators[subject] : 1))
  }

  /// Puts the aggregate of a subject into the rule row. No events: a count is 0, anything else is
  /// missing. A mean is the sum over the count, not reduced, so that both stay readable.
  func fill(_ row: inout RuleRow, for subject: Int) {
    let slot = plan.resultSlot
    let count = counts[subject]
    if !overflowed.isEmpty, overflowed.contains(Int32(truncatingIfNeeded: subject)) {
      return row.mark(slot, .overflow, origin: .events)
    }
    switch plan.function {
    case .count: return row.set(slot, to: Int128(count), origin: .events)
    case .countDistinct:
      return row.set(slot, to: Int128(distinct.count(subject)), origin: .events)
    default: break
    }
    guard count > 0 else { return row.mark(slot, .missing, origin: .events) }
    let denominator = isQuotient ? denominators[subject] : 1
    guard plan.function == .mean else {
      return row.set(slot, to: values[subject], over: denominator, origin: .events)
    }
    let (over, overflow) = denominator.multipliedReportingOverflow(by: Int128(count))
    if overflow {
      row.mark(slot, .overflow, origin: .events)
    } else {
      row.set(slot, to: values[subject], over: over, origin: .events)
    }
  }
}
