internal import FileIO
internal import TransparencyLog

/// Brings the last segment of a log to a state in which traces can be appended.
///
/// A crash can leave the last group torn: its frames up to the first that is not whole stay, the
/// rest, which nobody was told about, is cut off and kept beside the log. A frame that is not whole but had been durable
/// is damage: then nothing is touched, because cutting would lose what follows.
struct SegmentRecovery {
  let log: String
  var segment = 1
  var nextIndex = 0
  var size = 0
  var entries: [SubjectIndex.Entry] = []
  var notice: String?

  init(log: String) { self.log = log }

  /// How many entries the log has signed: what they are was acknowledged.
  private var signedSize: Int {
    let history = try? CheckpointHistory(log: log).checkpoints()
    return history?.last?.checkpoint.size ?? 0
  }

  mutating func run() throws(TraceLogError) {
    let numbers: [Int]
    do throws(FileError) {
      numbers = try SegmentFile.numbers(in: log)
    } catch {
      throw .file(error)
    }
    segment = numbers.last ?? 1
    let path = SegmentFile.path(log, segment)
    if numbers.isEmpty {
      try checkMark(path)
      return try create(path)
    }
    if try !scan(path) {
      try checkMark(path)
      try recoverHeader(path, before: numbers.dropLast().last)
    }
  }

  /// Refuses a segment that was stored once and of which nothing is left.
  private func checkMark(_ path: String) throws(TraceLogError) {
    let mark: DurableMark?
    do throws(FileError) { mark = try DurableMark(of: log) } catch { throw .file(error) }
    if let mark, mark.segment >= segment {
      throw .damaged(file: path, offset: 0, reason: "\(mark.size) bytes of it had been stored")
    }
    if segment == 1, signedSize > 0 {
      throw .damaged(file: path, offset: 0, reason: "it held entries that the log has signed")
    }
  }

  /// False if the segment has no header.
  private mutating func scan(_ path: String) throws(TraceLogError) -> Bool {
    let surplus: Int
    var isDamage: Bool
    do throws(FileError) {
      guard var scanner = try SegmentScanner(path: path) else { return false }
      while let (frame, _, _) = try scanner.next(where: { _ in true }) {
        entries.append(
          SubjectIndex.Entry(
            subject: frame.subject, decision: frame.decision,
            ordinal: UInt32(truncatingIfNeeded: entries.count)))
      }
      nextIndex = scanner.firstIndex + scanner.count
      size = scanner.offset
      surplus = (try Directory.status(path)?.size ?? size) - size
      let mark = try DurableMark(of: log)
      isDamage = mark.map { ($0.segment, $0.size) > (segment, size) } ?? false
      if nextIndex < signedSize { isDamage = true }
      if surplus > 0, !isDamage { isDamage = try scanner.isDamage() }
      if surplus > 0, !isDamage {
        // What is cut off is kept beside the log: nobody was told of it, but it may be wanted.
        let tail = try WholeFile.read(path)[size...]
        try WholeFile.replace("\(log)/cut-\(segment)-\(size)", with: Array(tail))
        let file = try OpenFile(path: path, mode: .update)
        try file.truncate(to: size)
        try file.syncData()
      }
    } catch {
      throw .file(error)
    }
    if isDamage {
      throw .damaged(
        file: path, offset: size, reason: "a trace that had been stored is not whole")
    }
    if surplus > 0 {
      let last =
        nextIndex == 0 ? "there is no whole trace" : "the last whole one is #\(nextIndex - 1)"
      notice = "cut \(surplus) bytes of an unfinished write off `\(path)`; \(last)"
    }
    return true
  }

  /// The last segment was being created: start it over, after the segment before it.
  private mutating func recoverHeader(
    _ path: String, before previous: Int?
  ) throws(TraceLogError) {
    do throws(FileError) {
      if let status = try Directory.status(path), status.size > SegmentFile.headerSize {
        throw FileError(.read, path: path, reason: "its header is damaged")
      }
    } catch {
      throw .damaged(file: path, offset: 0, reason: error.reason)
    }
    if let previous {
      do throws(FileError) {
        guard var scanner = try SegmentScanner(path: SegmentFile.path(log, previous)) else {
          throw FileError(.read, path: path, reason: "the header before it is damaged")
        }
        while try scanner.next(where: { _ in false }) != nil {}
        nextIndex = scanner.firstIndex + scanner.count
      } catch {
        throw .damaged(file: path, offset: 0, reason: error.reason)
      }
    }
    try create(path)
    notice = "started `\(path)` again, which a crash had left without a header"
  }

  private mutating func create(_ path: String) throws(TraceLogError) {
    do throws(FileError) {
      let file = try OpenFile(path: path, mode: .replace)
      try file.write(SegmentFile.header(firstIndex: nextIndex))
      try file.syncData()
      try Directory.sync(SegmentFile.directory(of: log))
    } catch {
      throw .file(error)
    }
    size = SegmentFile.headerSize
  }
}
