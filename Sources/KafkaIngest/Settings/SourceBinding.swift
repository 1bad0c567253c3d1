internal import Decisions
internal import EventIngest
internal import RuleLanguage
internal import SourceDiagnostics

/// Which topic each event source of the rules is read from, and whether everything that is named is
/// there.
struct SourceBinding {
  let feeds: [PartitionLane.Feed]

  init(_ library: DecisionLibrary, _ settings: IngestSettings) throws(DiagnosticsError) {
    let program = library.program
    var events: [String] = []
    for event in program.events where !events.contains(event.source) { events.append(event.source) }
    let inputs = Set(program.inputs.map(\.source))
    var faults: [Diagnostic] = []
    func unknown(_ name: String, _ kind: String, among known: [String]) {
      let near = NearMiss.suggestion(for: name, among: known)
      faults.append(
        Diagnostic(
          code: "I7", message: "no ruleset has \(kind) `\(name)`",
          notes: known.isEmpty
            ? [] : ["there are \(known.map { "`\($0)`" }.joined(separator: ", "))"],
          help: near.map { ["did you mean `\($0)`?"] } ?? []))
    }
    for topic in settings.topics where !events.contains(topic.source) {
      unknown(topic.source, "a source of events", among: events)
    }
    for input in settings.inputs where !inputs.contains(input.source) {
      unknown(input.source, "a static source", among: inputs.sorted())
    }
    let decisions = program.decisions.map(\.name)
    for publication in settings.publications where !decisions.contains(publication.decision) {
      unknown(publication.decision, "a decision", among: decisions)
    }
    for source in inputs.sorted() where !events.contains(source) {
      if settings.inputs.contains(where: { $0.source == source }) { continue }
      faults.append(
        Diagnostic(
          code: "I7", message: "the static source `\(source)` has no file",
          help: ["name it with   --input \(source)=FILE"]))
    }
    if events.isEmpty {
      faults.append(Diagnostic(code: "I7", message: "no ruleset has events to decide on"))
    }
    if !faults.isEmpty { throw DiagnosticsError(faults) }
    feeds = events.map { source in
      let bound = settings.topics.last { $0.source == source }
      return PartitionLane.Feed(source: source, topic: bound?.topic ?? source)
    }
  }
}
