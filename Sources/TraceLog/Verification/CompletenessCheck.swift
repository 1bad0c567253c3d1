internal import DataFields
internal import DecisionTrace

/// Whether the accounting entries of a log cover its inputs without gaps, and count the traces that
/// are there.
struct CompletenessCheck {
  /// One input of one set of rules.
  private struct Input: Hashable {
    var schemas: [Digest]
    var source: String
    var identity: String
  }

  /// Traces of one identity by schema, since the last accounting of them.
  private struct Tally {
    var count = 0
    var highest = 0
    var lowest = Int.max
  }

  private struct TraceKey: Hashable {
    var schema: Digest
    var identity: String
  }

  private var accountedThrough: [Input: Int] = [:]
  private var tallies: [TraceKey: Tally] = [:]
  private(set) var total = AccountingEntry.Counts()
  private(set) var recordCount = 0
  private(set) var openTraces = 0
  private var letters: [AccountingEntry.DeadLetterStretch] = []

  init() {}

  mutating func take(_ index: Int, _ entry: [UInt8], _ findings: inout [LogFinding]) {
    switch EntryKind(entry) {
    case .trace: takeTrace(entry, index, &findings)
    case .accounting:
      do throws(TraceFault) {
        try takeAccounting(AccountingEntry(entry), index, &findings)
      } catch {
        findings.append(LogFinding(.complete, "entry \(index)", error.description))
      }
    case nil:
      findings.append(
        LogFinding(
          .complete, "entry \(index)", "its kind \(entry.first ?? 0) is not known to this version"))
    default: break
    }
  }

  private mutating func takeTrace(_ entry: [UInt8], _ index: Int, _ findings: inout [LogFinding]) {
    guard let head = TraceBodyHead(entry) else {
      return findings.append(
        LogFinding(.complete, "entry \(index)", "it does not start like a trace"))
    }
    let key = TraceKey(schema: head.schema, identity: head.source)
    var tally = tallies[key] ?? Tally()
    tally.count += 1
    tally.highest = max(tally.highest, head.record)
    tally.lowest = min(tally.lowest, head.record)
    tallies[key] = tally
  }

  private mutating func takeAccounting(
    _ entry: AccountingEntry, _ index: Int, _ findings: inout [LogFinding]
  ) {
    let input = Input(schemas: entry.schemas, source: entry.source, identity: entry.identity)
    let before = accountedThrough[input] ?? 0
    let name = "source `\(entry.source)` (\(entry.identity.prefix(16)))"
    if entry.records.lowerBound > before + 1 {
      findings.append(
        LogFinding(
          .complete, name,
          "records \(before + 1) to \(entry.records.lowerBound - 1) are accounted for nowhere "
            + "(entry \(index) goes on at \(entry.records.lowerBound))"))
    } else if entry.records.lowerBound <= before {
      findings.append(
        LogFinding(
          .complete, name,
          "records \(entry.records.lowerBound) to \(min(before, entry.records.upperBound)) are "
            + "accounted for twice (entry \(index))"))
    }
    accountedThrough[input] = max(before, entry.records.upperBound)
    var found = 0
    for schema in entry.schemas {
      let key = TraceKey(schema: schema, identity: entry.identity)
      guard let tally = tallies.removeValue(forKey: key) else { continue }
      found += tally.count
      if tally.highest > entry.records.upperBound || tally.lowest < entry.records.lowerBound {
        findings.append(
          LogFinding(
            .complete, name,
            "traces of records \(tally.lowest) to \(tally.highest) stand before the accounting of "
              + "\(entry.records.lowerBound) to \(entry.records.upperBound) (entry \(index))"))
      }
    }
    if found != entry.counts.decisions {
      findings.append(
        LogFinding(
          .complete, name,
          "\(entry.counts.decisions) decisions were counted on records "
            + "\(entry.records.lowerBound) to \(entry.records.upperBound) (entry \(index)), and the "
            + "log holds \(found)"))
    }
    recordCount += entry.records.count
    total.add(entry.counts)
    if let stretch = entry.deadLetters { letters.append(stretch) }
  }

  /// What can be told only at the end.
  mutating func finish(log: String) -> [LogFinding] {
    openTraces = tallies.values.reduce(0) { $0 + $1.count }
    return DeadLetterCheck(log: log).findings(letters)
  }
}

extension AccountingEntry.Counts {
  package mutating func add(_ other: Self) {
    decided += other.decided
    refused += other.refused
    filteredUnknownSubject += other.filteredUnknownSubject
    filteredNotInEffect += other.filteredNotInEffect
    late += other.late
    deadLetters += other.deadLetters
    decisions += other.decisions
  }
}
