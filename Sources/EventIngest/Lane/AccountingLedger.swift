internal import DataFields
internal import TraceLog

/// How the records of each input ended since they were last accounted for in the log.
struct AccountingLedger {
  private struct Account {
    var source: String
    var identity: String
    /// The last record that an entry of the log speaks of.
    var through: Int
    /// The last record that was dealt with.
    var record: Int
    var counts = AccountingEntry.Counts()
  }

  private var accounts: [Account] = []
  /// The lane's counts when a record was noted last: what came since belongs to the next one.
  private var last: IngestCounts

  /// - Parameters:
  ///   - counts: the lane's, as they are.
  ///   - positions: what was dealt with when the state was saved.
  init(counts: IngestCounts, positions: [(source: String, identity: String, record: Int)]) {
    last = counts
    accounts = positions.map {
      Account(source: $0.source, identity: $0.identity, through: $0.record, record: $0.record)
    }
  }

  /// The last record of an input that an entry of the log speaks of.
  func through(source: String, identity: String) -> Int {
    accounts.first { $0.source == source && $0.identity == identity }?.through
      ?? InputIdentity.firstRecord(of: identity) - 1
  }

  /// Takes note of entries that the log holds beyond the saved state: what they speak of is not
  /// accounted for twice.
  mutating func know(_ entry: AccountingEntry) {
    let place = place(entry.source, entry.identity)
    accounts[place].through = max(accounts[place].through, entry.records.upperBound)
  }

  /// A record, and what of the lane's counts changed on it.
  mutating func note(source: String, identity: String, record: Int, counts: IngestCounts) {
    let place = place(source, identity)
    accounts[place].record = record
    if record <= accounts[place].through {
      // A run that goes on makes it again.
      accounts[place].counts = .init()
    } else {
      accounts[place].counts.decided += counts.decided - last.decided
      accounts[place].counts.refused += counts.refused - last.refused
      accounts[place].counts.filteredUnknownSubject +=
        counts.filteredUnknownSubject - last.filteredUnknownSubject
      accounts[place].counts.filteredNotInEffect +=
        counts.filteredNotInEffect - last.filteredNotInEffect
      accounts[place].counts.late += counts.late - last.late
      accounts[place].counts.deadLetters += counts.deadLetters - last.deadLetters
      accounts[place].counts.decisions += counts.decisions - last.decisions
    }
    last = counts
  }

  /// The entries for what is not accounted for yet; then it is.
  mutating func close(
    schemas: [Digest], fileList: Digest?, deadLetters: AccountingEntry.DeadLetterStretch?
  ) -> [AccountingEntry] {
    var entries: [AccountingEntry] = []
    for place in accounts.indices where accounts[place].record > accounts[place].through {
      let account = accounts[place]
      entries.append(
        AccountingEntry(
          schemas: schemas, fileList: fileList, source: account.source, identity: account.identity,
          records: (account.through + 1)...account.record, counts: account.counts,
          deadLetters: entries.isEmpty ? deadLetters : nil))
      accounts[place].through = account.record
      accounts[place].counts = .init()
    }
    return entries
  }

  private mutating func place(_ source: String, _ identity: String) -> Int {
    let known = accounts.firstIndex { $0.source == source && $0.identity == identity }
    if let known { return known }
    let none = InputIdentity.firstRecord(of: identity) - 1
    accounts.append(Account(source: source, identity: identity, through: none, record: none))
    return accounts.count - 1
  }
}
