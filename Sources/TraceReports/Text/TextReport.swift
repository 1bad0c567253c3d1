package import DecisionTrace
package import Explanations

/// One decision's trace as a page of text: the outcome, why, and what it rests on.
///
/// The page says what the body of the trace holds and what follows from it by arithmetic; with what
/// follows from the artefacts as well, where that was worked out. The same input gives the same
/// bytes.
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
    /// The name of the log that holds `unchangedSince`, if it is another.
    package var sinceLog: String?

    package init(
      number: Int? = nil, unchangedSince: Int? = nil, log: String? = nil, sinceLog: String? = nil
    ) {
      self.number = number
      self.unchangedSince = unchangedSince
      self.log = log
      self.sinceLog = sinceLog
    }
  }

  let trace: Trace
  let placement: Placement
  /// What follows from the trace and its artefacts; nil where it was not worked out.
  let derived: DerivedExplanation?
  var page: ReportPage

  package init(
    _ trace: Trace, placement: Placement = Placement(), derived: DerivedExplanation? = nil,
    capabilities: TerminalCapabilities
  ) {
    self.trace = trace
    self.derived = derived
    self.placement = placement
    page = ReportPage(capabilities)
  }

  /// The page, each line ending in a line break.
  package func rendered() -> String {
    var report = self
    report.writeHeader()
    report.writeOutcome()
    report.writeWhy()
    report.writeReason()
    report.writeRanks()
    report.writeRules()
    report.writeLevels()
    report.writeScores()
    report.writeFlips()
    report.writeInputs()
    report.writeEvidence()
    return report.page.rendered
  }

  func text(_ text: String, _ style: TextStyle = .plain) -> StyledText { page.text(text, style) }
}
