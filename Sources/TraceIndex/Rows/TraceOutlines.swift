internal import DataFields
package import DecisionTrace
package import TraceLog

/// Reads what a log's traces say of themselves; each schema is read from the log once.
package struct TraceOutlines {
  /// A schema that traces name, or why it cannot be read.
  enum Outline {
    case known(TraceBodyOutline, place: Int)
    case fault(String)
  }

  private let log: TraceLogReader
  private var outlines: [Digest: Outline] = [:]
  private var lastDigest: [UInt8] = []
  private var last: Outline?
  private var count = 0
  /// More schemas than this are no log that was written by deciding, and are not remembered.
  private static let limit = 4_096

  package init(_ log: TraceLogReader) { self.log = log }

  /// The outline of the schema that a body names.
  mutating func outline(of body: [UInt8]) throws(TraceLogError) -> Outline {
    guard body.count > 33 else { return .fault("it names no schema") }
    if let last, body.holds(lastDigest, at: 1) { return last }
    let bytes = Array(body[1..<33])
    guard let digest = Digest(bytes: bytes) else { return .fault("it names no schema") }
    let outline: Outline
    if let known = outlines[digest] {
      outline = known
    } else {
      if outlines.count >= Self.limit { outlines.removeAll() }
      outline = try read(digest)
      outlines[digest] = outline
    }
    lastDigest = bytes
    last = outline
    return outline
  }

  private mutating func read(_ digest: Digest) throws(TraceLogError) -> Outline {
    let bytes: [UInt8]
    do throws(TraceLogError) {
      bytes = try log.artefact(digest)
    } catch {
      guard case .noArtefact = error else { throw error }
      return .fault(error.description)
    }
    do throws(TraceFault) {
      let schema = try TraceSchema(decoding: bytes)
      count += 1
      return .known(TraceBodyOutline(schema, digest: digest), place: count)
    } catch {
      return .fault("its schema \(digest.hexadecimal): \(error.description)")
    }
  }

  /// What a trace says of itself, or why it cannot be read.
  package mutating func summary(
    of trace: StoredTrace
  ) throws(TraceLogError) -> Result<TraceBodySummary, TraceHit.Unreadable> {
    switch try outline(of: trace.body) {
    case .fault(let reason): return .failure(TraceHit.Unreadable(reason: reason))
    case .known(let outline, _):
      do throws(TraceFault) {
        return .success(
          try outline.summary(of: trace.body, isOpen: trace.visibility == .open))
      } catch {
        return .failure(TraceHit.Unreadable(reason: error.description))
      }
    }
  }
}
