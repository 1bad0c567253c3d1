import FileIO
import Foundation
import RationaleTestSupport
import Testing
import TraceLog

/// `explain log prove`, `checkpoint` and `export`, and the check of a proof, run as users run them.
@Suite struct LogProofCommandTests {
  private let log: AuditedLog

  init() throws { log = try AuditedLog() }

  private func checkProof(_ path: String, _ more: String...) throws -> CommandLineRun {
    try CommandLineRun(["log", "verify", "--proof", path] + more)
  }

  // MARK: prove

  @Test func `a proof needs nothing but the log's key`() throws {
    let printed = try log.run("prove", "1")
    #expect(printed.exitCode == 0)
    #expect(printed.errors.isEmpty)
    let path = log.directory.file("1.tlog-proof")
    let written = try log.run("prove", "#1", "--output", path)
    #expect(written.exitCode == 0)
    #expect(written.output.isEmpty)
    #expect(try log.directory.read("1.tlog-proof") == printed.output)
    // C2SP tlog-proof: a header, the entry, its index, two hashes in a tree of four, the checkpoint.
    let lines = printed.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "c2sp.org/tlog-proof@v1")
    let entry = try #require(try TraceLogReader(path: log.path).entry(at: 1))
    #expect(lines[1] == "extra \(Data(entry.bytes).base64EncodedString())")
    #expect(lines[2] == "index 1")
    #expect(lines[3].utf8.count == 44 && lines[4].utf8.count == 44)
    #expect(lines[5].isEmpty)
    #expect(lines[6...].map(String.init) == (try log.checkpoint()))
    let key = try log.key()
    let origin = try log.origin()
    try FileManager.default.removeItem(atPath: log.path)
    let run = try checkProof(path, "--key", key)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.isEmpty)
    #expect(run.output == "entry 1 is in the log \(origin), of 4 entries\n")
  }

  @Test func `each entry has its proof, and none is one of another entry`() throws {
    let key = try log.key()
    var entries: [String] = []
    for index in 0..<4 {
      let run = try log.run("prove", "\(index)", "--output", log.directory.file("\(index)"))
      #expect(run.exitCode == 0)
      let entry = try #require(try TraceLogReader(path: log.path).entry(at: index))
      entries.append(try log.directory.write("entry-\(index)", entry.bytes))
    }
    for proof in 0..<4 {
      for (index, entry) in entries.enumerated() {
        let run = try checkProof(
          log.directory.file("\(proof)"), "--entry", entry, "--key", key)
        #expect(run.exitCode == (index == proof ? 0 : 5))
        if index != proof {
          #expect(run.output.isEmpty)
          #expect(
            run.errors.hasSuffix(
              "the proof does not lead from this entry, at index \(proof), to the root that was "
                + "signed\n"))
        }
      }
    }
  }

  @Test func `what is changed of a proof is exit code 5`() throws {
    let proof = try log.run("prove", "2").output
    let key = try log.key()
    var lines = proof.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    func check(_ change: (inout [String]) -> Void) throws -> CommandLineRun {
      var changed = lines
      change(&changed)
      let path = try log.directory.write("changed", changed.joined(separator: "\n"))
      return try checkProof(path, "--key", key)
    }
    #expect(try check { _ in }.exitCode == 0)
    let wrong: [(String, (inout [String]) -> Void, String)] = [
      ("index", { $0[2] = "index 3" }, "the proof does not lead"),
      ("hash", { $0.swapAt(3, 4) }, "the proof does not lead"),
      ("hashes", { $0.remove(at: 4) }, "the proof does not lead"),
      ("size", { $0[7] = "5" }, "is not over this text"),
      ("root", { $0[8] = $0[3] }, "is not over this text"),
      ("origin", { $0[6] += "x" }, "is not over this text"),
      ("header", { $0[0] += "1" }, "expected `c2sp.org/tlog-proof@v1`"),
      ("signature", { $0.removeLast(2) }, "it is no signed note"),
    ]
    for (name, change, message) in wrong {
      let run = try check(change)
      #expect(run.exitCode == 5, "\(name)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(message), "\(name): \(run.errors)")
    }
    let stranger = try AuditedLog()
    let path = try log.directory.write("whole", proof)
    let other = try checkProof(path, "--key", try stranger.key())
    #expect(other.exitCode == 5)
    #expect(other.errors.contains("which is not known"))
    // The entry may be kept apart.
    lines.remove(at: 1)
    let bare = try log.directory.write("bare", lines.joined(separator: "\n"))
    let none = try checkProof(bare, "--key", key)
    #expect(none.exitCode == 1)
    #expect(none.errors.contains("help: name the entry's file with --entry"))
    let absent = try checkProof(log.directory.file("absent"), "--key", key)
    #expect(absent.exitCode == 1)
    #expect(absent.errors.hasPrefix("error: "))
  }

  @Test func `what is not signed cannot be proved`() throws {
    let run = try log.run("prove", "4")
    #expect(run.exitCode == 1)
    #expect(run.output.isEmpty)
    #expect(
      run.errors == """
        error: the log `\(log.path)` has signed 4 entries, from 0 on; 4 is not among them

        """)
    #expect(try log.run("prove", "x").exitCode == 64)
    #expect(try log.run("prove").exitCode == 64)
    let nowhere = log.directory.file("nowhere")
    let none = try CommandLineRun(["log", "prove", "0", "--log", nowhere])
    #expect(none.exitCode == 1)
    #expect(none.errors == "error: there is no log at `\(nowhere)`\n")
    // What would not hold is not handed out.
    try log.flip("tile/0/000.p/4", at: 40)
    let damaged = try log.run("prove", "0")
    #expect(damaged.exitCode == 1)
    #expect(damaged.output.isEmpty)
    #expect(damaged.errors.contains("entry 0 is not the one that was signed"))
  }

  // MARK: checkpoint

  @Test func `a checkpoint is printed as it was signed`() throws {
    let run = try log.run("checkpoint")
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output == (try log.text("checkpoint")))
    let older = try log.directory.write("older", run.output)
    let oldSize = try log.checkpoint()[1]
    try log.decide(["11,5,90000,2"])
    let since = try log.run("checkpoint", "--since", older)
    #expect(since.exitCode == 0)
    let latest = try log.text("checkpoint")
    #expect(since.output.hasPrefix(latest + "\nconsistent with size \(oldSize)\n"))
    // From 4 entries to 6: the old tree is a subtree, and one hash is beside it.
    let hashes = since.output.dropFirst(latest.count).split(separator: "\n").dropFirst()
    #expect(hashes.count == 1)
    #expect(hashes.allSatisfy { $0.utf8.count == 44 })
    // The other way round, and of another log.
    let newer = try log.directory.write("newer", latest)
    let stranger = try AuditedLog()
    let foreign = try stranger.run("checkpoint", "--since", newer)
    #expect(foreign.exitCode == 1)
    #expect(
      foreign.errors.contains(
        "the checkpoints are of `\(try log.origin())` and of `\(try stranger.origin())`"))
  }

  @Test func `a key is changed by an entry under the old one`() throws {
    let old = try log.key()
    let path = log.directory.file("new.key")
    let run = try log.run("checkpoint", "--rotate-key", path)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output == (try log.text("checkpoint")))
    let keys = try log.text("log.vkey").split(separator: "\n").map(String.init)
    #expect(keys.count == 2)
    #expect(keys.first == old)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let verified = try log.run("verify", "--key", old)
    #expect(verified.exitCode == 0, "\(verified.output)")
    #expect(verified.output.contains(", 1 key rotation\n"))
    // The old key signs no more, and a file that is there is not written over.
    let again = try log.run("checkpoint", "--rotate-key", log.directory.file("newer.key"))
    #expect(again.exitCode == 1)
    #expect(again.errors.contains("and the log is signed by \(keys[1])"))
    let taken = try log.run("checkpoint", "--signing-key", path, "--rotate-key", path)
    #expect(taken.exitCode == 1)
    #expect(taken.errors.contains("it exists already"))
  }

  @Test func `a log without a checkpoint has none to print`() throws {
    let bare = log.directory.file("bare")
    try Directory.create(bare + "/segments")
    let run = try CommandLineRun(["log", "checkpoint", "--log", bare])
    #expect(run.exitCode == 1)
    #expect(run.errors == "error: the log `\(bare)` has signed nothing yet\n")
    let none = try CommandLineRun(["log", "checkpoint", "--log", log.directory.file("nowhere")])
    #expect(none.exitCode == 1)
    #expect(none.output.isEmpty)
  }

  // MARK: export

  @Test func `a copy has what is public, and is verified like the log`() throws {
    let copy = log.directory.file("copy")
    let run = try log.run("export", copy)
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output == "exported 4 entries to \(copy)\n")
    let names = try log.directory.names(in: "copy")
    #expect(names == ["artefacts", "checkpoint", "checkpoints", "log.vkey", "tile"])
    let verified = try CommandLineRun([
      "log", "verify", "--log", copy, "--key", try log.key(), "--checkpoint",
      log.path + "/checkpoint",
    ])
    #expect(verified.output.contains("\nintact      yes\n"))
    let proof = try CommandLineRun(["log", "prove", "0", "--log", copy])
    #expect(proof.output == (try log.run("prove", "0").output))
    // Again, with what has come.
    try log.decide(["11,5,90000,2"])
    let more = try log.run("export", copy)
    #expect(more.output == "exported 6 entries to \(copy)\n")
    let stranger = try AuditedLog()
    let other = try stranger.run("export", copy)
    #expect(other.exitCode == 1)
    #expect(other.errors.contains("it holds another log, or a longer one"))
    let none = try CommandLineRun([
      "log", "export", copy, "--log", log.directory.file("nowhere"),
    ])
    #expect(none.exitCode == 1)
    #expect(none.errors.contains("there is no log at"))
  }

  @Test(arguments: ["verify", "prove", "checkpoint", "export"])
  func `help shows examples`(_ command: String) throws {
    let run = try CommandLineRun(["log", command, "--help"])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("EXAMPLES\n  explain log \(command) "))
  }
}
