internal import DataFields
internal import DecisionTrace
internal import PopulationViews
internal import TraceReports

/// What rulesets come to on many rows, as a page of text.
struct RulesImportancePage {
  private let importance: RulesImportance
  private let showsAll: Bool
  private var page: ReportPage
  private static let limit = 20

  init(_ importance: RulesImportance, showsAll: Bool, capabilities: TerminalCapabilities) {
    self.importance = importance
    self.showsAll = showsAll
    page = ReportPage(capabilities)
  }

  func rendered() -> String {
    var copy = self
    copy.write()
    return copy.page.rendered
  }

  private func text(_ text: String, _ style: TextStyle = .plain) -> StyledText {
    page.text(text, style)
  }

  private mutating func write() {
    for population in importance.populations {
      page.blank()
      var title = text("Decision ", .faint) + text(population.schema.decision, .strong)
      let noun = importance.counted == .rows ? "row" : "subject"
      title.append(text(" · \(PageText.count(population.count, noun))"))
      if importance.counted == .subjects { title.append(text(", as their last events left them")) }
      page.paragraph(title, indent: 1)
      writeOutcomes(population)
      writeRules(population)
      writeRefusals(population)
      for rank in population.schema.ranks.indices { writeRank(population, rank) }
      for model in population.schema.models.indices { writeModel(population, model) }
    }
    if importance.populations.contains(where: { $0.ranks.contains { !$0.cutPoints.isEmpty } }) {
      page.blank()
      page.paragraph(
        text("±5%: no more than 5 % below | above the cut point; the wider has the nearer", .faint),
        indent: 1)
    }
  }

  // MARK: Outcomes and rules

  private mutating func writeOutcomes(_ population: DecisionPopulation) {
    page.heading("Outcomes")
    var table = BarTable(heads: [StyledText(), StyledText()])
    let sorted = population.sortedOutcomes
    let shown = showsAll ? sorted[...] : sorted.prefix(Self.limit)
    let longest = max(sorted.first?.count ?? 0, population.refused, 1)
    func add(_ label: StyledText, _ count: Int, _ style: TextStyle) {
      table.add(
        BarTable.Row(
          label: label, share: Double(count) / Double(longest), style: style,
          cells: [text(PageText.count(count)), text(PageText.share(count, of: population.count))]))
    }
    for (outcome, count) in shown { add(text(outcome), count, .held) }
    let others = sorted.dropFirst(shown.count).reduce(population.otherOutcomes) { $0 + $1.count }
    if others > 0 { add(text("other outcomes", .faint), others, .faint) }
    if population.refused > 0 { add(text("refused", .notice), population.refused, .notice) }
    table.write(on: &page)
    if let otherwise = population.otherwise {
      page.paragraph(
        text(
          "\(PageText.share(otherwise, of: max(population.count, 1))) ended in otherwise: "
            + "\(PageText.count(otherwise)) that no rule holds for", .faint), indent: 2)
    }
  }

  private mutating func writeRules(_ population: DecisionPopulation) {
    let schema = population.schema
    page.heading(
      "Rules", right: text("\(schema.path) @ \(schema.rulesetDigest.abbreviated)", .faint))
    var table = BarTable(heads: ["held", "decided", ""].map { text($0, .faint) })
    // Of very many rules those that hold say most; what never holds is named by `explain check`.
    let busiest = schema.rules.indices.sorted {
      population.rules[$0].decided != population.rules[$1].decided
        ? population.rules[$0].decided > population.rules[$1].decided : $0 < $1
    }
    let shown = showsAll ? busiest[...] : busiest.prefix(Self.limit)
    let longest = max(shown.first.map { population.rules[$0].decided } ?? 0, 1)
    for rule in shown.sorted() {
      let count = population.rules[rule]
      var label = text(schema.rules[rule].name)
      if let code = schema.rules[rule].reasonCode { label.append(text(" [\(code)]", .faint)) }
      table.add(
        BarTable.Row(
          label: label, share: Double(count.decided) / Double(longest),
          style: schema.rules[rule].isOtherwise ? .notice : .held,
          cells: [
            text(schema.rules[rule].isOtherwise ? "" : PageText.count(count.held)),
            text(PageText.count(count.decided)),
            text(PageText.share(count.decided, of: population.count)),
          ]))
    }
    table.write(on: &page)
    let rest = busiest.dropFirst(shown.count)
    if !rest.isEmpty {
      let decided = rest.reduce(0) { $0 + population.rules[$1].decided }
      page.paragraph(
        text(
          "and \(PageText.count(rest.count, "rule")) more, which decided "
            + "\(PageText.count(decided)) (--all names them)", .faint), indent: 2)
    }
    for (place, count) in population.overrides.enumerated() where count > 0 {
      page.paragraph(
        text("override \(schema.overrides[place].name): \(PageText.count(count))"), indent: 2)
    }
  }

