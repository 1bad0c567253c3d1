import DataFields
import Foundation
import RationaleTestSupport
import ReferenceData
import Testing

/// `explain replay`, run as a user runs it.
@Suite struct ReplayCommandTests {
  private let directory: TemporaryDirectory
  private let log: String
  private let check: JSONSchemaCheck

  /// Decides by copies of the published rules, with their model, and leaves only the log.
  init() throws {
    directory = try TemporaryDirectory()
    check = try JSONSchemaCheck(path: ProjectFiles.path("docs/replay.schema.json"))
    log = directory.file("log")
    for file in [
      "rules/premium-offer.rules", "rules/invoice-profile.rules", "rules/reference/huf-rates.csv",
      "rules/reference/do-not-contact.csv", "models/premium.pmml", "models/premium.background.csv",
    ] {
      let text = try String(contentsOfFile: ProjectFiles.path(file), encoding: .utf8)
      _ = try directory.write(file, text)
    }
    let rows = try directory.write(
      "rows.csv",
      """
      enterprise.id,enterprise.employees,average,currencies,invoices
      7,4,1242578,1,230
      8,60,5000000/3,4,12
      9,,1000,0,1
      """)
    let decided = try CommandLineRun([
      "decide", directory.file("rules/premium-offer.rules"), "--rows", rows, "--as-of",
      "2021-02-01", "--log", log,
    ])
    #expect(decided.exitCode == 0, "\(decided.errors)")
    for folder in ["rules", "models"] {
      try FileManager.default.removeItem(atPath: directory.file(folder))
    }
  }

  private func lines(_ run: CommandLineRun) throws -> [NSDictionary] {
    try run.output.split(separator: "\n").map { line in
      #expect(try check.faults(Array(line.utf8)) == [], "\(line)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }
  }

  /// The log's copy of a file, by what it starts with.
  private func artefact(startingWith prefix: String) throws -> String {
    let folder = log + "/artefacts"
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
      if data.starts(with: Array(prefix.utf8)) { return folder + "/" + name }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  @Test func `a log comes out again from itself alone`() throws {
    let all = try CommandLineRun(["replay", "--all", "--log", log])
    #expect(all.exitCode == 0, "\(all.errors)")
    #expect(all.errors == "")
    #expect(all.output == "replayed 6 traces: 6 equal\n")
    let one = try CommandLineRun(["replay", "#1", "2", "--log", log])
    #expect(one.exitCode == 0)
    #expect(
      one.output.split(separator: "\n").map { $0.replacing(#/, \d+ bytes/#, with: "") } == [
        "#1 · 7 · offer · as of 2021-02-01: equal",
        "#2 · 8 · invoice_profile · as of 2021-02-01: equal", "replayed 2 traces: 2 equal",
      ])
    let customer = try CommandLineRun(
      ["replay", "--customer", "9", "--decision", "offer"], environment: ["RATIONALE_LOG": log])
    #expect(customer.exitCode == 0)
    #expect(customer.output.hasPrefix("#5 · 9 · offer · as of 2021-02-01: equal, "))
  }

  @Test func `JSON is what the published schema describes`() throws {
    let run = try CommandLineRun(["replay", "0", "--log", log, "--format", "json"])
    let lines = try lines(run)
    #expect(lines.count == 2)
    #expect(lines[0]["verdict"] as? String == "equal")
    #expect((lines[1]["summary"] as? NSDictionary)?["equal"] as? Int == 1)
    let all = try self.lines(
      try CommandLineRun(["replay", "--all", "--log", log, "--format", "json"]))
    #expect(all.count == 1)
  }

  @Test func `another model in the log is told by its digest, and where it lies`() throws {
    let path = try artefact(startingWith: "<?xml")
    let model = try String(contentsOfFile: path, encoding: .utf8)
    let changed = model.replacing("intercept=\"", with: "intercept=\"1", maxReplacements: 1)
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
    let run = try CommandLineRun(["replay", "--all", "--log", log])
    // The decisions without the model come out all the same.
    #expect(run.exitCode == 1)
    #expect(run.output.hasSuffix("replayed 6 traces: 3 equal, 3 not replayed\n"))
    let digest = (path as NSString).lastPathComponent
    let line = try #require(run.output.split(separator: "\n").first)
    #expect(line.hasPrefix("#1 · 7 · offer: not replayed, its rules and models (schema "))
    #expect(line.contains("premium.pmml"))
    #expect(line.contains("the log's copy is not what its name says: artefact \(digest) has"))
    let json = try lines(
      try CommandLineRun(["replay", "1", "--log", log, "--format", "json"]))
    #expect(json[0]["verdict"] as? String == "failed")
    #expect(json[0]["failure"] as? String == "not loaded")
  }

  @Test func `other rules in the log are told by the schema that they make`() throws {
    // Rules that end otherwise, under their own digest, and a list that names them.
    let path = try artefact(startingWith: "/// A model beside")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let other = Array(text.replacing("Low    below 0.20", with: "Low    below 0.10").utf8)
    #expect(other != Array(text.utf8))
    let digest = Digest(of: other).hexadecimal
    _ = try directory.write("log/artefacts/\(digest)", other)
    let folder = log + "/artefacts/"
    var lists = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder)
    where name.hasSuffix(".files") {
      let list = try String(contentsOfFile: folder + name, encoding: .utf8)
      let edited = list.replacing((path as NSString).lastPathComponent, with: digest)
      if edited != list { lists += 1 }
      try edited.write(toFile: folder + name, atomically: true, encoding: .utf8)
    }
    #expect(lists == 2)
    let run = try CommandLineRun(["replay", "--all", "--log", log])
    #expect(run.exitCode == 1)
    #expect(run.output.hasSuffix("replayed 6 traces: 3 equal, 3 not replayed\n"), "\(run.output)")
    #expect(run.output.contains("the rules in the log do not make the schema"))
  }

  @Test func `other rules are compared by name, and what they lack is said`() throws {
    let text = try String(
      contentsOfFile: ProjectFiles.path("rules/invoice-profile.rules"), encoding: .utf8)
    _ = try directory.write(
      "next/reference/huf-rates.csv",
      try String(
        contentsOfFile: ProjectFiles.path("rules/reference/huf-rates.csv"), encoding: .utf8))
    let same = try directory.write("next/same.rules", text)
    let all = try CommandLineRun(["replay", "--all", "--log", log, "--rules", same])
    #expect(all.exitCode == 1, "\(all.errors)")
    #expect(all.output.hasSuffix("replayed 6 traces by other rules: 3 the same, 3 not replayed\n"))
    #expect(
      all.output.contains(
        "not replayed, the rules do not decide on it: they make no decision `offer`"))

    let other = try directory.write(
      "next/other.rules", text.replacing("S below 50 person", with: "S below 5 person"))
    let moved = try directory.write(
      "next/moved.rules", text.replacing("M below 250 person", with: "M below 55 person"))
    #expect(text != (try String(contentsOfFile: moved, encoding: .utf8)))
    let small = try CommandLineRun(["replay", "0", "--log", log, "--rules", other])
    #expect(small.exitCode == 0, "\(small.output)")
    let large = try CommandLineRun(["replay", "2", "--log", log, "--rules", moved])
    #expect(large.exitCode == 4)
    #expect(large.output.contains("rank    size"))
    #expect(large.output.contains("M -> L"))
    let json = try lines(
      try CommandLineRun(["replay", "2", "--log", log, "--rules", moved, "--format", "json"]))
    #expect(json[0]["verdict"] as? String == "differs")
    #expect(json[0]["offset"] is NSNull)
  }

