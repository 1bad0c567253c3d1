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

  /// The paths of the logs.
  private let logs: [String]
  private let isBrief: Bool
  private var explainers: [TraceExplainer]
  private var pages: [Page] = []
  private var notices: Set<String> = []

  /// - Parameters:
  ///   - isBrief: only what the traces themselves say.
  ///   - isRaw: attributions to the raw inputs, too.
  ///   - population: a file of rows that decisions are set against.
  init(
    of logs: TraceLogSet, isBrief: Bool = false, isRaw: Bool = false, population: String? = nil
  ) {
    self.logs = logs.logs.map(\.path)
    self.isBrief = isBrief
    var options = DerivedExplanation.Options()
    options.raw = isRaw
    explainers = logs.logs.map {
      TraceExplainer($0, options: options, population: population)
    }
  }

  mutating func add(
    _ entry: SubjectHistory.Entry, against reference: TraceExplainer.Reference = .population
  ) throws {
    var page = Page(entry: entry)
    defer { pages.append(page) }
    if isBrief { return }
    if entry.trace.visibility != .open {
      notices.insert(
        "reasons and changes are left out of what is \(entry.trace.visibility.rawValue)")
      return
    }
    do {
      page.entry.trace = try explainers[entry.log].attributed(entry.trace)
    } catch let error as RecordedLibrary.Fault {
      notices.insert("attributions are left out: \(error)")
    } catch let error as DecisionLibrary.OnReadFault {
      notices.insert("attributions are left out: \(error)")
    }
    do {
      page.explanation = try explainers[entry.log].explanation(
        of: entry.trace, against: reference)
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
          number: page.entry.number, unchangedSince: page.entry.unchangedSince,
          log: logs[page.entry.log],
          sinceLog: page.entry.sinceLog == page.entry.log
            ? nil : page.entry.sinceLog.map { logs[$0] }),
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
          number: page.entry.number, unchangedSince: page.entry.unchangedSince,
          log: logs.count > 1 ? logs[page.entry.log] : nil,
          sinceLog: page.entry.sinceLog.map { logs[$0] }),
        explanation: page.explanation.map { explanation in { explanation.write(to: &$0) } })
      lines.append(UInt8(ascii: "\n"))
    }
    return lines
  }
}
