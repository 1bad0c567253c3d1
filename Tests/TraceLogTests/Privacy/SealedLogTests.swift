import DataFields
import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing
import TransparencyLog

@testable import TraceLog

/// A log with privacy on: what is written, what each reader gets of it, and what is left after an
/// erasure.
@Suite struct SealedLogTests {
  static func options(group: Int = 20) -> TraceLogWriter.Options {
    var options = TraceLogWriter.Options()
    options.segmentBytes = 200 * group
    options.groupRecords = group
    options.checkpointRecords = 100
    options.newSeed = { [UInt8](repeating: 9, count: 32) }
    options.privacy = privacy()
    return options
  }

  static func privacy() -> PrivacyOptions {
    var privacy = PrivacyOptions()
    privacy.records.segmentBytes = 10_000
    privacy.random = SeededGenerator(seed: 3)
    return privacy
  }

  static let customers = (0..<7).map { "33462808\($0)" }

  static func body(_ number: Int) -> [UInt8] {
    PersonalProfile.body(record: number, subject: customers[number % customers.count])
  }

  static func open(_ path: String, group: Int = 20) throws -> TraceLogWriter {
    var log = try TraceLogWriter(path: path, options: options(group: group))
    try log.keepArtefact(PersonalProfile.schema.encoded(), digest: PersonalProfile.digest)
    return log
  }

  static func append(_ range: Range<Int>, to log: inout TraceLogWriter) throws {
    for number in range {
      let index = try log.append(
        body(number), subject: Array(customers[number % customers.count].utf8)[...],
        decision: DecisionKey("invoice_profile"))
      if index != number { throw UnexpectedIndex(index: index, expected: number) }
    }
  }

  static func bodies(
    _ path: String, _ access: TraceAccess = .automatic
  ) throws -> [StoredTrace] {
    var found: [StoredTrace] = []
    try TraceLogReader(path: path, access: access).scan { trace in
      found.append(trace)
      return true
    }
    return found
  }

  private let directory: TemporaryDirectory
  private var path: String { directory.path }

  init() throws { directory = try TemporaryDirectory() }

  private func write(_ count: Int) throws {
    var log = try Self.open(path)
    try Self.append(0..<count, to: &log)
    try log.close()
  }

  /// All files but those of the vault, by name.
  private func files(_ folder: String = "") throws -> [String] {
    var found: [String] = []
    for name in try Directory.names(in: folder.isEmpty ? path : path + "/" + folder) {
      let file = folder.isEmpty ? name : folder + "/" + name
      if try Directory.status(path + "/" + file)?.isRegular == true {
        found.append(file)
      } else if file != "vault" {
        found += try files(file)
      }
    }
    return found
  }

  private func verify(_ access: TraceAccess) throws -> LogVerifier.Report {
    var options = LogVerifier.Options()
    options.access = access
    var verifier = LogVerifier(log: path, options: options)
    return try verifier.run()
  }

  @Test func `operators read the bodies that were appended`() throws {
    try write(300)
    let found = try Self.bodies(path)
    #expect(found.map(\.body) == (0..<300).map { Self.body($0) })
    #expect(found.allSatisfy { $0.visibility == .open && $0.entry != $0.body })
    let reader = try TraceLogReader(path: path)
    for (place, customer) in Self.customers.enumerated() {
      var records: [Int] = []
      try reader.traces(ofSubject: customer) { trace in
        records.append(trace.index)
        return true
      }
      #expect(records == stride(from: place, to: 300, by: 7).reversed())
    }
  }

  @Test func `nothing but the vault holds whom it is about`() throws {
    try write(300)
    for file in try files() {
      let bytes = try WholeFile.read(path + "/" + file)
      for customer in Self.customers {
        #expect(!bytes.holds(customer.utf8), "\(file)")
        // Neither the hash by which whole traces are found.
        var hash: [UInt8] = []
        LittleEndian.append(SubjectKey(customer).hash, to: &hash)
        #expect(!bytes.holds(hash), "\(file)")
      }
    }
  }

  /// A run with privacy off after a crash that left a private record without its trace.
  @Test func `traces that are whole after a private record without a trace cost no sealed one`()
    throws
  {
    try write(20)
    var orphan = try PrivateRecords(log: path, lastSealed: 19)
    try orphan.append(Array(repeating: 1, count: 40), entry: 20, key: 0)
    try orphan.close()
    var whole = Self.options()
    whole.privacy = nil
    var log = try TraceLogWriter(path: path, options: whole)
    try Self.append(20..<60, to: &log)
    try log.close()
    log = try Self.open(path)
    try Self.append(60..<80, to: &log)
    try log.close()
    log = try Self.open(path)
    try log.close()
    let found = try Self.bodies(path)
    #expect(found.map(\.body) == (0..<80).map { Self.body($0) })
    #expect(found.allSatisfy { $0.visibility == .open })
    #expect(try verify(.automatic).findings.isEmpty)
  }

