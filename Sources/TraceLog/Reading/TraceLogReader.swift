public import DataFields
internal import DecisionTrace
internal import FileIO
internal import TransparencyLog

/// Reads a log of traces, also while a writer appends to it: what is not whole yet is not there.
public struct TraceLogReader: Sendable {
  public let path: String
  /// Nil where sealed traces stay sealed.
  private let sealed: SealedTraceReader?
  private let access: TraceAccess

  /// - Parameter access: whose eyes a log with privacy on is read with.
  /// - Throws: `TraceLogError.noLog` if there is none; `vault` if the key does not fit.
  public init(path: String, access: TraceAccess = .automatic) throws(TraceLogError) {
    do throws(FileError) {
      // A copy for auditors has no segments.
      if try Directory.status(SegmentFile.directory(of: path)) == nil,
        try Directory.status(TileDirectory(path).checkpointPath) == nil
      {
        throw Self.absent
      }
    } catch {
      throw error == Self.absent ? .noLog(path: path) : .file(error)
    }
    self.path = path
    self.access = access
    sealed = try SealedTraceReader(log: path, access: access)
  }

  /// Whether values that have a mask are to be shown masked: to all but the subject.
  package var masksValues: Bool {
    if case .subject = access { return false }
    return true
  }

  /// Whether all traces are read whole that were not erased: an index that is made by a reader who
  /// sees less would hide traces from one who sees more.
  package var readsEverything: Bool {
    get throws(TraceLogError) {
      if case .subject = access { return false }
      if sealed != nil { return true }
      do throws(FileError) {
        return try Directory.status(VaultFiles.directory(of: path)) == nil
      } catch {
        throw .file(error)
      }
    }
  }

  private static let absent = FileError(.open, path: "", reason: "absent")

  /// How many entries the log holds now: traces, and what else it keeps.
  ///
  /// - Complexity: a scan of the last segment.
  public func count() throws(TraceLogError) -> Int { try LogEntries(log: path).count() }

  /// Calls `visit` with each trace from an index on, in order, until it returns false.
  public func scan(
    from first: Int = 0, _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    try traces(.from(first), visit)
  }

  /// Calls `visit` with the traces at some places, which rise, until it returns false. What lies
  /// between them is not read; places that hold no trace are passed over.
  package func traces(
    at places: [Int], _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    try traces(.at(places), visit)
  }

  /// Which traces are wanted.
  private enum Selection {
    case from(Int)
    case at([Int])
    case of(String, SubjectFinder)
  }

  private func traces(
    _ selection: Selection, _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    var failure: TraceLogError?
    func take(_ entry: LogEntry) -> Bool {
      do throws(TraceLogError) {
        guard let trace = try trace(entry) else { return true }
        // Another subject may have the same hash.
        if case .of(let subject, _) = selection, TraceBodyHead(trace)?.subject != subject {
          return true
        }
        return visit(trace)
      } catch {
        failure = error
        return false
      }
    }
    switch selection {
    case .from(let first): try LogEntries(log: path).scan(from: first, take)
    case .at(let places): try LogEntries(log: path).entries(at: places, take)
    case .of(_, let finder): try finder.entries(take)
    }
    if let failure { throw failure }
  }

  /// The trace with this index; nil if the log holds none there, or an entry of another kind.
  public func trace(at index: Int) throws(TraceLogError) -> StoredTrace? {
    guard let entry = try LogEntries(log: path).entry(at: index) else { return nil }
    return try trace(entry)
  }

  /// The traces of one subject, the newest first, until `visit` returns false. Traces of another
  /// subject with the same hash are left out; so are those whose subject this reader cannot tell.
  ///
  /// - Complexity: one look-up in each full segment's subject index, and a scan of the headers of
  ///   the last segment.
  public func traces(
    ofSubject subject: String, decision: String? = nil, _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    let finder = SubjectFinder(
      log: path, subject: SubjectKey(subject), keys: try keys(of: subject), decision: decision)
    try traces(.of(subject, finder), visit)
  }

  /// Under what the traces of a subject are found.
  package func subjectKeys(of subject: String) throws(TraceLogError) -> [SubjectKey] {
    [SubjectKey(subject)] + (try keys(of: subject).map { [$0.locator] } ?? [])
  }

  /// Whether a subject was erased and not decided on since, as the vault's key tells.
  public func isErased(subject: String) throws(TraceLogError) -> Bool {
    if case .erased = try sealed?.subject(subject) { return true }
    return false
  }

  /// Whether a log has a vault: whether traces were ever sealed in it.
  package static func hasVault(at path: String) throws(TraceLogError) -> Bool {
    do throws(FileError) {
      return try Directory.status(VaultFiles.keys(path)) != nil
    } catch {
      throw .file(error)
    }
  }

  /// The key to hand to a subject; nil if there is none, or this reader does not hold the vault's.
  package func subjectKey(of subject: String) throws(TraceLogError) -> [UInt8]? {
    try sealed?.subjectKey(of: subject) ?? nil
  }

  /// The parts of a sealed trace, for disclosing one; nil if the log holds none there.
  package func sealedTrace(at index: Int) throws(TraceLogError) -> TraceOpener.Opened? {
    guard var entry = try LogEntries(log: path).entry(at: index) else { return nil }
    if let stub = DetachedEntry(entry.bytes) {
      entry = LogEntry(index: index, bytes: try artefact(stub.digest))
    }
    guard EntryKind(entry.bytes) == .sealedTrace else { return nil }
    guard let sealed else { return .hidden(.sealed) }
    return try sealed.open(try Self.sealedEntry(entry, path), at: index)
  }

