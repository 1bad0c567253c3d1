public import DataFields
internal import FileIO
internal import TransparencyLog

/// A trace as a log holds it.
public struct StoredTrace: Sendable, Hashable {
  /// Its place in the log, from 0. Other entries have places too, so that there may be gaps.
  public let index: Int
  /// The bytes of its body.
  public let body: [UInt8]
}

/// Reads a log of traces, also while a writer appends to it: what is not whole yet is not there.
public struct TraceLogReader: Sendable {
  public let path: String

  /// - Throws: `TraceLogError.noLog` if there is none.
  public init(path: String) throws(TraceLogError) {
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
    var failure: TraceLogError?
    try LogEntries(log: path).scan(from: first) { entry in
      do throws(TraceLogError) {
        guard let trace = try trace(entry) else { return true }
        return visit(trace)
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
  }

  /// The trace with this index; nil if the log holds none there, or an entry of another kind.
  public func trace(at index: Int) throws(TraceLogError) -> StoredTrace? {
    guard let entry = try LogEntries(log: path).entry(at: index) else { return nil }
    return try trace(entry)
  }

  /// The traces of one subject, the newest first, until `visit` returns false. Traces of another
  /// subject with the same hash are left out.
  ///
  /// - Complexity: one look-up in each full segment's subject index, and a scan of the headers of
  ///   the last segment.
  public func traces(
    ofSubject subject: String, decision: String? = nil, _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    var failure: TraceLogError?
    let finder = SubjectFinder(log: path, subject: SubjectKey(subject), decision: decision)
    try finder.entries { entry in
      do throws(TraceLogError) {
        guard let trace = try trace(entry), TraceBodyHead(trace.body)?.subject == subject else {
          return true
        }
        return visit(trace)
      } catch {
        failure = error
        return false
      }
    }
    if let failure { throw failure }
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

  /// The trace that an entry is; nil if it is none.
  ///
  /// - Throws: `TraceLogError.damaged` if a body that is kept apart is not the one that was logged.
  package func trace(_ entry: LogEntry) throws(TraceLogError) -> StoredTrace? {
    switch EntryKind(entry.bytes) {
    // What this version does not know may be a trace of a later one: it is given, not passed over.
    case .trace, nil: return StoredTrace(index: entry.index, body: entry.bytes)
    case .detached:
      guard let stub = DetachedEntry(entry.bytes) else { return nil }
      let body = try artefact(stub.digest)
      guard body.count == stub.length, Digest(of: body) == stub.digest else {
        throw .damaged(
          file: artefactPath(stub.digest), offset: 0,
          reason: "it is not the body that entry \(entry.index) names")
      }
      return StoredTrace(index: entry.index, body: body)
    default: return nil
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
