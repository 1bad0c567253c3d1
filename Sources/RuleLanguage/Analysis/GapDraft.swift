import DataFields
import SourceDiagnostics
import ThresholdCells

/// The row or rule that would close a gap, as an edit: its outcome and reason are for the author to
/// decide, and say so.
struct GapDraft {
  private let question: DecisionQuestion
  private let report: FindingReport
  /// What stands where an outcome is to be decided.
  static let outcome = "\"TO BE DECIDED\""

  init(_ question: DecisionQuestion) {
    self.question = question
    report = FindingReport(question.program, decision: question.decision)
  }

  /// - Returns: nil where outcomes are no texts of the author's choice, or the gap has no such form.
  func insertion(for box: CellBox) -> Diagnostic.FixIt? {
    let program = question.program
    guard !question.axes.contains(where: \.isIndirect), !question.plan.rules.isEmpty,
      [.unique, .first, .any].contains(question.plan.hitPolicy),
      program.code.layout.slots[report.rule(0).outcome].type == .text,
      let file = program.sources.files.firstIndex(where: {
        $0.name == program.rulesets[question.plan.ruleset].path
      })
    else { return nil }
    let source = program.sources.files[file]
    guard
      let (place, text) = ClosingRow(question).isTable
        ? row(for: box, in: source) : rule(for: box, in: file)
    else { return nil }
    return Diagnostic.FixIt(
      message: "close the gap; its outcome and reason are to be decided", file: source.name,
      start: place, end: place, replacement: text, isDraft: true
    ).located(in: program.sources)
  }

  private func row(for box: CellBox, in source: SourceFile) -> (Int, String)? {
    let closing = ClosingRow(question)
    guard let cells = closing.cells(for: box), let columns = closing.columns() else { return nil }
    let results = columns.results.map { name in
      switch name {
      case "then": Self.outcome
      case "reason": reasonCode
      default: "*"
      }
    }
    let last = source.lineBytes(report.rule(question.plan.rules.count - 1).line)
    let indent = String(decoding: last.prefix { $0 == 0x20 || $0 == 0x09 }, as: UTF8.self)
    return (last.endIndex, "\n\(indent)\(cells) || \(results.joined(separator: " | "))")
  }

  private func rule(for box: CellBox, in file: Int) -> (Int, String)? {
    guard !QuestionText(question).bound(box).isEmpty,
      let brace = closingBrace(in: file)
    else { return nil }
    let names = Set(question.plan.rules.map { question.program.rules[$0].name })
    let name = (1...).lazy.map { "gap_\($0)" }.first { !names.contains($0) } ?? "gap"
    let source = question.program.sources.files[file]
    let condition = QuestionText(question).region(box, isRule: true)
    let text =
      "  rule \(name) reason \(reasonCode) \"To be decided.\" when \(condition) then \(Self.outcome)\n"
    let before = source.bytes[..<brace].reversed().prefix { $0 == 0x20 || $0 == 0x09 }.count
    let start = brace - before
    let startsLine = start == 0 || source.bytes[start - 1] == UInt8(ascii: "\n")
    return startsLine ? (start, text) : (brace, "\n" + text)
  }

  /// A reason code that no rule has.
  private var reasonCode: String {
    let codes = Set(question.program.rules.compactMap(\.reasonCode))
    return (1...).lazy.map { "TBD-\($0)" }.first { !codes.contains($0) } ?? "TBD"
  }

  private static let longestFile = 256 << 10

  /// The brace that ends the decision.
  private func closingBrace(in file: Int) -> Int? {
    let sources = question.program.sources
    // Every gap reads the whole file: of a very long one there is no draft.
    guard sources.files[file].bytes.count <= Self.longestFile else { return nil }
    let (tokenized, _) = Lexer.tokenize(file, of: sources)
    var depth = 0
    for token in tokenized.tokens
    where sources.files[file].line(at: token.range.lowerBound) >= question.plan.line {
      switch token.kind {
      case .leftBrace: depth += 1
      case .rightBrace:
        depth -= 1
        if depth <= 0 { return depth == 0 ? token.range.lowerBound : nil }
      default: break
      }
    }
    return nil
  }
}
