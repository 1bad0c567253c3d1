import DataFields
import FileIO
import RationaleTestSupport
import Testing
import TransparencyLog

@testable import TraceLog

/// What somebody who can write the log's files can do to it, and how it is found out.
@Suite struct AttackTests {
  private static let count = 1_000
  private static let schema = Digest(bytes: Array(repeating: 7, count: 32)) ?? .zero

  private static func options() -> TraceLogWriter.Options {
    var options = TraceLogWriter.Options()
    options.segmentBytes = 8_000
    options.groupRecords = 50
    options.checkpointRecords = 300
    options.origin = "example.org/log"
    options.newSeed = { [UInt8](repeating: 9, count: 32) }
    return options
  }

  /// A log of 1,000 traces with their accounting, as `decide` writes it.
  private static func make(
    _ path: String, subjects: Int = 5, leavingOut hidden: Int? = nil, count: Int = count,
    step: Int = 250
  ) throws {
    var log = try TraceLogWriter(path: path, options: options())
    let artefact = Array("ruleset".utf8)
    try log.keepArtefact(artefact, digest: Digest(of: artefact))
    for start in stride(from: 0, to: count, by: step) {
      for number in start..<start + step where number != hidden {
        _ = try log.append(
          body(number + 1, subject: "s\(number % subjects)"),
          subject: SubjectKey("s\(number % subjects)"), decision: DecisionKey("d"))
      }
      var counts = AccountingEntry.Counts()
      counts.decided = step
      counts.decisions = step
      let entry = AccountingEntry(
        schemas: [schema], fileList: nil, source: "events", identity: "test",
        records: (start + 1)...(start + step), counts: counts)
      _ = try log.append(entry: entry.bytes)
      try log.publish()
    }
    try log.close()
  }

  private static func verify(
    _ path: String, kept: [SignedCheckpoint] = [], keys: [NoteVerifier] = []
  ) throws -> LogVerifier.Report {
    var options = LogVerifier.Options()
    // The bodies of these tests are of no real schema.
    options.readsTraces = false
    options.kept = kept
    options.keys = keys
    var verifier = LogVerifier(log: path, options: options)
    return try verifier.run()
  }

  private static func key(_ path: String) throws -> NoteVerifier {
    let text = String(decoding: try WholeFile.read(path + "/log.vkey"), as: UTF8.self)
    return try #require(NoteVerifier(String(text.dropLast())))
  }

