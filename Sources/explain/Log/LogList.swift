internal import DataFields
internal import DecisionTrace
internal import FileIO
internal import TraceIndex
internal import TraceLog
internal import TraceReports

/// Decisions in lines: columns for people, or JSON. They are written as they come, some hundred at
/// a time.
struct LogList {
  private(set) var count = 0
  /// How many of them are traces that cannot be read.
  private(set) var unreadable = 0

  private let format: LogCommand.Format
  private let page: ReportPage
  private var rows: [[StyledText]] = []
  private var widths: [Int] = []
  private var bytes: [UInt8] = []

  /// Rows that are laid out together.
  private static let group = 256

  init(format: LogCommand.Format, capabilities: TerminalCapabilities) {
    self.format = format
    page = ReportPage(capabilities)
  }

  mutating func add(_ hit: TraceHit) throws(FileError) {
    count += 1
    if case .failure = hit.summary { unreadable += 1 }
    switch format {
    case .json:
      bytes += LogListJSON.line(hit)
      if bytes.count >= 1 << 16 { try end() }
    case .text:
      rows.append(cells(hit))
      if rows.count >= Self.group { try end() }
    }
  }

  /// Writes what waits.
  mutating func end() throws(FileError) {
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        // The last column is as wide as it is.
        if column < row.count - 1 { widths[column] = max(widths[column], cell.width) }
      }
    }
    for row in rows {
      bytes += line(row).rendered(usesColor: page.capabilities.usesColor).utf8 + [0x0A]
    }
    rows.removeAll(keepingCapacity: true)
    if bytes.isEmpty { return }
    try StandardOutput.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  private func line(_ row: [StyledText]) -> StyledText {
    var line = StyledText()
    var column = 0
    for (place, cell) in row.enumerated() {
      // Numbers end where they should, texts begin there.
      line.pad(to: place == 0 ? widths[0] - cell.width : column)
      line.append(cell)
      column += widths[place] + 2
    }
    return line
  }

  private func cells(_ hit: TraceHit) -> [StyledText] {
    let number = page.text("#\(PageText.count(hit.stored.index))", .faint)
    switch hit.summary {
    case .failure(let unreadable):
      return [number, page.text("cannot be read: \(unreadable.reason)", .failed)]
    case .success(let summary):
      return [
        number, page.text(summary.asOf?.description ?? "-", .faint), subject(hit, summary),
        page.text(summary.ending.decision), ending(summary.ending), by(summary.ending),
      ]
    }
  }

  /// Whom it is about, or why that is not told.
  private func subject(_ hit: TraceHit, _ summary: TraceBodySummary) -> StyledText {
    hit.stored.visibility == .open
      ? page.text(summary.subject) : page.text(hit.stored.visibility.rawValue, .faint)
  }

  private func ending(_ ending: TraceEnding) -> StyledText {
    if let outcome = ending.outcome {
      return page.text(outcome.isEmpty ? "(nothing)" : outcome, .strong)
    }
    let reason = ending.refusal.map { TraceJSONWriter.name($0) } ?? "?"
    return page.text("refused: \(reason)", .notice)
  }

  private func by(_ ending: TraceEnding) -> StyledText {
    var parts = ending.rules
    if let field = ending.field { parts.append(field) }
    if let override = ending.override { parts.append("override \(override)") }
    if !ending.reasonCodes.isEmpty {
      parts.append("[" + ending.reasonCodes.joined(separator: ", ") + "]")
    }
    return page.text(parts.joined(separator: " "), .faint)
  }
}

/// A decision of a list as JSON, in the form of `docs/log-list.schema.json`.
enum LogListJSON {
  static let version = 1

  /// One line with its line break.
  static func line(_ hit: TraceHit) -> [UInt8] {
    var json = JSONBytes()
    json.object { json in
      json.member("list_version", version)
      json.member("index", hit.stored.index)
      switch hit.summary {
      case .failure(let unreadable):
        json.member("status", "unreadable")
        json.member("fault", unreadable.reason)
      case .success(let summary):
        json.member("status", summary.ending.refusal == nil ? "decided" : "refused")
        write(summary, hit.stored.visibility, &json)
      }
    }
    return json.bytes + [0x0A]
  }

  private static func write(
    _ summary: TraceBodySummary, _ visibility: Visibility, _ json: inout JSONBytes
  ) {
    let ending = summary.ending
    json.member("decision", ending.decision)
    json.member("subject", visibility == .open ? summary.subject : nil)
    if visibility != .open { json.member("visibility", visibility.rawValue) }
    json.member("as_of", summary.asOf?.description)
    json.key("id")
    json.object { json in
      json.member("source", summary.id.source)
      json.member("record", summary.id.record)
      json.member("index", summary.id.index)
    }
    if let refusal = ending.refusal {
      json.member("refusal", TraceJSONWriter.name(refusal))
      json.member("field", ending.field)
    } else {
      json.member("outcome", ending.outcome)
      if !ending.collected.isEmpty {
        json.key("collected")
        json.array(ending.collected) { $0.string($1) }
      }
    }
    json.key("rules")
    json.array(ending.rules) { $0.string($1) }
    json.key("reason_codes")
    json.array(ending.reasonCodes) { $0.string($1) }
    json.member("override", ending.override)
  }
}
