internal import Attribution
internal import DataFields
internal import PMML
internal import PopulationViews
internal import TraceReports

/// The importance of a model's fields as a page of text.
struct ModelImportancePage {
  private let importance: ModelImportance
  private let showsAll: Bool
  private var page: ReportPage
  /// Fields beyond these are summed up, unless all are asked for.
  private static let limit = 20

  init(_ importance: ModelImportance, showsAll: Bool, capabilities: TerminalCapabilities) {
    self.importance = importance
    self.showsAll = showsAll
    page = ReportPage(capabilities)
  }

  func rendered() -> String {
    var copy = self
    copy.write()
    return copy.page.rendered
  }

  private mutating func write() {
    let signature = importance.model.signature
    var title = page.text("Importance ", .faint) + page.text(signature.path, .strong)
    title.append(page.text(" · \(PageText.count(importance.rowCount, "row"))"))
    if importance.unscoredCount > 0 {
      title.append(page.text(", \(PageText.count(importance.unscoredCount)) not scored"))
    }
    page.paragraph(title, indent: 1)
    for part in importance.parts { write(part) }
    if let splits = importance.splits, splits.severalFields > 0 {
      page.blank()
      page.paragraph(
        page.text(
          "\(PageText.count(splits.severalFields, "more split")) on what is derived from several "
            + "fields", .faint), indent: 2)
    }
    writeDocumentImportance()
  }

  private mutating func write(_ part: ModelImportance.Part) {
    let attributor = part.attributor
    page.heading(
      part.label.map { "\($0): \(attributor.attributed)" } ?? attributor.attributed,
      right: page.text(attributor.method, .faint))
    let fields = part.importance.fields
    guard !fields.isEmpty else {
      page.paragraph(page.text("no row was attributed", .notice), indent: 2)
      return
    }
    let shown = showsAll ? fields[...] : fields.prefix(Self.limit)
    let longest = fields[0].meanMagnitude
    let digits = NumberForm.digits(for: [longest])
    let hasSplits = importance.splits != nil
    var table = BarTable(
      heads: ["mean |attribution|", "share"].map { page.text($0, .faint) }
        + (hasSplits ? [page.text("splits", .faint)] : []))
    for field in shown {
      table.add(
        BarTable.Row(
          label: page.text(field.name), share: longest > 0 ? field.meanMagnitude / longest : 0,
          style: .raises,
          cells: [
            page.text(NumberForm.fixed(field.meanMagnitude, digits: digits)),
            page.text(field.share.map(PageText.share) ?? ""),
          ] + (hasSplits ? [page.text(splits(field.name))] : [])))
    }
    table.write(on: &page)
    let rest = fields.dropFirst(shown.count)
    if !rest.isEmpty {
      let share = rest.reduce(0) { $0 + ($1.share ?? 0) }
      page.paragraph(
        page.text(
          "and \(PageText.count(rest.count, "field")) more, \(PageText.share(share)) together "
            + "(--all names them)", .faint), indent: 2)
    }
    if part.missing > 0 {
      page.paragraph(
        page.text(
          "\(PageText.count(part.missing, "scored row")) without attributions", .notice), indent: 2)
    }
  }

  private func splits(_ field: String) -> String {
    importance.splits(of: field).map { PageText.count($0) } ?? ""
  }

  /// What the document itself says, on whatever ground: kept apart from what was measured.
  private mutating func writeDocumentImportance() {
    // A document may say what is no number; such a field stands last.
    let stated = importance.model.signature.inputs.compactMap { field in
      field.importance.map { (name: field.name, value: $0) }
    }
    if stated.isEmpty { return }
    page.heading(
      "Stated in the document", right: page.text("MiningField importance", .faint))
    let longest = stated.map(\.value).filter(\.isFinite).max() ?? 0
    func rank(_ value: Double) -> Double { value.isNaN ? -.infinity : value }
    let sorted = stated.enumerated().sorted { left, right in
      let (first, second) = (rank(left.element.value), rank(right.element.value))
      return first != second ? first > second : left.offset < right.offset
    }
    var table = BarTable(heads: [StyledText()])
    for (_, field) in sorted {
      table.add(
        BarTable.Row(
          label: page.text(field.name), share: longest > 0 ? field.value / longest : 0,
          style: .faint, cells: [page.text("\(field.value)")]))
    }
    table.write(on: &page)
  }
}
