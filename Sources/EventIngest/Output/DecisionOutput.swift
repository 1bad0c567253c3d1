internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import FileIO
internal import RuleLanguage
internal import TabularIO

/// Decisions as JSON lines, held until their traces are durable.
///
/// One line: `decision`, `subject`, `status` (`decided` or `refused`), `outcome`, `rule`, `reason`
/// (the code), `override`, or for a refusal `refusal` and `field`; `previous` and `changed`;
/// `as_of`; `source`, `input`, `record`, `element` (where the record came from); `trace` (the
/// trace's place in the log). After a crash a line may come a second time, with the same `trace`.
struct DecisionOutput: ~Copyable {
  private var file: BufferedFile?
  private var json = JSONText()
  private static let capacity = 1 << 20

  /// - Parameter appends: a run that goes on adds to the file; any other starts it.
  init(path: String?, appends: Bool) throws(FileError) {
    if let path {
      file = try BufferedFile(path: path, mode: appends && path != "-" ? .append : .replace)
    } else {
      file = nil
    }
  }

  var isFull: Bool { json.bytes.count >= Self.capacity }
  var hasAny: Bool { !json.bytes.isEmpty }

  mutating func append(
    _ made: MadeDecision, _ reader: RecordReader, _ origin: RecordOrigin,
    _ engine: inout DecisionEngine
  ) {
    if file == nil { return }
    let decision = made.decision
    let result = engine.workspace.results[decision]
    json.beginObject()
    json.member("decision", engine.library.program.decisions[decision].name)
    json.member("subject", engine.texts.text(made.subject))
    if result.status == .decided {
      json.member("status", "decided")
      appendOutcome(made, &engine)
      if result.rule >= 0 {
        json.member("rule", engine.library.program.rules[Int(result.rule)].name)
        json.member("reason", engine.library.program.rules[Int(result.rule)].reasonCode)
      }
      if result.override >= 0 {
        let override = engine.library.program.overrides[Int(result.override)]
        json.member("override", override.name)
        json.member("override_reason", override.reasonCode)
      }
    } else {
      json.member("status", "refused")
      json.member("refusal", Self.word(result.refusal))
      if result.refusedSlot >= 0 {
        let slot = engine.library.program.code.layout.slots[Int(result.refusedSlot)]
        json.member("field", slot.name.isEmpty ? nil : slot.name)
      }
    }
    json.member("previous", made.previous.map { engine.texts.text($0) })
    if let outcome = engine.outcomeCode(of: made.decision) {
      json.key("changed")
      json.boolean(made.previous != outcome)
    }
    json.member("as_of", made.asOf?.description)
    json.member("source", origin.source)
    json.member("input", origin.identity)
    json.member("record", reader.recordNumber)
    json.member("element", reader.elementIndex == 0 ? nil : reader.elementIndex)
    json.member("trace", made.traceIndex)
    json.endObject()
    json.endLine()
  }

  private mutating func appendOutcome(
    _ made: MadeDecision, _ engine: inout DecisionEngine
  ) {
    let program = engine.library.program
    if program.decisions[made.decision].collectsList {
      json.key("outcome")
      json.beginArray()
      for outcome in engine.listedOutcomes(of: made.decision) { json.string(outcome) }
      json.endArray()
      return
    }
    if let code = engine.outcomeCode(of: made.decision) {
      json.member("outcome", engine.texts.text(code))
      return
    }
    let schema = engine.library.schemas[made.decision]
    let trace = try? Trace(body: made.body, schema: schema.schema, digest: schema.digest)
    if case .decided(let outcome, _)? = trace?.result { json.member("outcome", outcome.plainText) }
  }

  private static func word(_ refusal: Refusal) -> String {
    switch refusal {
    case .missing: "missing"
    case .outOfRange: "out-of-range"
    case .overflow: "overflow"
    case .conflict: "conflict"
    case .noRule: "no-rule"
    case .dependsOnRefused: "depends-on-refused"
    case .notScored: "not-scored"
    }
  }

  /// Hands on what has gathered.
  mutating func flush() throws(FileError) {
    if json.bytes.isEmpty { return }
    file?.bytes.append(contentsOf: json.bytes)
    json.removeAll()
    try file?.flush()
  }
}
