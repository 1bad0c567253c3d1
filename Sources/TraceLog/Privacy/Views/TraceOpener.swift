package import DecisionTrace

/// What a reader of a log with privacy on holds, and so what they see.
package enum ReaderKey: Sendable {
  /// No key: ranks, rules, outcome and reason of every entry, and nothing that belongs to a person.
  case auditor
  /// One subject's key: what belongs to that subject.
  case subject(SubjectKeys)
  /// The vault's key: everything that was not erased.
  case vault(MasterKey)

  /// Whether values that have a mask are shown masked: to all but the subject, whose own they are.
  package var masksValues: Bool {
    if case .subject = self { return false }
    return true
  }
}

/// Why an entry cannot be read with a key that should open it.
package enum TraceOpeningError: Error, Sendable, Hashable, CustomStringConvertible {
  case vault(VaultError)
  /// The vault holds no private record of an entry that needs one.
  case noPrivateRecord(index: Int)
  case trace(index: Int, SealedTraceError)

  package var description: String {
    switch self {
    case .vault(let error): error.description
    case .noPrivateRecord(let index): "the vault holds no private record of entry \(index)"
    case .trace(let index, let error): "entry \(index): \(error)"
    }
  }
}

/// Reads the entries of sealed traces as far as the reader's key goes.
package struct TraceOpener: ~Copyable {
  /// What a reader gets of an entry.
  package enum Opened: Sendable {
    case whole(SealedTrace, locator: SubjectKey)
    /// *Sealed* where the key does not open it; *erased* where no key does any more, which only the
    /// vault's key tells.
    case hidden(Visibility)
  }

  private let reader: ReaderKey
  private var records: PrivateRecordReader
  private let vault: KeyVaultReader?

  package init(log: String, reader: ReaderKey) throws(VaultError) {
    let records = try PrivateRecordReader(log: log)
    if case .vault(let master) = reader {
      vault = try KeyVaultReader(log: log, master: master)
    } else {
      vault = nil
    }
    self.records = records
    self.reader = reader
  }

  /// Opens the entry with an index in the log.
  ///
  /// - Throws: `TraceOpeningError` if entry, private record or vault are not what was stored.
  package mutating func open(
    _ entry: SealedEntry, at index: Int, _ plan: SealingPlan
  ) throws(TraceOpeningError) -> Opened {
    if case .auditor = reader { return .hidden(.sealed) }
    if case .subject(let own) = reader, !entry.isAbout(own) { return .hidden(.sealed) }
    guard let record = try record(of: index) else { throw .noPrivateRecord(index: index) }
    guard let keys = try keys(record.key) else { return .hidden(.erased) }
    do throws(SealedTraceError) {
      return .whole(
        try SealedTrace(entry, privateRecord: record.bytes, keys, plan), locator: keys.locator)
    } catch {
      throw .trace(index: index, error)
    }
  }

  /// The same as a trace to show; masks are for who shows it, by ``ReaderKey/masksValues``.
  package mutating func trace(
    of entry: SealedEntry, at index: Int, _ plan: SealingPlan
  ) throws(TraceOpeningError) -> Trace {
    let opened = try open(entry, at: index, plan)
    do throws(TraceFault) {
      switch opened {
      case .whole(let trace, locator: _):
        return try Trace(body: trace.body, schema: plan.schema, digest: plan.digest)
      case .hidden(let visibility):
        return try Trace(
          publicPart: entry.publicPart, schema: plan.schema, digest: plan.digest,
          visibility: visibility)
      }
    } catch {
      throw .trace(index: index, .malformed(error))
    }
  }

  private mutating func record(
    of index: Int
  ) throws(TraceOpeningError) -> PrivateRecordReader.Record? {
    do throws(VaultError) { return try records.record(of: index) } catch { throw .vault(error) }
  }

  /// Nil if they were erased.
  private func keys(_ number: Int) throws(TraceOpeningError) -> SubjectKeys? {
    if case .subject(let own) = reader { return own }
    do throws(VaultError) { return try vault?.keys(number) ?? nil } catch { throw .vault(error) }
  }
}