  @Test func `no such trace, nobody of that id and no log`() throws {
    let trace = try CommandLineRun(["replay", "6", "--log", log])
    #expect(trace.exitCode == 3)
    #expect(trace.errors == "error: the log `\(log)` has no trace #6\n")
    let nobody = try CommandLineRun(["replay", "--customer", "1", "--log", log])
    #expect(nobody.exitCode == 3)
    let nowhere = try CommandLineRun(["replay", "--all", "--log", directory.file("nowhere")])
    #expect(nowhere.exitCode == 1)
    #expect(nowhere.errors.contains("there is no log at"))
  }

  @Test(arguments: [
    [], ["--all", "1"], ["--all", "--customer", "1"], ["one"], ["##1"], ["-1"],
    ["--decision", "offer", "1"], ["--customer", ""], ["--all", "--format", "html"],
  ])
  func `a mistake of usage is exit code 64`(_ arguments: [String]) throws {
    #expect(try CommandLineRun(["replay"] + arguments + ["--log", log]).exitCode == 64)
  }

  @Test func `a set of logs is replayed log by log`() throws {
    _ = try directory.write("LOGSET", "log\ncopy\n")
    try TemporaryDirectory.copy(log, to: directory.file("copy"))
    let all = try CommandLineRun(["replay", "--all", "--log", directory.path])
    #expect(all.output == "replayed 12 traces: 12 equal\n", "\(all.errors)")
    let customer = try CommandLineRun([
      "replay", "--customer", "7", "--decision", "offer", "--log", log, "--log",
      directory.file("copy"),
    ])
    #expect(customer.output.hasPrefix("\(log) #1 · 7 · offer"))
    #expect(try CommandLineRun(["replay", "1", "--log", directory.path]).exitCode == 64)
  }
}
