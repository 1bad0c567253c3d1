internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import ReferenceData
internal import RuleLanguage
internal import SourceDiagnostics
internal import StreamFeatures
internal import TabularIO
internal import TraceLog

/// A decision that was just made, before anything of it is decoded.
struct MadeDecision {
  /// Index among the program's decisions.
  var decision: Int
  var subject: Int32
  var asOf: CalendarDate?
  var previous: Int32?
  /// Its trace's place in the log.
  var traceIndex: Int
  var body: [UInt8]
}

/// Where the record in hand comes from.
struct RecordOrigin {
  /// The source's name in the rules, and the file as the user gave it.
  var source: String
  var file: String
  /// What names the input in decisions, as text and bytes.
  var identity: String
  var identityBytes: [UInt8]

  init(source: String, file: String, identity: String) {
    self.source = source
    self.file = file
    self.identity = identity
    identityBytes = Array(identity.utf8)
  }
}

/// One lane: events in, in order; state, row, decision and trace for each.
///
/// A lane has one engine, one keyed state and one log, and is used from one thread at a time. A
/// rehearsal has no log: traces are handed on and forgotten.
final class DecisionLane {
  typealias Emit = (MadeDecision) throws(IngestError) -> Void

  let library: DecisionLibrary
  var program: Program { library.program }
  var engine: DecisionEngine
  var state: KeyedState
  var inputs: [InputTable]
  private(set) var events: [EventRuntime]
  var counts = IngestCounts()
  /// Nil in a rehearsal, as are ``letters``.
  var log: TraceLogWriter?
  var letters: DeadLetterLog?
  /// Events that came too late for a window; nil in a rehearsal.
  var lateEvents: DeadLetterLog?
  /// Hands on each dead letter, also those that an earlier run wrote down.
  var onDeadLetter: ((DeadLetter) -> Void)?
  /// Hands on each late event.
  var onLate: ((DeadLetter) -> Void)?
  /// Which subjects changed since a changelog was written; nil where none is kept.
  var changes: SubjectChanges?
  /// Whether the record in hand is in a subject's state already: the lane that this one goes on from
  /// had taken it.
  var isApplied: ((Int) -> Bool)?
  /// Decisions that an earlier run stored after its last snapshot.
  private var known: TraceIdentityIndex?
  private var encoder = TraceBodyEncoder()
  private let decisionKeys: [DecisionKey]
  /// When each decision's ruleset is in effect.
  private let effect: [EffectivePeriod]
  /// The decisions made after each kind of event.
  private let eventDecisions: [[Int]]
  private let scales: [RankScale]
  private let lists: [ListPlan]
  /// `--as-of`, in place of the events' own time.
  var asOf: CalendarDate?

  init(
    library: DecisionLibrary, log: consuming TraceLogWriter?, letters: consuming DeadLetterLog?,
    lateEvents: consuming DeadLetterLog? = nil, known: TraceIdentityIndex?, snapshot: StateSnapshot?
  ) {
    self.library = library
    var engine = DecisionEngine(library)
    if let snapshot {
      // In their order the texts get the codes that the state knows them by.
      for text in snapshot.texts {
        if let text { _ = engine.texts.intern(text) } else { engine.texts.addVacant() }
      }
      counts = IngestCounts(snapshot.counters)
    }
    self.engine = engine
    state = snapshot?.state ?? KeyedState(library.program)
    inputs = library.program.inputs.map { InputTable($0) }
    events = library.program.events.indices.map { EventRuntime(library.program, event: $0) }
    self.log = log
    self.letters = letters
    self.lateEvents = lateEvents
    self.known = known
    effect = library.program.decisions.map { library.program.rulesets[$0.ruleset].period }
    eventDecisions = library.program.events.map(\.decisions)
    scales = library.program.scales
    lists = library.program.lists
    decisionKeys = library.program.decisions.map { DecisionKey($0.name) }
  }

  // MARK: Static inputs

  /// Takes a record of a static source into its inputs.
  func takeInput(
    _ reader: RecordReader, _ plan: SourcePlan, _ origin: RecordOrigin
  ) throws(IngestError) {
    for reading in plan.inputs {
      let input = inputs[reading.index].plan
      var fault: FieldFault?
      engine.workspace.row.clear()
      for (number, field) in input.fields.enumerated() {
        let column = reading.columns[number]
        let given = reader.field(column)
        let result = engine.read(field, given, scales: scales)
        fault = field.fault(result, given, column: column, isRequired: number == input.key)
        if fault != nil { break }
      }
      let key = input.fields[input.key]
      if let fault {
        try bury(reader, origin, fault)
        counts.inputDeadLetters += 1
        return
      }
      // A subject is its key's text, of whatever type the key is.
      let keyText = reader.field(reading.columns[input.key]).bytes
      let place = addSubject(forText: keyText)
      if inputs[reading.index].contains(place) {
        let column = reading.columns[input.key]
        try bury(
          reader, origin,
          FieldFault(
            column: column, code: "duplicate-subject",
            reason: "\(key.name): `\(reader.field(column).text)` has a record already"))
        counts.inputDeadLetters += 1
        return
      }
      inputs[reading.index].set(place, from: engine.workspace.row)
    }
    counts.inputRecords += 1
  }

