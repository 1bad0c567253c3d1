internal import DataFields

/// Stands in the log for an entry that is longer than a bundle can say: its digest and length. The
/// entry itself is among the artefacts, under that digest.
struct DetachedEntry: Sendable, Hashable {
  var digest: Digest
  var length: Int

  init(of entry: [UInt8]) {
    digest = Digest(of: entry)
    length = entry.count
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == 37, EntryKind(bytes) == .detached,
      let digest = Digest(bytes: Array(bytes[1..<33]))
    else { return nil }
    self.digest = digest
    length = bytes[33...].reduce(0) { $0 << 8 | Int($1) }
  }

  var bytes: [UInt8] {
    [EntryKind.detached.rawValue] + digest.bytes
      + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
  }
}
