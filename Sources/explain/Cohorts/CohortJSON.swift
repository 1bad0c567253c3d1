internal import DataFields
internal import DecisionTrace
internal import PopulationViews
internal import TabularIO

/// What `explain cohort --format json` prints: `docs/cohort.schema.json` describes it.
enum CohortJSON {
  static func text(_ cohorts: Cohorts, _ options: Cohorts.Options) -> String {
    var json = JSONText()
    json.beginObject()
    switch cohorts.maker {
    case .decision(let schema):
      json.key("decision")
      json.beginObject()
      json.member("name", schema.decision)
      json.member("ruleset", schema.ruleset)
      json.member("version", schema.version)
      json.member("path", schema.path)
      json.member("ruleset_sha256", schema.rulesetDigest.hexadecimal)
      json.endObject()
    case .model(let signature, let result):
      json.key("model")
      json.beginObject()
      json.member("path", signature.path)
      json.member("sha256", signature.digest.hexadecimal)
      json.member("result", result)
      json.endObject()
    }
    json.member("rows", cohorts.rowCount)
    json.member("left_out", cohorts.leftOut)
    json.member("score", options.description.quality.rawValue)
    json.member("longest", options.description.longest)
    json.member("quantiles", options.description.quantiles)
    json.member("conditions", cohorts.conditionCount)
    json.key("hidden_fields")
    json.beginArray()
    for name in cohorts.hiddenFields { json.string(name) }
    json.endArray()
    if let sum = options.sum, let total = cohorts.total {
      json.key("sum")
      json.beginObject()
      json.member("column", sum)
      json.member("total", total.text)
      json.member("unread", total.unread)
      json.endObject()
    }
    json.key("cohorts")
    json.beginArray()
    for cohort in cohorts.cohorts { append(cohort, cohorts, to: &json) }
    json.endArray()
    json.endObject()
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func append(
    _ cohort: CohortDescription, _ cohorts: Cohorts, to json: inout JSONText
  ) {
    json.beginObject()
    json.member("name", cohort.name)
    json.member("count", cohort.count)
    json.key("share")
    json.double(Double(cohort.count) / Double(cohorts.rowCount - cohorts.leftOut))
    if let sum = cohorts.sums[cohort.name], let total = cohorts.total {
      json.key("sum")
      json.beginObject()
      json.member("value", sum.text)
      json.member("unread", sum.unread)
      if let share = sum.share(of: total) {
        json.key("share")
        json.double(share)
      }
      json.endObject()
    }
    if let rule = cohort.rule {
      json.key("rule")
      append(rule, cohort, to: &json)
    }
    if let next = cohort.next {
      json.key("next")
      json.beginObject()
      json.member("name", next.name)
      if let rule = next.rule {
        json.key("rule")
        append(rule, cohort, to: &json)
      }
      json.endObject()
    }
    json.endObject()
  }

  private static func append(
    _ rule: CohortDescription.Rule, _ cohort: CohortDescription, to json: inout JSONText
  ) {
    func number(_ name: String, _ value: Double) {
      json.key(name)
      json.double(value)
    }
    json.beginObject()
    json.member("text", rule.conditions.map(\.text).joined(separator: " and "))
    json.key("conditions")
    json.beginArray()
    for condition in rule.conditions {
      json.beginObject()
      json.member("field", condition.field)
      json.member("symbol", condition.symbol)
      json.member("value", condition.value)
      json.member("meaning", condition.meaning)
      json.endObject()
    }
    json.endArray()
    json.member("inside", rule.cover.inside)
    json.member("outside", rule.cover.outside)
    number("coverage", cohort.coverage(of: rule))
    number("precision", rule.precision)
    number("quality", rule.quality)
    number("baseline", rule.baseline)
    json.key("proved")
    json.boolean(rule.isProved)
    number("bound", rule.bound)
    json.endObject()
  }
}
