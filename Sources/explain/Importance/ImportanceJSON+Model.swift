internal import Attribution
internal import DataFields
internal import PMML
internal import PopulationViews
internal import TabularIO

/// What `explain importance` prints as JSON or CSV: `docs/importance.schema.json` describes the JSON.
enum ImportanceJSON {
  static func text(_ importance: ModelImportance) -> String {
    let signature = importance.model.signature
    var json = JSONText()
    json.beginObject()
    json.member("kind", "model")
    json.key("model")
    json.beginObject()
    json.member("path", signature.path)
    json.member("sha256", signature.digest.hexadecimal)
    json.member("element", signature.element)
    json.endObject()
    json.member("rows", importance.rowCount)
    json.member("unscored", importance.unscoredCount)
    json.key("results")
    json.beginArray()
    for part in importance.parts {
      json.beginObject()
      json.member("class", part.label)
      json.member("attributed", part.attributor.attributed)
      json.member("link", part.attributor.link)
      json.member("method", part.attributor.method)
      json.key("base_value")
      json.double(part.attributor.baseValue)
      json.member("rows", part.importance.rowCount)
      json.member("without_attributions", part.missing)
      json.key("fields")
      append(part.importance.fields, to: &json)
      json.endObject()
    }
    json.endArray()
    json.key("stated")
    json.beginArray()
    for (place, field) in signature.inputs.enumerated() {
      json.beginObject()
      json.member("field", field.name)
      json.member("splits", importance.splits?.fields[place])
      if let stated = field.importance {
        json.key("importance")
        json.double(stated)
      }
      json.endObject()
    }
    json.endArray()
    json.member("splits_of_several_fields", importance.splits?.severalFields)
    json.endObject()
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  static func append(_ fields: [AttributionImportance.Field], to json: inout JSONText) {
    json.beginArray()
    for field in fields {
      json.beginObject()
      json.member("field", field.name)
      json.key("mean_absolute")
      json.double(field.meanMagnitude)
      json.key("mean")
      json.double(field.mean)
      if let share = field.share {
        json.key("share")
        json.double(share)
      }
      json.endObject()
    }
    json.endArray()
  }

  static func table(_ importance: ModelImportance) -> String {
    var csv = CSVText()
    let hasClasses = importance.parts.contains { $0.label != nil }
    if hasClasses { csv.field("class") }
    for head in ["field", "mean_absolute", "mean", "share", "splits", "importance"] {
      csv.field(head)
    }
    csv.endRecord()
    for part in importance.parts {
      for field in part.importance.fields {
        if hasClasses { csv.field(part.label ?? "") }
        csv.field(field.name)
        csv.field(field.meanMagnitude)
        csv.field(field.mean)
        csv.field(field.share.map { "\($0)" } ?? "")
        csv.field(importance.splits(of: field.name).map { "\($0)" } ?? "")
        let stated = importance.model.signature.inputs.first { $0.name == field.name }?.importance
        csv.field(stated.map { "\($0)" } ?? "")
        csv.endRecord()
      }
    }
    return String(decoding: csv.bytes, as: UTF8.self)
  }
}
