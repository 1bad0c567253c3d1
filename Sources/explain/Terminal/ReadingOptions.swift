internal import ArgumentParser
internal import EventIngest
internal import TraceLog

/// With whose eyes a log is read that keeps apart what belongs to persons.
struct ReadingOptions: ParsableArguments {
  enum Role: String, ExpressibleByArgument, CaseIterable {
    case subject, `operator`, auditor
  }

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Read a log with privacy on as `auditor` (no key), `operator` (--vault-key) or `subject` "
        + "(--subject-key). Default: by the keys at hand.", valueName: "role"))
  var role: Role?

  @Option(
    help: ArgumentHelp(
      "The key of the log's vault (default: $RATIONALE_VAULT_KEY, else LOG/vault/master.key).",
      valueName: "file"))
  var vaultKey: String?

  @Option(
    help: ArgumentHelp(
      "A subject's own key, from `explain log subject-key`.", valueName: "file"))
  var subjectKey: String?

  func validate() throws {
    switch role {
    case .subject:
      if subjectKey == nil { throw ValidationError("--as subject: give the key, --subject-key") }
      if vaultKey != nil { throw ValidationError("--vault-key belongs to --as operator") }
    case .operator:
      if subjectKey != nil { throw ValidationError("--subject-key belongs to --as subject") }
    case .auditor:
      if subjectKey != nil || vaultKey != nil {
        throw ValidationError("--as auditor: an auditor holds no key")
      }
    case nil:
      if subjectKey != nil, vaultKey != nil {
        throw ValidationError("--subject-key and --vault-key: give one of them")
      }
    }
  }

  var access: TraceAccess {
    switch role {
    case .auditor: return .auditor
    case .operator: return .operator(vaultKey: VaultKeyPath.resolved(vaultKey))
    case .subject, nil: break
    }
    if let subjectKey { return .subject(key: subjectKey) }
    return LogKeyFiles(vault: VaultKeyPath.resolved(vaultKey)).access
  }
}

/// Which key opens a log's vault: `--vault-key`, else `$RATIONALE_VAULT_KEY`, else the vault's own.
enum VaultKeyPath {
  static func resolved(_ option: String?) -> String? {
    if let option, !option.isEmpty { return option }
    let variable = Terminal.environment("RATIONALE_VAULT_KEY") ?? ""
    return variable.isEmpty ? nil : variable
  }
}
