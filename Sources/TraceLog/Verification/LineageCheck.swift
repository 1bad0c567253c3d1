internal import DataFields
internal import DecisionTrace

/// Whether each subject's lineage only grows: the number of events that contributed never falls, and
/// it stays the same with the same head only.
///
/// Memory grows with the number of subjects, some 50 bytes each.
struct LineageCheck {
  private struct Key: Hashable {
    var schema: Int
    var subject: SubjectKey
  }

  private struct Head {
    var length: Int
    /// Eight bytes of the head tell two apart.
    var prefix: UInt64
  }

  private let reader: TraceLogReader?
  private var outlines: [Digest: (number: Int, outline: TraceBodyOutline)] = [:]
  private var unreadable: Set<Digest> = []
  private var heads: [Key: Head] = [:]

  init(log: String) { reader = try? TraceLogReader(path: log, access: .auditor) }

  /// - Parameter entry: the body of a trace; anything else is passed over.
  mutating func take(_ index: Int, _ entry: [UInt8], _ findings: inout [LogFinding]) {
    guard EntryKind(entry) == .trace, let digest = Trace.schemaDigest(ofBody: entry),
      !unreadable.contains(digest)
    else { return }
    guard let (number, outline) = outline(digest) else {
      unreadable.insert(digest)
      findings.append(
        LogFinding(
          .intact, "entry \(index)",
          "its schema \(digest.hexadecimal) is not among the artefacts, or is damaged"))
      return
    }
    guard let parts = try? outline.parts(of: entry) else {
      return findings.append(
        LogFinding(.complete, "entry \(index)", "it is no trace of the schema that it names"))
    }
    guard parts.lineageLength > 0, let subject = parts.subject, let range = parts.lineageHead,
      range.upperBound <= entry.count
    else { return }
    let prefix = entry[range].prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let key = Key(schema: number, subject: SubjectKey(entry[subject]))
    let head = Head(length: parts.lineageLength, prefix: prefix)
    if let before = heads[key] {
      if head.length < before.length {
        findings.append(
          LogFinding(
            .complete, "entry \(index)",
            "\(head.length) events contributed to it, and \(before.length) to the one before it about "
              + "the same subject"))
      } else if (head.length == before.length) != (head.prefix == before.prefix) {
        findings.append(
          LogFinding(
            .complete, "entry \(index)",
            "the head of its lineage does not follow from the one before it about the same subject")
        )
      }
    }
    heads[key] = head
  }

  private mutating func outline(_ digest: Digest) -> (number: Int, outline: TraceBodyOutline)? {
    if let known = outlines[digest] { return known }
    guard let bytes = try? reader?.artefact(digest), Digest(of: bytes) == digest,
      let schema = try? TraceSchema(decoding: bytes)
    else { return nil }
    let made = (outlines.count, TraceBodyOutline(schema, digest: digest))
    outlines[digest] = made
    return made
  }
}
