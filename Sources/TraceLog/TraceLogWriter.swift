package import DataFields
internal import FileIO

/// Writes a log of traces to a directory: one writer a log, made durable in groups.
///
/// `LOG/segments/NNNNNN.traces` hold the traces, `LOG/artefacts/<sha256>` the files that they
/// name. A trace is acknowledged once ``durableCount`` has passed it; after a crash everything
/// acknowledged is there, and a torn tail is cut off at the last whole trace.
package struct TraceLogWriter: ~Copyable, TraceStore {
  package struct Options: Sendable {
    /// A segment is closed once it is this large.
    package var segmentBytes = 64 << 20
    /// A group is made durable once it holds this much.
    package var groupBytes = 4 << 20
    package var groupRecords = 16_384

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
  /// Bytes of the segment that are with the system, and those that are on the disk.
  private var writtenOffset: Int
  private var durableOffset: Int
  private var pending: [UInt8] = []
  private var index: [SubjectIndex.Entry]
  private var ordinal: Int
  private var hasFailed = false
  private var kept: Set<Digest> = []

  /// Opens a log, or creates one, and recovers what a crash left.
  package init(path: String, options: Options = Options()) throws(TraceLogError) {
    let lock = try Self.lock(path)
    var recovery = SegmentRecovery(log: path)
    try recovery.run()
    let file = try Self.openForAppending(path, segment: recovery.segment)
    self.path = path
    self.options = options
    self.lock = lock
    self.file = file
    recoveryNotice = recovery.notice
    segment = recovery.segment
    nextIndex = recovery.nextIndex
    durableCount = recovery.nextIndex
    index = recovery.entries
    ordinal = recovery.entries.count
    writtenOffset = recovery.size
    durableOffset = recovery.size
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
    _ body: [UInt8], subject: SubjectKey, decision: DecisionKey
  ) throws(TraceLogError) -> Int {
    if hasFailed { throw .failedBefore }
    let length = TraceFrame.headerSize + body.count
    guard !body.isEmpty, body.count <= TraceFrame.bodyLimit else {
      throw .tooLarge(bytes: body.count)
    }
    if ordinal > 0, writtenOffset + pending.count + length > options.segmentBytes {
      try startSegment()
    }
    index.append(
      SubjectIndex.Entry(
        subject: subject, offset: UInt32(truncatingIfNeeded: writtenOffset + pending.count),
        ordinal: UInt32(truncatingIfNeeded: ordinal)))
    TraceFrame.append(
      body, subject: subject, decision: decision, durableOffset: durableOffset, to: &pending)
    ordinal += 1
    nextIndex += 1
    let groupBytes = writtenOffset + pending.count - durableOffset
    if groupBytes >= options.groupBytes || nextIndex - durableCount >= options.groupRecords {
      try commit()
    } else if pending.count >= 1 << 18 {
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

  /// Commits, and writes down how far the log is durable: a tail that is lost later is then known
  /// for damage, and not taken for a write that a crash cut short.
  package mutating func markDurable() throws(TraceLogError) {
    try commit()
    do throws(FileError) {
      try DurableMark(segment: segment, size: durableOffset).write(to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Commits and lets go of the log.
  package mutating func close() throws(TraceLogError) {
    try markDurable()
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
        SegmentFile.subjectsPath(path, segment), with: SubjectIndex.encode(index))
      segment += 1
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
    ordinal = 0
    writtenOffset = SegmentFile.headerSize
    durableOffset = writtenOffset
  }
}
