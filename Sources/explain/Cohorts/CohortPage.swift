internal import DataFields
internal import DecisionTrace
internal import PopulationViews
internal import TraceReports

/// Cohorts as a page of text: each by its rule, and by what tells it from the next.
struct CohortPage {
  private let cohorts: Cohorts
  private let options: Cohorts.Options
  private var page: ReportPage

  init(_ cohorts: Cohorts, _ options: Cohorts.Options, capabilities: TerminalCapabilities) {
    self.cohorts = cohorts
    self.options = options
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
    var title: StyledText
    switch cohorts.maker {
    case .decision(let schema):
      title = text("Cohorts of ", .faint) + text(schema.decision, .strong)
    case .model(let signature, let result):
      title = text("Cohorts of ", .faint) + text(result, .strong)
      title.append(text(" by \(signature.path)", .faint))
    }
    let grouped = cohorts.rowCount - cohorts.leftOut
    title.append(text(" · \(PageText.count(grouped, "row"))"))
    if cohorts.leftOut > 0 {
      title.append(text(", \(PageText.count(cohorts.leftOut)) without an outcome left out", .faint))
    }
    if let sum = options.sum, let total = cohorts.total {
      title.append(text(" · \(sum) \(total.displayText)"))
      if total.unread > 0 {
        title.append(text(" (\(PageText.count(total.unread, "row")) without a number)", .faint))
      }
    }
    page.paragraph(title, indent: 1)
    for cohort in cohorts.cohorts { write(cohort, of: grouped) }
    page.blank()
    page.paragraph(
      text(
        "rules of at most \(options.description.longest) of \(cohorts.conditionCount) conditions; "
          + "the best \(name(options.description.quality))", .faint), indent: 1)
  }

  private func name(_ quality: RuleQuality) -> String {
    switch quality {
    case .f1: "F1 (harmonic mean of coverage and precision)"
    case .weightedRelativeAccuracy: "weighted relative accuracy"
    }
  }

  private mutating func write(_ cohort: CohortDescription, of grouped: Int) {
    var size = text(
      "\(PageText.count(cohort.count, "row")), \(PageText.share(cohort.count, of: grouped))")
    if let sum = cohorts.sums[cohort.name], let total = cohorts.total, let name = options.sum {
      size.append(text(" · \(name) \(sum.displayText)"))
      if let share = sum.share(of: total) { size.append(text(", \(PageText.share(share))")) }
    }
    page.heading(cohort.name, right: size)
    guard let rule = cohort.rule else {
      return page.paragraph(text("no condition tells these rows from others", .faint), indent: 2)
    }
    write(rule, of: cohort)
    if rule.quality <= rule.baseline {
      page.paragraph(
        text("no better than to say so of every row (\(quality(rule.baseline)))", .notice),
        indent: 4)
    }
    guard let next = cohort.next else { return }
    page.paragraph(text("unlike ", .faint) + text(next.name), indent: 2)
    if let rule = next.rule {
      write(rule, of: cohort)
    } else {
      page.paragraph(text("no condition tells the two apart", .faint), indent: 4)
    }
  }

  private mutating func write(_ rule: CohortDescription.Rule, of cohort: CohortDescription) {
    page.paragraph(
      text(rule.conditions.map(\.text).joined(separator: " and "), .strong), indent: 4,
      label: StyledText("    "))
    let meanings = rule.conditions.compactMap(\.meaning)
    if !meanings.isEmpty {
      page.paragraph(
        text("that is " + meanings.joined(separator: " and "), .faint), indent: 6,
        label: StyledText("      "))
    }
    let proof =
      rule.isProved ? "proved best" : "best found; none is better than \(quality(rule.bound))"
    let figures =
      "covers \(PageText.share(cohort.coverage(of: rule)))"
      + " (\(PageText.count(rule.cover.inside)) of \(PageText.count(cohort.count)))"
      + " · precision \(PageText.share(rule.precision))"
      + " (\(PageText.count(rule.cover.inside)) of \(PageText.count(rule.cover.count)))"
      + " · \(label) \(quality(rule.quality))"
    page.paragraph(
      text(figures) + text("  [\(proof)]", .faint), indent: 6, label: StyledText("      "))
  }

  private var label: String { options.description.quality == .f1 ? "F1" : "WRAcc" }

  private func quality(_ value: Double) -> String { NumberForm.fixed(value, digits: 3) }
}
