import DataFields
import DecisionTrace

extension TextReport {
  /// Each model with its results, and the attributions that add up to its output.
  mutating func writeScores() {
    for model in trace.models {
      let artefact = "\(model.schema.path) @ \(model.schema.digest.abbreviated)"
      page.heading("Score", right: text(artefact, .faint))
      for field in model.schema.scoreFields { writeScore(field) }
      if model.hasAttributions {
        writeAttributions(model)
      } else {
        let why =
          model.schema.isAttributedOnRead
          ? "its attributions are left to whoever reads the trace" : "no attributions in this trace"
        page.paragraph(text(why, .faint), indent: 2)
      }
    }
  }

  private mutating func writeScore(_ field: Int) {
    let value = trace.values[field]
    var line = text(value.field.name + " ")
    if case .double(let score) = value.content {
      line.append(
        text(NumberForm.fixed(score, digits: max(4, NumberForm.digits(for: [score]))), .strong))
    } else {
      line.append(text(value.reportText, .strong))
    }
    for rank in trace.ranks where rank.value == field {
      line.append(text(" (\(rank.schema.name) \(level(rank)))"))
    }
    page.paragraph(line, indent: 2)
  }

  private mutating func writeAttributions(_ model: Trace.Model) {
    let numbers = model.attributions.map(\.value) + (model.restCount > 0 ? [model.rest] : [])
    let digits = NumberForm.digits(for: numbers + [model.baseValue, model.output])
    let errors = model.check?.errors ?? []
    func signed(_ value: Double, _ error: Double?) -> String {
      let text = NumberForm.signed(value, digits: digits)
      return error.map { "\(text) ±\(NumberForm.fixed($0, digits: digits))" } ?? text
    }
    let onRead = model.schema.isAttributedOnRead ? "; worked out on reading" : ""
    let method = model.schema.method.isEmpty ? "" : "  (\(model.schema.method)\(onRead))"
    var rows: [(label: StyledText, share: Double, value: String, isNegative: Bool)] = []
    let longest = numbers.map(\.magnitude).filter(\.isFinite).max() ?? 0
    for (place, attribution) in model.attributions.enumerated() {
      let input = input(attribution, model)
      rows.append(
        (
          text(attribution.feature) + text(input, .faint),
          longest > 0 ? attribution.value.magnitude / longest : 0,
          signed(attribution.value, errors.isEmpty ? nil : errors[place]), attribution.value < 0
        ))
    }
    if model.restCount > 0 {
      rows.append(
        (
          text("other (\(model.restCount))"), longest > 0 ? model.rest.magnitude / longest : 0,
          signed(model.rest, errors.isEmpty ? nil : model.check?.restError), model.rest < 0
        ))
    }
    let base = NumberForm.fixed(model.baseValue, digits: digits)
    let valueWidth = (rows.map { DisplayWidth.of($0.value) } + [DisplayWidth.of(base)]).max() ?? 0
    let room = page.width - 2 - valueWidth - 2
    // Bars get what labels leave, but no fewer than 8 columns; long labels are cut instead.
    let labelWidth = min(rows.map(\.label.width).max() ?? 0, max(12, room - 10))
    let barWidth = max(4, min(24, room - labelWidth - 2))
    let barColumn = 2 + labelWidth + 2
    let valueEnd = barColumn + barWidth + 2 + valueWidth
    func line(_ label: StyledText, bar: StyledText, value: StyledText) -> StyledText {
      let start =
        StyledText("  ") + label.truncated(to: labelWidth, ellipsis: page.charset.fitted("…"))
      return (start.padded(to: barColumn) + bar).padded(to: valueEnd - value.width) + value
    }
    page.line(line(text("base value", .faint), bar: StyledText(), value: text(base)))
    for row in rows {
      let style: TextStyle = row.isNegative ? .lowers : .raises
      page.line(
        line(
          row.label,
          bar: text(
            Bar.text(share: row.share, isNegative: row.isNegative, width: barWidth), style),
          value: text(row.value, style)))
    }
    writeSum(model, numbers, digits: digits, method: method)
  }

  private mutating func writeSum(
    _ model: Trace.Model, _ numbers: [Double], digits: Int, method: String
  ) {
    let moved = numbers.reduce(0, +)
    let check = model.check
    let sign = moved < 0 ? "−" : "+"
    let sum =
      "\(NumberForm.fixed(model.baseValue, digits: digits)) \(sign) "
      + "\(NumberForm.fixed(moved.magnitude, digits: digits)) = "
      + NumberForm.fixed(model.output, digits: digits)
    let residual = NumberForm.order(
      check?.residual ?? model.output - (model.baseValue + moved))
    let what = model.schema.attributed.isEmpty ? "output" : model.schema.attributed
    page.paragraph(
      text("\(what) \(sum)", .strong) + text("  residual \(residual)\(method)", .faint), indent: 2)
    if let check { writeCheck(check) }
  }

  /// What single precision did, and whether anything but rounding is left.
  private mutating func writeCheck(_ check: Trace.AttributionCheck) {
    if check.evaluationCount > 0 {
      let what =
        check.errors.isEmpty
        ? "integrated along \(check.evaluationCount) points: not Shapley values"
        : "estimates from \(check.evaluationCount) scores, each with its 95 % interval"
      page.paragraph(text(what, .faint), indent: 2)
    }
    if check.floatRounding != 0 {
      page.paragraph(
        text(
          "single precision: the model's own sum is off by \(NumberForm.order(check.floatRounding))",
          .faint), indent: 2)
    }
    if !check.addsUp {
      page.paragraph(
        text(
          "These attributions do not add up: more is left than rounding can leave. They are not to be "
            + "relied on.", .strong), indent: 2)
    }
  }

  private func input(_ attribution: Trace.Attribution, _ model: Trace.Model) -> String {
    guard let content = attribution.input else { return " missing" }
    if let feature = model.schema.features.firstIndex(of: attribution.feature) {
      let value = trace.values[model.schema.featureFields[feature]]
      if value.field.maskKeeps != nil { return " = \(value.reportText)" }
    }
    guard case .double(let number) = content, !number.isWholeAndExact else {
      return " = \(content.reportText)"
    }
    return " = " + NumberForm.fixed(number, digits: NumberForm.digits(for: [number]))
  }
}
