import DataFields
import DecisionTrace
package import Explanations

extension TextReport {
  /// Which facts alone entail the outcome, whatever the others are.
  mutating func writeReason() {
    guard let derived, let reason = derived.reason else { return }
    page.heading("Enough to decide it")
    guard reason.isProved else {
      page.paragraph(
        text("No smaller set of facts was proved to be enough.", .faint), indent: 2)
      return
    }
    if reason.conditions.isEmpty {
      page.paragraph(text("Nothing: the outcome is the same whatever the facts are."), indent: 2)
    }
    for condition in reason.conditions { page.paragraph(self.condition(condition), indent: 2) }
    let count = reason.conditions.count
    let proof = reason.isMinimal ? "proved minimal" : "proved; whether it is minimal is not"
    page.paragraph(
      text(
        "whatever the other facts are  [\(proof), \(count) of \(reason.factCount) facts]", .faint),
      indent: 2)
    if !derived.necessary.isEmpty {
      page.paragraph(
        text("in every reason: \(derived.necessary.joined(separator: ", "))", .faint), indent: 2)
    }
    if let reasons = derived.reasons, reasons.count > 1 {
      let sets = reasons.map { "{\($0.joined(separator: ", "))}" }
      page.paragraph(
        text("all minimal reasons: \(sets.joined(separator: ", "))", .faint), indent: 2)
    }
  }

  private func condition(_ condition: DerivedExplanation.Condition) -> StyledText {
    let value = condition.value.map { "  (\($0.reportText))" } ?? ""
    let isSame = condition.choices == condition.value.map { [$0] }
    return text("\(condition.fact) ") + text(condition.regionText, .strong)
      + (isSame ? StyledText() : text(value, .faint))
  }

  /// The same changes of level in the inputs that a value is worked out from, each alone.
  mutating func writeRawMargins(_ rank: Trace.Rank, indent: Int) {
    let margins = derived?.rawMargins.filter { $0.rank == rank.schema.name } ?? []
    var levels: [String] = []
    for margin in margins where !levels.contains(margin.levelBeyond) {
      levels.append(margin.levelBeyond)
    }
    for level in levels {
      let ways = margins.filter { $0.levelBeyond == level }.map { margin in
        let symbol =
          margin.isAbove
          ? (margin.bound.isIncluded ? "≥" : ">")
          : (margin.bound.isIncluded ? "≤" : "<")
        return "\(margin.fact) \(symbol) \(margin.bound.value.plainValue)"
      }
      page.paragraph(text("\(ways.joined(separator: " or ")) → \(level)", .faint), indent: indent)
    }
  }

  // MARK: What would change it

  /// The nearest changes that end otherwise, each of which the engine decided.
  mutating func writeFlips() {
    guard let derived, !derived.outcome.isEmpty, derived.reason != nil || !derived.flips.isEmpty
    else { return }
    page.heading("What would change it")
    if derived.flips.isEmpty {
      let how =
        derived.singleDoubts.isEmpty && derived.pairDoubts.isEmpty
        ? "No change of one or two facts ends otherwise."
        : "No change of one or two facts was found that ends otherwise."
      page.paragraph(text(how), indent: 2)
    }
    for flip in derived.flips {
      page.paragraph(text("to \(flip.outcome)", .strong), indent: 2)
      for change in flip.changes { page.paragraph(self.change(change), indent: 4) }
      page.paragraph(text(Self.notes(flip), .faint), indent: 4)
    }
    writeFlipNotes(derived)
  }

  private func change(_ change: DerivedExplanation.Change) -> StyledText {
    let from = change.from.map { "\($0.reportText) → " } ?? ""
    let size = change.from.flatMap { Self.size($0, change.to) }.map { "  (\($0))" } ?? ""
    return text("\(change.fact) \(from)") + text(change.to.reportText, .strong)
      + text(size, .faint)
  }

  /// How much a number moves: a difference for counts and days, a share for anything else.
  private static func size(_ from: Trace.Content, _ to: Trace.Content) -> String? {
    switch (from, to) {
    case (.number(let old, let scale, _, _), .number(let new, _, _, _)):
      guard let negated = old.negated, let difference = new.adding(negated) else { return nil }
      if scale == 0, old.denominator == 1, new.denominator == 1 {
        let text = NumberForm.fixed(difference.nearestDouble, digits: 0)
        return text.hasPrefix("−") ? text : "+" + text
      }
      let value = old.nearestDouble
      return value == 0 ? nil : NumberForm.percent(difference.nearestDouble / value.magnitude)
    case (.date(let old), .date(let new)):
      let days = Int(new.daysSinceEpoch) - Int(old.daysSinceEpoch)
      return "\(days < 0 ? "−" : "+")\(days.magnitude) days"
    case (.double(let old), .double(let new)):
      return NumberForm.signed(new - old, digits: NumberForm.digits(for: [new - old]))
    default: return nil
    }
  }

  private static func notes(_ flip: DerivedExplanation.Flip) -> String {
    var notes = [flip.changes.count == 1 ? "1 change" : "\(flip.changes.count) changes"]
    notes += flip.moved.map { "\($0.rank) \($0.from) → \($0.to)" }
    for change in flip.changes {
      guard let percentile = change.percentile else { continue }
      let share = NumberForm.fixed(
        percentile * 100, digits: percentile < 0.01 || percentile > 0.99 ? 1 : 0)
      notes.append("\(share) % of the population have a smaller \(change.fact)")
    }
    if let support = flip.support {
      notes.append(
        support == 0
          ? "nobody in the population has these ranks"
          : "\(NumberForm.fixed(Double(support), digits: 0)) in the population are like that")
    }
    return notes.joined(separator: ", ")
  }

