internal import DataFields
internal import DecisionTrace
internal import Replay
internal import TraceLog

/// What `explain replay --format json` prints, a line each: `docs/replay.schema.json` describes it.
enum ReplayJSON {
  static func line(_ entry: ReplayEntry) -> [UInt8] {
    var json = JSONBytes()
    json.object { json in
      if let log = entry.log { json.member("log", log) }
      json.member("number", entry.number)
      json.member("decision", entry.decision)
      let subject = entry.head?.subject
      json.member("subject", subject == "" ? nil : subject)
      json.member("as_of", entry.asOf?.description)
      switch entry.verdict {
      case .equal: json.member("verdict", "equal")
      case .failed(.hidden(.erased)): json.member("verdict", "erased")
      case .failed(let failure):
        json.member("verdict", "failed")
        switch failure {
        case .hidden: json.member("failure", "sealed")
        case .unreadable: json.member("failure", "unreadable")
        case .notLoaded: json.member("failure", "not loaded")
        case .notDecided: json.member("failure", "not decided")
        }
        json.member("reason", failure.description)
      case .differs(let difference):
        json.member("verdict", difference.isRounding ? "rounding" : "differs")
        json.key("offset")
        if let offset = difference.offset { json.integer(offset) } else { json.null() }
        json.key("differences")
        json.array(difference.differences) { json, one in append(one, to: &json) }
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private static func append(_ difference: TraceDifference, to json: inout JSONBytes) {
    json.object { json in
      json.member("part", difference.part.rawValue)
      json.member("name", difference.name)
      json.member("recorded", difference.before)
      json.member("replayed", difference.after)
      json.key("ulps")
      if let ulps = difference.ulps { json.integer(ulps) } else { json.null() }
      json.member("knife_edge", difference.isKnifeEdge)
    }
  }

  static func line(_ tally: ReplayTally) -> [UInt8] {
    var json = JSONBytes()
    json.object { json in
      json.key("summary")
      json.object { json in
        json.member("traces", tally.traces)
        json.member("equal", tally.equal)
        json.member("rounding", tally.rounding)
        json.member("differs", tally.differing)
        json.member("erased", tally.erased)
        json.member("failed", tally.failed)
      }
    }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
