import DecisionTrace

extension TextReport {
  private static let gaugeWidth = 17

  /// Each rank: its value, its level, where it lies between the cut points, how the value came
  /// about and what a change of level would take.
  mutating func writeRanks() {
    if trace.ranks.isEmpty { return }
    page.heading("Ranks")
    let names = trace.ranks.map { text($0.schema.name) }
    let levels = trace.ranks.map { text($0.level == nil ? "–" : level($0), .strong) }
    let values = trace.ranks.map { text(shown(trace.values[$0.value])) }
    let levelColumn = 2 + (names.map(\.width).max() ?? 0) + 2
    let valueColumn = levelColumn + (levels.map(\.width).max() ?? 0) + 2
    let gaugeColumn = valueColumn + (values.map(\.width).max() ?? 0) + 2
    let marginColumn = gaugeColumn + (gauges.map(\.width).max() ?? 0) + 3
    for (index, rank) in trace.ranks.enumerated() {
      let value = trace.values[rank.value]
      let indent = min(levelColumn, 14)
      var margins = trace.nearestMargins(rank).map { text(MarginText.text($0, of: value)) }
      // On a wide page the first change of level stands beside its gauge.
      var cells = [
        (2, names[index]), (levelColumn, levels[index]), (valueColumn, values[index]),
        (gaugeColumn, gauges[index]),
      ]
      if let first = margins.first, marginColumn + first.width <= page.width {
        cells.append((marginColumn, first))
        margins.removeFirst()
      }
      page.row(cells, indent: indent)
      page.paragraph(origin(of: rank, value), indent: indent)
      for margin in margins {
        // Below the first one, if that stands in the row above.
        let column = cells.count > 4 && marginColumn + margin.width <= page.width
        page.paragraph(margin, indent: column ? marginColumn : indent)
      }
      writeRawMargins(rank, indent: indent)
      if !value.isMasked, let edge = rank.margins.first(where: \.isKnifeEdge) {
        page.paragraph(text(Self.edgeText(edge), .notice), indent: indent)
      }
    }
  }

  private static func edgeText(_ margin: Trace.Margin) -> String {
    if case .double(let distance) = margin.distance, distance != 0 {
      return "within 8 units in the last place of \(margin.cutPointName)"
    }
    return "exactly on \(margin.cutPointName)"
  }

  /// Number lines between the names of their lowest and highest levels, one below the other.
  private var gauges: [StyledText] {
    let ends = trace.ranks.map { rank in
      let levels = rank.schema.intervalLevels.map { rank.schema.levels[$0] }
      return (text(levels.first ?? "", .faint), text(levels.last ?? "", .faint))
    }
    let start = ends.map(\.0.width).max() ?? 0
    return trace.ranks.indices.map { index in
      let rank = trace.ranks[index]
      let gauge = Gauge(rank, value: trace.values[rank.value])
      return StyledText().padded(to: start - ends[index].0.width) + ends[index].0
        + text(" " + gauge.text(width: Self.gaugeWidth) + " ") + ends[index].1
    }
  }

  /// What is ranked, and the arithmetic behind it.
  private func origin(of rank: Trace.Rank, _ value: Trace.Value) -> StyledText {
    var line = text(value.field.name, .faint)
    if let derivation = Derivation.text(of: rank.value, in: trace) {
      line.append(text(" = \(derivation)", .faint))
    }
    return line
  }

  /// Scores are shortened here unless they lie at a cut point; *Inputs* has them in full.
  private func shown(_ value: Trace.Value) -> String {
    guard case .double(let score) = value.content else { return value.reportText }
    return NumberForm.fixed(score, digits: max(4, NumberForm.digits(for: [score])))
  }
}
