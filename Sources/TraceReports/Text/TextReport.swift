package import DecisionTrace

/// One decision's trace as a page of text: the outcome, why, and what it rests on.
///
/// The page says what the body of the trace holds and what follows from it by arithmetic, and
/// nothing else. The same trace and capabilities give the same bytes.
package struct TextReport: Sendable {
  /// What a log knows of a trace beside its body.
  package struct Placement: Sendable, Hashable {
    /// The trace's number in its log.
    package var number: Int?
    /// The number of the trace from which on the outcome has been the same; nil if this one
    /// changed it or nothing is known.
    package var unchangedSince: Int?
    /// The log's name.
    package var log: String?

    package init(number: Int? = nil, unchangedSince: Int? = nil, log: String? = nil) {
      self.number = number
      self.unchangedSince = unchangedSince
      self.log = log
    }
  }

  let trace: Trace
  let placement: Placement
  var page: ReportPage

  package init(
    _ trace: Trace, placement: Placement = Placement(), capabilities: TerminalCapabilities
  ) {
    self.trace = trace
    self.placement = placement
    page = ReportPage(capabilities)
  }

  /// The page, each line ending in a line break.
  package func rendered() -> String {
    var report = self
    report.writeHeader()
    report.writeOutcome()
    report.writeWhy()
    report.writeRanks()
    report.writeRules()
    report.writeScores()
    report.writeInputs()
    report.writeEvidence()
    return report.page.rendered
  }

  func text(_ text: String, _ style: TextStyle = .plain) -> StyledText { page.text(text, style) }
}