  // MARK: Events

  /// Takes a record of an event source: into the state, and to a decision.
  func take(
    _ reader: RecordReader, _ plan: SourcePlan, _ origin: RecordOrigin, emit: Emit
  ) throws(IngestError) {
    var isKnown = false
    var isNew = false
    var isCounted = false
    // Everything that can fail comes first, so that a dead letter touches no state.
    for reading in plan.events {
      if let fault = read(reader, reading) {
        counts.deadLetters += 1
        return try bury(reader, origin, fault)
      }
      if case .ready = events[reading.index].outcome {
        isKnown = true
        if let isApplied, isApplied(events[reading.index].place) {
          events[reading.index].outcome = .counted
          isCounted = true
        } else {
          isNew = true
        }
      }
    }
    guard isKnown else {
      counts.filteredUnknownSubject += 1
      return
    }
    // All of it was dealt with where the state comes from: it is accounted for there.
    if isCounted, !isNew { return }
    if let watermark = watermark(passed: plan) {
      counts.late += 1
      return try writeLate(reader, plan, origin, watermark)
    }
    var contributed = -1
    for reading in plan.events {
      guard case .ready(let contributes) = events[reading.index].outcome else { continue }
      let place = events[reading.index].place
      events[reading.index].aggregation.apply(to: &state, place: place)
      if events[reading.index].lateness != nil { state.note(time: events[reading.index].time) }
      changes?.note(place)
      // One link for one event, however many rulesets count it.
      if contributes, contributed != place {
        state.extendLineage(with: UnsafeRawBufferPointer(reader.rawRecord), for: place)
        contributed = place
      }
    }
    var made = 0
    var decided = 0
    for reading in plan.events {
      guard case .ready = events[reading.index].outcome else { continue }
      let (all, good) = try decide(
        afterEvent: reading.index, record: reader.recordNumber, element: reader.elementIndex,
        origin, emit: emit)
      made += all
      decided += good
    }
    counts.decisions += made
    if made == 0 {
      counts.filteredNotInEffect += 1
    } else if decided > 0 {
      counts.decided += 1
    } else {
      counts.refused += 1
    }
  }

  /// Reads one kind of event from the record and evaluates it; nil unless it is a fault.
  private func read(_ reader: RecordReader, _ reading: SourcePlan.Reading) -> FieldFault? {
    let index = reading.index
    let key = events[index].plan.key
    let keyField = reader.field(reading.columns[key])
    // An event about nobody is a fault of the record, not an event about somebody unknown.
    guard keyField.kind == .text || keyField.kind == .number, !keyField.bytes.isEmpty else {
      let field = events[index].plan.fields[key]
      let isMissing = keyField.bytes.isEmpty || keyField.kind == .null || keyField.kind == .absent
      return FieldFault(
        column: reading.columns[key], code: isMissing ? "missing-field" : "invalid-value",
        reason: isMissing ? "\(field.name) is missing" : "\(field.name) names no subject")
    }
    // A subject that is not known gets no code: memory is linear in subjects, not in events.
    guard let code = engine.texts.code(of: keyField.bytes.span),
      let place = state.knownPlace(of: code),
      inputs[events[index].plan.input].contains(place)
    else {
      events[index].outcome = .unknownSubject
      return nil
    }
    events[index].place = place
    let unreadable = events[index].readFields(
      reader, reading, subject: code, texts: &engine.texts, scales: scales, members: lists)
    if let unreadable { return unreadable }
    switch events[index].evaluate(members: lists) {
    case .ready(let contributes):
      events[index].outcome = .ready(contributes: contributes)
      return nil
    case .failed(let failure):
      return fault(failure, events[index].plan, reading)
    }
  }

  // MARK: Decisions

