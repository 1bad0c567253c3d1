/// Where the log is: `--log`, else `$RATIONALE_LOG`, else `./decisions`.
enum LogPath {
  static func resolved(_ option: String?) -> String {
    if let option, !option.isEmpty { return option }
    if let variable = Terminal.environment("RATIONALE_LOG"), !variable.isEmpty { return variable }
    return "./decisions"
  }

  /// The same where several may be given.
  static func resolved(_ options: [String]) -> [String] {
    options.isEmpty ? [resolved(nil)] : options.map { resolved($0) }
  }
}

/// Which key signs a log: `--signing-key`, else `$RATIONALE_SIGNING_KEY`, else the log's own.
enum SigningKeyPath {
  static func resolved(_ option: String?) -> String? {
    if let option, !option.isEmpty { return option }
    let variable = Terminal.environment("RATIONALE_SIGNING_KEY") ?? ""
    return variable.isEmpty ? nil : variable
  }
}
