package import DataFields
internal import ReferenceData
package import RuleLanguage

/// What is remembered of each subject: aggregates, the outcome of each decision, and the chain over
/// the events that contributed.
///
/// A subject has a place, from 0 in the order of first appearance, and everything about it lies in
/// columns at that place: memory is linear in subjects with a small constant, and flat in events.
package struct KeyedState: Sendable {
  /// For each of the engine's text codes the subject's place, or -1.
  private var places: [Int32] = []
  /// The text code of each subject, by place.
  package internal(set) var codes: [Int32] = []
  /// The aggregates over all time, and those over windows.
  var columns: [AggregateColumn]
  var windows: [WindowColumn]
  /// Where each aggregate of the program is kept.
  private let routes: [Route]
  /// The time of the latest event of the lane, in seconds since 1970; nil before there is one.
  package internal(set) var latest: Int64?
  /// By place x decisions: the previous outcome's text code, or -1.
  var outcomes: [Int32] = []
  package let decisionCount: Int
  /// Where the outcome of each decision is kept: decisions of one name in versions of one ruleset
  /// are one decision, whose previous outcome goes over to the next version.
  private let outcomePlaces: [Int]
  var lineageLengths: [Int64] = []
  /// 32 bytes a subject.
  var lineageHeads: [UInt8] = []

  package init(_ program: Program) {
    var columns: [AggregateColumn] = []
    var windows: [WindowColumn] = []
    routes = program.aggregates.map { plan in
      if let window = plan.window {
        windows.append(WindowColumn(plan, window))
        return .window(windows.count - 1)
      }
      columns.append(AggregateColumn(plan))
      return .allTime(columns.count - 1)
    }
    self.columns = columns
    self.windows = windows
    decisionCount = program.decisions.count
    let names = program.decisions.map { plan in
      program.rulesets.indices.contains(plan.ruleset)
        ? [program.rulesets[plan.ruleset].name, plan.name] : [plan.name]
    }
    outcomePlaces = names.enumerated().map { names.firstIndex(of: $1) ?? $0 }
  }

  private enum Route: Sendable {
    case allTime(Int)
    case window(Int)
  }

  /// What an event brings to an aggregate.
  struct Contribution {
    var value: Int128
    var denominator: Int128
    /// Nil for a value that could not be computed.
    var isKnown: Bool
    /// The event's day, and its time in seconds.
    var day: Int32
    var time: Int64
  }

  /// Takes what an event brings into an aggregate, by its number among the program's.
  @inline(__always)
  mutating func add(_ new: Contribution, to aggregate: Int, for place: Int) {
    switch routes[aggregate] {
    case .allTime(let column):
      if new.isKnown {
        columns[column].add(new.value, over: new.denominator, time: new.day, for: place)
      } else {
        columns[column].fail(place)
      }
    case .window(let column):
      let latest = max(latest ?? new.time, new.time)
      if new.isKnown {
        windows[column].add(
          new.value, over: new.denominator, time: new.time, latest: latest, for: place)
      } else {
        windows[column].fail(time: new.time, latest: latest, for: place)
      }
    }
  }

  /// Notes that the lane has seen an event of a time.
  package mutating func note(time: Int64) { latest = max(latest ?? time, time) }

  package var subjectCount: Int { codes.count }

  /// The place of a subject that is known, or nil.
  @inline(__always)
  package func place(of code: Int32) -> Int? {
    guard code >= 0, Int(code) < places.count, places[Int(code)] >= 0 else { return nil }
    return Int(places[Int(code)])
  }

  /// The place of a subject; a new one gets the next place.
  package mutating func addSubject(_ code: Int32) -> Int {
    if let place = place(of: code) { return place }
    while places.count <= Int(code) { places.append(-1) }
    let place = codes.count
    places[Int(code)] = Int32(truncatingIfNeeded: place)
    codes.append(code)
    for index in columns.indices { columns[index].addSubject() }
    for index in windows.indices { windows[index].addSubject() }
    outcomes.append(contentsOf: repeatElement(-1, count: decisionCount))
    lineageLengths.append(0)
    lineageHeads.append(contentsOf: repeatElement(0, count: 32))
    return place
  }

  /// Whether nothing happened to a subject, or all of it was erased.
  package func isEmpty(_ place: Int) -> Bool {
    lineageLengths[place] == 0
      && outcomes[place * decisionCount..<(place + 1) * decisionCount].allSatisfy { $0 < 0 }
  }

  /// Forgets everything about a subject but that its place is taken.
  package mutating func erase(_ place: Int) {
    for index in columns.indices { columns[index].erase(place) }
    for index in windows.indices { windows[index].erase(place) }
    for index in place * decisionCount..<(place + 1) * decisionCount { outcomes[index] = -1 }
    lineageLengths[place] = 0
    for index in place * 32..<place * 32 + 32 { lineageHeads[index] = 0 }
  }

  /// The codes of all texts that the state refers to: subjects, outcomes and aggregates.
  ///
  /// - Complexity: O(subjects).
  package func textCodes() -> Set<Int32> {
    var used = Set(codes)
    used.formUnion(outcomes)
    for column in columns { column.addTextCodes(to: &used) }
    for column in windows { column.addTextCodes(to: &used) }
    return used
  }

  /// Puts all aggregates of a subject into the rule row.
  ///
  /// - Parameter time: of the decision, in seconds; windows are those that it lies in.
  package func fill(_ row: inout RuleRow, for place: Int, at time: Int64) {
    for index in columns.indices { columns[index].fill(&row, for: place) }
    for index in windows.indices {
      windows[index].value(for: place, at: time).fill(&row, windows[index].plan)
    }
  }

  // MARK: Outcomes

  /// The outcome that a decision had last for a subject, as a text code; nil if it had none.
  package func previousOutcome(of decision: Int, for place: Int) -> Int32? {
    let code = outcomes[place * decisionCount + outcomePlaces[decision]]
    return code < 0 ? nil : code
  }

  package mutating func setOutcome(_ code: Int32, of decision: Int, for place: Int) {
    outcomes[place * decisionCount + outcomePlaces[decision]] = code
  }

  // MARK: Lineage

  /// How many events contributed to what is known of a subject.
  package func lineageLength(for place: Int) -> Int { Int(lineageLengths[place]) }

  /// The head of the chain: head(0) is 32 zero bytes, head(n) is SHA-256 of head(n - 1) and the
  /// bytes of the n-th event as its source wrote them.
  package func lineageHead(for place: Int) -> Digest? {
    Digest(bytes: Array(lineageHeads[place * 32..<place * 32 + 32]))
  }

  package mutating func extendLineage(
    with event: UnsafeRawBufferPointer, for place: Int
  ) {
    var builder = DigestBuilder()
    lineageHeads.withUnsafeBytes { heads in
      builder.update(UnsafeRawBufferPointer(rebasing: heads[place * 32..<place * 32 + 32]))
    }
    builder.update(event)
    let head = builder.finish().bytes
    for index in 0..<32 { lineageHeads[place * 32 + index] = head[index] }
    lineageLengths[place] += 1
  }
}
