package import DataFields
internal import DecisionTrace

/// Which decisions a stretch of a log holds, by what they were made on: for going on after a crash
/// without storing any of them twice.
package struct TraceIdentityIndex: Sendable {
  private struct Key: Hashable {
    var schema: Digest
    var source: String
    var record: Int
    var index: Int
  }

  private struct Held {
    var place: Int
    /// Nil of one that was erased, which nothing can be compared with.
    var content: Content?
  }

  private struct Content: Equatable {
    var length: Int
    var checksum: UInt64
  }

  /// What the log knows of a decision.
  package enum Match: Sendable, Hashable {
    case unknown
    /// The very same body, under this index.
    case same(Int)
    /// Another body for the same decision on the same record.
    case differs(Int)
  }

  private var held: [Key: Held] = [:]

  /// Reads the traces from an index on whose schemas are among `schemas`.
  ///
  /// - Complexity: O(traces) time and memory.
  package init(
    _ reader: TraceLogReader, from first: Int, schemas: Set<Digest>
  ) throws(TraceLogError) {
    var held: [Key: Held] = [:]
    try reader.scan(from: first) { trace in
      if let head = TraceBodyHead(trace), schemas.contains(head.schema) {
        held[Self.key(head)] = Held(
          place: trace.index,
          content: trace.visibility == .open ? Self.content(trace.body) : nil)
      }
      return true
    }
    self.held = held
  }

  package var isEmpty: Bool { held.isEmpty }
  package var count: Int { held.count }

  /// Looks a body up, and forgets what it found: a decision comes once.
  package mutating func take(_ body: [UInt8]) -> Match {
    guard !held.isEmpty, let head = TraceBodyHead(body),
      let found = held.removeValue(forKey: Self.key(head))
    else { return .unknown }
    let isSame = found.content.map { $0 == Self.content(body) } ?? true
    return isSame ? .same(found.place) : .differs(found.place)
  }

  private static func key(_ head: TraceBodyHead) -> Key {
    Key(schema: head.schema, source: head.source, record: head.record, index: head.index)
  }

  /// FNV-1a, 64 bits: against differences, not against people.
  private static func content(_ bytes: [UInt8]) -> Content {
    Content(length: bytes.count, checksum: SubjectKey(bytes[...]).hash)
  }
}
