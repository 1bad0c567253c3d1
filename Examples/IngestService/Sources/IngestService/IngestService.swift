import Glibc
import Rationale

/// A service in miniature: events as JSON lines on standard input, decisions on standard output,
/// traces in a log that `explain --customer` reads.
///
///     IngestService LOG STATIC-FILE SOURCE RULES... < events.jsonl
@main
enum IngestService {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 4 else {
      note("usage: IngestService LOG STATIC-FILE SOURCE RULES... < events.jsonl")
      exit(64)
    }
    do {
      try run(
        log: arguments[0], statics: arguments[1], source: arguments[2],
        rules: Array(arguments[3...]))
    } catch {
      note("error: \(error)")
      exit(1)
    }
  }

  static func run(log: String, statics: String, source: String, rules: [String]) throws {
    let service = try DecisionService(rules: rules, log: log)
    for notice in service.notices { note(notice) }
    try service.load("static", from: statics)
    var lines: [String] = []
    while let event = readLine() {
      try service.decide(on: event.utf8, from: source) { lines.append(describe($0)) }
      if lines.count >= 256 { try handOn(&lines, from: service) }
    }
    try handOn(&lines, from: service)
    try service.close()
    let counts = service.counts
    note("\(counts.decisions) decisions on \(counts.records) records")
  }

  /// A decision leaves the service after its trace is on the disk, not before.
  static func handOn(_ lines: inout [String], from service: DecisionService) throws {
    try service.commit()
    for line in lines { print(line) }
    lines.removeAll(keepingCapacity: true)
  }

  static func describe(_ decision: Decision) -> String {
    let who = "\(decision.subject) \(decision.name):"
    guard let trace = try? decision.trace() else { return "\(who) unreadable" }
    switch trace.result {
    case .decided(let outcome, let rule):
      return "\(who) \(outcome.displayText) (by \(trace.rules[rule].schema.name))"
    case .refused(let refusal, let field, _):
      return "\(who) refused, \(refusal)\(field.map { " \($0)" } ?? "")"
    }
  }

  static func note(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
  }
}