  private mutating func writeFlipNotes(_ derived: DerivedExplanation) {
    if !derived.idle.isEmpty {
      let names = derived.idle.joined(separator: ", ")
      page.paragraph(
        text(
          "no value of \(names) alone changes it"
            + (derived.singleDoubts.isEmpty ? "  [exact]" : ""), .faint), indent: 2)
    }
    if !derived.fixed.isEmpty {
      page.paragraph(
        text("not to be changed: \(derived.fixed.joined(separator: ", "))", .faint), indent: 2)
    }
    let doubts =
      derived.singleDoubts
      + derived.pairDoubts.filter {
        !derived.singleDoubts.contains($0)
      }
    for doubt in doubts.prefix(3) {
      page.paragraph(text("not exhaustive: \(doubt)", .faint), indent: 2)
    }
    if !derived.isOptimal {
      page.paragraph(text("a nearer change may exist: the search was cut short", .faint), indent: 2)
    }
  }

  // MARK: What moved it

  /// What parts of the decision moved the outcome against the population.
  mutating func writeLevels() {
    guard let derived, derived.population != nil else { return }
    if let table = derived.table {
      write(table, "What moved it", of: derived)
    }
    if let raw = derived.raw {
      write(raw, "What moved it, by inputs", of: derived)
    }
    for score in derived.scores { write(score) }
    for reason in derived.refusals {
      page.paragraph(text("no attributions \(reason)", .faint), indent: 2)
    }
  }

  /// What moved a model's raw score from that of one row.
  private mutating func write(_ score: ScoreDifference) {
    let digits = NumberForm.digits(
      for: score.parts.map(\.attribution) + [score.reference, score.rawScore])
    let parts = score.parts.prefix(5).map {
      "\($0.field) \(NumberForm.signed($0.attribution, digits: digits))"
    }
    let rest = score.parts.dropFirst(5).reduce(0.0) { $0 + $1.attribution }
    let others =
      score.parts.count > 5
      ? ["other (\(score.parts.count - 5)) \(NumberForm.signed(rest, digits: digits))"] : []
    page.paragraph(
      text("\(score.model): ", .strong)
        + text(
          "\(score.attributed) \(NumberForm.fixed(score.reference, digits: digits)) → "
            + NumberForm.fixed(score.rawScore, digits: digits))
        + text(
          (parts + others).isEmpty
            ? "" : ": " + (parts + others).joined(separator: ", ")), indent: 2)
  }

  private mutating func write(
    _ level: LevelAttribution, _ title: String, of derived: DerivedExplanation
  ) {
    let base = NumberForm.fixed(level.baseValue * 100, digits: 2)
    let isOneRow = level.baseValue == 0 || level.baseValue == 1
    page.heading(
      title,
      right: text(
        isOneRow
          ? "against \(derived.population ?? "one row")" : "\(base) % of the population end so",
        .faint))
    let longest = level.parts.map(\.attribution.magnitude).max() ?? 0
    let labels = level.parts.map { part in
      text(part.value.isEmpty ? part.name : "\(part.name) \(NumberForm.minus(part.value))")
    }
    let values = level.parts.map { NumberForm.signed($0.attribution * 100, digits: 2) }
    let column = min(2 + (labels.map(\.width).max() ?? 0) + 2, max(20, page.width - 40))
    let valueWidth = values.map { DisplayWidth.of($0) }.max() ?? 0
    for (place, part) in level.parts.enumerated() {
      let isNegative = part.attribution < 0
      let bar = Bar.text(
        share: longest > 0 ? part.attribution.magnitude / longest : 0, isNegative: isNegative,
        width: 20)
      let value = text(values[place], isNegative ? .lowers : .raises)
      let line =
        (StyledText("  ")
        + labels[place].truncated(
          to: column - 4, ellipsis: page.charset.fitted("…"))).padded(to: column)
        + text(bar, isNegative ? .lowers : .raises)
      page.line(line.padded(to: column + 22 + valueWidth - value.width) + value)
    }
    page.paragraph(
      text(
        "\(base) % → 100 % in points, \(level.method), residual "
          + NumberForm.order(level.residual), .faint), indent: 2)
  }
}

extension DerivedExplanation.Condition {
  /// Where the fact may lie: `≥ 100,000 HUF/person`, `= EUR or USD`.
  package var regionText: String {
    if isMasked { return "as it is" }
    if !choices.isEmpty { return "= " + choices.map(\.plainValue).joined(separator: " or ") }
    if let lower, let upper, lower.value == upper.value { return "= \(lower.value.plainValue)" }
    let parts =
      [lower.map { "\($0.isIncluded ? "≥" : ">") \($0.value.plainValue)" }]
      + [upper.map { "\($0.isIncluded ? "≤" : "<") \($0.value.plainValue)" }]
    let region = parts.compactMap(\.self).joined(separator: " and ")
    return region.isEmpty ? "anything" : region
  }
}