  @Test func `a trace that is kept apart for its length is read again`() throws {
    let long = PersonalProfile.body(record: 20, subject: Self.customers[0]) {
      $0.previous = String(repeating: "x", count: 70_000)
    }
    var log = try Self.open(path)
    try Self.append(0..<20, to: &log)
    _ = try log.append(
      long, subject: Array(Self.customers[0].utf8)[...], decision: DecisionKey("invoice_profile"))
    try log.close()
    log = try Self.open(path)
    try log.close()
    let found = try Self.bodies(path)
    #expect(found.map(\.body) == (0..<20).map { Self.body($0) } + [long])
    #expect(found.allSatisfy { $0.visibility == .open })
  }

  @Test func `auditors see that there are traces, and not whose`() throws {
    try write(50)
    let found = try Self.bodies(path, .auditor)
    #expect(found.count == 50)
    #expect(found.allSatisfy { $0.visibility == .sealed })
    for trace in found {
      let read = try Trace(
        publicPart: trace.body, schema: PersonalProfile.schema, digest: PersonalProfile.digest,
        visibility: .sealed)
      #expect(read.id.record == trace.index)
      #expect(read.subject.isEmpty)
      #expect(read.resultText.contains("Developed Customers"))
    }
    let reader = try TraceLogReader(path: path, access: .auditor)
    try reader.traces(ofSubject: Self.customers[0]) { _ in
      Issue.record("an auditor finds a customer")
      return true
    }
  }

