/// What an entry of the log is: its first byte.
///
/// A trace's body starts with its own version, so that a body is an entry as it stands; all else
/// has a kind that no version of a body has.
package enum EntryKind: UInt8, Sendable, Hashable, CaseIterable {
  /// The body of a trace, version 1.
  case trace = 1
  /// A trace whose personal values are in the vault.
  case sealedTrace = 2
  /// How the records of a stretch of input ended.
  case accounting = 0x81
  /// The digest of an entry that is too long for a bundle, kept among the artefacts.
  case detached = 0x82
  /// The log is signed by another key from here on.
  case keyRotation = 0x83
  /// A subject's key was destroyed.
  case erasure = 0x84
  /// A subject's values must not be erased, or may be again.
  case legalHold = 0x85
  /// Entries below a place are no longer kept.
  case pruning = 0x87
  /// The log goes on from another one.
  case continuation = 0x86

  package init?(_ entry: [UInt8]) {
    guard let first = entry.first, let kind = EntryKind(rawValue: first) else { return nil }
    self = kind
  }

  /// Whether it records a decision.
  package var isTrace: Bool { self == .trace || self == .sealedTrace || self == .detached }
}
