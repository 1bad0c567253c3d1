package import TraceLog

/// Whether what belongs to persons is kept apart from the log, so that it can be erased: whom a
/// decision is about, and the values of fields that are keys or are marked personal or masked.
public enum Privacy: String, Sendable, Hashable, CaseIterable {
  case on
  /// Traces are stored whole: for data that is not personal. What is stored so cannot be erased.
  case off
}

/// The files of the keys of a log.
public struct LogKeyFiles: Sendable, Hashable {
  /// The key that signs checkpoints; nil is the log's own, which is made with it.
  public var signing: String?
  /// The key of the vault; nil is `LOG/vault/master.key`, which is made with the vault. Keep it
  /// elsewhere: beside the vault it protects a copy of the log, and not the machine.
  public var vault: String?

  public init(signing: String? = nil, vault: String? = nil) {
    self.signing = signing
    self.vault = vault
  }

  /// With what eyes a log is read by who has these keys.
  package var access: TraceAccess { vault.map { .operator(vaultKey: $0) } ?? .automatic }
}
