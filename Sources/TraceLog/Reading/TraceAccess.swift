/// Whose eyes a log with privacy on is read with. What is shown is decided by the key that is held,
/// and not by what is asked for: without a key, what belongs to persons stays *sealed*.
public enum TraceAccess: Sendable, Hashable {
  /// As an operator where the vault's own key lies in the log, else as an auditor.
  case automatic
  /// Without any key: ranks, rules, outcomes and reasons of all traces.
  case auditor
  /// With the vault's key: all traces that were not erased.
  ///
  /// - Parameter vaultKey: its file; nil is `LOG/vault/master.key`.
  case `operator`(vaultKey: String?)
  /// With the key of one subject: their traces whole, the others as an auditor sees them.
  ///
  /// - Parameter key: its file.
  case subject(key: String)
}
