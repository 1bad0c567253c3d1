internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import RuleLanguage
internal import TabularIO

/// Where the record that led to a decision stands.
struct RecordPlace {
  var origin: RecordOrigin
  var record: Int
  /// Which object of an array; 0 for any other record.
  var element: Int

  init(_ origin: RecordOrigin, record: Int, element: Int) {
    self.origin = origin
    self.record = record
    self.element = element
  }

  /// What names a decision on this record, wherever it is made again: the input, the record, the object
  /// of an array after a point, and the decision's name.
  func decisionID(_ decision: String) -> String {
    let record = element == 0 ? "\(record)" : "\(record).\(element)"
    return "\(origin.identity):\(record):\(decision)"
  }
}

/// A decision as one JSON object: `decision`, `subject`, `status` (`decided` or `refused`), `outcome`,
/// `rule`, `reason` (the code), `override`, or for a refusal `refusal` and `field`; `previous` and
/// `changed`; `as_of`; `source`, `input`, `record`, `element` (where the record came from); `trace`
/// (the trace's place in the log).
enum DecisionLine {
  static func append(
    _ made: MadeDecision, _ place: RecordPlace, _ engine: inout DecisionEngine,
    to json: inout JSONText
  ) {
    let decision = made.decision
    let result = engine.workspace.results[decision]
    json.beginObject()
    json.member("decision", engine.library.program.decisions[decision].name)
    json.member("subject", engine.texts.text(made.subject))
    if result.status == .decided {
      json.member("status", "decided")
      appendOutcome(made, as: "outcome", &engine, to: &json)
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
      json.member("refusal", word(result.refusal))
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
    json.member("source", place.origin.source)
    json.member("input", place.origin.identity)
    json.member("record", place.record)
    json.member("element", place.element == 0 ? nil : place.element)
    json.member("trace", made.traceIndex)
    json.endObject()
  }

  /// Appends a decision in another shape: only these members, under these names.
  static func append(
    _ made: MadeDecision, _ place: RecordPlace, _ engine: inout DecisionEngine,
    members: [DecisionMember], to json: inout JSONText
  ) {
    let program = engine.library.program
    let result = engine.workspace.results[made.decision]
    let isDecided = result.status == .decided
    json.beginObject()
    for member in members {
      switch member.value {
      case .decision: json.member(member.name, program.decisions[made.decision].name)
      case .decisionID:
        json.member(member.name, place.decisionID(program.decisions[made.decision].name))
      case .subject: json.member(member.name, engine.texts.text(made.subject))
      case .status: json.member(member.name, isDecided ? "decided" : "refused")
      case .outcome:
        if isDecided { appendOutcome(made, as: member.name, &engine, to: &json) }
      case .rule:
        if isDecided, result.rule >= 0 {
          json.member(member.name, program.rules[Int(result.rule)].name)
        }
      case .reason:
        if isDecided, result.rule >= 0 {
          json.member(member.name, program.rules[Int(result.rule)].reasonCode)
        }
      case .previous: json.member(member.name, made.previous.map { engine.texts.text($0) })
      case .asOf: json.member(member.name, made.asOf?.description)
      case .trace: json.member(member.name, made.traceIndex)
      }
    }
    json.endObject()
  }

  private static func appendOutcome(
    _ made: MadeDecision, as name: String, _ engine: inout DecisionEngine, to json: inout JSONText
  ) {
    let program = engine.library.program
    if program.decisions[made.decision].collectsList {
      json.key(name)
      json.beginArray()
      for outcome in engine.listedOutcomes(of: made.decision) { json.string(outcome) }
      json.endArray()
      return
    }
    if let code = engine.outcomeCode(of: made.decision) {
      json.member(name, engine.texts.text(code))
      return
    }
    let schema = engine.library.schemas[made.decision]
    let trace = try? Trace(body: made.body, schema: schema.schema, digest: schema.digest)
    if case .decided(let outcome, _)? = trace?.result { json.member(name, outcome.plainText) }
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
}

/// A member of a decision's object, where a topic has a shape of its own.
public struct DecisionMember: Sendable, Hashable {
  /// What a member can say.
  public enum Value: String, Sendable, Hashable, CaseIterable {
    case decision, subject, status, outcome, rule, reason, previous, trace
    case decisionID = "decision_id"
    case asOf = "as_of"
  }

  public var name: String
  public var value: Value

  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }
}
