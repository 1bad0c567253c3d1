internal import DataFields
internal import DecisionTrace
internal import EventIngest
internal import PopulationViews
internal import TabularIO

extension ImportanceJSON {
  static func text(_ importance: RulesImportance) -> String {
    var json = JSONText()
    json.beginObject()
    json.member("kind", "rules")
    json.member("counted", importance.counted.rawValue)
    json.member("records", importance.counts.records)
    json.member("dead_letters", importance.counts.deadLetters)
    json.key("decisions")
    json.beginArray()
    for population in importance.populations { append(population, to: &json) }
    json.endArray()
    json.endObject()
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func append(_ population: DecisionPopulation, to json: inout JSONText) {
    let schema = population.schema
    json.beginObject()
    json.member("decision", schema.decision)
    json.member("ruleset", schema.ruleset)
    json.member("version", schema.version)
    json.member("path", schema.path)
    json.member("ruleset_sha256", schema.rulesetDigest.hexadecimal)
    json.member("count", population.count)
    json.member("decided", population.decided)
    json.member("refused", population.refused)
    json.key("outcomes")
    json.beginArray()
    for (outcome, count) in population.sortedOutcomes {
      json.beginObject()
      json.member("outcome", outcome)
      json.counted(count, of: population.count)
      json.endObject()
    }
    json.endArray()
    json.member("other_outcomes", population.otherOutcomes > 0 ? population.otherOutcomes : nil)
    if let otherwise = population.otherwise {
      json.key("otherwise")
      json.beginObject()
      json.counted(otherwise, of: population.count)
      json.endObject()
    }
    json.key("rules")
    json.beginArray()
    for (place, count) in population.rules.enumerated() {
      let rule = schema.rules[place]
      json.beginObject()
      json.member("rule", rule.name)
      json.member("reason", rule.reasonCode)
      json.member("line", rule.line)
      json.key("otherwise")
      json.boolean(rule.isOtherwise)
      json.member("held", count.held)
      json.member("failed", count.failed)
      json.member("not_reached", count.notReached)
      json.member("decided", count.decided)
      json.endObject()
    }
    json.endArray()
    json.key("overrides")
    json.beginArray()
    for (place, count) in population.overrides.enumerated() {
      json.beginObject()
      json.member("override", schema.overrides[place].name)
      json.member("reason", schema.overrides[place].reasonCode)
      json.member("count", count)
      json.endObject()
    }
    json.endArray()
    json.key("refusals")
    json.beginArray()
    for refusal in population.refusals {
      json.beginObject()
      json.member("refusal", TraceJSONWriter.name(refusal.refusal))
      json.member("field", refusal.field)
      json.counted(refusal.count, of: population.count)
      json.endObject()
    }
    json.endArray()
    json.key("ranks")
    json.beginArray()
    for place in population.ranks.indices { append(population, rank: place, to: &json) }
    json.endArray()
    json.key("models")
    json.beginArray()
    for place in population.models.indices { append(population, model: place, to: &json) }
    json.endArray()
    json.endObject()
  }

  private static func append(
    _ population: DecisionPopulation, rank place: Int, to json: inout JSONText
  ) {
    let rank = population.schema.ranks[place]
    let count = population.ranks[place]
    json.beginObject()
    json.member("rank", rank.name)
    json.member("value", population.schema.fields[rank.field].name)
    json.key("levels")
    json.beginArray()
    for (level, name) in rank.levels.enumerated() {
      json.beginObject()
      json.member("level", name)
      json.member("count", count.levels[level])
      json.endObject()
    }
    json.endArray()
    json.member("missing", count.missing)
    json.key("cut_points")
    json.beginArray()
    for cut in count.cutPoints {
      json.beginObject()
      json.member("name", cut.name)
      json.member("value", cut.value.plainText)
      let unit = population.schema.fields[rank.field].type.unit
      json.member("unit", unit.isNone ? nil : unit.description)
      json.key("belongs_below")
      json.boolean(cut.belongsBelow)
      json.member("below", cut.below)
      json.member("on", cut.on)
      json.member("above", cut.above)
      json.key("near")
      json.beginArray()
      for band in cut.bands {
        json.beginObject()
        json.member("within", band.nearness.description)
        json.member("below", band.below)
        json.member("above", band.above)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }

  private static func append(
    _ population: DecisionPopulation, model place: Int, to json: inout JSONText
  ) {
    let model = population.schema.models[place]
    let count = population.models[place]
    json.beginObject()
    json.member("model", model.name)
    json.member("path", model.path)
    json.member("sha256", model.digest.hexadecimal)
    json.member("attributed", model.attributed.isEmpty ? nil : model.attributed)
    json.member("method", model.method.isEmpty ? nil : model.method)
    json.member("rows", count.importance.rowCount)
    json.member("without_attributions", count.absent)
    json.key("fields")
    append(count.importance.fields, to: &json)
    json.endObject()
  }

  // MARK: CSV

  /// A long table: one line a number.
  static func table(_ importance: RulesImportance) -> String {
    var csv = CSVText()
    func line(_ fields: [String]) {
      for field in fields { csv.field(field) }
      csv.endRecord()
    }
    line(["decision", "kind", "name", "measure", "value"])
    for population in importance.populations {
      let schema = population.schema
      func add(_ kind: String, _ name: String, _ measure: String, _ value: some Any) {
        line([schema.decision, kind, name, measure, "\(value)"])
      }
      add("decision", schema.decision, "count", population.count)
      add("decision", schema.decision, "decided", population.decided)
      add("decision", schema.decision, "refused", population.refused)
      for (outcome, count) in population.sortedOutcomes { add("outcome", outcome, "count", count) }
      for (place, count) in population.rules.enumerated() {
        add("rule", schema.rules[place].name, "held", count.held)
        add("rule", schema.rules[place].name, "decided", count.decided)
      }
      for (place, count) in population.overrides.enumerated() {
        add("override", schema.overrides[place].name, "count", count)
      }
      for refusal in population.refusals {
        let name = [TraceJSONWriter.name(refusal.refusal), refusal.field].compactMap { $0 }
        add("refusal", name.joined(separator: " "), "count", refusal.count)
      }
      for (place, rank) in population.ranks.enumerated() {
        let levels = schema.ranks[place].levels
        for (level, count) in rank.levels.enumerated() {
          add("level", "\(schema.ranks[place].name) == \(levels[level])", "count", count)
        }
        for cut in rank.cutPoints {
          add("cut point", cut.name, "value", cut.value.plainText)
          add("cut point", cut.name, "below", cut.below)
          add("cut point", cut.name, "on", cut.on)
          add("cut point", cut.name, "above", cut.above)
          for band in cut.bands {
            add("cut point", cut.name, "below within \(band.nearness)", band.below)
            add("cut point", cut.name, "above within \(band.nearness)", band.above)
          }
        }
      }
      for (place, model) in population.models.enumerated() {
        for field in model.importance.fields {
          let name = "\(schema.models[place].name).\(field.name)"
          add("attribution", name, "mean_absolute", field.meanMagnitude)
          if let share = field.share { add("attribution", name, "share", share) }
        }
      }
    }
    return String(decoding: csv.bytes, as: UTF8.self)
  }
}

extension JSONText {
  /// `"count"`, and `"share"` of a whole.
  fileprivate mutating func counted(_ count: Int, of whole: Int) {
    member("count", count)
    key("share")
    double(whole > 0 ? Double(count) / Double(whole) : 0)
  }
}
