import FileIO
import Foundation
import RationaleTestSupport
import Testing
import TraceLog

/// `explain log verify` on logs, run as an auditor runs it.
@Suite struct LogVerifyCommandTests {
  private let log: AuditedLog
  private let schema: JSONSchemaCheck

  init() throws {
    log = try AuditedLog()
    schema = try JSONSchemaCheck(path: ProjectFiles.path("docs/log-verify.schema.json"))
  }

  private func report(_ run: CommandLineRun) throws -> [String: Any] {
    let faults = try schema.faults(Array(run.output.utf8))
    #expect(faults.isEmpty, "\(faults)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  @Test func `a log that nobody touched is intact and complete`() throws {
    let run = try log.run("verify")
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    let checkpoint = try log.checkpoint()
    let artefacts = try log.directory.names(in: "log/artefacts").count
    #expect(
      run.output == """
        log         \(log.path)
        origin      \(try log.origin())
        signed      4 entries, 1 checkpoint
        root        \(checkpoint[2])
        traces      3, 3 of them sealed
        artefacts   \(artefacts)
        accounted   4 records: 2 decided, 1 refused, 0 filtered, 0 late, 1 dead letter

        intact      yes (by the log's own key; give --key to trust no log)
        complete    yes
        replayed    not asked; --replay does it

        """)
    let trusted = try log.run("verify", "--key", try log.key())
    #expect(trusted.exitCode == 0)
    #expect(trusted.output.contains("\nintact      yes\n"))
    let file = try log.run("verify", "--key", log.path + "/log.vkey")
    #expect(file.output == trusted.output)
  }

  @Test func `JSON says the same, in the form of its schema`() throws {
    let run = try log.run("verify", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    _ = try report(run)
    let checkpoint = try log.checkpoint()
    let artefacts = try log.directory.names(in: "log/artefacts").count
    #expect(
      run.output == """
        {"verify_version":1,"origin":"\(checkpoint[0])","continues":null,\
        "signed_entries":4,"root":"\(checkpoint[2])","minimum_index":0,"checkpoints":1,"key_rotations":0,"unsigned_entries":0,\
        "traces":3,"sealed_traces":3,"artefacts":\(artefacts),"has_trusted_keys":false,"accounted":{"records":4,\
        "decided":2,"refused":1,"filtered_unknown_subject":0,"filtered_not_in_effect":0,"late":0,\
        "dead_letters":1,"decisions":3},"open_traces":0,"intact":true,"complete":true,\
        "index_as_written":true,"replayed":null,"vault":null,"findings":[],"finding_count":0}

        """)
  }

  @Test func `a changed entry is named, with the file that holds it`() throws {
    try log.flip("tile/entries/000.p/4", at: 60)
    let run = try log.run("verify")
    #expect(run.exitCode == 1)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("\nintact      NO: "))
    #expect(run.output.contains("\nnot intact:\n"))
    #expect(
      run.output.contains(
        "  checkpoint of 4 entries: the first 4 entries have another root than was signed\n"))
    #expect(
      run.output.contains("  tile/0/000.p/4: hash 0 of it is not that of the entries below it\n"))
    let json = try log.run("verify", "--format", "json")
    #expect(json.exitCode == 1)
    let found = try report(json)
    #expect(found["intact"] as? Bool == false)
    let findings = try #require(found["findings"] as? [[String: String]])
    #expect(findings.count == found["finding_count"] as? Int)
    #expect(findings.contains { $0["claim"] == "intact" && $0["place"] == "tile/0/000.p/4" })
  }

  @Test func `a decision that is left out of the log is found by its accounting`() throws {
    // Only who has the key can make such a log: it is intact, and not complete.
    let other = log.directory.file("other")
    let reader = try TraceLogReader(path: log.path)
    var writer = try TraceLogWriter(path: other)
    for name in try log.directory.names(in: "log/artefacts") {
      _ = try log.directory.write(
        "other/artefacts/\(name)", try WholeFile.read(log.path + "/artefacts/" + name))
    }
    _ = try log.directory.write("other/dead-letters.jsonl", try log.text("dead-letters.jsonl"))
    var entries: [[UInt8]] = []
    try reader.scanEntries { entry in
      entries.append(entry.bytes)
      return true
    }
    for entry in entries.dropFirst() { _ = try writer.append(entry: entry) }
    try writer.close()
    let run = try CommandLineRun(["log", "verify", "--log", other])
    #expect(run.exitCode == 1)
    #expect(run.output.contains("\nintact      yes"))
    #expect(run.output.contains("\ncomplete    NO: 1 finding\n"))
    #expect(
      run.output.contains(
        "3 decisions were counted on records 1 to 4 (entry 2), and the log holds 2\n"))
    let json = try CommandLineRun(["log", "verify", "--log", other, "--format", "json"])
    #expect(json.exitCode == 1)
    #expect(try report(json)["complete"] as? Bool == false)
  }

  @Test func `a dead letter that is changed is found`() throws {
    try log.flip("dead-letters.jsonl", at: 20)
    let run = try log.run("verify")
    #expect(run.exitCode == 1)
    #expect(run.output.contains("\ncomplete    NO: 1 finding\n"))
    #expect(run.output.contains("  dead-letters.jsonl: bytes 0 to "))
  }

  @Test func `another key signs nothing of it`() throws {
    let stranger = try AuditedLog()
    let run = try log.run("verify", "--key", try stranger.key())
    #expect(run.exitCode == 1)
    let number = try log.key().split(separator: "+")[1]
    #expect(
      run.output.contains(
        "  checkpoint of 4 entries: it is signed by \(try log.origin())+\(number), which is not known\n"
      ))
    let none = try log.run("verify", "--key", "nonsense")
    #expect(none.exitCode == 1)
    #expect(none.output.isEmpty)
    #expect(
      none.errors == """
        error: `nonsense` is neither a key nor a file of keys
          help: a key looks like `name+1a2b3c4d+ATc...`, as in LOG/log.vkey

        """)
    let file = try log.directory.write("keys", "\(try log.key())\nnonsense\n")
    let second = try log.run("verify", "--key", file)
    #expect(second.exitCode == 1)
    #expect(second.errors.hasPrefix("error: line 2 of `\(file)` is no key: `nonsense`\n"))
  }

  @Test func `a checkpoint that was kept tells a log that was rolled back`() throws {
    let older = log.directory.file("older")
    try TemporaryDirectory.copy(log.path, to: older)
    let first = try log.directory.write("first", try log.text("checkpoint"))
    try log.decide(["11,5,90000,2"])
    let second = try log.directory.write("second", try log.text("checkpoint"))
    let grown = try log.run("verify", "--checkpoint", first, "--checkpoint", second)
    #expect(grown.exitCode == 0, "\(grown.output)")
    #expect(grown.output.contains("\nsigned      6 entries, 2 checkpoints\n"))
    let back = try CommandLineRun([
      "log", "verify", "--log", older, "--checkpoint", first, "--checkpoint", second,
    ])
    #expect(back.exitCode == 1)
    #expect(
      back.output.contains(
        """
        not intact:
          kept checkpoint of 6 entries: the log has 4 signed entries: it was rolled back, or is an \
        older copy

        """))
    let none = try log.run("verify", "--checkpoint", log.path + "/log.vkey")
    #expect(none.exitCode == 1)
    #expect(none.errors.hasPrefix("error: `\(log.path)/log.vkey`: it is no signed note: "))
  }

  @Test func `no log is exit code 1, wrong usage 64`() throws {
    let nowhere = log.directory.file("nowhere")
    let run = try CommandLineRun(["log", "verify", "--log", nowhere])
    #expect(run.exitCode == 1)
    #expect(run.output.isEmpty)
    #expect(run.errors == "error: there is no log at `\(nowhere)`\n")
    for arguments in [
      ["--entry", "x"], ["--proof", "x"], ["--format", "xml"], ["--checkpoint"], ["more"],
    ] {
      let run = try CommandLineRun(["log", "verify", "--log", log.path] + arguments)
      #expect(run.exitCode == 64, "\(arguments)")
      #expect(run.output.isEmpty)
      #expect(run.errors.hasPrefix("error: "))
    }
  }

  @Test func `an empty log is said to be one`() throws {
    let empty = log.directory.file("empty")
    let writer = try TraceLogWriter(path: empty)
    var open = consume writer
    try open.close()
    let run = try CommandLineRun(["log", "verify", "--log", empty, "--format", "json"])
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(try report(run)["signed_entries"] as? Int == 0)
  }
}