  private func decide(
    afterEvent event: Int, record: Int, element: Int, _ origin: RecordOrigin, emit: Emit
  ) throws(IngestError) -> (made: Int, decided: Int) {
    let decisions = eventDecisions[event]
    let place = events[event].place
    let day = asOf ?? events[event].day
    if !decisions.contains(where: { isInEffect($0, day) }) { return (0, 0) }
    engine.workspace.clear()
    for index in inputs.indices { inputs[index].fill(&engine.workspace.row, for: place) }
    state.fillInPlace(&engine.workspace.row, for: place, at: events[event].time)
    engine.run(library.eventSteps[event], asOf: day)
    return try finish(
      decisions, place: place, asOf: day, record: record, element: element, origin,
      conversions: events[event].aggregation.appliedConversions, emit: emit)
  }

  private func isInEffect(_ decision: Int, _ day: CalendarDate?) -> Bool {
    effect[decision].contains(day)
  }

  /// Writes the traces of decisions that have just been run on the engine's row.
  func finish(
    _ decisions: [Int], place: Int, asOf day: CalendarDate?, record: Int, element: Int,
    _ origin: RecordOrigin, conversions: [AppliedConversion] = [], emit: Emit
  ) throws(IngestError) -> (made: Int, decided: Int) {
    var made = 0
    var decided = 0
    let subject = state.codes[place]
    let (length, head) = state.lineage(for: place)
    for decision in decisions where isInEffect(decision, day) {
      let previous = state.outcome(of: decision, for: place)
      engine.encodeTrace(
        of: decision,
        TraceContext(
          source: origin.identityBytes, record: record, index: element, subject: subject,
          asOf: day, previousOutcome: previous, lineageLength: length, lineageHead: head,
          conversions: conversions),
        into: &encoder)
      let body = encoder.bytes
      let index = try store(body, subject: subject, decision: decision)
      made += 1
      let ending = engine.ending(of: decision)
      if ending.isDecided { decided += 1 }
      // A refusal changes nothing: the subject's previous decision stands.
      if let outcome = ending.outcome {
        state.setOutcome(outcome, of: decision, for: place)
      }
      try emit(
        MadeDecision(
          decision: decision, subject: subject, asOf: day, previous: previous,
          traceIndex: index, body: body))
    }
    return (made, decided)
  }

  /// Lends the engine as it is after a decision, without copying it.
  func withEngine<Value>(_ body: (inout DecisionEngine) -> Value) -> Value { body(&engine) }

  private func store(
    _ body: [UInt8], subject: Int32, decision: Int
  ) throws(IngestError) -> Int {
    switch known?.take(body) ?? .unknown {
    case .same(let index): return index
    case .differs(let index):
      throw .differs(index: index, subject: engine.texts.text(subject))
    case .unknown: break
    }
    let index = try wrappingLog { () throws(TraceLogError) in
      try log?.append(
        body, subject: engine.texts.utf8(subject), decision: decisionKeys[decision])
    }
    return index ?? counts.decisions
  }

  /// What was made, with the schema that its trace is read by.
  func decision(_ made: MadeDecision) -> Decision {
    let schema = library.schemas[made.decision]
    return Decision(
      subject: engine.texts.text(made.subject), traceBody: made.body, schema: schema.schema,
      schemaDigest: schema.digest)
  }

  /// How many traces are on the disk.
  var durableCount: Int { log?.durableCount ?? 0 }

  // MARK: Rows of supplied values

  func clearRow() { engine.workspace.clear() }

  func runSteps(_ steps: [Int], asOf: CalendarDate?) {
    engine.run(steps, asOf: asOf, keepSupplied: true)
  }

  func readInput(_ plan: FieldPlan, _ field: RecordField) -> FieldPlan.Reading {
    engine.read(plan, field, scales: scales)
  }

  /// Reads a let's value; the reason why it is none, or nil.
  func readSupplied(_ text: Span<UInt8>, slot: Int) -> String? {
    do throws(ValueFault) {
      try engine.readSupplied(
        program.code.layout.slots[slot].type, text, slot: slot, scales: scales)
      return nil
    } catch {
      return error.reason
    }
  }

  /// Marks a supplied value that lies outside its bounds: no decision may rest on it.
  func refuse(_ slot: Int, below lower: Quotient?, above upper: Quotient?) {
    engine.refuse(slot, below: lower, above: upper)
  }

  /// The place of a subject by its text; a new one is remembered.
  func addSubject(forText text: UnsafeBufferPointer<UInt8>) -> Int {
    state.addSubject(engine.texts.intern(text.span))
  }

  // MARK: Durability

  /// Returns once everything that was decided and buried is on the disk.
  func commit() throws(IngestError) {
    do { try log?.commit() } catch { throw .log(error) }
    do {
      try letters?.sync()
      try lateEvents?.sync()
    } catch { throw .file(error) }
  }
}