  private mutating func writeRefusals(_ population: DecisionPopulation) {
    let refusals = population.refusals
    if refusals.isEmpty { return }
    page.heading("Refusals")
    var table = BarTable(heads: [StyledText(), StyledText()])
    for refusal in refusals {
      var label = text(TraceJSONWriter.name(refusal.refusal).replacing("_", with: " "))
      if let field = refusal.field { label.append(text(" \(field)")) }
      table.add(
        BarTable.Row(
          label: label, share: Double(refusal.count) / Double(refusals[0].count), style: .notice,
          cells: [
            text(PageText.count(refusal.count)),
            text(PageText.share(refusal.count, of: population.count)),
          ]))
    }
    table.write(on: &page)
  }

  // MARK: Cut points

  private mutating func writeRank(_ population: DecisionPopulation, _ place: Int) {
    let rank = population.schema.ranks[place]
    let count = population.ranks[place]
    page.heading(
      "Rank \(rank.name)", right: text("of \(population.schema.fields[rank.field].name)", .faint))
    var levels = StyledText()
    for (level, name) in rank.levels.enumerated() {
      if level > 0 { levels.append(text(" · ", .faint)) }
      levels.append(text(name, .strong) + text(" \(PageText.count(count.levels[level]))"))
    }
    if count.missing > 0 {
      levels.append(text(" · ", .faint) + text("no value \(PageText.count(count.missing))"))
    }
    page.paragraph(levels, indent: 2)
    guard let first = count.cutPoints.first else { return }
    let bands = first.bands.map(\.nearness)
    var rows = [["", "below", "on", "above"] + bands.map { "±\($0)" }]
    for cut in count.cutPoints {
      var row = [
        "\(cut.name) = \(cut.value.bareText)", PageText.count(cut.below), PageText.count(cut.on),
        PageText.count(cut.above),
      ]
      for near in bands {
        let band = cut.bands.first { $0.nearness == near }
        row.append(
          band.map { "\(PageText.count($0.below)) | \(PageText.count($0.above))" } ?? "–")
      }
      rows.append(row)
    }
    write(rows)
  }

  /// Columns, the first at the left and the others at the right; what does not fit goes on below.
  private mutating func write(_ rows: [[String]]) {
    let fitted = rows.map { $0.map { text($0) } }
    let widths = (rows.first ?? []).indices.map { column in
      fitted.map { $0.indices.contains(column) ? $0[column].width : 0 }.max() ?? 0
    }
    for (place, row) in fitted.enumerated() {
      var cells: [(column: Int, text: StyledText)] = []
      var end = 2
      for (column, cell) in row.enumerated() {
        let padding = widths[column] - cell.width
        let style: TextStyle = place == 0 ? .faint : .plain
        let words = text(rows[place][column], style)
        cells.append((column == 0 ? end : end + padding, words))
        end += widths[column] + 2
      }
      if end - 2 <= page.width {
        var line = StyledText()
        for cell in cells { line = line.padded(to: cell.column) + cell.text }
        page.line(line)
      } else if place > 0 {
        // Too narrow for columns: each number with its title.
        page.row([(2, cells[0].text)], indent: 4)
        page.row(
          cells.indices.dropFirst().map { column in
            (0, text("\(rows[0][column]) ", .faint) + cells[column].text)
          }.enumerated().map { ($0.offset == 0 ? 4 : 0, $0.element.1) }, indent: 4)
      }
    }
  }

  // MARK: Models

  private mutating func writeModel(_ population: DecisionPopulation, _ place: Int) {
    let model = population.schema.models[place]
    let count = population.models[place]
    page.heading("Model \(model.name)", right: text(model.method, .faint))
    let fields = count.importance.fields
    guard let longest = fields.first?.meanMagnitude else {
      let why =
        model.method.isEmpty
        ? "the ruleset has its scores not explained" : "no score has attributions"
      return page.paragraph(text(why, .faint), indent: 2)
    }
    let digits = NumberForm.digits(for: [longest])
    var table = BarTable(heads: ["mean |attribution|", "share"].map { text($0, .faint) })
    for field in fields {
      table.add(
        BarTable.Row(
          label: text(field.name), share: longest > 0 ? field.meanMagnitude / longest : 0,
          style: .raises,
          cells: [
            text(NumberForm.fixed(field.meanMagnitude, digits: digits)),
            text(field.share.map(PageText.share) ?? ""),
          ]))
    }
    table.write(on: &page)
    let what = model.attributed.isEmpty ? "" : "of \(model.attributed), "
    page.paragraph(
      text("\(what)\(PageText.count(count.importance.rowCount, "score"))", .faint), indent: 2)
  }
}
