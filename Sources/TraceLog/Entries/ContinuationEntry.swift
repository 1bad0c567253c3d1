package import DecisionTrace
package import TransparencyLog

/// The first entry of a log that goes on from another one, as when a partition moves to another
/// machine: the last checkpoint of the old log, which names it and says what it held.
///
/// Kind · version (1) · the signed checkpoint as it stands.
package struct ContinuationEntry: Sendable, Hashable {
  package let checkpoint: SignedCheckpoint

  package init(of checkpoint: SignedCheckpoint) { self.checkpoint = checkpoint }

  private static let version: UInt8 = 1

  package var bytes: [UInt8] {
    [EntryKind.continuation.rawValue, Self.version] + checkpoint.bytes
  }

  /// Reads an entry of this kind.
  package init(_ entry: [UInt8]) throws(TraceFault) {
    guard EntryKind(entry) == .continuation else {
      throw TraceFault(offset: 0, reason: "it is no continuation")
    }
    guard entry.count > 2, entry[1] == Self.version else {
      throw TraceFault(offset: 1, reason: "a continuation of a version that is not known")
    }
    do throws(SignedNote.Fault) {
      checkpoint = try SignedCheckpoint(Array(entry[2...]))
    } catch {
      throw TraceFault(offset: 2, reason: error.description)
    }
  }
}
