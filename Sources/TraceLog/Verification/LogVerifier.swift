internal import DecisionTrace
internal import FileIO
package import TransparencyLog

/// Checks a log against its signatures and against itself, from its files alone and with no engine.
///
/// One pass over the entries: memory does not grow with their number, but with that of the subjects and
/// inputs.
package struct LogVerifier {
  package struct Options: Sendable {
    /// The keys that are trusted; empty takes those that the log itself names, which shows that it
    /// agrees with itself and not that it is the log that it claims to be.
    package var keys: [NoteVerifier] = []
    /// Checkpoints that were kept elsewhere: the log must still hold what they sign.
    package var kept: [SignedCheckpoint] = []
    /// Whether traces are read by the schemas that they name, for their lineage.
    package var readsTraces = true
    /// Whose eyes sealed traces are read with. With the vault's key each is opened, and the vault is
    /// checked; without it entries are checked and not what they commit to.
    package var access = TraceAccess.auditor
    /// How many findings are listed; all are counted.
    package var findingLimit = 100

    package init() {}
  }

  package struct Report: Sendable {
    package var origin = ""
    /// The checkpoint of the log that this one goes on from; nil if it does not.
    package var continued: Checkpoint?
    /// Entries that the latest checkpoint signs.
    package var signedSize = 0
    /// Entries below it are no longer kept; 0 if all are.
    package var minimumIndex = 0
    package var root = TreeHash.ofEmptyTree
    /// Entries after it, which nothing proves yet.
    package var unsignedCount = 0
    package var traceCount = 0
    /// How many of the traces are sealed.
    package var sealedCount = 0
    /// What opening them came to; nil where that was not asked for.
    package var vault: VaultCheck.Report?
    package var checkpointCount = 0
    package var rotationCount = 0
    /// Records that accounting entries speak of, by how their events ended.
    package var accounted = AccountingEntry.Counts()
    package var accountedRecords = 0
    /// Traces after the last accounting of their input.
    package var openTraces = 0
    package var artefactCount = 0
    /// Whether the keys came from elsewhere.
    package var hasTrustedKeys = false
    package var findings: [LogFinding] = []
    package var findingCount: [LogFinding.Claim: Int] = [:]

    package func holds(_ claim: LogFinding.Claim) -> Bool { findingCount[claim, default: 0] == 0 }
  }

  let log: String
  let options: Options
  var report = Report()
  var completeness = CompletenessCheck()
  private var lineage: LineageCheck
  private var subjects: SubjectIndexCheck
  private let progress: (Int) -> Void

  /// - Parameter progress: called now and then with the number of entries so far.
  package init(log: String, options: Options, progress: @escaping (Int) -> Void = { _ in }) {
    self.log = log
    self.options = options
    self.progress = progress
    subjects = SubjectIndexCheck(log: log)
    lineage = LineageCheck(log: log)
  }

  /// - Throws: `TraceLogError` where there is no log to look at, or the disk fails.
  package mutating func run() throws(TraceLogError) -> Report {
    let reader = try TraceLogReader(path: log, access: options.access)
    report.hasTrustedKeys = !options.keys.isEmpty
    let history = checkpoints()
    var vault = options.access == .auditor ? nil : VaultCheck(reader, options.access)
    let tree = try checkEntries(history, reader, &vault)
    checkKept(tree, history)
    try checkSegments()
    let artefacts = try ArtefactCheck(log: log).run()
    report.artefactCount = artefacts.count
    for finding in artefacts.findings { note(finding) }
    try checkMark()
    for finding in completeness.finish(log: log) { note(finding) }
    report.openTraces = completeness.openTraces
    report.accounted = completeness.total
    report.accountedRecords = completeness.recordCount
    for finding in try subjects.finish() { note(finding) }
    if let findings = try vault?.finish() {
      report.vault = vault?.report
      for finding in findings { note(finding) }
    }
    return report
  }

  mutating func note(_ finding: LogFinding) {
    report.findingCount[finding.claim, default: 0] += 1
    if report.findings.count < options.findingLimit { report.findings.append(finding) }
  }

  mutating func note(_ claim: LogFinding.Claim, _ place: String, _ reason: String) {
    note(LogFinding(claim, place, reason))
  }

  // MARK: Checkpoints

  /// The signed history, and the checkpoint that is shown, which is the last of it.
  private mutating func checkpoints() -> [SignedCheckpoint] {
    let history = CheckpointHistory(log: log)
    var found: [SignedCheckpoint] = []
    do { found = try history.checkpoints() } catch {
      note(.intact, "checkpoints", error.description)
    }
    report.checkpointCount = found.count
    do throws(FileError) {
      let bytes = try WholeFile.read(log + "/checkpoint", limit: 1 << 16)
      if bytes != found.last?.bytes {
        note(.intact, "checkpoint", "it is not the last one of `checkpoints`")
      }
    } catch {
      if !found.isEmpty || !error.isNoSuchFile { note(.intact, "checkpoint", error.reason) }
    }
    for (older, newer) in zip(found, found.dropFirst())
    where older.checkpoint.size > newer.checkpoint.size {
      note(
        .intact, "checkpoints",
        "size \(newer.checkpoint.size) was signed after size \(older.checkpoint.size)")
    }
    report.origin = found.last?.checkpoint.origin ?? ""
    for checkpoint in found where checkpoint.checkpoint.origin != report.origin {
      note(
        .intact, "checkpoints",
        "`\(checkpoint.checkpoint.origin)` is another log than `\(report.origin)`")
    }
    return found
  }

  // MARK: Entries

  /// Goes through all that is signed; returns the roots at the sizes that were asked for.
  private mutating func checkEntries(
    _ history: [SignedCheckpoint], _ reader: TraceLogReader, _ vault: inout VaultCheck?
  ) throws(TraceLogError) -> [Int: TreeHash] {
    let size = history.last?.checkpoint.size ?? 0
    report.signedSize = size
    var wanted = Set(history.map(\.checkpoint.size))
    wanted.formUnion(options.kept.map(\.checkpoint.size))
    let minimum = try LogEntries(log: log).minimum()
    report.minimumIndex = minimum
    completeness.startsLate = minimum > 0
    var announced = 0
    var walk = TreeWalk(log: log, size: size, wanted: wanted, minimum: minimum)
    var rotations: [(index: Int, rotation: KeyRotation)] = []
    var found: [LogFinding] = []
    while let step = walk.next() {
      switch step {
      case .finding(let finding): note(finding)
      case .pruned(let range): if range.lowerBound & 0xFFFF == 0 { progress(range.lowerBound) }
      case .entry(let index, let entry):
        if index & 0xFFFF == 0 { progress(index) }
        let kind = EntryKind(entry)
        // What is kept apart for its length is what the stub names, which the artefacts' check says.
        let whole = kind == .detached ? Self.detached(entry, reader) : entry
        completeness.take(index, whole, &found)
        if options.readsTraces { lineage.take(index, whole, &found) }
        if EntryKind(whole) == .sealedTrace {
          report.sealedCount += 1
          if let body = vault?.body(whole, at: index, &found), options.readsTraces {
            lineage.take(index, body, &found)
          }
        }
        if kind == .continuation { takeContinuation(entry, index) }
        if kind == .pruning, let pruning = try? PruningEntry(entry) {
          announced = max(announced, pruning.minimumIndex)
        }
        if kind == .erasure { vault?.takeErasure(entry) }
        for finding in found { note(finding) }
        found.removeAll(keepingCapacity: true)
        subjects.take(index, entry)
        if kind?.isTrace == true { report.traceCount += 1 }
        if let rotation = KeyRotation(entry) { rotations.append((index, rotation)) }
      }
    }
    if minimum > announced {
      note(
        .intact, "minimum-index",
        "it says that the log starts at entry \(minimum), and what is signed says \(announced)")
    }
    report.root = walk.roots[size] ?? .ofEmptyTree
    report.rotationCount = rotations.count
    try checkSignatures(history, walk.roots, rotations)
    return walk.roots
  }

  /// It says where the log comes from; whether the other log signed it, its own keys tell.
  private mutating func takeContinuation(_ entry: [UInt8], _ index: Int) {
    do throws(TraceFault) {
      let continuation = try ContinuationEntry(entry)
      if index == 0 {
        report.continued = continuation.checkpoint.checkpoint
      } else {
        note(.intact, "entry \(index)", "a continuation stands at the start of a log only")
      }
    } catch {
      note(.intact, "entry \(index)", error.description)
    }
  }

  private static func detached(_ entry: [UInt8], _ reader: TraceLogReader) -> [UInt8] {
    DetachedEntry(entry).flatMap { try? reader.artefact($0.digest) } ?? entry
  }

  private mutating func checkSignatures(
    _ history: [SignedCheckpoint], _ roots: [Int: TreeHash],
    _ rotations: [(index: Int, rotation: KeyRotation)]
  ) throws(TraceLogError) {
    var keys = options.keys
    if keys.isEmpty {
      do { keys = Array(try LogKeys.verifiers(of: log).prefix(1)) } catch {
        note(.intact, "log.vkey", error.description)
      }
    }
    var pending = rotations[...]
    for signed in history {
      let size = signed.checkpoint.size
      let place = "checkpoint of \(size) entries"
      // A key is trusted from the checkpoint on that signs its introduction.
      do { try signed.note.verify(keys) } catch { note(.intact, place, error.description) }
      if let root = roots[size], root != signed.checkpoint.root {
        note(.intact, place, "the first \(size) entries have another root than was signed")
      }
      while let next = pending.first, next.index < size {
        if next.rotation.old.contains(where: { keys.contains($0) }) {
          keys.append(next.rotation.new)
        } else {
          note(
            .intact, "entry \(next.index)",
            "it introduces a key in the name of one that was not trusted")
        }
        pending.removeFirst()
      }
    }
    let named = (try? LogKeys.verifiers(of: log)) ?? []
    for key in named where !keys.contains(key) {
      note(.intact, "log.vkey", "the log never introduced the key \(key)")
    }
  }

  /// What was signed earlier and kept elsewhere must still be there.
  private mutating func checkKept(_ roots: [Int: TreeHash], _ history: [SignedCheckpoint]) {
    let keys =
      options.keys.isEmpty ? ((try? LogKeys.verifiers(of: log)) ?? []) : options.keys
    for kept in options.kept {
      let size = kept.checkpoint.size
      let place = "kept checkpoint of \(size) entries"
      do { try kept.note.verify(keys) } catch { note(.intact, place, error.description) }
      if kept.checkpoint.origin != report.origin {
        note(
          .intact, place,
          "it is of the log `\(kept.checkpoint.origin)`, and this one is `\(report.origin)`")
      } else if size > report.signedSize {
        note(
          .intact, place,
          "the log has \(report.signedSize) signed entries: it was rolled back, or is an older copy"
        )
      } else if roots[size] != kept.checkpoint.root {
        note(.intact, place, "the log no longer starts with the entries that it signs")
      }
    }
  }

  // MARK: Segments

  /// The entries that segments hold must be those of the bundles; what is after them is not signed.
  private mutating func checkSegments() throws(TraceLogError) {
    let entries = LogEntries(log: log)
    let first = try entries.firstInSegments()
    let size = report.signedSize
    if first > size {
      note(.intact, "segments", "entries \(size) to \(first - 1) are neither signed nor there")
    }
    var bundles = BundleCursor(log: log, size: size)
    var next = first
    var findings: [LogFinding] = []
    var unsigned = 0
    do throws(TraceLogError) {
      try entries.scan(from: first) { entry in
        if entry.index < size {
          if let bundled = bundles.entry(entry.index), bundled[...] != entry.bytes[...] {
            findings.append(
              LogFinding(
                .intact, "entry \(entry.index)", "its segment and its bundle hold different bytes"))
          }
        } else {
          unsigned += 1
        }
        next = entry.index + 1
        return findings.count < 10
      }
    } catch {
      guard case .damaged(let file, let offset, let reason) = error else { throw error }
      findings.append(LogFinding(.intact, file, "damaged at byte \(offset): \(reason)"))
    }
    if next < size {
      findings.append(
        LogFinding(
          .intact, "segments", "they end at entry \(next), and \(size) entries are signed"))
    }
    for finding in findings { note(finding) }
    report.unsignedCount = unsigned
    for finding in try SegmentTailCheck(log: log).findings() { note(finding) }
  }

  private mutating func checkMark() throws(TraceLogError) {
    do throws(FileError) {
      guard try Directory.status(log + "/durable") != nil else { return }
      guard let mark = try DurableMark(of: log) else {
        return note(.intact, "durable", "it is not two numbers, a segment and its size")
      }
      let file = SegmentFile.path(log, mark.segment)
      let size = try Directory.status(file)?.size ?? 0
      let isGone = try SegmentFile.numbers(in: log).first.map { $0 > mark.segment } ?? true
      if !isGone, size < mark.size {
        note(.intact, file, "\(mark.size) bytes of it had been stored, and it has \(size)")
      }
    } catch {
      throw .file(error)
    }
  }
}
