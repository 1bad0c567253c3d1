import DecisionTrace
import FileIO
import RationaleTestSupport
import Testing
import TraceLog

/// `explain log list`, `show` and `index`, run as a user runs them.
@Suite struct LogCommandTests {
  private let directory: TemporaryDirectory
  private let log: String

  init() throws {
    directory = try TemporaryDirectory()
    log = directory.file("log")
    try TraceFixtures.writeLog(
      log,
      [
        TraceFixtures.invoiceProfileBody(), TraceFixtures.transferActivityBody(),
        TraceFixtures.invoiceProfileBody { $0.employees = nil },
        TraceFixtures.premiumOfferBody(),
      ])
  }

  private func list(_ arguments: String...) throws -> CommandLineRun {
    try CommandLineRun(["log", "list", "--log", log] + arguments)
  }

  @Test func `lists decisions, the newest first`() throws {
    let run = try list()
    #expect(run.exitCode == 0)
    #expect(run.errors.isEmpty)
    #expect(
      run.output == """
        #3  2021-01-27  334628087  offer              none                 row 1 override \
        do_not_contact [PO-01, PO-09]
        #2  2021-01-27  334628087  invoice_profile    refused: missing     enterprise.employees
        #1  2021-01-26  334628087  transfer_activity  Steady Activity      steady [TA-01]
        #0  2021-01-27  334628087  invoice_profile    Developed Customers  otherwise [IP-03]

        """)
    #expect(try directory.names(in: "log").contains("index.sqlite"))
  }

  @Test(
    arguments: [
      (["--decision", "invoice_profile"], [2, 0]), (["--outcome", "Developed Customers"], [0]),
      (["--rule", "otherwise"], [0]), (["--reason", "missing"], [2]), (["--reason", "TA-01"], [1]),
      (["--from", "2021-01-27"], [3, 2, 0]), (["--to", "2021-01-26"], [1]),
      (["--limit", "2"], [3, 2]),
      (["--before", "2"], [1, 0]), (["--customer", "334628087", "--limit", "1"], [3]),
      (["--decision", "invoice_profile", "--no-index"], [2, 0]),
    ] as [([String], [Int])])
  func `what is asked for has to hold`(_ arguments: [String], _ expected: [Int]) throws {
    let run = try CommandLineRun(["log", "list", "--log", log] + arguments)
    #expect(run.exitCode == 0)
    let numbers = run.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(numbers == expected.map { "#\($0)" })
    #expect(run.errors.contains("there are more") == arguments.contains("--limit"))
  }

  @Test func `JSON is one decision a line, in the form of its schema`() throws {
    let schema = try JSONSchemaCheck(path: ProjectFiles.path("docs/log-list.schema.json"))
    let stray = try TraceLogAppending(log).append([[9, 9]])
    let run = try list("--format", "json")
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("1 trace of the log cannot be read"))
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 5)
    for line in lines {
      let faults = try schema.faults(Array(line.utf8))
      #expect(faults.isEmpty, "\(faults)")
    }
    #expect(lines[0].hasPrefix(#"{"list_version":1,"index":\#(stray),"status":"unreadable""#))
    let source = String(repeating: "e1", count: 32)
    let refused = """
      {"list_version":1,"index":2,"status":"refused","decision":"invoice_profile",\
      "subject":"334628087","as_of":"2021-01-27",\
      "id":{"source":"\(source)","record":4812,"index":0},"refusal":"missing",\
      "field":"enterprise.employees","rules":[],"reason_codes":[],"override":null}
      """
    #expect(lines[2] == refused)
  }

  @Test func `nothing of the kind is exit code 3, and says what there is`() throws {
    let outcome = try list("--outcome", "Developed Customer")
    #expect(outcome.exitCode == 3)
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors == """
        error: the log `\(log)` holds no outcome `Developed Customer`
          help: did you mean `Developed Customers`?

        """)
    #expect(try list("--customer", "1").exitCode == 3)
    #expect(try list("--rule", "steady", "--decision", "offer").exitCode == 3)
    let none = try CommandLineRun(["log", "list", "--log", directory.file("nowhere")])
    #expect(none.exitCode == 1)
    #expect(none.errors.contains("help: decide first"))
  }

  @Test(arguments: [
    ["list", "--limit", "0"], ["list", "--customer", ""], ["list", "--from", "2021-02-30"],
    ["list", "--from", "2021-02-02", "--to", "2021-02-01"], ["list", "--before", "-1"],
    ["show"], ["show", "x"], ["index", "--unknown"], ["nothing"],
  ])
  func `wrong usage is exit code 64`(_ arguments: [String]) throws {
    let run = try CommandLineRun(["log"] + arguments + ["--log", log])
    #expect(run.exitCode == 64)
    #expect(run.output.isEmpty)
  }

  @Test func `an index that cannot be written is no reason not to answer`() throws {
    try Directory.create(log + "/index.sqlite")
    let run = try list("--rule", "otherwise")
    #expect(run.exitCode == 0)
    #expect(run.output.hasPrefix("#0  2021-01-27"))
    #expect(run.errors.contains("note: the index is left as it is: cannot write the index"))
    #expect(run.errors.contains("note: 4 traces read without an index"))
    let index = try CommandLineRun(["log", "index", "--log", log])
    #expect(index.exitCode == 1)
  }

  @Test func `the index is brought up, made anew and compared`() throws {
    let absent = try CommandLineRun(["log", "index", "--check", "--log", log])
    #expect(absent.exitCode == 1)
    #expect(absent.errors.contains("help: make it: `explain log index`"))
    let first = try CommandLineRun(["log", "index", "--log", log])
    #expect(first.exitCode == 0)
    #expect(first.output.hasPrefix("added 4 decisions; \(log)/index.sqlite holds 4 in "))
    let second = try CommandLineRun(["log", "index", "--log", log])
    #expect(second.output.hasPrefix("added 0 decisions; "))
    let rebuilt = try CommandLineRun(["log", "index", "--rebuild", "--check", "--log", log])
    #expect(rebuilt.exitCode == 0)
    #expect(rebuilt.output.hasPrefix("added 4 decisions; "))
    #expect(
      rebuilt.output.hasSuffix("4 decisions compared: the index says what the log says\n"))
  }

  @Test func `an index of another log is told and made anew`() throws {
    let other = directory.file("other")
    try TraceFixtures.writeLog(other, [TraceFixtures.premiumOfferBody()])
    _ = try CommandLineRun(["log", "index", "--log", other])
    _ = try directory.write("log/index.sqlite", try WholeFile.read(other + "/index.sqlite"))
    let check = try CommandLineRun(["log", "index", "--check", "--log", log])
    #expect(check.exitCode == 1)
    #expect(check.output.contains("the log is another than the one that was indexed"))
    let run = try list()
    #expect(run.exitCode == 0)
    #expect(run.output.split(separator: "\n").count == 4)
    #expect(run.errors.hasPrefix("note: the index was made anew: the log is another"))
  }

  @Test func `shows a trace as the customer's page shows it`() throws {
    let page = try CommandLineRun(["log", "show", "1", "--log", log])
    let customer = try CommandLineRun([
      "--customer", "334628087", "--decision", "transfer_activity", "--log", log,
    ])
    #expect(page.exitCode == 0)
    #expect(page.output == customer.output)
    #expect(page.output.contains(" Customer 334628087 · decision transfer_activity"))
    let json = try CommandLineRun(["log", "show", "#0", "--format", "json", "--log", log])
    #expect(json.output.hasSuffix(#""log":{"number":0,"unchanged_since":null}}"# + "\n"))
    let absent = try CommandLineRun(["log", "show", "4", "--log", log])
    #expect(absent.exitCode == 3)
    #expect(absent.errors.contains("has no trace #4"))
  }

  @Test func `help shows examples`() throws {
    for arguments in [["log"], ["log", "list"], ["log", "show"], ["log", "index"]] {
      let run = try CommandLineRun(arguments + ["--help"])
      #expect(run.exitCode == 0)
      #expect(run.output.contains("EXAMPLES\n  explain log "))
    }
  }
}

/// Adds bodies to a log, whatever they hold.
private struct TraceLogAppending {
  let path: String

  init(_ path: String) { self.path = path }

  /// - Returns: the number of the last one.
  func append(_ bodies: [[UInt8]]) throws -> Int {
    var writer = try TraceLogWriter(path: path)
    var last = -1
    for body in bodies {
      last = try writer.append(body, subject: SubjectKey("?"), decision: DecisionKey("?"))
    }
    try writer.close()
    return last
  }
}
