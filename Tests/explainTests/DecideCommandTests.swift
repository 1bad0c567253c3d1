import FileIO
import RationaleTestSupport
import Testing

/// `explain decide`, run as a user runs it, on good and on hostile input.
@Suite struct DecideCommandTests {
  private let directory: TemporaryDirectory
  private let rules = ProjectFiles.path("rules/invoice-profile.rules")
  private let header = "invoice_id,party_id,currency,payableamount,issuedate\n"

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write("static.csv", "PARTY_ID,SIZE\n7,4\n8,Ismeretlen\n9,60\n")
  }

  private func decide(
    _ arguments: [String], static file: String = "static.csv", input: String = "/dev/null",
    outputPath: String? = nil
  ) throws -> CommandLineRun {
    try CommandLineRun(
      ["decide", rules, "--log", directory.file("log")]
        + ["--input", "static=\(directory.file(file))"] + arguments,
      input: input, outputPath: outputPath)
  }

  private func invoices(
    _ text: String, _ arguments: [String] = []
  ) throws -> CommandLineRun {
    let path = try directory.write("invoices.csv", header + text)
    return try decide(["--input", "invoices=\(path)"] + arguments)
  }

  private func letters() throws -> String {
    String(decoding: try WholeFile.read(directory.file("log/dead-letters.jsonl")), as: UTF8.self)
  }

  @Test func `decides, prints one decision a line, and explains it afterwards`() throws {
    let run = try invoices("1,7,HUF,1242578.16,2021-01-05\n2,8,HUF,1,2021-01-05\n")
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n")
    try #require(lines.count == 2)
    #expect(
      lines[0].hasPrefix(
        """
        {"decision":"invoice_profile","subject":"7","status":"decided",\
        "outcome":"Developed Customers","rule":"otherwise","reason":"IP-03","changed":true,\
        "as_of":"2021-01-05","source":"invoices","input":"
        """))
    #expect(lines[0].hasSuffix("\"record\":1,\"trace\":0}"))
    #expect(lines[1].contains("\"status\":\"refused\",\"refusal\":\"missing\""))
    #expect(lines[1].contains("\"field\":\"enterprise.employees\""))
    #expect(run.errors == "2 decisions on 2 records: 1 decided, 1 refused\n")
    let page = try CommandLineRun(["--customer", "7", "--log", directory.file("log")])
    #expect(page.exitCode == 0)
    #expect(page.output.contains("Developed Customers"))
    #expect(page.output.contains("310,644.54"))
  }

  @Test(arguments: [
    ("1,7,HUF", "wrong-field-count"), ("1,7,\"HUF,1,2021-01-05", "unclosed-quote"),
    ("1,7,XYZ,1,2021-01-05", "unknown-currency"), ("1,7,EUR,1,1999-01-05", "no-rate"),
    ("1,7,HUF,1,2021-02-29", "invalid-value"), ("1,7,HUF,,2021-01-05", "invalid-value"),
    ("1,7,HUF,1e99,2021-01-05", "invalid-value"), ("1,7,HUF,0.001,2021-01-05", "invalid-value"),
  ])
  func `a record that cannot be used is a dead letter and the next is decided`(
    record: String, code: String
  ) throws {
    let run = try invoices("\(record)\n2,7,HUF,1,2021-01-05\n")
    #expect(run.exitCode == 0)
    #expect(run.output.split(separator: "\n").count == 1)
    #expect(run.errors.contains("1 decided, 1 dead letter"))
    #expect(try letters().contains("\"record\":1,\"line\":2,"))
    #expect(try letters().contains("\"code\":\"\(code)\""))
  }

  @Test func `with --strict dead letters are a failure, after everything is decided`() throws {
    let run = try invoices("1,7,XYZ,1,2021-01-05\n2,7,HUF,1,2021-01-05\n", ["--strict"])
    #expect(run.exitCode == 1)
    #expect(run.output.split(separator: "\n").count == 1)
  }

  @Test func `bytes that are not UTF-8 and a line of many megabytes are dead letters`() throws {
    var bytes = Array((header + "1,7,HUF,1,").utf8) + [0xFF, 0x0A]
    bytes += Array("2,7,".utf8) + [UInt8](repeating: 0x78, count: 17 << 20) + [0x0A]
    bytes += Array("3,7,HUF,1,2021-01-05\n".utf8)
    let path = try directory.write("invoices.csv", bytes)
    let run = try decide(["--input", "invoices=\(path)"])
    #expect(run.exitCode == 0)
    #expect(run.output.split(separator: "\n").count == 1)
    let letters = try letters().split(separator: "\n")
    try #require(letters.count == 2)
    #expect(letters[0].contains("\"code\":\"invalid-utf8\""))
    #expect(letters[0].contains("\"raw_base64\""))
    #expect(letters[1].contains("\"code\":\"too-long\""))
    #expect(letters[1].utf8.count < 100_000)
  }

  @Test func `files that cannot be read are named with the reason`() throws {
    func failure(_ path: String) throws -> String {
      let run = try decide(["--input", "invoices=\(path)"])
      #expect(run.exitCode == 1)
      #expect(run.output.isEmpty)
      return run.errors
    }
    #expect(try failure(directory.file("none.csv")).contains("no such file"))
    #expect(try failure(directory.path).contains("it is a directory"))
    #expect(try failure(try directory.write("empty.csv", "")).contains("is empty"))
    let twice = try directory.write(
      "twice.csv", "party_id,currency,party_id,payableamount,issuedate\n")
    #expect(try failure(twice).contains("the header has the column `party_id` twice"))
    let lacking = try directory.write("lacking.csv", "party_id,curency,payableamount,issuedate\n")
    let errors = try failure(lacking)
    #expect(errors.contains("no column `currency`"))
    #expect(errors.contains("did you mean `curency`?"))
  }

  @Test func `usage errors are 64`() throws {
    #expect(try CommandLineRun(["decide", rules]).exitCode == 64)
    #expect(try CommandLineRun(["decide", rules, "--input", "static"]).exitCode == 64)
    #expect(try decide(["--as-of", "2021-02-30"]).exitCode == 64)
    #expect(try decide(["--input", "invoices=-", "--rows", "-"]).exitCode == 64)
  }

  @Test(.enabled(if: (try? CommandLineRun.hasFullDevice) == true))
  func `a full disk is a failure, and what was decided is kept`() throws {
    let path = try directory.write("invoices.csv", header + "1,7,HUF,1,2021-01-05\n")
    let run = try decide(["--input", "invoices=\(path)", "--output", "/dev/full"])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("no space left on the device"))
    let letters = try decide(["--input", "invoices=\(path)", "--dead-letters", "/dev/full"])
    #expect(letters.exitCode == 0)
    #expect(letters.output.split(separator: "\n").count == 1)
    let faulty = try directory.write("faulty.csv", header + "1,7,XYZ,1,2021-01-05\n")
    let second = try decide(["--input", "invoices=\(faulty)", "--dead-letters", "/dev/full"])
    #expect(second.exitCode == 1)
    #expect(second.errors.contains("cannot write `/dev/full`: no space left on the device"))
  }

  @Test func `events come from a pipe, and a second pipe goes on`() throws {
    let first = try directory.write("one.csv", header + "1,7,HUF,1,2021-01-05\n")
    let second = try directory.write("two.csv", header + "2,7,HUF,1,2021-01-06\n")
    let one = try decide(["--input", "invoices=-"], input: first)
    let two = try decide(["--input", "invoices=-"], input: second)
    #expect(one.output.contains("\"input\":\"invoices\",\"record\":1,\"trace\":0}"))
    // The entry between them accounts for the first pipe.
    #expect(two.output.contains("\"input\":\"invoices\",\"record\":2,\"trace\":2}"))
    #expect(two.output.contains("\"previous\""))
  }

  @Test func `rows of real aggregates are decided to the last digit`() throws {
    let rows = try directory.write(
      "rows.csv", "PARTY_ID,SIZE,average,currencies\n334628087,4,285792976/230,1\n")
    let run = try CommandLineRun([
      "decide", rules, "--rows", rows, "--log", directory.file("log"), "--as-of", "2021-01-27",
    ])
    #expect(run.exitCode == 0)
    #expect(run.output.contains("\"outcome\":\"Developed Customers\",\"rule\":\"otherwise\""))
    let page = try CommandLineRun(["--customer", "334628087", "--log", directory.file("log")])
    #expect(page.output.contains("310,644.54 HUF/person"))
  }
}
