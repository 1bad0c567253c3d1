internal import DataFields
internal import DecisionTrace
internal import Explanations
internal import TraceReports

/// What `explain --customer --since --format json` prints, a decision a line:
/// `docs/changes.schema.json` describes it.
enum ChangesJSON {
  static func line(_ decided: DecidedCourse, customer: String, logs: [String]) -> [UInt8] {
    let course = decided.course
    var json = JSONBytes()
    json.object { json in
      json.member("subject", customer)
      json.member("decision", course.decision)
      json.key("first")
      if let first = course.first { point(first, logs, &json) } else { json.null() }
      json.key("last")
      point(course.last, logs, &json)
      json.member("decisions", course.count)
      json.key("differences")
      json.array(course.differences) { json, one in difference(one, &json) }
      json.member("turns_in_all", course.turnCount)
      json.key("turns")
      json.array(decided.turns) { json, one in
        json.object { json in
          json.key("before")
          point(one.turn.before, logs, &json)
          json.key("after")
          point(one.turn.after, logs, &json)
          json.key("differences")
          json.array(one.turn.differences) { json, one in difference(one, &json) }
          json.key("decisive")
          if let decisive = one.decisive { self.decisive(decisive, &json) } else { json.null() }
        }
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func point(
    _ point: SubjectChanges.Point, _ logs: [String], _ json: inout JSONBytes
  ) {
    json.object { json in
      if logs.count > 1 { json.member("log", logs[point.log]) }
      json.member("number", point.number)
      json.member("as_of", point.trace.asOf?.description)
      json.member("result", point.trace.resultText)
      json.member("rule", point.trace.decidingRules)
    }
  }

  private static func difference(_ difference: TraceDifference, _ json: inout JSONBytes) {
    json.object { json in
      json.member("part", difference.part.rawValue)
      json.member("name", difference.name)
      json.member("before", difference.before)
      json.member("after", difference.after)
    }
  }

  private static func decisive(_ decisive: DecisiveChanges, _ json: inout JSONBytes) {
    json.object { json in
      json.member("changed_facts", decisive.changedCount)
      json.key("enough")
      json.array(decisive.changes) { json, change in
        json.object { json in
          json.member("fact", change.fact)
          json.member("before", change.isMasked ? nil : change.before?.plainText)
          json.member("after", change.isMasked ? nil : change.after?.plainText)
          json.member("masked", change.isMasked)
        }
      }
    }
  }
}
