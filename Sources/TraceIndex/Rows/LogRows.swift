internal import DataFields
internal import DecisionTrace
internal import TraceLog

/// What the index is to keep of a trace.
struct LogRow {
  var entry: Int
  /// Under what the subject is found; nil if that cannot be read.
  var subject: UInt64?
  /// The day for which it was decided, since 1970-01-01.
  var day: Int32?
  /// How it ended, as a number of ``LogRows``.
  var ending: Int
}

/// Reads traces as rows. Ways to end are told apart by their bytes, so that the text of each is made
/// once, however many decisions end so.
struct LogRows {
  /// Everything that an ending is read from.
  private struct Key: Hashable {
    var schema: Int
    var override: Int
    var bytes: [UInt8]
  }

  private var outlines: TraceOutlines
  private var numbers: [Key: Int] = [:]
  /// The endings by their numbers; nil where a trace cannot be read.
  private(set) var endings: [TraceEnding?] = [nil]

  /// Roughly the bytes of all that is remembered.
  private var size = 0

  /// The number of what cannot be read.
  static let unreadable = 0
  /// So many endings, and so many bytes of them, are remembered.
  private static let limit = 65_536
  private static let sizeLimit = 32 << 20

  /// Whether what is remembered is to be forgotten soon.
  var isFull: Bool { endings.count > Self.limit || size > Self.sizeLimit }

  init(_ log: TraceLogReader) { outlines = TraceOutlines(log) }

  mutating func row(_ trace: StoredTrace) throws(TraceLogError) -> LogRow {
    guard case .known(let outline, let place) = try outlines.outline(of: trace.body) else {
      return LogRow(entry: trace.index, ending: Self.unreadable)
    }
    do throws(TraceFault) {
      let parts = try outline.parts(of: trace.body, isOpen: trace.visibility == .open)
      return LogRow(
        entry: trace.index, subject: parts.subject.map { trace.subjectKey($0).hash },
        day: parts.asOf?.daysSinceEpoch,
        ending: try ending(of: trace.body, outline, place, parts))
    } catch {
      return LogRow(entry: trace.index, ending: Self.unreadable)
    }
  }

  private mutating func ending(
    of body: [UInt8], _ outline: TraceBodyOutline, _ place: Int, _ parts: TraceBodyOutline.Parts
  ) throws(TraceFault) -> Int {
    var key = Key(
      schema: place, override: parts.override ?? -1, bytes: Array(body[parts.result]))
    if outline.takesInAllRules { key.bytes += body[parts.rules] }
    if let number = numbers[key] { return number }
    let ending = try outline.ending(of: body, parts)
    size += 2 * key.bytes.count + 256
    endings.append(ending)
    numbers[key] = endings.count - 1
    return endings.count - 1
  }

  /// Forgets the endings. Numbers that were given lose their meaning.
  mutating func forget() {
    numbers.removeAll()
    endings = [nil]
    size = 0
  }
}
