internal import RuleLanguage
internal import TabularIO

/// What `explain diff --json` prints: `docs/diff.schema.json` describes it.
enum DifferenceJSON {
  static func text(_ difference: RulesetDifference, _ moves: [OutcomeMoves]?) -> String {
    var json = JSONText()
    json.beginObject()
    json.key("changes")
    json.beginArray()
    for change in difference.changes {
      json.beginObject()
      json.member("kind", change.kind)
      json.member("name", change.name)
      json.member("before", change.before)
      json.member("after", change.after)
      json.endObject()
    }
    json.endArray()
    json.key("decisions")
    json.beginArray()
    for decision in difference.decisions { append(decision, to: &json) }
    json.endArray()
    if let moves {
      json.key("transitions")
      json.beginArray()
      for matrix in moves { append(matrix, to: &json) }
      json.endArray()
    }
    json.endObject()
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func append(_ decision: DecisionDifference, to json: inout JSONText) {
    json.beginObject()
    json.member("name", decision.name)
    json.key("complete")
    json.boolean(decision.isComplete && decision.refusal == nil)
    json.member("not_compared", decision.refusal)
    json.key("assumptions")
    json.beginArray()
    for doubt in decision.doubts { json.string(doubt) }
    json.endArray()
    json.key("notes")
    json.beginArray()
    for note in decision.notes { json.string(note) }
    json.endArray()
    json.key("regions")
    json.beginArray()
    for region in decision.regions {
      json.beginObject()
      json.member("before", region.before)
      json.member("after", region.after)
      json.member("condition", region.condition)
      json.member("witness", region.witness)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private static func append(_ matrix: OutcomeMoves, to json: inout JSONText) {
    json.beginObject()
    json.member("decision", matrix.decision)
    json.member("facts", matrix.facts.rawValue)
    json.member("moved", matrix.moved)
    json.key("counts")
    json.beginArray()
    for before in matrix.befores {
      for after in matrix.afters {
        guard let count = matrix.counts[.init(before: before, after: after)] else { continue }
        json.beginObject()
        json.member("before", before)
        json.member("after", after)
        json.member("rows", count)
        json.endObject()
      }
    }
    json.endArray()
    if matrix.facts != .rows {
      append(matrix.causes, "causes", "cause", to: &json)
      append(matrix.undecided, "not_compared", "reason", to: &json)
      json.member("recorded_otherwise", matrix.recordedOtherwise)
    }
    json.key("movers")
    json.beginArray()
    for mover in matrix.movers {
      json.beginObject()
      json.member("subject", mover.subject)
      json.member("before", mover.move.before)
      json.member("after", mover.move.after)
      json.member("trace", mover.number)
      if !mover.reasons.isEmpty {
        json.key("because")
        json.beginArray()
        for reason in mover.reasons { json.string(reason) }
        json.endArray()
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private static func append(
    _ counts: [String: Int], _ key: String, _ name: String, to json: inout JSONText
  ) {
    json.key(key)
    json.beginArray()
    for (text, count) in OutcomeMoves.byCount(counts) {
      json.beginObject()
      json.member(name, text)
      json.member("rows", count)
      json.endObject()
    }
    json.endArray()
  }
}
