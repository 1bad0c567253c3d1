internal import DataFields
package import DecisionTrace

/// An entry that says that the log no longer keeps its entries below a place: retention, and not
/// tampering.
///
/// Kind · version (1) · the lowest place that is kept · seconds since 1970-01-01, none (0) or 1 and
/// them · who did it · why (texts). Numbers and texts are as in a body. It is in the log, and signed,
/// before anything is removed.
package struct PruningEntry: Sendable, Hashable {
  /// The *minimum index* of C2SP tlog-tiles: a multiple of 256.
  package var minimumIndex: Int
  /// Seconds since 1970-01-01, as the caller's clock says.
  package var time: Int?
  package var by: String
  package var reason: String

  package init(minimumIndex: Int, time: Int?, by: String, reason: String) {
    self.minimumIndex = minimumIndex
    self.time = time
    self.by = by
    self.reason = reason
  }

  private static let version: UInt8 = 1

  package var bytes: [UInt8] {
    var out = ByteEncoder()
    out.byte(EntryKind.pruning.rawValue)
    out.byte(Self.version)
    out.count(minimumIndex)
    out.byte(time == nil ? 0 : 1)
    if let time { out.count(time) }
    out.text(by)
    out.text(reason)
    return out.bytes
  }

  /// Reads an entry of this kind.
  package init(_ entry: [UInt8]) throws(TraceFault) {
    var input = ByteDecoder(entry)
    guard try input.byte() == EntryKind.pruning.rawValue else {
      throw input.fault("it is no pruning")
    }
    guard try input.byte() == Self.version else {
      throw input.fault("a pruning of a version that is not known")
    }
    minimumIndex = try input.number()
    time = try input.optional { (input) throws(TraceFault) in try input.number() }
    by = try input.text()
    reason = try input.text()
    guard input.isAtEnd else { throw input.fault("bytes follow the entry") }
  }
}
