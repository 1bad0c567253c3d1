internal import DecisionTrace
internal import TraceLog
internal import TransparencyLog

/// What a verification found, for people and for programs.
enum LogVerifyPage {
  /// - Parameter replayed: nil if that was not asked for.
  static func text(
    _ report: LogVerifier.Report, _ replayed: ReplayTally? = nil, log: String
  ) -> String {
    var text = "log         \(log)\n"
    if !report.origin.isEmpty { text += "origin      \(report.origin)\n" }
    if let before = report.continued {
      text += "continues   \(before.origin), from \(count(before.size, "entry", "entries")) on\n"
    }
    text += "signed      \(count(report.signedSize, "entry", "entries"))"
    text += ", \(count(report.checkpointCount, "checkpoint", "checkpoints"))"
    if report.rotationCount > 0 {
      text += ", \(count(report.rotationCount, "key rotation", "key rotations"))"
    }
    text += "\nroot        \(report.root.base64)\n"
    if report.minimumIndex > 0 {
      text += "pruned      entries below \(report.minimumIndex); their hashes are kept\n"
    }
    if report.unsignedCount > 0 {
      text +=
        "unsigned    \(count(report.unsignedCount, "entry", "entries")) after the checkpoint\n"
    }
    text += "traces      \(report.traceCount)"
    if report.sealedCount > 0 { text += ", \(report.sealedCount) of them sealed" }
    text += "\n"
    text += "artefacts   \(report.artefactCount)\n"
    let accounted = report.accounted
    text += "accounted   \(count(report.accountedRecords, "record", "records")): "
    text += "\(accounted.decided) decided, \(accounted.refused) refused, "
    text += "\(accounted.filteredUnknownSubject + accounted.filteredNotInEffect) filtered, "
    text += "\(accounted.late) late, "
    text += "\(count(accounted.deadLetters, "dead letter", "dead letters"))\n"
    if report.openTraces > 0 {
      text +=
        "open        \(count(report.openTraces, "trace", "traces")) since the last accounting\n"
    }
    text += "\n"
    let keys = report.hasTrustedKeys ? "" : " (by the log's own key; give --key to trust no log)"
    text += "intact      \(verdict(report, .intact))\(report.holds(.intact) ? keys : "")\n"
    text += "complete    \(verdict(report, .complete))\n"
    text += "replayed    \(verdict(replayed))\n"
    if let vault = report.vault {
      let counts =
        "\(count(vault.opened, "trace", "traces")) opened, \(vault.erased) erased, "
        + "\(vault.sealed) sealed"
      text += "vault       \(verdict(report, .vault)) (\(counts))\n"
    }
    if !report.holds(.index) { text += "index       \(verdict(report, .index))\n" }
    for claim in LogFinding.Claim.allCases {
      let findings = report.findings.filter { $0.claim == claim }
      if findings.isEmpty { continue }
      text += "\n\(heading(claim)):\n"
      for finding in findings { text += "  \(finding)\n" }
      let more = report.findingCount[claim, default: 0] - findings.count
      if more > 0 { text += "  and \(more) more\n" }
    }
    return text
  }

  private static func heading(_ claim: LogFinding.Claim) -> String {
    switch claim {
    case .intact, .complete: "not \(claim.rawValue)"
    case .vault: "not in the vault"
    case .index: "not as written"
    }
  }

  private static func verdict(_ report: LogVerifier.Report, _ claim: LogFinding.Claim) -> String {
    let count = report.findingCount[claim, default: 0]
    return count == 0 ? "yes" : "NO: \(Self.count(count, "finding", "findings"))"
  }

  private static func verdict(_ replayed: ReplayTally?) -> String {
    guard let replayed else { return "not asked; --replay does it" }
    var parts = ["\(replayed.equal) equal"]
    for (count, what) in [
      (replayed.rounding, "differ in the last places"), (replayed.differing, "differ"),
      (replayed.erased, "erased"), (replayed.failed, "not replayed"),
    ] where count > 0 {
      parts.append("\(count) \(what)")
    }
    return (replayed.holds ? "yes" : "NO") + ": " + parts.joined(separator: ", ")
      + (replayed.holds ? "" : "; `explain replay --all` shows them")
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  static let version = 1

  /// In the form of `docs/log-verify.schema.json`.
  static func json(_ report: LogVerifier.Report, _ replayed: ReplayTally? = nil) -> [UInt8] {
    var json = JSONBytes()
    json.object { json in
      json.member("verify_version", version)
      json.member("origin", report.origin)
      json.key("continues")
      if let before = report.continued {
        json.object { json in
          json.member("origin", before.origin)
          json.member("entries", before.size)
          json.member("root", before.root.base64)
        }
      } else {
        json.null()
      }
      json.member("signed_entries", report.signedSize)
      json.member("root", report.root.base64)
      json.member("minimum_index", report.minimumIndex)
      json.member("checkpoints", report.checkpointCount)
      json.member("key_rotations", report.rotationCount)
      json.member("unsigned_entries", report.unsignedCount)
      json.member("traces", report.traceCount)
      json.member("sealed_traces", report.sealedCount)
      json.member("artefacts", report.artefactCount)
      json.member("has_trusted_keys", report.hasTrustedKeys)
      json.key("accounted")
      json.object { json in
        json.member("records", report.accountedRecords)
        json.member("decided", report.accounted.decided)
        json.member("refused", report.accounted.refused)
        json.member("filtered_unknown_subject", report.accounted.filteredUnknownSubject)
        json.member("filtered_not_in_effect", report.accounted.filteredNotInEffect)
        json.member("late", report.accounted.late)
        json.member("dead_letters", report.accounted.deadLetters)
        json.member("decisions", report.accounted.decisions)
      }
      json.member("open_traces", report.openTraces)
      json.member("intact", report.holds(.intact))
      json.member("complete", report.holds(.complete))
      json.member("index_as_written", report.holds(.index))
      json.key("replayed")
      if let replayed {
        json.object { json in
          json.member("holds", replayed.holds)
          json.member("traces", replayed.traces)
          json.member("equal", replayed.equal)
          json.member("rounding", replayed.rounding)
          json.member("differs", replayed.differing)
          json.member("erased", replayed.erased)
          json.member("failed", replayed.failed)
        }
      } else {
        json.null()
      }
      json.key("vault")
      if let vault = report.vault {
        json.object { json in
          json.member("holds", report.holds(.vault))
          json.member("opened", vault.opened)
          json.member("erased", vault.erased)
          json.member("sealed", vault.sealed)
          json.member("erased_keys", vault.erasedKeys)
          json.member("erased_keys_logged", vault.erasedKeysLogged)
        }
      } else {
        json.null()
      }
      json.key("findings")
      json.array(report.findings) { json, finding in
        json.object { json in
          json.member("claim", finding.claim.rawValue)
          json.member("place", finding.place)
          json.member("reason", finding.reason)
        }
      }
      json.member("finding_count", report.findingCount.values.reduce(0, +))
    }
    return json.bytes
  }
}
