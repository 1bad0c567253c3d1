internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import RuleLanguage
internal import TraceLog

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Decides on the same cases again and again, on one thread: the engine, and plain Swift beside it.
struct RuleBench {
  private var engine: DecisionEngine
  private var encoder = TraceBodyEncoder()
  private let cases: [ProfileCase]
  private let slots: (size: Int, amount: Int, coverage: Int)
  private let steps: [Int]
  private let idSlot: Int
  private var context: TraceContext

  /// Three ranks and a comparison across them; every case is decided by one rule or none.
  static let rules = """
    ruleset bench-profile version 1 {
      owner      "Benchmarks"
      effective  from 2021-01-01
    }
    unit person
    currency HUF
    input client from "cases" {
      id        text           key
      size      int person     in 1 ... 1_000_000
      amount    decimal(2) HUF in 0 ... 1_000_000_000
      coverage  int            in 0 ... 1_000
    }
    scale Size: S < M < L
    rank amount: Size by client.amount { S below 10_000 HUF  M below 100_000 HUF  L otherwise }
    rank size: Size by client.size { S below 50 person  M below 250 person  L otherwise }
    rank coverage: Size by client.coverage { S below 3  M below 6  L otherwise }
    decision profile: text hit first {
      rule steady reason B-01 "All are {size}."
        when amount == size == coverage
        then "Steady Customers"
      rule under reason B-02 "Coverage {coverage} is above size {size} and amount {amount}."
        when size < coverage and amount < coverage
        then "Under-performing Customers"
      rule developed reason B-03 "Coverage {coverage} is below size {size} and amount {amount}."
        when size > coverage and amount > coverage
        then "Developed Customers"
      otherwise reason B-04 "Amount {amount}, size {size}, coverage {coverage}."
        then "Unclassified"
    }
    """

  init(_ cases: [ProfileCase]) throws {
    self.cases = cases
    let library = try DecisionLibrary(
      rules: ["bench.rules"], files: RuleFilesInMemory(texts: ["bench.rules": Self.rules]))
    engine = DecisionEngine(library)
    let layout = library.program.code.layout
    func slot(_ name: String) throws -> Int {
      guard let slot = layout.slot(named: name) else {
        throw CommandFailure(message: "the benchmark's ruleset has no `\(name)`")
      }
      return slot
    }
    slots = (try slot("client.size"), try slot("client.amount"), try slot("client.coverage"))
    steps = library.program.decisions[0].steps
    let subject = engine.texts.intern("1")
    idSlot = try slot("client.id")
    engine.workspace.row.set(idSlot, to: Int128(subject), origin: .input)
    context = TraceContext(
      source: Array("cases".utf8), record: 1, index: 0, subject: subject, asOf: nil,
      previousOutcome: nil, lineageLength: 0, lineageHead: nil)
  }

  private mutating func decide(_ index: Int) {
    engine.workspace.row.set(slots.size, to: Int128(cases[index].size), origin: .input)
    engine.workspace.row.set(slots.amount, to: Int128(cases[index].amount), origin: .input)
    engine.workspace.row.set(slots.coverage, to: Int128(cases[index].coverage), origin: .input)
    engine.run(steps, asOf: nil)
  }

  /// How many cases are decided otherwise than expected.
  mutating func wrongCases() -> Int {
    cases.indices.count { index in
      decide(index)
      return engine.outcomeCode(of: 0).map { engine.texts.text($0) } != cases[index].expected
    }
  }

  /// All cases once; the mean size of a trace's body, or 0 without traces.
  mutating func decideAll(traced: Bool) -> Int {
    var bytes = 0
    for index in cases.indices {
      decide(index)
      guard traced else { continue }
      engine.encodeTrace(of: 0, context, into: &encoder)
      bytes += encoder.bytes.count
    }
    return bytes / cases.count
  }

  /// All cases once, their traces appended to a log.
  mutating func decideAll(into log: inout TraceLogWriter) throws(TraceLogError) {
    let (subject, decision) = (SubjectKey("1"), DecisionKey("profile"))
    for index in cases.indices {
      decide(index)
      engine.encodeTrace(of: 0, context, into: &encoder)
      _ = try log.append(encoder.bytes, subject: subject, decision: decision)
    }
  }

  /// The body of the trace of one case's decision, about a subject of one's own.
  mutating func traceBody(
    of index: Int, subject: String, record: Int, asOf: CalendarDate
  ) -> [UInt8] {
    let code = engine.texts.intern(subject)
    engine.workspace.row.set(idSlot, to: Int128(code), origin: .input)
    context.subject = code
    context.record = record
    context.asOf = asOf
    decide(index)
    engine.encodeTrace(of: 0, context, into: &encoder)
    return encoder.bytes
  }

  /// What a log of these traces keeps beside them.
  var schemas: [(bytes: [UInt8], digest: Digest)] {
    engine.library.schemas.map { ($0.bytes, $0.digest) }
  }

  /// All cases once, by plain Swift; a number that depends on each result.
  func decidePlainly() -> Int {
    cases.count { row in
      ProfileCase.profile(size: row.size, amount: row.amount, coverage: row.coverage) == .steady
    }
  }

  /// Runs `pass` until `seconds` are over: passes, and seconds of wall clock and processor.
  static func time(
    for seconds: Double, _ pass: () -> Void
  ) -> (passes: Int, wall: Double, processor: Double) {
    let start = ContinuousClock.now
    let processorStart = clock()
    var passes = 0
    var wall = 0.0
    repeat {
      pass()
      passes += 1
      let (whole, part) = (ContinuousClock.now - start).components
      wall = Double(whole) + Double(part) * 1e-18
    } while wall < seconds
    return (passes, wall, Double(clock() - processorStart) / Double(CLOCKS_PER_SEC))
  }
}
