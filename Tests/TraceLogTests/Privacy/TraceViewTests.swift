import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing

@testable import TraceLog

/// Each reader sees what their key opens, and no more.
@Suite struct TraceViewTests {
  private let directory: TemporaryDirectory
  private let log: String
  private let plan = SealingPlan(PersonalProfile.schema, digest: PersonalProfile.digest)

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
  }

  private static func subject(_ entry: Int) -> String { "customer \(entry % 5)" }

  /// Entries 0 to 19 of five subjects.
  private func write() throws -> [SealedEntry] {
    var vault = try KeyVault(log: log, master: masterKey(1), random: SeededGenerator(seed: 1))
    var records = try PrivateRecords(log: log, lastSealed: nil)
    var sealer = TraceSealer(plan)
    var entries: [SealedEntry] = []
    for entry in 0..<20 {
      let subject = Self.subject(entry)
      let made = try vault.keys(of: ArraySlice(subject.utf8))
      try sealer.seal(PersonalProfile.body(record: entry, subject: subject), made.keys)
      try records.append(sealer.privateRecord, entry: entry, key: made.number)
      entries.append(try SealedEntry(sealer.entry))
    }
    try vault.close()
    try records.close()
    return entries
  }

  private func traces(_ reader: ReaderKey, _ entries: [SealedEntry]) throws -> [Trace] {
    var opener = try TraceOpener(log: log, reader: reader)
    var traces: [Trace] = []
    for (index, entry) in entries.enumerated() {
      traces.append(try opener.trace(of: entry, at: index, plan))
    }
    return traces
  }

  private func key(of subject: String) throws -> SubjectKeys {
    let reader = try KeyVaultReader(log: log, master: masterKey(1))
    let key = try reader?.subjectKey(of: ArraySlice(subject.utf8)) ?? nil
    return try #require(key.flatMap { SubjectKeys(subjectKey: $0) })
  }

  @Test func `the vault's key opens all, a subject's key the subject's, none nothing`() throws {
    let entries = try write()
    let all = try traces(.vault(masterKey(1)), entries)
    #expect(all.map(\.visibility) == Array(repeating: .open, count: 20))
    #expect(all.map(\.subject) == (0..<20).map { Self.subject($0) })
    #expect(all.map(\.id.record) == Array(0..<20))

    let own = try traces(.subject(try key(of: "customer 3")), entries)
    for (index, trace) in own.enumerated() {
      #expect(trace.visibility == (index % 5 == 3 ? .open : .sealed))
      #expect(trace.subject == (index % 5 == 3 ? "customer 3" : ""))
    }

    let none = try traces(.auditor, entries)
    for trace in none {
      #expect(trace.visibility == .sealed)
      #expect(trace.result == all[0].result && trace.reason?.code == "IP-03")
    }
    // An auditor needs no vault.
    try Directory.remove(VaultFiles.keys(log))
    try Directory.remove(PrivateSegment.path(log, 1))
    #expect(try traces(.auditor, entries) == none)
  }

  @Test func `masks hide from all but the subject`() throws {
    let entries = try write()
    let own = ReaderKey.subject(try key(of: "customer 0"))
    #expect(!own.masksValues && ReaderKey.vault(masterKey(1)).masksValues)
    let trace = try traces(own, entries)[0]
    func text(_ reader: ReaderKey) -> String {
      String(
        decoding: TraceJSONWriter(masksValues: reader.masksValues).json(trace), as: UTF8.self)
    }
    #expect(text(own).contains("\"value\":\"334628087\""))
    #expect(text(.vault(masterKey(1))).contains("\"value\":\"••••8087\""))
  }

  @Test func `what was erased reads as erased, and the rest as before`() throws {
    let entries = try write()
    let before = try traces(.vault(masterKey(1)), entries)
    let own = try key(of: "customer 2")
    var vault = try KeyVault(log: log, master: masterKey(1))
    _ = try vault.erase(ArraySlice("customer 2".utf8))
    try vault.close()
    let after = try traces(.vault(masterKey(1)), entries)
    for (index, trace) in after.enumerated() {
      if index % 5 == 2 {
        #expect(trace.visibility == .erased && trace.subject.isEmpty)
        #expect(trace.values[1].visibility == .erased && trace.values[1].content == nil)
        #expect(trace.result == before[index].result)
      } else {
        #expect(trace == before[index])
      }
    }
    // A subject who was handed their key before reads on: it is theirs.
    #expect(try traces(.subject(own), entries)[2].visibility == .open)
  }

  @Test func `a private record that is lost, changed or another's is not taken for sealed`() throws
  {
    let entries = try write()
    var opener = try TraceOpener(log: log, reader: .vault(masterKey(1)))
    #expect(throws: TraceOpeningError.noPrivateRecord(index: 20)) {
      try opener.open(entries[0], at: 20, plan)
    }
    #expect(throws: TraceOpeningError.trace(index: 5, .notAuthentic)) {
      try opener.open(entries[0], at: 5, plan)
    }
    #expect(throws: TraceOpeningError.trace(index: 1, .otherSubject)) {
      try opener.open(entries[0], at: 1, plan)
    }
  }
}
