internal import DataFields
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// What `explain inspect --format json` prints: `docs/inspect.schema.json` describes it.
///
/// Members keep PMML's own words, and are absent where the document says nothing.
enum InspectionJSON {
  static func text(_ model: CompiledModel, verification: VerificationReport?) -> String {
    let signature = model.signature
    var json = JSONText()
    json.beginObject()
    json.key("model")
    json.beginObject()
    json.member("path", signature.path)
    json.member("sha256", signature.digest.hexadecimal)
    json.member("pmml_version", model.version)
    json.member("element", signature.element)
    json.member("name", signature.modelName)
    json.member("function", signature.function.rawValue)
    json.member("size", model.sizeText)
    json.endObject()
    json.key("fields")
    json.beginArray()
    for field in signature.inputs { append(field, isInput: true, to: &json) }
    json.endArray()
    if let target = signature.target {
      json.key("target")
      append(target, isInput: false, to: &json)
    }
    json.strings("classes", signature.function == .clustering ? [] : signature.classes)
    json.strings("clusters", signature.function == .clustering ? signature.classes : [])
    json.key("results")
    json.beginArray()
    for result in signature.results {
      json.beginObject()
      json.member("name", result.description)
      json.member("kind", signature.kind(of: result)?.rawValue)
      json.endObject()
    }
    json.endArray()
    json.key("output_fields")
    json.beginArray()
    for output in signature.outputs { append(output, to: &json) }
    json.endArray()
    append(signature.attribution, hasAverages: model.averages != nil, to: &json)
    json.member("other_rows", model.needsOtherRows)
    json.key("warnings")
    json.beginArray()
    for warning in model.warnings { json.raw(DiagnosticJSON.object(warning)) }
    json.endArray()
    if let verification { append(verification, to: &json) }
    json.endObject()
    json.endLine()
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private static func append(_ field: ModelField, isInput: Bool, to json: inout JSONText) {
    json.beginObject()
    json.member("name", field.name)
    json.member("data_type", field.dataType.rawValue)
    json.member("optype", field.opType.rawValue)
    json.strings("values", field.categories)
    json.key("intervals")
    json.beginArray()
    for interval in field.intervals {
      json.beginObject()
      json.member("left_margin", interval.lower)
      json.member("right_margin", interval.upper)
      json.member(
        "closure",
        (interval.includesLower ? "closed" : "open")
          + (interval.includesUpper ? "Closed" : "Open"))
      json.endObject()
    }
    json.endArray()
    if isInput {
      json.key("replaces_missing")
      json.boolean(field.replacesMissing)
    }
    json.member("importance", field.importance)
    json.endObject()
  }

  private static func append(_ output: ModelSignature.Output, to json: inout JSONText) {
    json.beginObject()
    json.member("name", output.name)
    json.member("feature", output.feature)
    json.member("data_type", output.dataType.rawValue)
    json.key("is_final_result")
    json.boolean(output.isFinalResult)
    if let decisions = output.decisions {
      json.key("decisions")
      json.beginObject()
      json.member("business_problem", decisions.businessProblem)
      json.member("description", decisions.description)
      json.key("values")
      json.beginArray()
      for decision in decisions.values {
        json.beginObject()
        json.member("value", decision.value)
        json.member("display_value", decision.displayValue)
        json.member("description", decision.description)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endObject()
  }

  private static func append(
    _ attribution: ModelSignature.Attribution, hasAverages: Bool, to json: inout JSONText
  ) {
    json.key("attribution")
    json.beginObject()
    switch attribution {
    case .always: json.member("support", "always")
    case .needsBackground(let reason):
      json.member("support", "needs_background")
      json.member("reason", reason)
    case .estimated(let reason):
      json.member("support", "estimated")
      json.member("reason", reason)
    case .unsupported(let reason):
      json.member("support", "unsupported")
      json.member("reason", reason)
    }
    json.key("has_averages")
    json.boolean(hasAverages)
    json.endObject()
  }

  private static func append(_ report: VerificationReport, to json: inout JSONText) {
    json.key("verification")
    json.beginObject()
    json.member("rows", report.rowCount)
    json.strings("results", report.fields)
    json.member("values", report.valueCount)
    json.key("mismatches")
    json.beginArray()
    for mismatch in report.mismatches {
      json.beginObject()
      json.member("row", mismatch.row)
      json.member("field", mismatch.field)
      json.member("expected", mismatch.expected)
      json.member("got", mismatch.got)
      json.member("tolerance", mismatch.tolerance)
      json.member("line", mismatch.line)
      json.endObject()
    }
    json.endArray()
    json.endObject()
  }
}

extension JSONText {
  fileprivate mutating func member(_ name: String, _ value: Double?) {
    guard let value else { return }
    key(name)
    double(value)
  }

  /// `"name": [...]`, also where the list is empty.
  fileprivate mutating func strings(_ name: String, _ values: [String]) {
    key(name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
