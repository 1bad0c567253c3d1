import SourceDiagnostics
import ThresholdCells

/// What each finding on a decision says, whichever way it was found.
struct FindingWording: Sendable {
  private let question: DecisionQuestion
  private let report: FindingReport
  private let text: QuestionText
  /// Rules marked in the excerpt of one finding; the others are counted.
  private static let markedRules = 8

  init(_ question: DecisionQuestion) {
    self.question = question
    report = FindingReport(question.program, decision: question.decision)
    text = QuestionText(question)
  }

  private var otherwise: Int { question.plan.rules.count }

  /// - Parameter named: axes that the witness names; nil for all.
  func gap(_ box: CellBox, witness: [Int], named: [Int]? = nil, more: String? = nil) -> Diagnostic {
    var notes = ["gap: \(text.region(box))"]
    if let row = ClosingRow(question).text(for: box) { notes.append("add, for example:   \(row)") }
    if let more { notes.append(more) }
    var finding = report.onDecision(
      "G1", .error,
      (text.isExact ? "" : "possibly ") + "no rule covers \(text.witness(witness, named: named))",
      notes: notes + text.doubtNotes)
    finding.witness = text.values(witness, named: named)
    if let draft = GapDraft(question).insertion(for: box) { finding.fixIts = [draft] }
    return finding
  }

  /// A value for which no rule holds, whatever the rest is.
  func uncovered(_ box: CellBox, axis: Int, more: String?) -> Diagnostic {
    // Every other axis is whole, as rules are asked.
    var whole = box
    for other in whole.ranges.indices where other != axis {
      whole.ranges[other] = 0..<question.axes[other].cellCount
    }
    var notes: [String] = []
    if let row = ClosingRow(question).text(for: whole) {
      notes.append("add, for example:   \(row)")
    }
    if let more { notes.append(more) }
    let witness = box.ranges.map(\.lowerBound)
    var finding = report.onDecision(
      "G2", .error,
      (text.isExact ? "" : "possibly ") + "no rule for \(text.ranks(witness, named: [axis]))",
      notes: ["for example \(text.witness(witness))"] + notes + text.doubtNotes)
    finding.witness = text.values(witness)
    if let draft = GapDraft(question).insertion(for: whole) { finding.fixIts = [draft] }
    return finding
  }

  func overlap(_ earlier: Int, _ later: Int, witness: [Int], named: [Int]? = nil) -> Diagnostic {
    let isSame = hasSameOutcome(earlier, later)
    let names = report.names([earlier, later])
    let both =
      (text.isExact ? "both hold" : "may both hold")
      + " for \(text.witness(witness, named: named))"
    var finding = report.onRules(
      isSame ? "O2" : "O1", isSame || !text.isExact ? .warning : .error,
      isSame ? "\(names) \(both), with the same outcome" : "\(names) \(both)",
      [(earlier, report.outcome(earlier)), (later, report.outcome(later))],
      notes: text.notes(on: witness, named: named))
    finding.witness = text.values(witness, named: named)
    return finding
  }

  func hasSameOutcome(_ one: Int, _ other: Int) -> Bool {
    report.rule(one).outcome == report.rule(other).outcome
      || report.outcome(one) == report.outcome(other)
  }

  func holdsForNothing(_ rule: Int) -> Diagnostic {
    report.onRules("U1", .error, "\(report.name(rule)) holds for no input", [(rule, "")])
  }

  /// A rule that others take every case of: one alone, or several together.
  func covered(_ rule: Int, by others: [Int]) -> Diagnostic {
    if others.count == 1, let single = others.first {
      return report.onRules(
        "U1", .error,
        "\(report.name(rule)) never decides: \(report.name(single)) takes every case of it",
        [(rule, "never decides"), (single, "")])
    }
    let shown = others.prefix(Self.markedRules)
    let names =
      shown.count == others.count
      ? report.names(others)
      : shown.map(report.name).joined(separator: ", ") + " and \(others.count - shown.count) more"
    return report.onRules(
      "U2", .error,
      "\(report.name(rule)) never decides: \(names) together take every case of it",
      [(rule, "never decides")] + shown.map { ($0, "") })
  }

  func deadOtherwise() -> Diagnostic {
    report.onRules(
      "U2", .error, "`otherwise` never decides: the rules cover every case",
      [(otherwise, "dead text")], help: ["remove it"])
  }

  /// - Parameters:
  ///   - members: how many of all combinations, in words.
  ///   - listed: the combinations, if they are listed.
  func share(_ members: String, of total: String, listed: [String] = []) -> Diagnostic {
    let isRanks = question.axes.allSatisfy { $0.isRanked && !$0.canBeMissing }
    return report.onRules(
      "S1", .note,
      "\(members) of \(total) \(isRanks ? "rank " : "")combinations end in otherwise",
      [(otherwise, "")], notes: listed)
  }
}