  /// The schemas whose rules can be loaded from the log.
  package func schemasWithFiles() throws(TraceLogError) -> [Digest] {
    do throws(FileError) {
      return try Directory.names(in: path + "/artefacts").sorted().compactMap { name in
        name.hasSuffix(".files") ? Digest(hexadecimal: String(name.dropLast(6))) : nil
      }
    } catch {
      throw .file(error)
    }
  }

  /// How many keys of the vault were destroyed; nil for who does not hold the vault's key.
  func erasedKeyCount() throws(TraceLogError) -> Int? { try sealed?.erasedKeyCount() ?? nil }

  /// The keys of a subject that this reader holds or finds.
  package func keys(of subject: String) throws(TraceLogError) -> SubjectKeys? {
    if case .known(let keys) = try sealed?.subject(subject) { return keys.keys }
    return nil
  }

  /// Any entry, by its index.
  package func entry(at index: Int) throws(TraceLogError) -> LogEntry? {
    try LogEntries(log: path).entry(at: index)
  }

  /// Calls `visit` with each entry of any kind from an index on, in order, until it returns false.
  package func scanEntries(
    from first: Int = 0, _ visit: (LogEntry) -> Bool
  ) throws(TraceLogError) {
    try LogEntries(log: path).scan(from: first, visit)
  }

  /// The lowest entry that the log keeps: 0, unless it was pruned.
  package func minimumIndex() throws(TraceLogError) -> Int {
    try LogEntries(log: path).minimum()
  }

  /// Calls `visit` with the entries that are about no subject, the newest first, until it returns
  /// false: what the log says of itself. Others may be among them.
  package func scanOtherEntries(_ visit: (LogEntry) -> Bool) throws(TraceLogError) {
    try SubjectFinder(log: path, subject: SubjectKey(hash: 0), decision: nil).entries(visit)
  }

  /// The trace that an entry is; nil if it is none.
  ///
  /// - Throws: `TraceLogError.damaged` if a body that is kept apart is not the one that was logged.
  package func trace(_ entry: LogEntry) throws(TraceLogError) -> StoredTrace? {
    switch EntryKind(entry.bytes) {
    // What this version does not know may be a trace of a later one: it is given, not passed over.
    case .trace, nil: return StoredTrace(index: entry.index, body: entry.bytes)
    case .sealedTrace: return try sealedTrace(entry)
    case .detached:
      guard let stub = DetachedEntry(entry.bytes) else { return nil }
      let body = try artefact(stub.digest)
      guard body.count == stub.length, Digest(of: body) == stub.digest else {
        throw .damaged(
          file: artefactPath(stub.digest), offset: 0,
          reason: "it is not the body that entry \(entry.index) names")
      }
      let whole = LogEntry(index: entry.index, bytes: body)
      return EntryKind(body) == .sealedTrace
        ? try sealedTrace(whole) : StoredTrace(index: entry.index, body: body)
    default: return nil
    }
  }

  private func sealedTrace(_ entry: LogEntry) throws(TraceLogError) -> StoredTrace {
    let found = try Self.sealedEntry(entry, path)
    if let sealed { return try sealed.trace(found, at: entry.index) }
    return StoredTrace(index: entry.index, hidden: found, .sealed)
  }

  private static func sealedEntry(
    _ entry: LogEntry, _ path: String
  ) throws(TraceLogError) -> SealedEntry {
    do throws(TraceFault) {
      return try SealedEntry(entry.bytes)
    } catch {
      throw .damaged(file: path, offset: 0, reason: "entry \(entry.index): \(error.description)")
    }
  }

  private func artefactPath(_ digest: Digest) -> String {
    path + "/artefacts/" + digest.hexadecimal
  }

  /// A file that traces name by its digest.
  public func artefact(_ digest: Digest) throws(TraceLogError) -> [UInt8] {
    do throws(FileError) {
      return try WholeFile.read(artefactPath(digest))
    } catch {
      throw error.isNoSuchFile ? .noArtefact(digest.hexadecimal) : .file(error)
    }
  }

  /// SHA-256 over the lists of files of several schemas, in order; nil where one has none.
  package func fileListDigest(ofSchemas schemas: [Digest]) throws(TraceLogError) -> Digest? {
    var builder = DigestBuilder()
    for schema in schemas {
      do throws(FileError) {
        builder.update(try WholeFile.read(artefactPath(schema) + ".files"))
      } catch {
        if error.isNoSuchFile { return nil }
        throw .file(error)
      }
    }
    return schemas.isEmpty ? nil : builder.finish()
  }

  /// The files that a schema was made from; nil where the log does not say.
  package func fileList(ofSchema digest: Digest) throws(TraceLogError) -> RecordedFileList? {
    let file = artefactPath(digest) + ".files"
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(file)
    } catch {
      if error.isNoSuchFile { return nil }
      throw .file(error)
    }
    guard let list = RecordedFileList(bytes) else {
      throw .damaged(file: file, offset: 0, reason: "it is no list of files")
    }
    return list
  }
}
