internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import FileIO
internal import ReferenceData
internal import RuleLanguage
internal import SourceDiagnostics
internal import StreamFeatures
internal import TabularIO
internal import TraceLog

/// A lane with its place on disk: the log, the saved state, the dead letters.
///
/// `LOG/state/<rules>.snapshot` is named by the rulesets whose state it is, so that several can
/// share a log. Without a log nothing is kept: that is a rehearsal.
final class LaneStore {
  let lane: DecisionLane
  /// What opening found, for people.
  private(set) var notices: [String] = []
  /// Whether an earlier run left anything to go on from.
  let isResumed: Bool
  /// Nil in a rehearsal.
  private let snapshotPath: String?
  let fingerprint: Digest
  /// By source and identity, the last record that was dealt with.
  private var positions: [InputPosition]
  private var ledger: AccountingLedger
  /// The dead letter file of the log, and how much of it is accounted for; nil where letters go
  /// elsewhere.
  private var letters: (path: String, accounted: Int)?
  private var fileList: Digest?
  /// What the snapshot says of subjects that are ahead.
  var ahead: [StateSnapshot.Ahead] = []
  /// Where dead letters go if not to the log.
  private var letterPath: String?

  /// Decides and keeps nothing: neither traces nor state nor dead letters.
  init(rehearsing library: DecisionLibrary) {
    fingerprint = Self.fingerprint(library.program)
    snapshotPath = nil
    isResumed = false
    positions = []
    ledger = AccountingLedger(counts: IngestCounts(), positions: [])
    lane = DecisionLane(library: library, log: nil, letters: nil, known: nil, snapshot: nil)
  }

  /// - Parameters:
  ///   - deadLetters: nil is `LOG/dead-letters.jsonl`.
  ///   - keys: of the log and its vault.
  ///   - continuing: the log that a new one goes on from.
  init(
    library: DecisionLibrary, log path: String, deadLetters: String?, keys: LogKeyFiles,
    privacy: Privacy, continuing: ContinuedLog? = nil
  ) throws(IngestError) {
    let program = library.program
    let log = try wrappingLog { () throws(TraceLogError) in
      var options = TraceLogWriter.Options()
      options.signingKey = keys.signing
      if privacy == .on { options.privacy = PrivacyOptions(vaultKey: keys.vault) }
      var log = try TraceLogWriter(path: path, options: options)
      switch continuing {
      case .log(let path)?: try log.begin(after: LogProofs(log: path).checkpoint())
      case .checkpoint(let note)?: try log.begin(afterCheckpoint: note)
      case nil: break
      }
      return log
    }
    fingerprint = Self.fingerprint(program)
    let directory = path + "/state"
    let snapshotFile = Self.snapshotPath(path, fingerprint)
    snapshotPath = snapshotFile
    var notices: [String] = []
    if let notice = log.recoveryNotice { notices.append(notice) }
    let bytes = try wrappingFile { () throws(FileError) in
      try Directory.create(directory)
      return try Directory.status(snapshotFile) == nil ? nil : try WholeFile.read(snapshotFile)
    }
    var snapshot: StateSnapshot?
    if let bytes {
      do throws(SnapshotFault) {
        snapshot = try StateSnapshot(decoding: bytes, program: program, fingerprint: fingerprint)
      } catch {
        throw .damagedState(path: snapshotFile, reason: error.reason)
      }
    }
    if let snapshot, snapshot.traceCount > log.nextIndex {
      throw .logTooShort(traces: log.nextIndex, expected: snapshot.traceCount)
    }
    var known: TraceIdentityIndex?
    var accounted: [AccountingEntry] = []
    let first = snapshot?.traceCount ?? 0
    if first < log.nextIndex {
      known = try wrappingLog { () throws(TraceLogError) in
        try TraceIdentityIndex(
          TraceLogReader(path: path, access: keys.access), from: first,
          schemas: Set(library.schemas.map(\.digest)))
      }
      accounted = try Self.accounting(
        in: path, from: first, schemas: library.schemas.map(\.digest))
      if let count = known?.count, count > 0 {
        notices.append(
          "the log holds \(count) traces after the saved state; they are compared, not stored twice"
        )
      }
    }
    let letters = try wrappingFile { () throws(FileError) in
      try DeadLetterLog(
        path: deadLetters ?? Self.deadLetterPath(path),
        knownFrom: snapshot?.deadLetterBytes ?? 0)
    }
    let lateEvents = try wrappingFile { () throws(FileError) in
      try DeadLetterLog(path: Self.latePath(path), knownFrom: snapshot?.lateBytes ?? 0)
    }
    positions = snapshot?.positions ?? []
    ahead = snapshot?.ahead ?? []
    isResumed = snapshot != nil || known?.isEmpty == false
    lane = DecisionLane(
      library: library, log: log, letters: letters, lateEvents: lateEvents, known: known,
      snapshot: snapshot)
    ledger = AccountingLedger(
      counts: lane.counts,
      positions: positions.map { ($0.source, $0.identity, $0.record) })
    for entry in accounted { ledger.know(entry) }
    if deadLetters == nil {
      let known = accounted.compactMap { $0.deadLetters?.bytes.upperBound }.max()
      self.letters = (Self.deadLetterPath(path), max(snapshot?.deadLetterBytes ?? 0, known ?? 0))
    }
    letterPath = deadLetters
    self.notices = notices
    try keepArtefacts()
  }