  @Test func `subjects read what is theirs, with their key`() throws {
    try write(50)
    let key = try #require(
      try TraceLogReader(path: path).subjectKey(of: Self.customers[3]))
    let file = directory.file("subject.key")
    try KeyFile.create(file, key, .subject)
    let found = try Self.bodies(path, .subject(key: file))
    #expect(
      found.filter { $0.visibility == .open }.map(\.index) == Array(stride(from: 3, to: 50, by: 7)))
    let reader = try TraceLogReader(path: path, access: .subject(key: file))
    var indices: [Int] = []
    try reader.traces(ofSubject: Self.customers[3]) { trace in
      indices.append(trace.index)
      return true
    }
    #expect(indices == Array(stride(from: 3, to: 50, by: 7)).reversed())
    #expect(!reader.masksValues)
    // The name of another with the own key finds nothing.
    try reader.traces(ofSubject: Self.customers[4]) { _ in
      Issue.record("a subject finds another")
      return true
    }
  }

  @Test func `whoever lost the subject indices still finds a customer`() throws {
    try write(300)
    for name in try directory.names(in: "segments") where name.hasSuffix(".subjects") {
      try Directory.remove(directory.file("segments/" + name))
    }
    var count = 0
    try TraceLogReader(path: path).traces(ofSubject: Self.customers[2]) { _ in
      count += 1
      return true
    }
    #expect(count == 43)
  }

  @Test func `a sealed log is intact, complete and what its vault holds`() throws {
    try write(300)
    let auditor = try verify(.auditor)
    #expect(auditor.findings.isEmpty, "\(auditor.findings)")
    #expect(auditor.sealedCount == 300)
    #expect(auditor.vault == nil)
    let whole = try verify(.automatic)
    #expect(whole.findings.isEmpty, "\(whole.findings)")
    #expect(whole.vault?.opened == 300)
  }

  @Test func `an erased customer is nobody, and all proofs hold`() throws {
    try write(300)
    let proof = try LogProofs(log: path).proof(of: 9)
    var log = try Self.open(path)
    let gone = Array(Self.customers[2].utf8)[...]
    let count = try log.erase(gone) {
      ErasureEntry(keyCount: $0, time: 1_800_000_000, by: "tests", reason: "asked for")
    }
    #expect(count == 1)
    let again = try log.erase(gone) {
      ErasureEntry(keyCount: $0, time: nil, by: "", reason: "nothing is left to erase")
    }
    #expect(again == 0)
    #expect(log.nextIndex == 301)
    try log.close()
    let reader = try TraceLogReader(path: path)
    #expect(try reader.isErased(subject: Self.customers[2]))
    #expect(try !reader.isErased(subject: Self.customers[1]))
    #expect(try !reader.isErased(subject: "nobody"))
    let found = try Self.bodies(path)
    for trace in found {
      #expect(trace.visibility == (trace.index % 7 == 2 ? .erased : .open))
    }
    try reader.traces(ofSubject: Self.customers[2]) { _ in
      Issue.record("an erased customer is found")
      return true
    }
    let entry = try #require(try reader.entry(at: 300))
    let erasure = try ErasureEntry(entry.bytes)
    #expect(erasure.keyCount == 1)
    #expect(erasure.reason == "asked for")
    let report = try verify(.automatic)
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.vault?.erased == 43)
    #expect(report.vault?.erasedKeys == 1)
    // What was proved before is proved still.
    let keys = try LogKeys.verifiers(of: path)
    try proof.verify(entry: try #require(proof.extra), keys: keys)
    #expect(try LogProofs(log: path).proof(of: 9).extra == proof.extra)
  }

  @Test func `a customer who comes back is another`() throws {
    try write(20)
    var log = try Self.open(path)
    let gone = Array(Self.customers[2].utf8)[...]
    _ = try log.erase(gone) { ErasureEntry(keyCount: $0, time: nil, by: "", reason: "") }
    let index = try log.append(
      Self.body(23), subject: gone, decision: DecisionKey("invoice_profile"))
    try log.close()
    var found: [Int] = []
    try TraceLogReader(path: path).traces(ofSubject: Self.customers[2]) { trace in
      found.append(trace.index)
      return true
    }
    #expect(found == [index])
  }

  @Test func `who is held is not erased`() throws {
    try write(20)
    var log = try Self.open(path)
    let held = Array(Self.customers[5].utf8)[...]
    #expect(try log.hold(on: held) == nil)
    #expect(try log.setHold(true, on: held, time: 5, by: "legal", reason: "a case"))
    #expect(try log.hold(on: held)?.isHeld == true)
    #expect(throws: TraceLogError.held(reason: "a case")) {
      _ = try log.erase(held) { ErasureEntry(keyCount: $0, time: nil, by: "", reason: "") }
    }
    try log.close()
    #expect(try Self.bodies(path).allSatisfy { $0.visibility == .open })
    log = try Self.open(path)
    #expect(try log.hold(on: Array(Self.customers[4].utf8)[...]) == nil)
    #expect(try log.setHold(false, on: held, time: 6, by: "legal", reason: "closed"))
    #expect(
      try log.erase(held) { ErasureEntry(keyCount: $0, time: nil, by: "", reason: "") } == 1)
    #expect(try !log.setHold(true, on: Array("nobody".utf8)[...], time: 1, by: "", reason: ""))
    try log.close()
    #expect(try verify(.automatic).findings.isEmpty)
  }

  @Test func `a key that went without an erasure is found`() throws {
    try write(60)
    var file = try OpenFile(path: VaultFiles.keys(path), mode: .update)
    let erased = KeySlots.Slot.erased
    var slot = erased.tag.bytes + erased.factor
    LittleEndian.append(CRC32C.checksum([0, 0, 0, 0] + slot), to: &slot)
    try file.write(slot, at: KeySlots.slotSize)
    try file.close()
    let report = try verify(.automatic)
    #expect(!report.holds(.vault))
    #expect(report.holds(.intact))
    #expect(report.findings.contains { $0.place == "vault/keys" })
  }

  @Test func `a private record that was changed is found`() throws {
    try write(60)
    let name = path + "/vault/000001.private"
    var bytes = try WholeFile.read(name)
    bytes[bytes.count / 2] ^= 1
    try WholeFile.replace(name, with: bytes)
    let report = try verify(.automatic)
    #expect(!report.holds(.vault))
    #expect(report.holds(.intact))
    #expect(report.findings.contains { $0.claim == .vault && $0.place.hasPrefix("entry ") })
  }

  @Test func `another vault's key is refused`() throws {
    try write(5)
    let other = directory.file("other.key")
    try KeyFile.create(other, Array(repeating: 1, count: 32), .vault)
    #expect(throws: TraceLogError.self) {
      _ = try TraceLogReader(path: path, access: .operator(vaultKey: other))
    }
    var options = Self.options()
    options.privacy?.vaultKey = other
    #expect(throws: TraceLogError.self) {
      _ = try TraceLogWriter(path: path, options: options)
    }
    // The log is as it was.
    #expect(try Self.bodies(path).count == 5)
  }

  @Test func `one log may hold both kinds`() throws {
    var options = Self.options()
    options.privacy = nil
    var log = try TraceLogWriter(path: path, options: options)
    try log.keepArtefact(PersonalProfile.schema.encoded(), digest: PersonalProfile.digest)
    try Self.append(0..<10, to: &log)
    try log.close()
    log = try Self.open(path)
    try Self.append(10..<30, to: &log)
    try log.close()
    #expect(try Self.bodies(path).map(\.body) == (0..<30).map { Self.body($0) })
    var found: [Int] = []
    try TraceLogReader(path: path).traces(ofSubject: Self.customers[1]) { trace in
      found.append(trace.index)
      return true
    }
    #expect(found == [29, 22, 15, 8, 1])
    #expect(try verify(.automatic).findings.isEmpty)
  }

  @Test func `a trace that is too long for a bundle is sealed as well`() throws {
    var log = try Self.open(path)
    let long = PersonalProfile.body(record: 0, subject: String(repeating: "x", count: 70_000))
    let name = Array(String(repeating: "x", count: 70_000).utf8)[...]
    _ = try log.append(long, subject: name, decision: DecisionKey("invoice_profile"))
    try log.close()
    #expect(try Self.bodies(path).map(\.body) == [long])
    #expect(try verify(.automatic).findings.isEmpty)
  }
}
