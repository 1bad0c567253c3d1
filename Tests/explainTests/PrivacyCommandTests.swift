import FileIO
import RationaleTestSupport
import Testing

/// A log with privacy on, from the command line: who sees what, erasure, holds and disclosures.
@Suite struct PrivacyCommandTests {
  private let directory: TemporaryDirectory
  private let log: String

  private static let rules = """
    ruleset visits version 1 {
      owner      "Tests"
      effective  from 2021-01-01
    }
    input guest from "rows" {
      id    text  key
      age   int   in 0 ... 150   personal
    }
    scale Age: Y < O
    rank age: Age by guest.age { Y below 30  O otherwise }
    decision kind: text hit first {
      rule young reason V-01 "Young." when age == Y then "Young"
      otherwise reason V-02 "Others." then "Other"
    }
    """

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
    let rules = try directory.write("visits.rules", Self.rules)
    let rows = try directory.write("rows.csv", "id,age\nanna-17,20\nbela-23,40\ncili-42,60\n")
    let run = try CommandLineRun([
      "decide", rules, "--rows", rows, "--as-of", "2021-02-01", "--log", log, "--output",
      directory.file("out.jsonl"),
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  private func explain(_ arguments: String...) throws -> CommandLineRun {
    try CommandLineRun(arguments + ["--log", log])
  }

  @Test func `the page is whole for operators, and nothing for auditors`() throws {
    let operating = try explain("--customer", "bela-23", "--as", "operator")
    #expect(operating.exitCode == 0)
    #expect(operating.output.contains("Other"))
    #expect(operating.output.contains("40"))
    #expect(try explain("--customer", "bela-23").output == operating.output)
    let auditing = try explain("--customer", "bela-23", "--as", "auditor")
    #expect(auditing.exitCode == 3)
    let list = try explain("log", "list", "--as", "auditor")
    #expect(list.exitCode == 0)
    #expect(list.output.contains("sealed"))
    #expect(list.output.contains("Other"))
    #expect(!list.output.contains("bela-23"))
    let shown = try explain("log", "show", "1", "--as", "auditor")
    #expect(shown.exitCode == 0)
    #expect(shown.output.contains("sealed"))
    #expect(!shown.output.contains("bela-23"))
  }

  @Test func `lines of JSON keep to their schemas`() throws {
    for (name, arguments) in [
      ("log-list", ["log", "list"]), ("trace", ["log", "show", "1"]),
      ("replay", ["replay", "--all"]),
    ] {
      let schema = try JSONSchemaCheck(path: ProjectFiles.path("docs/\(name).schema.json"))
      let run = try CommandLineRun(
        arguments + ["--log", log, "--as", "auditor", "--format", "json"])
      #expect(!run.output.isEmpty)
      for line in run.output.split(separator: "\n") {
        let faults = try schema.faults(Array(line.utf8))
        #expect(faults.isEmpty, "\(name): \(faults)")
      }
    }
  }

  @Test func `a customer's key opens what is theirs`() throws {
    let file = directory.file("bela.key")
    let key = try explain("log", "subject-key", "--customer", "bela-23", "--output", file)
    #expect(key.exitCode == 0, "\(key.errors)")
    let own = try explain("--customer", "bela-23", "--as", "subject", "--subject-key", file)
    #expect(own.exitCode == 0)
    #expect(own.output.contains("40"))
    let other = try explain("--customer", "anna-17", "--subject-key", file)
    #expect(other.exitCode == 3)
    #expect(try explain("log", "subject-key", "--customer", "nobody").exitCode == 3)
  }

  @Test func `an erased customer is answered with 6`() throws {
    let dry = try explain("log", "erase", "--customer", "bela-23", "--dry-run")
    #expect(dry.output == "would be erased: 1 key, 1 saved state\n")
    #expect(try explain("log", "erase", "--customer", "bela-23").exitCode == 64)
    #expect(
      try explain("log", "erase", "--customer", "bela-23", "--yes", "--reason", "of bela-23")
        .exitCode == 64)
    let run = try explain(
      "log", "erase", "--customer", "bela-23", "--yes", "--reason", "request 5", "--by", "office")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output == "erased: 1 key, 1 saved state\n")
    let page = try explain("--customer", "bela-23")
    #expect(page.exitCode == 6)
    #expect(page.errors.contains("was erased"))
    #expect(try explain("replay", "--customer", "bela-23").exitCode == 6)
    let one = try explain("replay", "1")
    #expect(one.exitCode == 6)
    #expect(one.output.hasPrefix("#1: erased\n"))
    let all = try explain("replay", "--all")
    #expect(all.exitCode == 0)
    #expect(all.output.contains("2 equal, 1 erased"))
    #expect(try explain("log", "disclose", "1").exitCode == 6)
    #expect(try explain("log", "subject-key", "--customer", "bela-23").exitCode == 6)
    #expect(try explain("log", "erase", "--customer", "bela-23", "--yes").exitCode == 3)
    let list = try explain("log", "list")
    #expect(list.output.contains("erased"))
    #expect(!list.output.contains("bela-23"))
    #expect(try explain("log", "index", "--check").exitCode == 0)
    let verified = try explain("log", "verify", "--as", "operator")
    #expect(verified.exitCode == 0, "\(verified.output)")
    let replayed = try explain("log", "verify", "--replay")
    #expect(replayed.exitCode == 0, "\(replayed.output)")
    #expect(replayed.output.contains("replayed    yes: 2 equal, 1 erased"))
    // Who cannot read a trace cannot say that it comes out the same.
    let auditing = try explain("log", "verify", "--replay", "--as", "auditor")
    #expect(auditing.exitCode == 4)
    #expect(auditing.output.contains("replayed    NO: 0 equal, 3 not replayed"))
    #expect(verified.output.contains("vault       yes (2 traces opened, 1 erased, 0 sealed)"))
  }

