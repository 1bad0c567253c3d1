internal import ArgumentParser
internal import DataFields
internal import DecisionTrace
internal import Explanations
internal import Replay
internal import TraceLog
internal import TraceReports

extension CustomerCommand {
  /// Where `--since` starts.
  func start() throws -> SubjectChanges.Start? {
    guard let since else { return nil }
    if since.hasPrefix("#") || since.allSatisfy({ $0.isASCII && $0.isNumber }) {
      guard let number = TraceNumber(argument: since) else {
        throw ValidationError("--since `\(since)` is no number of a trace: `#8111`")
      }
      return .number(number.index)
    }
    return try DayOption.day(since, "--since").map { .day($0) }
  }

  func print(changesSince start: SubjectChanges.Start, in logs: TraceLogSet) throws {
    if case .number = start, logs.logs.count > 1 {
      throw CommandFailure(
        message: "--since: a number names a trace of one log, and these are \(logs.logs.count)",
        help: "name a day, or the log with --log", exitCode: ExitCode(64))
    }
    let changes = try SubjectChanges(
      of: customer, in: logs, since: start, decision: decision, asOf: try day())
    var explainers = logs.logs.map { TraceExplainer($0) }
    var notices: Set<String> = []
    let courses = try changes.courses.map { course in
      DecidedCourse(
        course: course,
        turns: try course.turns.map { turn in
          DecidedCourse.DecidedTurn(
            turn: turn, decisive: try decisive(turn, &explainers, &notices))
        })
    }
    for notice in notices.sorted() { StandardError.write("notice: \(notice)\n") }
    let paths = logs.logs.map(\.path)
    switch format {
    case .text:
      try StandardOutput.write(
        courses.map { ChangesPage.text($0, customer: customer, start, logs: paths) }
          .joined(separator: "\n"))
    case .json:
      try StandardOutput.write(
        courses.flatMap { ChangesJSON.line($0, customer: customer, logs: paths) })
    }
  }

  /// Which of the facts that changed made a new outcome; nil where that cannot be told.
  private func decisive(
    _ turn: SubjectChanges.Turn, _ explainers: inout [TraceExplainer],
    _ notices: inout Set<String>
  ) throws -> DecisiveChanges? {
    guard turn.changesOutcome, turn.before.trace.schemaDigest == turn.after.trace.schemaDigest
    else {
      return nil
    }
    do {
      let before = try explainers[turn.before.log].decided(turn.before.trace)
      return before.decisiveChanges(to: turn.after.trace)
    } catch let error as RecordedLibrary.Fault {
      notices.insert("which facts made an outcome is left out: \(error)")
    } catch let error as DecidedCase.Fault {
      notices.insert("which facts made an outcome is left out: \(error)")
    }
    return nil
  }
}

/// How the decisions of one name went, and what made each new outcome.
struct DecidedCourse {
  struct DecidedTurn {
    var turn: SubjectChanges.Turn
    var decisive: DecisiveChanges?
  }

  var course: SubjectChanges.Course
  var turns: [DecidedTurn]
}
