import DecisionTrace
package import TraceLog

/// Gathers the traces of one event: those that follow each other and are about the same subject, made
/// on the same record.
package struct EventGrouping: Sendable {
  private var open: [StoredTrace] = []
  /// Where what names the event stands in the body of the first.
  private var named: Range<Int> = 0..<0

  /// More decisions than rules make of an event: a bound on memory.
  private static let limit = 256

  package init() {}

  /// Adds the next trace of a log; returns those of the event before it, if this one begins another.
  package mutating func add(_ trace: StoredTrace) -> [StoredTrace] {
    var reader = TraceBodyReader(trace.body)
    // Behind the version and the schema's digest, up to the end of the subject.
    var range = 0..<0
    do throws(TraceFault) {
      // Whom a sealed trace is about is not told.
      guard trace.visibility == .open else { throw TraceFault(offset: 0, reason: "sealed") }
      range = 33..<(try reader.identity().subject.upperBound)
    } catch { range = 0..<0 }
    let isSame =
      range == named && !range.isEmpty && open.count < Self.limit
      && open[0].body[range] == trace.body[range]
    if isSame {
      open.append(trace)
      return []
    }
    defer {
      open = [trace]
      named = range
    }
    return open
  }

  /// The traces of the last event.
  package mutating func finish() -> [StoredTrace] {
    defer { open = [] }
    return open
  }
}
