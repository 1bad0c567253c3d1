package import DecisionTrace

extension DerivedExplanation {
  /// The members of the object `explanation`, as `docs/trace.schema.json` describes it.
  package func write(to json: inout JSONBytes) {
    json.object { json in
      json.key("raw_margins")
      json.array(rawMargins) { json, margin in
        json.object { json in
          json.member("rank", margin.rank)
          json.member("level_beyond", margin.levelBeyond)
          json.member("fact", margin.fact)
          Self.write(
            margin.bound, margin.isAbove ? "at_least" : "at_most",
            margin.isAbove ? "above" : "below", &json)
        }
      }
      json.key("sufficient_reason")
      if let reason { write(reason, &json) } else { json.null() }
      json.key("necessary")
      json.array(necessary) { json, name in json.string(name) }
      json.key("minimal_reasons")
      if let reasons {
        json.array(reasons) { json, reason in
          json.array(reason) { json, name in json.string(name) }
        }
      } else {
        json.null()
      }
      json.key("counterfactuals")
      json.array(flips) { json, flip in Self.write(flip, &json) }
      json.key("search")
      json.object { json in
        json.member("optimal", isOptimal)
        json.key("single_doubts")
        json.array(singleDoubts) { json, doubt in json.string(doubt) }
        json.key("pair_doubts")
        json.array(pairDoubts) { json, doubt in json.string(doubt) }
        json.key("without_effect_alone")
        json.array(idle) { json, name in json.string(name) }
        json.key("not_actionable")
        json.array(fixed) { json, name in json.string(name) }
      }
      json.key("table_level")
      if let table { Self.write(table, &json) } else { json.null() }
      json.key("raw_level")
      if let raw { Self.write(raw, &json) } else { json.null() }
      json.key("score_differences")
      json.array(scores) { json, score in
        json.object { json in
          json.member("model", score.model)
          json.member("attributed", score.attributed)
          json.member("reference", double: score.reference)
          json.member("raw_score", double: score.rawScore)
          json.key("attributions")
          json.array(score.parts) { json, part in
            json.object { json in
              json.member("field", part.field)
              json.member("attribution", double: part.attribution)
            }
          }
          json.member("residual", double: score.residual)
        }
      }
      json.key("refused")
      json.array(refusals) { json, reason in json.string(reason) }
      json.member("population", population)
    }
  }

  private func write(_ reason: Reason, _ json: inout JSONBytes) {
    json.object { json in
      json.member("type", "sufficient")
      json.key("conditions")
      json.array(reason.conditions) { json, condition in
        json.object { json in
          json.member("fact", condition.fact)
          Self.write(condition.lower, "at_least", "above", &json)
          Self.write(condition.upper, "at_most", "below", &json)
          if !condition.choices.isEmpty {
            json.key("one_of")
            json.array(condition.choices) { json, choice in json.string(choice.plainText) }
          }
          json.member("value", condition.value?.plainText)
          json.member("masked", condition.isMasked)
        }
      }
      json.member("proved", reason.isProved)
      json.member("minimal", reason.isMinimal)
      json.member("facts", reason.factCount)
      json.member("boxes", reason.boxCount)
    }
  }

  private static func write(
    _ bound: Bound?, _ included: StaticString, _ excluded: StaticString, _ json: inout JSONBytes
  ) {
    guard let bound else { return }
    json.member(bound.isIncluded ? included : excluded, bound.value.plainText)
  }

  private static func write(_ flip: Flip, _ json: inout JSONBytes) {
    json.object { json in
      json.member("outcome", flip.outcome)
      json.key("changes")
      json.array(flip.changes) { json, change in
        json.object { json in
          json.member("fact", change.fact)
          json.member("from", change.from?.plainText)
          json.member("to", change.to.plainText)
          json.key("percentile")
          if let percentile = change.percentile { json.double(percentile) } else { json.null() }
        }
      }
      json.key("ranks")
      json.array(flip.moved) { json, moved in
        json.object { json in
          json.member("rank", moved.rank)
          json.member("from", moved.from)
          json.member("to", moved.to)
        }
      }
      json.member("cost", double: flip.cost)
      json.key("support")
      if let support = flip.support { json.integer(support) } else { json.null() }
    }
  }

  private static func write(_ level: LevelAttribution, _ json: inout JSONBytes) {
    json.object { json in
      json.member("method", level.method)
      json.member("base_value", double: level.baseValue)
      json.key("attributions")
      json.array(level.parts) { json, part in
        json.object { json in
          json.member("name", part.name)
          json.member("value", part.value)
          json.member("attribution", double: part.attribution)
        }
      }
      json.member("residual", double: level.residual)
    }
  }
}