  @Test func anUntouchedLogIsIntactAndComplete() throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path)
    let report = try Self.verify(directory.path)
    #expect(report.findings.isEmpty, "\(report.findings)")
    #expect(report.traceCount == Self.count)
    #expect(report.signedSize == Self.count + 4)
    #expect(report.accounted.decisions == Self.count)
    #expect(report.openTraces == 0)
    // Most of it is in bundles only: segments that were signed are gone.
    #expect(try SegmentFile.numbers(in: directory.path).first ?? 0 > 5)
    #expect(try SegmentFile.indexedNumbers(in: directory.path).first == 1)
    #expect(try numbers(directory.path) == Array(1...Self.count))
    for index in [0, 255, 256, 700, 1_003] {
      let proof = try LogProofs(log: directory.path).proof(of: index)
      try proof.verify(entry: try #require(proof.extra), keys: [try Self.key(directory.path)])
    }
  }

  /// Changes entry bytes in the bundle, the tiles made to fit or not.
  @Test(arguments: ["flip", "drop", "reorder", "duplicate", "truncate", "splice"])
  func entriesThatAreChanged(_ attack: String) throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path)
    let other = try TemporaryDirectory()
    try Self.make(other.path, subjects: 7)
    let name = "tile/entries/001"
    let bundle = try WholeFile.read(directory.file(name))
    let ranges = try #require(bundle.withUnsafeBytes { EntryBundle.ranges(in: $0) })
    var entries = ranges.map { Array(bundle[$0]) }
    switch attack {
    case "flip": entries[100][60] ^= 1
    case "drop": entries.remove(at: 100)
    case "reorder": entries.swapAt(100, 101)
    case "duplicate": entries[101] = entries[100]
    case "truncate": entries.removeLast(56)
    default:
      let foreign = try WholeFile.read(other.file(name))
      let places = try #require(foreign.withUnsafeBytes { EntryBundle.ranges(in: $0) })
      entries[100] = Array(foreign[places[100]])
    }
    var changed: [UInt8] = []
    for entry in entries { entry.withUnsafeBytes { EntryBundle.append($0, to: &changed) } }
    _ = try directory.write(name, changed)
    let report = try Self.verify(directory.path)
    #expect(!report.holds(.intact))
    #expect(
      report.findings.contains { $0.place.contains("tile/") || $0.place.contains("checkpoint") })
    // With tiles that fit the changed entries only the signature is left to tell.
    if entries.count == 256 {
      let hashes = entries.flatMap { TreeHash.leaf($0).bytes }
      _ = try directory.write("tile/0/001", hashes)
      let report = try Self.verify(directory.path)
      #expect(!report.holds(.intact))
      #expect(report.findings.contains { $0.reason.contains("another root than was signed") })
    }
  }

  @Test func aLogThatIsRolledBack() throws {
    let directory = try TemporaryDirectory()
    let older = try TemporaryDirectory()
    try Self.make(older.path, count: 500)
    try Self.make(directory.path)
    let kept = try SignedCheckpoint(try WholeFile.read(directory.file("checkpoint")))
    // By itself the older copy is a sound log.
    #expect(try Self.verify(older.path).findings.isEmpty)
    let report = try Self.verify(older.path, kept: [kept])
    #expect(report.findings.first?.reason.contains("rolled back") == true)
    // An older checkpoint is no reason to doubt a longer log.
    let early = try SignedCheckpoint(try WholeFile.read(older.file("checkpoint")))
    #expect(try Self.verify(directory.path, kept: [early]).findings.isEmpty)
  }

  /// The owner of the key makes the log anew without a trace. Who kept a checkpoint notices; and the
  /// accounting no longer fits.
  @Test func aLogThatIsMadeAnewByItsOwner() throws {
    let directory = try TemporaryDirectory()
    let anew = try TemporaryDirectory()
    try Self.make(directory.path)
    try Self.make(anew.path, leavingOut: 300)
    let kept = try SignedCheckpoint(try WholeFile.read(directory.file("checkpoint")))
    let report = try Self.verify(anew.path)
    #expect(report.holds(.intact))
    #expect(report.findings.map(\.claim) == [.complete])
    #expect(report.findings.first?.reason.contains("250 decisions were counted") == true)
    #expect(!(try Self.verify(anew.path, kept: [kept])).holds(.intact))
  }

  @Test func anOffsetThatIsHidden() throws {
    let directory = try TemporaryDirectory()
    var log = try TraceLogWriter(path: directory.path, options: Self.options())
    func account(_ records: ClosedRange<Int>) throws {
      let entry = AccountingEntry(
        schemas: [Self.schema], fileList: nil, source: "events", identity: "test",
        records: records, counts: .init())
      _ = try log.append(entry: entry.bytes)
    }
    try account(1...100)
    try account(102...200)
    try account(190...210)
    try log.close()
    let report = try Self.verify(directory.path)
    #expect(report.holds(.intact))
    #expect(
      report.findings.map(\.reason) == [
        "records 101 to 101 are accounted for nowhere (entry 1 goes on at 102)",
        "records 190 to 200 are accounted for twice (entry 2)",
      ])
  }

  @Test func aCheckpointThatIsForged() throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path)
    let key = try Self.key(directory.path)
    let real = try SignedCheckpoint(try WholeFile.read(directory.file("checkpoint")))
    let forger = try #require(
      NoteSigner(name: "example.org/log", seed: [UInt8](repeating: 8, count: 32)))
    var checkpoint = real.checkpoint
    checkpoint.size -= 1
    let forged = try SignedCheckpoint(checkpoint, signers: [forger])
    _ = try directory.write("checkpoint", forged.bytes)
    _ = try directory.write("checkpoints", forged.bytes + [0x0A])
    _ = try directory.write("log.vkey", "\(forger.verifier)\n")
    let report = try Self.verify(directory.path, keys: [key])
    #expect(report.findings.contains { $0.reason.contains("not known") })
    // The text of a real one, changed under its signature.
    var changed = real.bytes
    let digit = try #require(changed.firstIndex(of: UInt8(ascii: "1")))
    changed[digit] = UInt8(ascii: "2")
    _ = try directory.write("checkpoint", changed)
    _ = try directory.write("checkpoints", changed + [0x0A])
    let second = try Self.verify(directory.path, keys: [key])
    #expect(second.findings.contains { $0.reason.contains("not over this text") })
  }

  @Test func anArtefactThatIsSwapped() throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path)
    let name = Digest(of: Array("ruleset".utf8)).hexadecimal
    _ = try directory.write("artefacts/\(name)", "another")
    let report = try Self.verify(directory.path)
    #expect(report.findings.map(\.place) == ["artefacts/\(name)"])
    #expect(!report.holds(.intact))
  }

  @Test func anIndexThatIsEdited() throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path)
    let name = "segments/000001.subjects"
    let index = try #require(try SubjectIndex(path: directory.file(name)))
    var entries = try index.all()
    let first = index.range.lowerBound
    for place in entries.indices where entries[place].subject == SubjectKey("s3") {
      entries[place].subject = SubjectKey("nobody")
    }
    // Whole by its checksum, and it hides a subject's traces.
    _ = try directory.write(name, SubjectIndex.encode(entries, firstIndex: first))
    let report = try Self.verify(directory.path)
    #expect(report.findings.map(\.claim) == [.index])
    #expect(report.findings.map(\.place) == [name])
  }

  @Test func keysThatChange() throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path)
    let old = try Self.key(directory.path)
    var options = Self.options()
    options.newSeed = { [UInt8](repeating: 5, count: 32) }
    let path = directory.file("new.key")
    do {
      var log = try TraceLogWriter(path: directory.path, options: options)
      try log.rotateKey(to: path)
      _ = try log.append(
        body(0, subject: "s"), subject: SubjectKey("s"), decision: DecisionKey("d"))
      try log.close()
    }
    // Who trusts the old key comes to trust the new one.
    #expect(try Self.verify(directory.path, keys: [old]).findings.isEmpty)
    #expect(try Self.verify(directory.path, keys: [old]).rotationCount == 1)
    // The old key no longer opens the log.
    #expect(throws: TraceLogError.self) {
      _ = try TraceLogWriter(path: directory.path, options: options).nextIndex
    }
    options.signingKey = path
    var log = try TraceLogWriter(path: directory.path, options: options)
    try log.close()
    // Who signs by a key that the log never introduced is found out.
    let text = String(decoding: try WholeFile.read(directory.file("log.vkey")), as: UTF8.self)
    let stranger = try #require(
      NoteSigner(name: "example.org/log", seed: [UInt8](repeating: 3, count: 32)))
    _ = try directory.write("log.vkey", text + "\(stranger.verifier)\n")
    #expect(
      try Self.verify(directory.path).findings.first?.reason.contains("never introduced") == true)
  }

  /// Single bytes anywhere in the log's files: each change is found, or it is in a file on which
  /// nothing rests, and reading the log still gives what was written.
  @Test func twoThousandSingleBytes() throws {
    let directory = try TemporaryDirectory()
    try Self.make(directory.path, count: 280, step: 70)
    let files = try Self.files(directory.path)
    // By bytes of all files: a large file is hit more often, a small one still.
    var random = SeededGenerator(seed: 20_261_126)
    let key = try Self.key(directory.path)
    var harmless = 0
    for round in 0..<2_000 {
      let name = files[
        round % 4 == 0
          ? Int.random(in: 0..<files.count, using: &random)
          : Self.weighted(files, directory, &random)]
      let original = try WholeFile.read(directory.file(name))
      guard !original.isEmpty else { continue }
      var changed = original
      let place = Int.random(in: 0..<original.count, using: &random)
      changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let file = try OpenFile(path: directory.file(name), mode: .replace)
      try file.write(changed)
      let report = try? Self.verify(directory.path, keys: [key])
      if report?.findings.isEmpty == true {
        harmless += 1
        #expect(
          ["signing.key", "log.vkey", "durable"].contains(name), "\(name) at \(place): not found")
      }
      let back = try OpenFile(path: directory.file(name), mode: .replace)
      try back.write(original)
    }
    #expect(harmless < 200)
    #expect(try Self.verify(directory.path, keys: [key]).findings.isEmpty)
  }

  private static func weighted(
    _ files: [String], _ directory: TemporaryDirectory, _ random: inout SeededGenerator
  ) -> Int {
    let sizes = files.map { (try? Directory.status(directory.file($0))?.size) ?? 0 }
    var place = Int.random(in: 0..<max(1, sizes.reduce(0, +)), using: &random)
    for (index, size) in sizes.enumerated() {
      if place < size { return index }
      place -= size
    }
    return 0
  }

  private static func files(_ path: String, below: String = "") throws -> [String] {
    var found: [String] = []
    for name in try Directory.names(in: path + "/" + below) {
      let inner = below.isEmpty ? name : below + "/" + name
      if try Directory.status(path + "/" + inner)?.isDirectory == true {
        found += try files(path, below: inner)
      } else {
        found.append(inner)
      }
    }
    return found
  }
}
