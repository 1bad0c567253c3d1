public import DataFields
internal import FileIO

/// A trace as a log holds it.
public struct StoredTrace: Sendable, Hashable {
  /// Its place in the log, from 0.
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
      if try Directory.status(SegmentFile.directory(of: path)) == nil { throw Self.absent }
    } catch {
      throw error == Self.absent ? .noLog(path: path) : .file(error)
    }
    self.path = path
  }

  private static let absent = FileError(.open, path: "", reason: "absent")

  /// How many traces the log holds now.
  ///
  /// - Complexity: a scan of the last segment.
  public func count() throws(TraceLogError) -> Int {
    var count = 0
    let segments = try segmentNumbers()
    for (place, number) in segments.enumerated().reversed() {
      do throws(FileError) {
        // The newest segment may be without its header still.
        guard var scanner = try SegmentScanner(path: SegmentFile.path(path, number)) else {
          if place == segments.count - 1 { continue }
          throw FileError(.read, path: SegmentFile.path(path, number), reason: "no header")
        }
        while try scanner.next(where: { _ in false }) != nil {}
        count = scanner.firstIndex + scanner.count
      } catch {
        throw .file(error)
      }
      break
    }
    return count
  }

  /// Calls `visit` with each trace from an index on, in order, until it returns false.
  public func scan(
    from first: Int = 0, _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    let segments = try segmentNumbers()
    for (place, number) in segments.enumerated() {
      let isLast = place == segments.count - 1
      if !isLast, try firstIndex(ofSegment: segments[place + 1]) ?? .max <= first { continue }
      var goesOn = true
      try read(number, isLast: isLast) { scanner throws(FileError) in
        while goesOn {
          let index = scanner.firstIndex + scanner.count
          guard let (_, _, body) = try scanner.next(where: { _ in index >= first }) else {
            return true
          }
          if let body { goesOn = visit(StoredTrace(index: index, body: body)) }
        }
        return false
      }
      if !goesOn { return }
    }
  }

  /// The trace with this index, or nil.
  public func trace(at index: Int) throws(TraceLogError) -> StoredTrace? {
    var found: StoredTrace?
    try scan(from: index) { trace in
      found = trace
      return false
    }
    return found
  }

  /// The traces of one subject, the newest first, until `visit` returns false. Traces of another
  /// subject with the same hash are left out.
  ///
  /// - Complexity: one look-up in each full segment's subject index, and a scan of the headers of
  ///   the last segment.
  public func traces(
    ofSubject subject: String, decision: String? = nil, _ visit: (StoredTrace) -> Bool
  ) throws(TraceLogError) {
    let key = SubjectKey(subject)
    let decisionKey = decision.map { DecisionKey($0) }
    let segments = try segmentNumbers()
    for (place, number) in segments.enumerated().reversed() {
      let isLast = place == segments.count - 1
      for trace in try traces(of: key, decisionKey, inSegment: number, isLast: isLast).reversed() {
        guard TraceBodyHead(trace.body)?.subject == subject else { continue }
        if !visit(trace) { return }
      }
    }
  }

  /// A file that traces name by its digest.
  public func artefact(_ digest: Digest) throws(TraceLogError) -> [UInt8] {
    let file = path + "/artefacts/" + digest.hexadecimal
    do throws(FileError) {
      return try WholeFile.read(file)
    } catch {
      throw error.isNoSuchFile ? .noArtefact(digest.hexadecimal) : .file(error)
    }
  }

  /// The files that a schema was made from; nil where the log does not say.
  package func fileList(ofSchema digest: Digest) throws(TraceLogError) -> RecordedFileList? {
    let file = path + "/artefacts/" + digest.hexadecimal + ".files"
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

  private func traces(
    of subject: SubjectKey, _ decision: DecisionKey?, inSegment number: Int, isLast: Bool
  ) throws(TraceLogError) -> [StoredTrace] {
    if !isLast, let found = try indexed(subject, decision, inSegment: number) { return found }
    var found: [StoredTrace] = []
    try read(number, isLast: isLast) { scanner throws(FileError) in
      while true {
        let index = scanner.firstIndex + scanner.count
        let step = try scanner.next { frame in
          frame.subject == subject && (decision.map { $0 == frame.decision } ?? true)
        }
        guard let (_, _, body) = step else { return true }
        if let body { found.append(StoredTrace(index: index, body: body)) }
      }
    }
    return found
  }

  /// By the subject index; nil if there is none, or if it does not fit the segment.
  private func indexed(
    _ subject: SubjectKey, _ decision: DecisionKey?, inSegment number: Int
  ) throws(TraceLogError) -> [StoredTrace]? {
    do throws(FileError) {
      guard
        let entries = try SubjectIndex.entries(
          of: subject, path: SegmentFile.subjectsPath(path, number))
      else { return nil }
      if entries.isEmpty { return [] }
      guard let reader = try SegmentReader(path: SegmentFile.path(path, number)) else {
        return nil
      }
      var found: [StoredTrace] = []
      for entry in entries {
        guard let (frame, body) = try reader.frame(at: Int(entry.offset)),
          frame.subject == subject
        else { return nil }
        if let decision, frame.decision != decision { continue }
        found.append(StoredTrace(index: reader.firstIndex + Int(entry.ordinal), body: body))
      }
      return found
    } catch {
      throw .file(error)
    }
  }

  private func segmentNumbers() throws(TraceLogError) -> [Int] {
    do throws(FileError) {
      return try SegmentFile.numbers(in: path)
    } catch {
      throw .file(error)
    }
  }

  private func firstIndex(ofSegment number: Int) throws(TraceLogError) -> Int? {
    do throws(FileError) {
      return try SegmentReader(path: SegmentFile.path(path, number))?.firstIndex
    } catch {
      throw .file(error)
    }
  }

  /// Lends a scanner over a segment; `body` returns whether it went to the end. In any but the last segment a frame that is not whole is
  /// damage; in the last it is where writing has got to.
  private func read(
    _ number: Int, isLast: Bool, _ body: (inout SegmentScanner) throws(FileError) -> Bool
  ) throws(TraceLogError) {
    let file = SegmentFile.path(path, number)
    var damagedAt: Int?
    do throws(FileError) {
      guard var scanner = try SegmentScanner(path: file) else {
        if isLast { return }
        throw FileError(.read, path: file, reason: "its header is damaged")
      }
      let isDone = try body(&scanner)
      if isDone, !isLast, try scanner.isStuck() { damagedAt = scanner.offset }
    } catch {
      throw .file(error)
    }
    if let damagedAt {
      throw .damaged(file: file, offset: damagedAt, reason: "a trace is not whole")
    }
  }
}