  @Test func `who is held is not erased`() throws {
    #expect(try explain("log", "hold", "--customer", "anna-17").output == "not held\n")
    #expect(
      try explain("log", "hold", "--customer", "anna-17", "--reason", "case 8").output == "held\n")
    #expect(try explain("log", "hold", "--customer", "anna-17").output == "held: case 8\n")
    let erased = try explain("log", "erase", "--customer", "anna-17", "--yes")
    #expect(erased.exitCode == 1)
    #expect(erased.errors.contains("legal hold"))
    #expect(
      try explain("log", "hold", "--customer", "anna-17", "--release", "--reason", "closed").output
        == "released\n")
    #expect(try explain("log", "erase", "--customer", "anna-17", "--yes").exitCode == 0)
    #expect(try explain("log", "hold", "--customer", "nobody").exitCode == 3)
  }

  @Test func `one value is shown, proved and checked offline`() throws {
    let items = try explain("log", "disclose", "1")
    #expect(items.output == "subject\nvalue guest.id\nvalue guest.age\nlineage\n")
    let file = directory.file("age.json")
    #expect(
      try explain("log", "disclose", "1", "--item", "value guest.age", "--output", file).exitCode
        == 0)
    let proof = directory.file("1.tlog-proof")
    #expect(try explain("log", "prove", "1", "--output", proof).exitCode == 0)
    let key = directory.file("log/log.vkey")
    let checked = try explain(
      "log", "verify", "--disclosure", file, "--proof", proof, "--key", key)
    #expect(checked.exitCode == 0, "\(checked.errors)")
    #expect(checked.output.contains("value guest.age of the decision on record 2"))
    #expect(checked.output.hasSuffix(": 40\n"))
    // Another entry's proof, and another value, prove nothing.
    let other = directory.file("0.tlog-proof")
    #expect(try explain("log", "prove", "0", "--output", other).exitCode == 0)
    #expect(
      try explain("log", "verify", "--disclosure", file, "--proof", other, "--key", key).exitCode
        == 5)
    var text = String(decoding: try WholeFile.read(file), as: UTF8.self)
    text = text.replacing("value guest.age", with: "value guest.id")
    _ = try directory.write("other.json", text)
    #expect(
      try explain(
        "log", "verify", "--disclosure", directory.file("other.json"), "--proof", proof, "--key",
        key
      ).exitCode == 5)
  }

  @Test func `a key that is kept elsewhere has to be given`() throws {
    let key = directory.file("elsewhere.key")
    try Directory.rename(directory.file("log/vault/master.key"), to: key)
    #expect(try explain("--customer", "bela-23").exitCode == 3)
    #expect(try explain("--customer", "bela-23", "--vault-key", key).exitCode == 0)
    let run = try CommandLineRun(
      ["--customer", "bela-23", "--log", log],
      environment: ["LANG": "C.UTF-8", "RATIONALE_VAULT_KEY": key])
    #expect(run.exitCode == 0)
    let asked = try explain("--customer", "bela-23", "--as", "operator")
    #expect(asked.exitCode == 1)
  }
}
