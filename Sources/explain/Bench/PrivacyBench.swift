internal import DataFields
internal import DecisionTrace
internal import Decisions
internal import FileIO
internal import RuleLanguage
internal import TraceLog

/// Seals the traces of a decision on ten fields that all belong to a person, and stores private
/// records and keys in a vault.
struct PrivacyBench {
  let bodies: [[UInt8]]
  private let subjects: [[UInt8]]
  private let ownKeys: [SubjectKeys]
  private let plan: SealingPlan

  private static let rules = """
    ruleset bench-privacy version 1 {
      owner      "Benchmarks"
      effective  from 2021-01-01
    }
    unit person
    currency HUF
    input client from "cases" {
      id        text           key
      size      int person     in 1 ... 1_000_000 personal
      amount    decimal(2) HUF in 0 ... 1_000_000_000 personal
      coverage  int            in 0 ... 1_000 personal
      invoices  int            in 0 ... 1_000_000 personal
      transfers int            in 0 ... 1_000_000 personal
      opened    date           personal
      city      text           personal
      overdue   int            in 0 ... 1_000 personal
    }
    let per_head = client.amount / client.size
    scale Size: S < M < L
    rank amount: Size by per_head { S below 100 HUF/person  M below 1_000 HUF/person  L otherwise }
    rank size: Size by client.size { S below 50 person  M below 250 person  L otherwise }
    rank coverage: Size by client.coverage { S below 3  M below 6  L otherwise }
    decision profile: text hit first {
      rule idle reason P-01 "Nothing happened."
        when client.invoices == 0 and client.transfers == 0 and client.overdue == 0
          and client.opened < 2021-01-01 and client.city != ""
        then "Idle Customers"
      rule steady reason P-02 "All are {size}."
        when amount == size == coverage
        then "Steady Customers"
      otherwise reason P-03 "Amount {amount}, size {size}, coverage {coverage}."
        then "Unclassified"
    }
    """

  init() throws {
    let library = try DecisionLibrary(
      rules: ["bench.rules"], files: RuleFilesInMemory(texts: ["bench.rules": Self.rules]))
    var engine = DecisionEngine(library)
    let layout = library.program.code.layout
    let schema = library.schemas[0]
    plan = SealingPlan(schema.schema, digest: schema.digest)
    let cities = ["Budapest", "Debrecen", "Szeged", "Pécs"].map { Int128(engine.texts.intern($0)) }
    var encoder = TraceBodyEncoder()
    var bodies: [[UInt8]] = []
    var subjects: [[UInt8]] = []
    // As the head of a lineage is: not to be compressed.
    var noise = SystemRandomNumberGenerator()
    for (number, one) in ProfileCase.generated().enumerated() {
      let name = String(300_000_000 + number * 7919)
      let subject = engine.texts.intern(name)
      let values: [(String, Int128)] = [
        ("id", Int128(subject)), ("size", Int128(one.size)), ("amount", Int128(one.amount)),
        ("coverage", Int128(one.coverage)), ("invoices", Int128(number % 700 + 1)),
        ("transfers", Int128(number % 90)), ("opened", Int128(11_000 + number)),
        ("city", cities[number % 4]), ("overdue", Int128(number % 31)),
      ]
      for (field, value) in values {
        guard let slot = layout.slot(named: "client.\(field)") else {
          throw CommandFailure(message: "the benchmark's ruleset has no `\(field)`")
        }
        engine.workspace.row.set(slot, to: value, origin: .input)
      }
      engine.run(library.program.decisions[0].steps, asOf: nil)
      let head = Digest(bytes: (0..<32).map { _ in .random(in: .min ... .max, using: &noise) })
      engine.encodeTrace(
        of: 0,
        TraceContext(
          source: Array("cases".utf8), record: number + 1, index: 0, subject: subject, asOf: nil,
          previousOutcome: nil, lineageLength: number % 500 + 1, lineageHead: head),
        into: &encoder)
      bodies.append(encoder.bytes)
      subjects.append(Array(name.utf8))
    }
    self.bodies = bodies
    self.subjects = subjects
    ownKeys = subjects.compactMap { name in
      SubjectKeys(subjectKey: name + Array(repeating: 7, count: 32 - name.count))
    }
  }

  var itemCount: Int { plan.itemNames.count }

  /// Whether every body is what its entry and its private record give.
  func isLossless() throws -> Bool {
    var sealer = TraceSealer(plan)
    for (body, keys) in zip(bodies, ownKeys) {
      try sealer.seal(body, keys)
      let trace = try SealedTrace(
        SealedEntry(sealer.entry), privateRecord: sealer.privateRecord, keys, plan)
      if trace.body != body { return false }
    }
    return true
  }

  /// Every body once, with keys at hand: mean bytes of entry and private record.
  func sealAll(_ sealer: inout TraceSealer) throws -> (entry: Int, record: Int) {
    var (entry, record) = (0, 0)
    for (body, keys) in zip(bodies, ownKeys) {
      try sealer.seal(body, keys)
      entry += sealer.entry.count
      record += sealer.privateRecord.count
    }
    return (entry / bodies.count, record / bodies.count)
  }

  func sealer() -> TraceSealer { TraceSealer(plan) }

  /// What storing in a vault took.
  struct Stored {
    var seconds: Double
    var bytes: Int
    var decisions: Int
  }

  /// Seals and stores `count` decisions in a new vault, with one commit for each 10,000.
  ///
  /// - Parameter subjectCount: of so many subjects, who come by turns.
  func store(_ count: Int, subjectCount: Int, in folder: String) throws -> Stored {
    guard let master = MasterKey(Array(repeating: 1, count: 32)) else {
      throw CommandFailure(message: "32 bytes are a key")
    }
    var vault = try KeyVault(log: folder, master: master)
    var records = try PrivateRecords(log: folder, lastSealed: nil)
    var sealer = TraceSealer(plan)
    let start = ContinuousClock.now
    for index in 0..<count {
      let place = index % bodies.count
      // Beyond the bodies' own subjects, others by number.
      let subject = index % subjectCount
      let name = subject < subjects.count ? subjects[subject] : Array(String(subject).utf8)
      let made = try vault.keys(of: name[...])
      try sealer.seal(bodies[place], made.keys)
      try records.append(sealer.privateRecord, entry: index, key: made.number)
      if index % 10_000 == 9_999 {
        try vault.commit()
        try records.commit()
      }
    }
    try vault.commit()
    try records.commit()
    let (whole, part) = (ContinuousClock.now - start).components
    try vault.close()
    try records.close()
    var bytes = 0
    for name in try Directory.names(in: folder + "/vault") {
      bytes += try Directory.status(folder + "/vault/" + name)?.size ?? 0
    }
    return Stored(
      seconds: Double(whole) + Double(part) * 1e-18, bytes: bytes, decisions: count)
  }
}
