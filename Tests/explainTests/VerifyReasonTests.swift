import RationaleTestSupport
import Testing

/// `explain verify-reason`, and what a page says of reasons and changes, run as a user runs them.
@Suite struct VerifyReasonTests {
  private let directory: TemporaryDirectory
  private let log: String

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
    let rows = try directory.write(
      "rows.csv",
      """
      enterprise.id,enterprise.employees,average,currencies
      334628087,4,285792976/230,1
      7,60,5000000,4
      """)
    let decided = try CommandLineRun([
      "decide", ProjectFiles.path("rules/invoice-profile.rules"), "--rows", rows, "--log", log,
      "--as-of", "2021-01-27",
    ])
    #expect(decided.exitCode == 0)
  }

  @Test func `a page says what is enough and what would change it`() throws {
    let run = try CommandLineRun(["--customer", "334628087", "--log", log])
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    #expect(run.output.contains("per_head ≥ 100,000 HUF/person"))
    #expect(run.output.contains("[proved minimal, 2 of 3 facts]"))
    #expect(run.output.contains("average 1,242,578.16 HUF → 39,999.99 HUF  (−96.8 %)"))
    #expect(run.output.contains("no value of enterprise.employees, currencies alone changes it"))
    let brief = try CommandLineRun(["--customer", "334628087", "--log", log, "--brief"])
    #expect(!brief.output.contains("Enough to decide it"))
    #expect(!brief.output.contains("What would change it"))
  }

  @Test func `JSON with an explanation is what its schema says`() throws {
    let run = try CommandLineRun([
      "--customer", "334628087", "--log", log, "--format", "json", "--background",
      directory.file("rows.csv"), "--raw",
    ])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("\"sufficient_reason\":{\"type\":\"sufficient\""))
    #expect(run.output.contains("\"raw_level\":{"))
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/trace.schema.json"))
    for line in run.output.split(separator: "\n") {
      #expect(try check.faults(Array(line.utf8)) == [])
    }
  }

  @Test func `against the previous decision only what changed is named`() throws {
    // The same customer with fewer people, before.
    let rows = try directory.write(
      "two.csv",
      """
      enterprise.id,enterprise.employees,average,currencies
      9,60,5000000,4
      9,300,5000000,4
      """)
    let log = directory.file("two")
    let decided = try CommandLineRun([
      "decide", ProjectFiles.path("rules/invoice-profile.rules"), "--rows", rows, "--log", log,
      "--as-of", "2021-01-27",
    ])
    #expect(decided.exitCode == 0)
    let run = try CommandLineRun([
      "--customer", "9", "--log", log, "--against", "previous", "--raw", "--format", "json",
    ])
    #expect(run.exitCode == 0)
    // M, M, M were steady; 300 people are L, at 16,667 a head still M: developed, by the heads alone.
    #expect(run.output.contains("\"outcome\":\"Developed Customers\""))
    #expect(
      run.output.contains(
        "{\"name\":\"enterprise.employees\",\"value\":\"300 person\",\"attribution\":1.0}"))
    #expect(
      run.output.contains(
        "{\"name\":\"average\",\"value\":\"5,000,000.00 HUF\",\"attribution\":0.0}"))
    let page = try CommandLineRun(["--customer", "9", "--log", log, "--against", "previous"])
    #expect(page.output.contains("against the previous decision"))
    let needs = try CommandLineRun(["--customer", "9", "--log", log, "--against", "median"])
    #expect(needs.exitCode == 64)
    let median = try CommandLineRun([
      "--customer", "9", "--log", log, "--against", "median", "--background", rows,
    ])
    #expect(median.output.contains("against the median of"))
  }

  @Test func `a reason is proved again, and what is no reason is refuted`() throws {
    let proved = try CommandLineRun(["verify-reason", "0", "--log", log])
    #expect(proved.exitCode == 0)
    #expect(proved.output.contains("proved      enough"))
    #expect(proved.output.contains("10000 at random, 0 ended otherwise"))
    let other = try CommandLineRun([
      "verify-reason", "0", "--log", log, "--facts", "per_head,currencies",
    ])
    #expect(other.exitCode == 0)
    let refuted = try CommandLineRun([
      "verify-reason", "--customer", "334628087", "--log", log, "--facts", "currencies",
    ])
    #expect(refuted.exitCode == 5)
    #expect(refuted.output.contains("refuted     per_head"))
    #expect(try CommandLineRun(["verify-reason", "9", "--log", log]).exitCode == 3)
    let unknown = try CommandLineRun(["verify-reason", "0", "--log", log, "--facts", "perhead"])
    #expect(unknown.exitCode == 64)
    #expect(unknown.errors.contains("did you mean `per_head`?"))
  }

  @Test func `a rule file in the log that is not what its name says is not used`() throws {
    // The ruleset's own copy is the one that names the ruleset.
    let names = try directory.names(in: "log/artefacts")
    var changed = 0
    for name in names where !name.hasSuffix(".files") {
      let text = try directory.read("log/artefacts/" + name)
      guard let range = text.firstRange(of: "250 person") else { continue }
      _ = try directory.write(
        "log/artefacts/" + name,
        String(text[..<range.lowerBound]) + "251 person" + String(text[range.upperBound...]))
      changed += 1
    }
    #expect(changed == 1)
    let run = try CommandLineRun(["verify-reason", "0", "--log", log])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("the log's copy is not what its name says"))
    let page = try CommandLineRun(["--customer", "334628087", "--log", log])
    #expect(page.exitCode == 0)
    #expect(page.errors.contains("notice: reasons and changes are left out"))
  }
}