  /// What the log says after the saved state of the inputs of these rules.
  private static func accounting(
    in path: String, from first: Int, schemas: [Digest]
  ) throws(IngestError) -> [AccountingEntry] {
    var found: [AccountingEntry] = []
    try wrappingLog { () throws(TraceLogError) in
      try TraceLogReader(path: path, access: .auditor).scanEntries(from: first) { entry in
        if EntryKind(entry.bytes) == .accounting, let account = try? AccountingEntry(entry.bytes),
          account.schemas == schemas
        {
          found.append(account)
        }
        return true
      }
    }
    return found
  }

  static func snapshotPath(_ log: String, _ fingerprint: Digest) -> String {
    log + "/state/" + fingerprint.hexadecimal.prefix(16) + ".snapshot"
  }

  static func deadLetterPath(_ log: String) -> String { log + "/dead-letters.jsonl" }

  /// Where events go that came too late for a window.
  static func latePath(_ log: String) -> String { log + "/late.jsonl" }

  /// SHA-256 of the digests of all rulesets, in order: the state of one program fits no other.
  static func fingerprint(_ program: Program) -> Digest {
    var builder = DigestBuilder()
    for ruleset in program.rulesets { builder.update(ruleset.digest.bytes) }
    return builder.finish()
  }

  /// Keeps what traces name by digest: their schemas, rule texts, models, tables and lists.
  private func keepArtefacts() throws(IngestError) {
    var artefacts: [(bytes: [UInt8], digest: Digest)] = []
    for schema in lane.library.schemas { artefacts.append((schema.bytes, schema.digest)) }
    for file in lane.program.sources.files {
      artefacts.append((file.bytes, Digest(of: file.bytes)))
    }
    var files = lane.program.sources.files.map { file in
      RecordedFileList.File(
        path: file.name, digest: Digest(of: file.bytes),
        isNamed: lane.library.rulePaths.contains(file.name))
    }
    var paths: Set<String> = []
    for schema in lane.library.schemas {
      for artefact in schema.schema.artefacts
      where artefact.role != "ruleset" && paths.insert(artefact.path).inserted {
        // What a test built in memory names a file that is not there.
        guard let file = try? ReferenceFile(path: artefact.path) else { continue }
        if file.digest == artefact.digest {
          artefacts.append((file.bytes, file.digest))
          files.append(.init(path: artefact.path, digest: file.digest, isNamed: false))
        } else {
          notices.append("`\(artefact.path)` changed while it was used; it is not kept in the log")
        }
      }
    }
    do {
      for (bytes, digest) in artefacts { try lane.log?.keepArtefact(bytes, digest: digest) }
      if !lane.library.rulePaths.isEmpty {
        let list = RecordedFileList(files: files)
        for schema in lane.library.schemas {
          try lane.log?.keepFileList(list, schema: schema.digest)
        }
        // As they are kept: an earlier run may have known the files by other paths.
        if let path = lane.log?.path {
          fileList = try TraceLogReader(path: path, access: .auditor)
            .fileListDigest(ofSchemas: lane.library.schemas.map(\.digest))
        }
      }
    } catch { throw .log(error) }
  }

