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
  var columns: [AggregateColumn]
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
    columns = program.aggregates.map { AggregateColumn($0) }
    decisionCount = program.decisions.count
    let names = program.decisions.map { plan in
      program.rulesets.indices.contains(plan.ruleset)
        ? [program.rulesets[plan.ruleset].name, plan.name] : [plan.name]
    }
    outcomePlaces = names.enumerated().map { names.firstIndex(of: $1) ?? $0 }
  }

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
    outcomes.append(contentsOf: repeatElement(-1, count: decisionCount))
    lineageLengths.append(0)
    lineageHeads.append(contentsOf: repeatElement(0, count: 32))
    return place
  }

  /// Forgets everything about a subject but that its place is taken.
  package mutating func erase(_ place: Int) {
    for index in columns.indices { columns[index].erase(place) }
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
    return used
  }

  /// Puts all aggregates of a subject into the rule row.
  package func fill(_ row: inout RuleRow, for place: Int) {
    for index in columns.indices { columns[index].fill(&row, for: place) }
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
