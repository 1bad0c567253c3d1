import RationaleTestSupport
import Testing

/// `explain --customer`, run as a user runs it.
@Suite struct CustomerCommandTests {
  private let directory: TemporaryDirectory
  private let log: String

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
    try TraceFixtures.writeLog(
      log,
      [
        TraceFixtures.invoiceProfileBody(), TraceFixtures.transferActivityBody(),
        TraceFixtures.invoiceProfileBody(), TraceFixtures.premiumOfferBody(),
      ])
  }

  @Test func `explains every decision of a customer, latest first`() throws {
    let run = try CommandLineRun(["--customer", "334628087", "--log", log])
    #expect(run.exitCode == 0)
    // This log was written before lists of files were kept.
    #expect(
      run.errors == "notice: reasons and changes are left out: the log does not say which files its"
        + " rules were loaded from\n")
    let titles = run.output.split(separator: "\n").filter { $0.hasPrefix(" Customer 334628087") }
    #expect(
      titles == [
        " Customer 334628087 · decision offer · as of 2021-01-27 · #3",
        " Customer 334628087 · decision invoice_profile · as of 2021-01-27 · #2",
        " Customer 334628087 · decision transfer_activity · as of 2021-01-26 · #1",
      ])
    #expect(run.output.contains("Developed Customers   (unchanged since #0)"))
    #expect(run.output.contains("310,644.54 HUF/person"))
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func `one decision, the log from the environment, ASCII where the locale has no more`()
    throws
  {
    let run = try CommandLineRun(
      ["--customer", "334628087", "--decision", "invoice_profile"],
      environment: ["RATIONALE_LOG": log, "LANG": "C"])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("-67.8 % -> M (< amount.L = 100,000)"))
    #expect(run.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(!run.output.contains("transfer_activity"))
  }

  @Test func `COLUMNS sets the width`() throws {
    let run = try CommandLineRun(
      ["--customer", "334628087", "--log", log, "--plain"],
      environment: ["COLUMNS": "50", "LANG": "C"])
    #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 50 })
    #expect(!run.output.contains("+---"))
  }

  @Test func `JSON is one decision a line`() throws {
    let run = try CommandLineRun([
      "--customer", "334628087", "--log", log, "--format", "json",
    ])
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty)
    #expect(lines[0].hasPrefix(#"{"trace_version":1,"decision":"offer","#))
    #expect(lines[1].hasSuffix(#""log":{"number":2,"unchanged_since":0}}"#))
    #expect(lines[2].hasSuffix(#""log":{"number":1,"unchanged_since":null}}"#))
  }

  @Test func `nobody of that id is exit code 3, with nothing on standard output`() throws {
    let run = try CommandLineRun(["--customer", "1", "--log", log])
    #expect(run.exitCode == 3)
    #expect(run.output.isEmpty)
    #expect(
      run.errors == """
        error: no decision for customer `1` in the log `\(log)`
          help: the log holds 4 decisions, none of them for this id

        """)
  }

  @Test func `a slip of the keyboard is pointed out`() throws {
    let id = try CommandLineRun(["--customer", "334628078", "--log", log])
    #expect(id.exitCode == 3)
    #expect(id.errors.contains("help: the log knows a customer `334628087`"))
    let decision = try CommandLineRun([
      "--customer", "334628087", "--decision", "invoice-profile", "--log", log,
    ])
    #expect(decision.exitCode == 3)
    #expect(decision.errors.contains("help: did you mean `invoice_profile`?"))
  }

  @Test func `no such decision, and nothing so early, say what there is`() throws {
    let decision = try CommandLineRun([
      "--customer", "334628087", "--decision", "profile", "--log", log,
    ])
    #expect(decision.exitCode == 3)
    #expect(
      decision.errors.contains(
        "help: there is `invoice_profile`, `offer`, `transfer_activity`"))
    let early = try CommandLineRun([
      "--customer", "334628087", "--at", "2020-12-31", "--log", log,
    ])
    #expect(early.exitCode == 3)
    #expect(early.errors.contains("help: the first is of 2021-01-26"))
  }

  @Test func `no log is a failure with advice`() throws {
    let run = try CommandLineRun([
      "--customer", "334628087", "--log", directory.file("nowhere"),
    ])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("there is no log at"))
    #expect(run.errors.contains("help: decide first"))
  }

  @Test(arguments: [
    [], ["--customer"], ["--customer", ""], ["--customer", "1", "--at", "2021-02-30"],
    ["--customer", "1", "--format", "html"], ["--customre", "1"], ["unknown"],
  ])
  func `wrong usage is exit code 64, with the reason on standard error`(
    _ arguments: [String]
  ) throws {
    let run = try CommandLineRun(arguments)
    #expect(run.exitCode == 64)
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("error: "))
  }

  @Test(.enabled(if: try CommandLineRun.hasFullDevice))
  func `a full disk is a failure that says so`() throws {
    for arguments in [["--customer", "334628087", "--log", log], ["--help"]] {
      let run = try CommandLineRun(arguments, outputPath: "/dev/full")
      #expect(run.exitCode == 1)
      #expect(run.errors.contains("cannot write `standard output`"))
    }
  }

  @Test func `help shows examples`() throws {
    for arguments in [["--help"], ["help", "customer"], ["customer", "--help"]] {
      let run = try CommandLineRun(arguments)
      #expect(run.exitCode == 0)
      #expect(run.output.contains("EXAMPLES\n  explain --customer 334628087\n"))
    }
  }
}
