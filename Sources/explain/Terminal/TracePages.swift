internal import DecisionTrace
internal import Decisions
internal import Explanations
internal import Replay
internal import TraceLog
internal import TraceReports

/// Decisions of a log as pages or as JSON: what their traces say, and what follows from them by the
/// rules and models that the log keeps.
struct TracePages {
  /// A trace with the attributions that were left to its reader, and what follows from it; nil where
  /// the log does not hold what that takes, which is said once.
  private struct Page {
    var entry: SubjectHistory.Entry
    var explanation: DerivedExplanation?
  }

  private let log: String
  private let isBrief: Bool
  private var explainer: TraceExplainer
  private var pages: [Page] = []
  private var notices: Set<String> = []

  /// - Parameters:
  ///   - isBrief: only what the traces themselves say.
  ///   - isRaw: attributions to the raw inputs, too.
  ///   - population: a file of rows that decisions are set against.
  init(
    of reader: TraceLogReader, isBrief: Bool = false, isRaw: Bool = false,
    population: String? = nil
  ) {
    log = reader.path
    self.isBrief = isBrief
    var options = DerivedExplanation.Options()
    options.raw = isRaw
    explainer = TraceExplainer(reader, options: options, population: population)
  }

  mutating func add(
    _ entry: SubjectHistory.Entry, against reference: TraceExplainer.Reference = .population
  ) throws {
    var page = Page(entry: entry)
    defer { pages.append(page) }
    if isBrief { return }
    do {
      page.entry.trace = try explainer.attributed(entry.trace)
    } catch let error as RecordedLibrary.Fault {
      notices.insert("attributions are left out: \(error)")
    } catch let error as DecisionLibrary.OnReadFault {
      notices.insert("attributions are left out: \(error)")
    }
    do {
      page.explanation = try explainer.explanation(of: entry.trace, against: reference)
    } catch let error as RecordedLibrary.Fault {
      notices.insert("reasons and changes are left out: \(error)")
    } catch let error as DecidedCase.Fault {
      notices.insert("reasons and changes are left out: \(error)")
    }
  }

  /// Says on standard error what had to be left out.
  func report() {
    for notice in notices.sorted() { StandardError.write("notice: \(notice)\n") }
  }

  func text(_ capabilities: TerminalCapabilities) -> String {
    pages.map { page in
      TextReport(
        page.entry.trace,
        placement: TextReport.Placement(
          number: page.entry.number, unchangedSince: page.entry.unchangedSince, log: log),
        derived: page.explanation, capabilities: capabilities
      ).rendered()
    }.joined(separator: "\n\n")
  }

  /// One line of JSON for each decision.
  func json() -> [UInt8] {
    let writer = TraceJSONWriter()
    var lines: [UInt8] = []
    for page in pages {
      lines += writer.json(
        page.entry.trace,
        placement: TraceJSONWriter.Placement(
          number: page.entry.number, unchangedSince: page.entry.unchangedSince),
        explanation: page.explanation.map { explanation in { explanation.write(to: &$0) } })
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }
}
