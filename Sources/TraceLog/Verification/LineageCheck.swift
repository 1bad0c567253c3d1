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

  /// How traces of a schema are read; none where the schema is not to be had.
  private final class Outline {
    let number: Int
    let outline: TraceBodyOutline?

    init(number: Int, outline: TraceBodyOutline?) {
      self.number = number
      self.outline = outline
    }
  }

  private let reader: TraceLogReader?
  private var outlines: [Digest: Outline] = [:]
  /// The schema in hand, and what it is: most traces name the one that the trace before named.
  private var current: (digest: [UInt8], outline: Outline)?
  private var heads: [Key: Head] = [:]

  init(log: String) { reader = try? TraceLogReader(path: log, access: .auditor) }

  /// - Parameter entry: the body of a trace; anything else is passed over.
  mutating func take(_ index: Int, _ entry: [UInt8], _ findings: inout [LogFinding]) {
    guard EntryKind(entry) == .trace, entry.count >= Self.schema.upperBound else { return }
    if current.map({ !entry.holds($0.digest, at: Self.schema.lowerBound) }) ?? true {
      open(Array(entry[Self.schema]), index, &findings)
    }
    guard let known = current?.outline, let outline = known.outline else { return }
    guard let parts = try? outline.parts(of: entry) else {
      return findings.append(
        LogFinding(.complete, "entry \(index)", "it is no trace of the schema that it names"))
    }
    guard parts.lineageLength > 0, let subject = parts.subject, let range = parts.lineageHead,
      range.upperBound <= entry.count
    else { return }
    let prefix = entry[range].prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let key = Key(schema: known.number, subject: SubjectKey(entry[subject]))
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

  /// Where a body names its schema.
  private static let schema = 1..<33

  /// Goes to another schema; one that cannot be read is told once.
  private mutating func open(_ bytes: [UInt8], _ index: Int, _ findings: inout [LogFinding]) {
    guard let digest = Digest(bytes: bytes) else { return }
    if let known = outlines[digest] {
      current = (bytes, known)
      return
    }
    let made = Outline(number: outlines.count, outline: outline(digest))
    outlines[digest] = made
    current = (bytes, made)
    if made.outline == nil {
      findings.append(
        LogFinding(
          .intact, "entry \(index)",
          "its schema \(digest.hexadecimal) is not among the artefacts, or is damaged"))
    }
  }

  private func outline(_ digest: Digest) -> TraceBodyOutline? {
    guard let bytes = try? reader?.artefact(digest), Digest(of: bytes) == digest,
      let schema = try? TraceSchema(decoding: bytes)
    else { return nil }
    return TraceBodyOutline(schema, digest: digest)
  }
}
