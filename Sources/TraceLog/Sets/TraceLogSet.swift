internal import DataFields
internal import DecisionTrace
internal import FileIO

/// The logs that belong together, read as one: each lane writes its own, and a partition that moves
/// goes on in another.
public struct TraceLogSet: Sendable {
  /// In the order in which they were named: of what nothing else orders, the later log has the later.
  public let logs: [TraceLogReader]

  /// A trace, and which of the logs holds it.
  public struct Entry: Sendable, Hashable {
    /// Index of ``TraceLogSet/logs``.
    public let log: Int
    /// The trace; its number is that log's.
    public let trace: StoredTrace
  }

  /// - Parameters:
  ///   - paths: each a log, a manifest, or a directory that holds one (``manifestName``). A log that is
  ///     named twice counts once.
  ///   - access: whose eyes all of them are read with.
  /// - Throws: `TraceLogError.noLog` for one that is not there, `damaged` if a manifest is none.
  public init(
    paths: [String], access: TraceAccess = .automatic
  ) throws(TraceLogError) {
    var named: [String] = []
    for path in paths {
      for log in try Self.logs(at: path) where !named.contains(log) { named.append(log) }
    }
    var logs: [TraceLogReader] = []
    for path in named { logs.append(try TraceLogReader(path: path, access: access)) }
    self.logs = logs
  }

  /// A set of one log.
  public init(_ log: TraceLogReader) { logs = [log] }

  /// The traces of one subject, the latest first, until `visit` returns false.
  ///
  /// Within a log the later number is the later trace. Between logs the day as of which a decision
  /// was made tells, and those of no day come after all others; of one day, the log that was named
  /// later has the later trace.
  ///
  /// - Complexity: that of ``TraceLogReader/traces(ofSubject:decision:_:)`` in each log. Of several
  ///   logs the subject's traces are held in memory.
  public func traces(
    ofSubject subject: String, decision: String? = nil, _ visit: (Entry) -> Bool
  ) throws(TraceLogError) {
    if logs.count == 1 {
      try logs[0].traces(ofSubject: subject, decision: decision) { trace in
        visit(Entry(log: 0, trace: trace))
      }
      return
    }
    var lanes: [Lane] = []
    for (index, log) in logs.enumerated() {
      var lane = Lane(log: index)
      try log.traces(ofSubject: subject, decision: decision) { trace in
        lane.traces.append(trace)
        return true
      }
      if !lane.traces.isEmpty { lanes.append(lane) }
    }
    while let latest = Self.latest(lanes) {
      guard visit(lanes[latest].take()) else { return }
      if lanes[latest].isDone { lanes.remove(at: latest) }
    }
  }

  /// How many traces the logs hold now.
  public func count() throws(TraceLogError) -> Int {
    var count = 0
    for log in logs { count += try log.count() }
    return count
  }

  /// The traces of one log about a subject, the latest first, and how far they were taken.
  private struct Lane {
    let log: Int
    var traces: [StoredTrace] = []
    private var next = 0

    init(log: Int) { self.log = log }

    var isDone: Bool { next == traces.count }

    mutating func take() -> Entry {
      defer { next += 1 }
      return Entry(log: log, trace: traces[next])
    }

    /// The day of the trace that is taken next.
    var nextDay: CalendarDate? { TraceLogSet.day(ofBody: traces[next].body) }
  }

  private static func latest(_ lanes: [Lane]) -> Int? {
    var latest: Int?
    var latestDay: CalendarDate?
    // Of one day, the last wins.
    for (index, lane) in lanes.enumerated() {
      let day = lane.nextDay
      if latest == nil || isNoEarlier(day, than: latestDay) {
        latest = index
        latestDay = day
      }
    }
    return latest
  }

  /// No day comes before every day.
  private static func isNoEarlier(_ day: CalendarDate?, than other: CalendarDate?) -> Bool {
    guard let other else { return true }
    return day.map { $0 >= other } ?? false
  }

  private static func day(ofBody body: [UInt8]) -> CalendarDate? {
    var reader = TraceBodyReader(body)
    do throws(TraceFault) { return try reader.identity().asOf } catch { return nil }
  }
}

extension TraceLogSet {
  /// A file of this name lists the logs of a set: a path a line, as seen from the file. Empty lines
  /// and such as begin with `#` say nothing.
  public static let manifestName = "LOGSET"

  /// How large a manifest may be.
  private static let manifestLimit = 1 << 20

  /// The paths of the logs that a path names.
  private static func logs(at path: String) throws(TraceLogError) -> [String] {
    let manifest: String
    do throws(FileError) {
      if try Directory.status(path)?.isRegular == true {
        manifest = path
      } else if try Directory.status(path + "/" + manifestName)?.isRegular == true {
        manifest = path + "/" + manifestName
      } else {
        return [path]
      }
    } catch {
      throw .file(error)
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(manifest, limit: manifestLimit)
    } catch {
      throw .file(error)
    }
    let folder = FilePath.parent(manifest)
    var logs: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let text = String(validating: line, as: UTF8.self) else {
        throw .damaged(
          file: manifest, offset: line.startIndex, reason: "a line of the list of logs is no UTF-8")
      }
      let name = text.trimmingBlanks
      if name.isEmpty || name.hasPrefix("#") { continue }
      logs.append(FilePath.join(folder, name))
    }
    if logs.isEmpty {
      throw .damaged(file: manifest, offset: 0, reason: "the list of logs names none")
    }
    return logs
  }
}

extension String {
  /// Without the blanks and the carriage return around it.
  fileprivate var trimmingBlanks: String {
    func isBlank(_ character: Character) -> Bool {
      character == " " || character == "\t" || character == "\r"
    }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
