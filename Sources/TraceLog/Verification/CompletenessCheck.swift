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

  /// Whether the log no longer has its first entries: of each input the first accounting speaks of
  /// traces that may be gone, and of those before it nothing is known.
  var startsLate = false
  /// Whether the log goes on from another one, in which the first records are accounted for.
  private var continues = false
  private var accountedThrough: [Input: Int] = [:]
  private var tallies: [TraceKey: Tally] = [:]
  /// The tally in hand, and how the traces that it counts start.
  private var current: (origin: [UInt8], key: TraceKey?, tally: Tally) = ([], nil, Tally())
  private(set) var total = AccountingEntry.Counts()
  private(set) var recordCount = 0
  private(set) var openTraces = 0
  /// The lists of files that were signed, by the schemas that were made from them.
  private var fileLists: [[Digest]: Digest] = [:]
  private var letters: [AccountingEntry.DeadLetterStretch] = []
  /// Stretches that an erasure overwrote.
  private var overwritten: [AccountingEntry.DeadLetterStretch] = []

  init() {}

  mutating func take(_ index: Int, _ entry: [UInt8], _ findings: inout [LogFinding]) {
    switch EntryKind(entry) {
    case .trace, .sealedTrace: takeTrace(entry, index, &findings)
    case .accounting:
      do throws(TraceFault) {
        try takeAccounting(AccountingEntry(entry), index, &findings)
      } catch {
        findings.append(LogFinding(.complete, "entry \(index)", error.description))
      }
    case .erasure:
      do throws(TraceFault) {
        overwritten += try ErasureEntry(entry).deadLetters
      } catch {
        findings.append(LogFinding(.complete, "entry \(index)", error.description))
      }
    case .continuation: continues = true
    case nil:
      findings.append(
        LogFinding(
          .complete, "entry \(index)", "its kind \(entry.first ?? 0) is not known to this version"))
    default: break
    }
  }

  private mutating func takeTrace(_ entry: [UInt8], _ index: Int, _ findings: inout [LogFinding]) {
    guard let head = TraceBodyHeadRanges(entry) else {
      return findings.append(
        LogFinding(.complete, "entry \(index)", "it does not start like a trace"))
    }
    // Most traces are on the input that the one before was on.
    if head.origin.count != current.origin.count
      || !entry.holds(current.origin, at: head.origin.lowerBound)
    {
      open(entry, head)
    }
    current.tally.count += 1
    current.tally.highest = max(current.tally.highest, head.record)
    current.tally.lowest = min(current.tally.lowest, head.record)
  }

  /// Goes to the tally of another input.
  private mutating func open(_ entry: [UInt8], _ head: TraceBodyHeadRanges) {
    put()
    let isSealed = EntryKind(entry) == .sealedTrace
    guard
      let text = isSealed
        ? TraceBodyHead(Array(entry[SealedEntry.publicOffset...]), visibility: .sealed)
        : TraceBodyHead(entry)
    else { return }
    let key = TraceKey(schema: text.schema, identity: text.source)
    current = (Array(entry[head.origin]), key, tallies.removeValue(forKey: key) ?? Tally())
  }

  /// Puts the tally in hand back among the others.
  private mutating func put() {
    if let key = current.key, current.tally.count > 0 { tallies[key] = current.tally }
    current = ([], nil, Tally())
  }

  private mutating func takeAccounting(
    _ entry: AccountingEntry, _ index: Int, _ findings: inout [LogFinding]
  ) {
    put()
    let input = Input(schemas: entry.schemas, source: entry.source, identity: entry.identity)
    let isNew = accountedThrough[input] == nil
    let isFirst = startsLate && isNew
    let before =
      isFirst || continues && isNew
      ? entry.records.lowerBound - 1
      : accountedThrough[input] ?? InputIdentity.firstRecord(of: entry.identity) - 1
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
    if isFirst ? found > entry.counts.decisions : found != entry.counts.decisions {
      findings.append(
        LogFinding(
          .complete, name,
          "\(entry.counts.decisions) decisions were counted on records "
            + "\(entry.records.lowerBound) to \(entry.records.upperBound) (entry \(index)), and the "
            + "log holds \(found)"))
    }
    if let list = entry.fileList { fileLists[entry.schemas] = list }
    recordCount += entry.records.count
    total.add(entry.counts)
    if let stretch = entry.deadLetters { letters.append(stretch) }
  }

  /// What can be told only at the end.
  mutating func finish(log: String) -> [LogFinding] {
    put()
    openTraces = tallies.values.reduce(0) { $0 + $1.count }
    return DeadLetterCheck(log: log).findings(letters, overwritten) + fileListFindings(log)
  }

  private func fileListFindings(_ log: String) -> [LogFinding] {
    guard let reader = try? TraceLogReader(path: log) else { return [] }
    return fileLists.compactMap { schemas, digest in
      if (try? reader.fileListDigest(ofSchemas: schemas)) == digest { return nil }
      let names = schemas.map { "\($0.hexadecimal.prefix(12)).files" }.joined(separator: ", ")
      return LogFinding(
        .intact, "artefacts", "the lists of files \(names) are not those that were signed")
    }.sorted { $0.reason < $1.reason }
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
