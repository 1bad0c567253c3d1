internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import SourceDiagnostics
internal import TraceIndex
internal import TraceLog

extension LogCommand {
  /// `explain log list`: which decisions a log holds.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the decisions of a log, the newest first.",
      discussion: """
        What is asked for has to hold all together. Decisions are found by an index, which is brought \
        up to the log first, and each is read from the log. Where the log's folder cannot be written, \
        or with --no-index, what is in no index is found by reading the log.

        With --format json, each decision is one line, in the form of docs/log-list.schema.json.

        EXAMPLES
          explain log list --customer 334628087
          explain log list --decision invoice_profile --outcome "Developed Customers" --limit 20
          explain log list --rule otherwise --from 2021-01-01 --to 2021-01-31
          explain log list --reason missing --format json | jq -r .subject

        Exit codes: 0 done, 1 failure, 3 there is no such decision, 64 usage.
        """)

    @Option(help: ArgumentHelp("Only decisions about this customer.", valueName: "id"))
    var customer: String?

    @Option(help: ArgumentHelp("Only this decision.", valueName: "name"))
    var decision: String?

    @Option(
      help: ArgumentHelp("Only this outcome, as it is printed.", valueName: "outcome"))
    var outcome: String?

    @Option(
      help: ArgumentHelp("Only what this rule decided or took part in.", valueName: "name"))
    var rule: String?

    @Option(
      help: ArgumentHelp(
        "Only this reason code, or this reason of a refusal (`missing`).", valueName: "code"))
    var reason: String?

    @Option(help: ArgumentHelp("Only decisions as of this day or later.", valueName: "date"))
    var from: String?

    @Option(help: ArgumentHelp("Only decisions as of this day or earlier.", valueName: "date"))
    var to: String?

    @Option(help: ArgumentHelp("Only traces before this one.", valueName: "index"))
    var before: Int?

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit = 100

    @Option(help: "How to print.")
    var format = Format.text

    @Flag(help: "Read the whole log, and neither use nor write an index.")
    var noIndex = false

    @Flag(help: "No colours.")
    var plain = false

    @OptionGroup var reading: ReadingOptions

    @OptionGroup var location: Location

    func validate() throws {
      if let customer, customer.isEmpty { throw ValidationError("--customer: the id is empty") }
      guard limit >= 1, limit < .max else { throw ValidationError("--limit: expected 1 or more") }
      if let before, before < 0 { throw ValidationError("--before: expected 0 or more") }
      let query = try query()
      if let first = query.firstDay, let last = query.lastDay, first > last {
        throw ValidationError("--from \(first) is after --to \(last)")
      }
    }

    private func query() throws -> TraceQuery {
      var query = TraceQuery()
      query.subject = customer
      query.decision = decision
      query.outcome = outcome
      query.rule = rule
      query.reason = reason
      query.firstDay = try DayOption.day(from, "--from")
      query.lastDay = try DayOption.day(to, "--to")
      query.before = before
      return query
    }

    func run() throws {
      let index = TraceIndex(log: try location.reader(reading.access))
      let query = try query()
      var list = LogList(format: format, capabilities: Terminal.output(isPlain: plain))
      let report: TraceIndex.QueryReport
      var failure: (any Error)?
      var next: Int?
      // An index by someone who cannot tell subjects would hide traces from those who can.
      let maySeeAll = try index.log.readsEverything
      do throws(TraceIndexError) {
        if !noIndex, maySeeAll { try bringUp(index) }
        // One more tells whether there are more.
        report = try index.query(query, limit: limit + 1, usesIndex: !noIndex) { hit in
          guard list.count < limit else {
            next = hit.stored.index + 1
            return false
          }
          do { try list.add(hit) } catch { failure = error }
          return failure == nil
        }
      } catch {
        throw LogIndexing.failure(error)
      }
      if let failure { throw failure }
      try list.end()
      notice(report, next)
      if list.count == 0 { throw nothing(index) }
      if list.unreadable > 0 {
        throw CommandFailure(
          message: "\(PageText.count(list.unreadable, "trace")) of the log cannot be read")
      }
    }

    /// An index that cannot be written is no reason not to answer.
    private func bringUp(_ index: TraceIndex) throws(TraceIndexError) {
      do throws(TraceIndexError) {
        _ = try LogIndexing.bringUp(index)
      } catch {
        if case .log = error { throw error }
        StandardError.write("note: the index is left as it is: \(error)\n")
      }
    }

    private func notice(_ report: TraceIndex.QueryReport, _ next: Int?) {
      if let fault = report.fault { StandardError.write("note: \(fault)\n") }
      if !noIndex, report.scanned > 0 {
        let what = report.usesIndex ? "that are not in the index" : "without an index"
        StandardError.write("note: \(PageText.count(report.scanned, "trace")) read \(what)\n")
      }
      if report.contradicted > 0 {
        StandardError.write(
          "warning: of \(PageText.count(report.contradicted, "trace")) the index says otherwise "
            + "than the log, which counts; `explain log index --check` says where\n")
      }
      if let next {
        StandardError.write("note: there are more: --limit, or --before \(next)\n")
      }
    }

    private func nothing(_ index: TraceIndex) -> CommandFailure {
      var failure = CommandFailure(
        message: "the log `\(location.path)` holds no such decision",
        exitCode: CommandFailure.noDecision)
      guard !noIndex, let terms = try? index.terms else { return failure }
      let asked = [
        (decision, "decision", terms.decisions), (outcome, "outcome", terms.outcomes),
        (rule, "rule", terms.rules), (reason, "reason", terms.reasons),
      ]
      for case (let wanted?, let what, let known) in asked where !known.contains(wanted) {
        failure.message = "the log `\(location.path)` holds no \(what) `\(wanted)`"
        failure.help = NearMiss.suggestion(for: wanted, among: known.sorted())
          .map { "did you mean `\($0)`?" }
        break
      }
      return failure
    }
  }
}