  /// Loads a static source from a file; what cannot be used of it is a dead letter.
  func loadInput(_ plan: SourcePlan, path: String) throws(IngestError) {
    let reader = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try RecordReader(
        path: path, columns: .named(plan.columns, optional: Self.optionalColumns(plan)))
    }
    try takeInputs(from: reader, plan, file: path)
  }

  /// Loads a static source from JSON lines in memory.
  func loadInput(_ plan: SourcePlan, lines: [UInt8]) throws(IngestError) {
    // A reader wants a line to tell the columns from; an empty one holds no record.
    let reader = try wrappingDiagnostics { () throws(DiagnosticsError) in
      try RecordReader(
        bytes: lines.isEmpty ? [UInt8(ascii: "\n")] : lines, name: plan.name,
        columns: .named(plan.columns, optional: Self.optionalColumns(plan)),
        options: .init(format: .jsonLines))
    }
    try takeInputs(from: reader, plan, file: plan.name)
  }

  /// Columns of the source that only events read.
  private static func optionalColumns(_ plan: SourcePlan) -> Set<String> {
    let needed = Set(plan.inputs.flatMap(\.columns))
    return Set(plan.columns.indices.filter { !needed.contains($0) }.map { plan.columns[$0] })
  }

  private func takeInputs(
    from reader: RecordReader, _ plan: SourcePlan, file: String
  ) throws(IngestError) {
    let origin = RecordOrigin(source: plan.name, file: file, identity: file)
    while !Interruption.isRequested {
      let step = try wrappingFile { () throws(FileError) in try reader.next() }
      switch step {
      case .record: try lane.takeInput(reader, plan, origin)
      case .fault:
        if let fault = reader.fault { try lane.bury(fault, origin) }
        lane.counts.inputDeadLetters += 1
      case .atEnd, .stopped: return
      }
    }
  }

  /// The last record of an input that was dealt with before; for a new one, the number before its first.
  func position(source: String, identity: String) -> Int {
    positions.first { $0.source == source && $0.identity == identity }?.record
      ?? InputIdentity.firstRecord(of: identity) - 1
  }

  func setPosition(source: String, identity: String, record: Int) {
    ledger.note(source: source, identity: identity, record: record, counts: lane.counts)
    let place = positions.firstIndex { $0.source == source && $0.identity == identity }
    if let place {
      positions[place].record = record
    } else {
      positions.append(InputPosition(source: source, identity: identity, record: record))
    }
  }

  /// The last record of an input that the log accounts for already: a run that goes on makes it again.
  func accountedThrough(source: String, identity: String) -> Int {
    ledger.through(source: source, identity: identity)
  }

  /// Goes on where another lane stood, with a log that begins now.
  func adopt(_ positions: [InputPosition]) {
    self.positions = positions
    ledger = AccountingLedger(
      counts: lane.counts, positions: positions.map { ($0.source, $0.identity, $0.record) })
  }

  /// The log's name, and the note of its last checkpoint; nil before one is signed.
  var checkpoint: (origin: String, note: [UInt8]?)? {
    guard let origin = lane.log?.origin else { return nil }
    return (origin, lane.log?.checkpointNote ?? nil)
  }

  /// Makes everything durable and saves the state that belongs to it.
  func save() throws(IngestError) {
    try lane.commit()
    try account()
    guard let snapshotPath else { return }
    let size: Int
    let lateSize: Int
    do {
      size = try lane.letters?.size() ?? 0
      lateSize = try lane.lateEvents?.size() ?? 0
    } catch { throw .file(error) }
    var snapshot = StateSnapshot(
      fingerprint: fingerprint, positions: positions, traceCount: lane.log?.nextIndex ?? 0,
      deadLetterBytes: size, lateBytes: lateSize, counters: lane.counts.all, state: lane.state,
      texts: lane.stateTexts())
    snapshot.ahead = ahead
    try wrappingFile { () throws(FileError) in
      try WholeFile.replace(snapshotPath, with: snapshot.encoded())
    }
    do { try lane.log?.markDurable() } catch { throw .log(error) }
  }

  /// Writes down in the log how the records since the last time ended.
  private func account() throws(IngestError) {
    guard lane.log != nil else { return }
    var stretch: AccountingEntry.DeadLetterStretch?
    if let (path, accounted) = letters {
      stretch = try wrappingFile { () throws(FileError) -> AccountingEntry.DeadLetterStretch? in
        try AccountingEntry.DeadLetterStretch(ofFile: path, from: accounted)
      }
    }
    let entries = ledger.close(
      schemas: lane.library.schemas.map(\.digest), fileList: fileList, deadLetters: stretch)
    do throws(TraceLogError) {
      for entry in entries { _ = try lane.log?.append(entry: entry.bytes) }
    } catch {
      throw .log(error)
    }
    if let stretch, !entries.isEmpty { letters?.accounted = stretch.bytes.upperBound }
    try lane.commit()
  }

  /// Erases a subject from the log's vault, the dead letters, the state in memory and on the disk.
  ///
  /// - Returns: whether anything was known of the subject.
  func erase(_ subject: String, _ occasion: SubjectErasure.Occasion) throws(IngestError) -> Bool {
    // What was written so far is accounted for first: the erasure says what becomes of it.
    try save()
    guard let log = lane.log?.path else { return lane.erase(subject) }
    let letters = try DeadLetterErasure(
      path: letterPath ?? Self.deadLetterPath(log), subject: subject)
    let reader = try wrappingLog { () throws(TraceLogError) in
      try TraceLogReader(path: log, access: .auditor)
    }
    let stretches = try letters.changed(SubjectErasure.stretches(of: reader))
    let isKnown = lane.knows(subject)
    let keys: Int? = try wrappingLog { () throws(TraceLogError) in
      try lane.log?.erase(Array(subject.utf8)[...], isLogged: isKnown || !letters.isEmpty) {
        ErasureEntry(
          keyCount: $0, time: occasion.time, by: occasion.by, reason: occasion.reason,
          deadLetters: stretches)
      }
    }
    try letters.run()
    try DeadLetterErasure(path: Self.latePath(log), subject: subject).run()
    _ = lane.erase(subject)
    try save()
    return isKnown || !letters.isEmpty || keys ?? 0 > 0
  }

  /// Makes everything durable and signs it; nothing is signed twice.
  func sign() throws(IngestError) {
    try lane.commit()
    do { try lane.log?.publish() } catch { throw .log(error) }
  }

  /// Lets go of the log without making anything durable.
  func abandon() { lane.log = nil }

  /// Saves, and lets go of the log.
  func close() throws(IngestError) {
    try save()
    do { try lane.log?.close() } catch { throw .log(error) }
  }
}
