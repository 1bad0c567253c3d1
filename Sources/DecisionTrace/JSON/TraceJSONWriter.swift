import DataFields

/// Writes traces as JSON, in the form that `docs/trace.schema.json` describes.
///
/// Keys have one order and numbers one form: the same trace gives the same bytes. Exact numbers
/// are strings (`"310644.54"`); scores and attributions are JSON numbers that read back exactly.
package struct TraceJSONWriter: Sendable {
  /// The version of the form; it rises when a reader would have to change.
  package static let version = 1

  /// Whether values of fields with a mask are shown masked, as a page shows them.
  package var masksValues: Bool

  package init(masksValues: Bool = true) { self.masksValues = masksValues }

  /// What a log adds to a trace.
  package struct Placement: Sendable, Hashable {
    package var number: Int
    package var unchangedSince: Int?
    /// The log that holds the trace and that which holds `unchangedSince`, where there are several.
    package var log: String?
    package var sinceLog: String?

    package init(
      number: Int, unchangedSince: Int?, log: String? = nil, sinceLog: String? = nil
    ) {
      self.number = number
      self.unchangedSince = unchangedSince
      self.log = log
      self.sinceLog = sinceLog
    }
  }

  /// One line of JSON without a line break.
  ///
  /// - Parameter explanation: writes what follows from the trace, as the member `explanation`.
  package func json(
    _ trace: Trace, placement: Placement? = nil, explanation: ((inout JSONBytes) -> Void)? = nil
  ) -> [UInt8] {
    var json = JSONBytes()
    write(trace, placement: placement, explanation: explanation, to: &json)
    return json.bytes
  }

  package func write(
    _ trace: Trace, placement: Placement? = nil, explanation: ((inout JSONBytes) -> Void)? = nil,
    to json: inout JSONBytes
  ) {
    json.object { json in
      json.member("trace_version", Self.version)
      json.member("decision", trace.schema.decision)
      if trace.visibility == .open {
        json.member("subject", trace.subject)
      } else {
        json.member("subject", nil)
        json.member("visibility", trace.visibility.rawValue)
      }
      json.member("as_of", trace.asOf?.description)
      identifier(trace, &json)
      result(trace, &json)
      json.member("previous_outcome", trace.previousOutcome)
      override(trace, &json)
      json.key("values")
      json.array(trace.values) { json, value in self.value(value, &json) }
      json.key("ranks")
      json.array(trace.ranks) { json, rank in self.rank(rank, trace, &json) }
      json.key("rules")
      json.array(trace.rules) { json, rule in self.rule(rule, &json) }
      json.key("models")
      json.array(trace.models) { json, model in self.model(model, trace, &json) }
      evidence(trace, &json)
      if let placement {
        json.key("log")
        json.object { json in
          json.member("number", placement.number)
          json.key("unchanged_since")
          if let since = placement.unchangedSince { json.integer(since) } else { json.null() }
          if let log = placement.log {
            json.member("path", log)
            json.member("unchanged_since_path", placement.sinceLog)
          }
        }
      }
      if let explanation {
        json.key("explanation")
        explanation(&json)
      }
    }
  }

  private func identifier(_ trace: Trace, _ json: inout JSONBytes) {
    json.key("id")
    json.object { json in
      json.member("source", trace.id.source)
      json.member("record", trace.id.record)
      json.member("index", trace.id.index)
      json.member("decision", trace.id.decision)
    }
  }

  private func result(_ trace: Trace, _ json: inout JSONBytes) {
    json.key("result")
    json.object { json in
      switch trace.result {
      case .decided(let outcome, let rule):
        json.member("status", "decided")
        json.key("outcome")
        content(outcome, &json)
        json.member("rule", trace.rules[rule].schema.name)
        json.member("by_otherwise", trace.rules[rule].schema.isOtherwise)
        json.member("reason_code", trace.reason?.code)
        json.member("reason", trace.reason?.text)
        if trace.schema.takesInAllRules {
          json.key("collected")
          json.array(trace.contributingRules) { json, rule in
            let reason = trace.reason(ofRule: rule)
            json.object { json in
              json.member("rule", trace.rules[rule].schema.name)
              json.member("reason_code", reason.code)
              json.member("reason", reason.text)
            }
          }
        }
      case .refused(let refusal, let field, let rules):
        json.member("status", "refused")
        json.member("refusal", Self.name(refusal))
        json.member("field", field)
        json.key("rules")
        json.array(rules) { $0.string(trace.rules[$1].schema.name) }
      }
    }
  }

  private func override(_ trace: Trace, _ json: inout JSONBytes) {
    json.key("override")
    guard let record = trace.override else { return json.null() }
    json.object { json in
      json.member("name", record.schema.name)
      json.member("reason_code", record.schema.reasonCode)
      json.member("authority", record.schema.authority)
      json.member("until", record.schema.until?.description)
      json.member("condition", record.schema.text)
      json.member("line", record.schema.line)
      json.key("replaced")
      content(record.replaced, &json)
    }
  }

  private func value(_ value: Trace.Value, _ json: inout JSONBytes) {
    let field = value.field
    let isMasked = masksValues && field.maskKeeps != nil
    json.object { json in
      json.member("name", field.name)
      json.member("kind", "\(field.kind)")
      json.member("type", Self.name(field.type))
      json.member("unit", field.type.unit.isNone ? nil : field.type.unit.description)
      let isOpen = value.visibility == .open
      json.member("state", isOpen ? Self.name(value.state) : value.visibility.rawValue)
      json.member("origin", isOpen ? Self.name(value.origin) : nil)
      json.key("value")
      if let content = value.content, isMasked {
        json.string(Masking.masked(content.plainText, keeps: field.maskKeeps ?? 0))
      } else if let content = value.content {
        self.content(content, &json)
      } else {
        json.null()
      }
      if !isMasked, case .quotient = field.type,
        case .number(let quotient, let scale, _, _) = value.content
      {
        // Printed, a quotient is rounded; this is what met the cut points.
        json.member("exact", Self.exact(quotient, scale: scale))
      }
      json.member("masked", isMasked)
      json.member("personal", field.isPersonal)
      json.member("definition", field.definition.isEmpty ? nil : field.definition)
      json.member("line", field.line)
    }
  }

  private func rank(_ rank: Trace.Rank, _ trace: Trace, _ json: inout JSONBytes) {
    // How far a value lies from a cut point tells what it is.
    let isMasked = masksValues && trace.values[rank.value].field.maskKeeps != nil
    json.object { json in
      json.member("name", rank.schema.name)
      json.member("of", trace.values[rank.value].field.name)
      json.member("scale", rank.schema.scale)
      json.member("level", rank.level.map { rank.schema.levels[$0] })
      json.key("levels")
      json.array(rank.schema.levels) { $0.string($1) }
      json.key("cut_points")
      json.array(rank.margins) { json, margin in
        json.object { json in
          json.member("name", margin.cutPointName)
          json.key("cut_point")
          content(margin.cutPoint, &json)
          json.member("belongs_below", margin.belongsBelow)
          json.member("is_above", margin.isAbove)
          json.key("distance")
          if isMasked { json.null() } else { content(margin.distance, &json) }
          json.key("relative")
          if !isMasked, let relative = margin.relative {
            json.double(relative)
          } else {
            json.null()
          }
          json.member("level_beyond", margin.levelBeyond)
          json.key("knife_edge")
          if isMasked { json.null() } else { json.boolean(margin.isKnifeEdge) }
        }
      }
      json.member("line", rank.schema.line)
    }
  }

  private func rule(_ rule: Trace.Rule, _ json: inout JSONBytes) {
    json.object { json in
      json.member("name", rule.schema.name)
      json.member("state", Self.name(rule.state))
      json.member("condition", rule.schema.isOtherwise ? nil : rule.schema.text)
      json.member("clause", rule.decidingClause?.text)
      json.member("reason_code", rule.schema.reasonCode)
      json.member("line", rule.schema.line)
    }
  }

  private func model(_ model: Trace.Model, _ trace: Trace, _ json: inout JSONBytes) {
    json.object { json in
      json.member("name", model.schema.name)
      json.member("path", model.schema.path)
      json.member("digest", model.schema.digest.hexadecimal)
      json.key("scores")
      json.array(model.schema.scoreFields) { json, field in
        json.object { json in
          json.member("name", trace.values[field].field.name)
          json.key("value")
          if let score = trace.values[field].content { content(score, &json) } else { json.null() }
        }
      }
      if model.schema.isAttributedOnRead { json.member("attributed_on_read", true) }
      if model.visibility != .open { json.member("visibility", model.visibility.rawValue) }
      json.key("attribution")
      guard model.hasAttributions else { return json.null() }
      json.object { json in
        json.member("method", model.schema.method)
        json.member("attributed", model.schema.attributed)
        json.member("base_value", double: model.baseValue)
        json.member("output", double: model.output)
        json.key("features")
        let errors = model.check?.errors ?? []
        json.array(Array(model.attributions.enumerated())) { json, numbered in
          let (place, attribution) = numbered
          json.object { json in
            json.member("name", attribution.feature)
            json.key("input")
            input(attribution, model, trace, &json)
            json.member("value", double: attribution.value)
            if errors.indices.contains(place) { json.member("error", double: errors[place]) }
          }
        }
        json.member("other_count", model.restCount)
        json.member("other", double: model.rest)
        guard let check = model.check else { return }
        if !errors.isEmpty { json.member("other_error", double: check.restError) }
        json.member("residual", double: check.residual)
        json.member("float_rounding", double: check.floatRounding)
        json.member("adds_up", check.addsUp)
        if check.evaluationCount > 0 { json.member("evaluations", check.evaluationCount) }
      }
    }
  }

  private func input(
    _ attribution: Trace.Attribution, _ model: Trace.Model, _ trace: Trace,
    _ json: inout JSONBytes
  ) {
    guard let input = attribution.input else { return json.null() }
    let feature = model.schema.features.firstIndex(of: attribution.feature)
    let keeps = feature.flatMap {
      trace.values[model.schema.featureFields[$0]].field.maskKeeps
    }
    if masksValues, let keeps {
      json.string(Masking.masked(input.plainText, keeps: keeps))
    } else {
      content(input, &json)
    }
  }

  private func evidence(_ trace: Trace, _ json: inout JSONBytes) {
    json.key("ruleset")
    json.object { json in
      json.member("name", trace.schema.ruleset)
      json.member("version", trace.schema.version)
      json.member("path", trace.schema.path)
      json.member("digest", trace.schema.rulesetDigest.hexadecimal)
      json.member("hit_policy", trace.schema.hitPolicy)
    }
    json.key("artefacts")
    json.array(trace.schema.artefacts) { json, artefact in
      json.object { json in
        json.member("role", artefact.role)
        json.member("path", artefact.path)
        json.member("digest", artefact.digest.hexadecimal)
      }
    }
    json.member("schema", trace.schemaDigest.hexadecimal)
    json.key("conversions")
    json.array(trace.conversions) { json, conversion in
      json.object { json in
        json.member("currency", conversion.currency)
        json.member("target", conversion.target)
        json.member("rate", conversion.rate.plainText)
        json.member("date", conversion.date.description)
      }
    }
    json.key("lineage")
    guard trace.visibility == .open else { return json.null() }
    json.object { json in
      json.member("length", trace.lineageLength)
      json.member("head", trace.lineageHead?.hexadecimal)
    }
  }

  private func content(_ content: Trace.Content, _ json: inout JSONBytes) {
    switch content {
    case .boolean(let flag): json.boolean(flag)
    case .double(let number): json.double(number)
    case .number, .date, .text: json.string(content.plainText)
    case .list(let items): json.array(items) { json, item in self.content(item, &json) }
    }
  }
}
