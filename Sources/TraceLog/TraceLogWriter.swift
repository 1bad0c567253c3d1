package import DataFields
internal import FileIO
package import TransparencyLog

/// Writes a log of traces to a directory: one writer a log, made durable in groups, and signed.
///
/// `LOG/segments/NNNNNN.traces` hold the entries that are new, `LOG/tile/entries` those that are
/// signed, `LOG/artefacts/<sha256>` the files that they name. An entry is acknowledged once
/// ``durableCount`` has passed it; after a crash everything acknowledged is there, and a torn tail is
/// cut off at the last whole entry.
package struct TraceLogWriter: ~Copyable, TraceStore {
  package struct Options: Sendable {
    /// A segment is closed once it is this large.
    package var segmentBytes = 16 << 20
    /// A group is made durable once it holds this much.
    package var groupBytes = 4 << 20
    package var groupRecords = 16_384
    /// A checkpoint is signed once so many entries are not signed yet.
    package var checkpointRecords = 1 << 16
    /// The name of a new log; nil makes one of its key.
    package var origin: String?
    /// The file of the private key; nil is `LOG/signing.key`.
    package var signingKey: String?
    /// How what belongs to persons is kept apart; nil leaves traces whole.
    package var privacy: PrivacyOptions?
    /// 32 bytes that nobody can guess, for the key of a new log.
    package var newSeed: @Sendable () -> [UInt8] = {
      var generator = SystemRandomNumberGenerator()
      return (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    package init() {}
  }

  package let path: String
  /// What recovery did when the log was opened, for people; nil if there was nothing to do.
  package let recoveryNotice: String?
  package private(set) var nextIndex: Int
  package private(set) var durableCount: Int

  private let options: Options
  private var lock: OpenFile
  private var file: OpenFile
  private var segment: Int
  private var segmentFirst: Int
  /// Bytes of the segment that are with the system, and those that are on the disk.
  private var writtenOffset: Int
  private var durableOffset: Int
  private var pending: [UInt8] = []
  /// The entries that are not durable yet, for the tree, each after its length.
  private var group: [UInt8] = []
  private var index: [SubjectIndex.Entry]
  /// The segments that are closed and still have a file of their own, with the end of each.
  private var closedSegments: [(number: Int, end: Int)]
  private var tree: TransparencyLogWriter
  /// Nil where traces are stored whole.
  var sealing: TraceSealing?
  private var hasFailed = false
  private var kept: Set<Digest> = []

  /// Opens a log, or creates one, and recovers what a crash left.
  package init(path: String, options: Options = Options()) throws(TraceLogError) {
    let lock = try Self.lock(path)
    var recovery = SegmentRecovery(log: path)
    try recovery.run()
    let file = try Self.openForAppending(path, segment: recovery.segment)
    let keys = try LogKeys(
      log: path, origin: options.origin, signingKey: options.signingKey, newSeed: options.newSeed)
    var replay = TreeReplay(log: path)
    let tree = try replay.run(keys, expected: recovery.nextIndex)
    var notices = [recovery.notice]
    if let privacy = options.privacy {
      let sealing = try TraceSealing(log: path, privacy, nextIndex: recovery.nextIndex)
      notices.append(sealing.recoveryNotice)
      self.sealing = consume sealing
    } else {
      sealing = nil
    }
    self.path = path
    self.options = options
    self.lock = lock
    self.file = file
    let said = notices.compactMap(\.self)
    recoveryNotice = said.isEmpty ? nil : said.joined(separator: "; ")
    segment = recovery.segment
    segmentFirst = recovery.nextIndex - recovery.entries.count
    nextIndex = recovery.nextIndex
    durableCount = recovery.nextIndex
    index = recovery.entries
    writtenOffset = recovery.size
    durableOffset = recovery.size
    closedSegments = replay.closed
    self.tree = tree
  }

  /// The log's name.
  package var origin: String { tree.origin }
  /// The note of the last checkpoint, as it was signed; nil before there is one.
  package var checkpointNote: [UInt8]? { tree.signed?.bytes }

  /// Says in a new log, as its first entry, which one it goes on from; one that has entries says what
  /// it said when it was new.
  ///
  /// - Parameter checkpoint: the other log's last.
  package mutating func begin(after checkpoint: SignedCheckpoint) throws(TraceLogError) {
    if nextIndex == 0 { _ = try append(entry: ContinuationEntry(of: checkpoint).bytes) }
  }

  /// The same, where the other log's last checkpoint came as the bytes of its note.
  package mutating func begin(afterCheckpoint note: [UInt8]) throws(TraceLogError) {
    let checkpoint: SignedCheckpoint
    do throws(SignedNote.Fault) {
      checkpoint = try SignedCheckpoint(note)
    } catch {
      throw .damaged(file: "checkpoint", offset: 0, reason: error.description)
    }
    try begin(after: checkpoint)
  }

  private static func lock(_ path: String) throws(TraceLogError) -> OpenFile {
    do throws(FileError) {
      try Directory.create(SegmentFile.directory(of: path))
      try Directory.create(path + "/artefacts")
      var lock = try OpenFile(path: path + "/lock", mode: .update)
      if try lock.tryLock() { return lock }
    } catch {
      throw .file(error)
    }
    throw .locked(path: path)
  }

  private static func openForAppending(
    _ path: String, segment: Int
  ) throws(TraceLogError) -> OpenFile {
    do throws(FileError) {
      let file = try OpenFile(path: SegmentFile.path(path, segment), mode: .append)
      // What a killed process wrote may be with the system only: make it durable before it counts.
      try file.syncData()
      try Directory.sync(SegmentFile.directory(of: path))
      return file
    } catch {
      throw .file(error)
    }
  }

  package mutating func append(
    _ body: [UInt8], subject: ArraySlice<UInt8>, decision: DecisionKey
  ) throws(TraceLogError) -> Int {
    if sealing == nil { return try append(whole: body, SubjectKey(subject), decision) }
    if hasFailed { throw .failedBefore }
    var sealed: (entry: [UInt8], locator: SubjectKey)?
    do throws(TraceLogError) {
      sealed = try sealing?.seal(body, subject: subject, index: nextIndex)
    } catch {
      // A private record may stand in the vault for an entry that never comes.
      hasFailed = true
      throw error
    }
    guard let sealed else { return nextIndex }
    return try append(whole: sealed.entry, sealed.locator, decision)
  }

  /// Adds a trace as it is, under any key of a subject: sealing is left to the caller.
  package mutating func append(
    _ body: [UInt8], subject: SubjectKey, decision: DecisionKey
  ) throws(TraceLogError) -> Int {
    try append(whole: body, subject, decision)
  }

  /// Adds the entry of a trace, apart from the others where it is longer than a bundle can say.
  private mutating func append(
    whole body: [UInt8], _ subject: SubjectKey, _ decision: DecisionKey
  ) throws(TraceLogError) -> Int {
    guard body.count > EntryBundle.entryLimit else {
      return try append(entry: body, subject: subject, decision: decision)
    }
    let stub = DetachedEntry(of: body)
    try keepArtefact(body, digest: stub.digest)
    return try append(entry: stub.bytes, subject: subject, decision: decision)
  }

  /// Adds an entry of any kind that fits a bundle.
  package mutating func append(
    entry: [UInt8], subject: SubjectKey = SubjectKey(hash: 0),
    decision: DecisionKey = DecisionKey(hash: 0)
  ) throws(TraceLogError) -> Int {
    if hasFailed { throw .failedBefore }
    let length = TraceFrame.headerSize + entry.count
    guard !entry.isEmpty, entry.count <= EntryBundle.entryLimit else {
      throw .tooLarge(bytes: entry.count)
    }
    if !index.isEmpty, writtenOffset + pending.count + length > options.segmentBytes {
      try startSegment()
    }
    index.append(
      SubjectIndex.Entry(
        subject: subject, decision: decision,
        ordinal: UInt32(truncatingIfNeeded: index.count)))
    TraceFrame.append(
      entry, subject: subject, decision: decision, durableOffset: durableOffset, to: &pending)
    entry.withUnsafeBytes { EntryBundle.append($0, to: &group) }
    nextIndex += 1
    let groupBytes = writtenOffset + pending.count - durableOffset
    if groupBytes >= options.groupBytes || nextIndex - durableCount >= options.groupRecords {
      try commit()
    } else if pending.count >= 1 << 18, sealing == nil {
      // With a vault, entries wait for it: it is flushed once for a group.
      try writePending()
    }
    return nextIndex - 1
  }

  package mutating func commit() throws(TraceLogError) {
    if hasFailed { throw .failedBefore }
    if durableCount == nextIndex { return }
    try writePending()
    do throws(FileError) {
      try file.syncData()
    } catch {
      // After a failed flush the system may have dropped the pages: nothing more is claimed.
      hasFailed = true
      throw .file(error)
    }
    durableOffset = writtenOffset
    durableCount = nextIndex
    try extendTree()
    if tree.size - tree.signedSize >= options.checkpointRecords { try publish() }
  }

  /// Adds what has become durable to the tree.
  private mutating func extendTree() throws(TraceLogError) {
    var failure: TransparencyLogWriter.Failure?
    group.withUnsafeBytes { bytes in
      var place = 0
      do throws(TransparencyLogWriter.Failure) {
        while place < bytes.count {
          let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
          try tree.add(UnsafeRawBufferPointer(rebasing: bytes[(place + 2)..<(place + 2 + length)]))
          place += 2 + length
        }
      } catch {
        failure = error
      }
    }
    group.removeAll(keepingCapacity: true)
    if let failure { throw fail(failure) }
  }

  /// Signs a checkpoint of all that is durable, and lets go of segments that are signed whole.
  package mutating func publish() throws(TraceLogError) {
    do { try tree.publish() } catch { throw fail(error) }
    let whole = tree.size / TileCoordinate.fullWidth * TileCoordinate.fullWidth
    guard let first = closedSegments.first, first.end <= whole else { return }
    do { try tree.syncTiles() } catch { throw fail(error) }
    do throws(FileError) {
      while let segment = closedSegments.first, segment.end <= whole {
        try SegmentRelease(log: path, number: segment.number).run()
        closedSegments.removeFirst()
      }
    } catch {
      throw .file(error)
    }
  }

  /// Signs with another key from the next checkpoint on; the rotation is an entry of the log.
  ///
  /// - Parameter signingKey: the file of the new key, which is made.
  package mutating func rotateKey(to signingKey: String) throws(TraceLogError) {
    let known = try LogKeys.verifiers(of: path)
    let signer = try LogKeys.makeSigner(signingKey, name: tree.origin, seed: options.newSeed())
    let entry = KeyRotation(old: tree.verifiers, new: signer.verifier)
    _ = try append(entry: entry.bytes)
    try commit()
    try publish()
    try LogKeys.write(known + [signer.verifier], path)
    tree.rotate(to: signer)
  }

  /// The error for a failure of the tree, after which nothing more is written.
  private mutating func fail(_ failure: TransparencyLogWriter.Failure) -> TraceLogError {
    hasFailed = true
    return TreeReplay.error(failure)
  }

  package mutating func keepArtefact(_ bytes: [UInt8], digest: Digest) throws(TraceLogError) {
    if kept.contains(digest) { return }
    let target = path + "/artefacts/" + digest.hexadecimal
    do throws(FileError) {
      if try Directory.status(target)?.size != bytes.count {
        try WholeFile.replace(target, with: bytes)
      }
    } catch {
      throw .file(error)
    }
    kept.insert(digest)
  }

  package mutating func keepFileList(
    _ list: RecordedFileList, schema: Digest
  ) throws(TraceLogError) {
    let target = path + "/artefacts/" + schema.hexadecimal + ".files"
    do throws(FileError) {
      if try Directory.status(target) == nil { try WholeFile.replace(target, with: list.bytes) }
    } catch {
      throw .file(error)
    }
  }

  /// Commits, signs, and writes down how far the log is durable: a tail that is lost later is then
  /// known for damage, and not taken for a write that a crash cut short.
  package mutating func markDurable() throws(TraceLogError) {
    try commit()
    try publish()
    do throws(FileError) {
      try DurableMark(segment: segment, size: durableOffset).write(to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Commits and lets go of the log.
  package mutating func close() throws(TraceLogError) {
    try markDurable()
    try sealing?.close()
    do throws(FileError) {
      try file.close()
      try lock.close()
    } catch {
      throw .file(error)
    }
    hasFailed = true
  }

  private mutating func writePending() throws(TraceLogError) {
    if pending.isEmpty { return }
    do throws(TraceLogError) {
      // An entry that a crash leaves must have its key and its private record.
      try sealing?.commit()
    } catch {
      hasFailed = true
      throw error
    }
    do throws(FileError) {
      try file.write(pending)
    } catch {
      hasFailed = true
      // Part of the group may be there. It was not acknowledged: leave a whole last trace.
      try? file.truncate(to: durableOffset)
      throw .file(error)
    }
    writtenOffset += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func startSegment() throws(TraceLogError) {
    try commit()
    do throws(FileError) {
      try WholeFile.replace(
        SegmentFile.subjectsPath(path, segment),
        with: SubjectIndex.encode(index, firstIndex: segmentFirst))
      closedSegments.append((segment, nextIndex))
      segment += 1
      segmentFirst = nextIndex
      try file.close()
      file = try OpenFile(path: SegmentFile.path(path, segment), mode: .append)
      try file.write(SegmentFile.header(firstIndex: nextIndex))
      try file.syncData()
      try Directory.sync(SegmentFile.directory(of: path))
    } catch {
      hasFailed = true
      throw .file(error)
    }
    index.removeAll(keepingCapacity: true)
    writtenOffset = SegmentFile.headerSize
    durableOffset = writtenOffset
  }
}
