import DataFields
import DecisionTrace

extension TextReport {
  /// Every value that the decision rests on, in full, with its origin.
  mutating func writeInputs() {
    let shown = shownValues()
    if shown.isEmpty { return }
    page.heading("Inputs")
    let names = shown.map { text($0.field.name) }
    let values = shown.map { value in
      text(value.reportText, value.content == nil ? .notice : .plain)
    }
    let origins = shown.map { text($0.originText, .faint) }
    let valueColumn = 2 + min(names.map(\.width).max() ?? 0, 24) + 2
    let originColumn = valueColumn + min(values.map(\.width).max() ?? 0, 32) + 2
    let noteColumn = originColumn + (origins.map(\.width).max() ?? 0) + 2
    for (index, value) in shown.enumerated() {
      page.row(
        [
          (2, names[index]), (valueColumn, values[index]), (originColumn, origins[index]),
          (noteColumn, note(value)),
        ], indent: 6)
    }
  }

  /// All but the nameless crossings into a model whose values stand beside its attributions.
  private func shownValues() -> [Trace.Value] {
    let attributed = Set(trace.models.flatMap { $0.attributions.map(\.feature) })
    let fed = Set(trace.models.flatMap(\.schema.featureFields))
    return trace.values.indices.filter { index in
      let field = trace.values[index].field
      let isCrossing = field.kind == .derived && field.definition.isEmpty && fed.contains(index)
      return !(isCrossing && attributed.contains(field.name))
    }.map { trace.values[$0] }
  }

  private func note(_ value: Trace.Value) -> StyledText {
    if value.field.maskKeeps != nil { return text("masked", .faint) }
    return text(value.field.definition, .faint)
  }

  /// What an auditor needs to find the artefacts and the record again.
  mutating func writeEvidence() {
    page.heading("Evidence")
    let schema = trace.schema
    var rows: [(String, String)] = []
    rows.append(
      (
        "ruleset",
        "\(schema.ruleset) version \(schema.version) @ \(schema.rulesetDigest.abbreviated)"
      ))
    for artefact in schema.artefacts where artefact.digest != schema.rulesetDigest {
      rows.append((artefact.role, "\(artefact.path) @ \(artefact.digest.abbreviated)"))
    }
    rows.append(("schema", trace.schemaDigest.abbreviated))
    rows.append(("record", record()))
    for conversion in trace.conversions {
      rows.append(
        (
          "rate",
          "1 \(conversion.currency) = \(conversion.rate.plainText) \(conversion.target), "
            + "set on \(conversion.date)"
        ))
    }
    let head = trace.lineageHead.map { ", head \($0.abbreviated)" } ?? ""
    let events = trace.lineageLength == 1 ? "1 event" : "\(trace.lineageLength) events"
    rows.append(("lineage", events + head))
    if let number = placement.number {
      rows.append(("trace", Self.numbered(number) + (placement.log.map { " of \($0)" } ?? "")))
    }
    let column = 2 + (rows.map { DisplayWidth.of($0.0) }.max() ?? 0) + 2
    for (label, value) in rows {
      page.paragraph(
        text(value), indent: column, label: StyledText("  ") + text(label, .faint))
    }
  }

  /// A source that is a file is named by its digest, which is too long for a page.
  private func record() -> String {
    let source = Digest(hexadecimal: trace.id.source)?.abbreviated ?? trace.id.source
    let index = trace.id.index > 0 ? ", item \(trace.id.index + 1)" : ""
    return "\(trace.id.record)\(index) of \(source)"
  }
}
