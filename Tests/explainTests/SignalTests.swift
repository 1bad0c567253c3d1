import RationaleTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One signal is enough, whatever `explain` is doing.
@Suite struct SignalTests {
  private let directory: TemporaryDirectory
  private let pipe: String

  init() throws {
    directory = try TemporaryDirectory()
    pipe = directory.file("pipe")
    try #require(mkfifo(pipe, 0o600) == 0)
  }

  /// Opens the pipe, which waits until somebody reads, and writes to it. It stays open.
  private func begin(_ text: String) throws -> Int32 {
    let descriptor = open(pipe, O_WRONLY)
    try #require(descriptor >= 0)
    let bytes = Array(text.utf8)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    return descriptor
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a model that is still being read`(_ signal: Int32) throws {
    let rows = try directory.write("rows.csv", "x\n1\n")
    let output = directory.file("scores.csv")
    let run = try RunningCommandLine(
      ["score", pipe, "--input", rows, "--output", output])
    let descriptor = try begin("<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\">\n")
    defer { close(descriptor) }
    run.send(signal)
    #expect(try run.endOrKill().exitCode == 128 + signal)
    #expect(access(output, F_OK) != 0)
  }

  @Test func `rules whose model is still being read`() throws {
    let rules = try directory.write(
      "a.rules",
      """
      ruleset r version 1 {
        subject c
      }
      """)
    // The ruleset itself comes by the pipe: it is read in the same place as its models.
    let run = try RunningCommandLine(
      ["decide", rules, pipe, "--rows", "/dev/null", "--log", directory.file("log")])
    let descriptor = try begin("ruleset s")
    defer { close(descriptor) }
    run.send(SIGTERM)
    let end = try run.endOrKill()
    #expect(end.exitCode == 143, "\(end.errors)")
    #expect(access(directory.file("log"), F_OK) != 0)
  }

  @Test func `rows that are still to come: whole lines are there, and the exit code tells`() throws
  {
    let model = try directory.write(
      "m.pmml",
      """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/>
      </MiningSchema><RegressionTable intercept="1"><NumericPredictor name="x" coefficient="2"/>
      </RegressionTable></RegressionModel></PMML>
      """)
    let run = try RunningCommandLine(["score", model, "--input", pipe])
    let descriptor = try begin("x\n20\n3")
    defer { close(descriptor) }
    #expect(try run.waitForOutput("41.0\n"))
    run.send(SIGTERM)
    let end = try run.endOrKill()
    #expect(end.exitCode == 143)
    #expect(end.output == "predictedValue\n41.0\n")
    #expect(end.errors == "stopped by a signal after 1 row\n")
  }

  @Test func `transactions of which rows are still to come have no scores`() throws {
    let model = try directory.write("m.pmml", ScoreCommandTests.model)
    let output = directory.file("scores.csv")
    let run = try RunningCommandLine(["score", model, "--input", pipe, "--output", output])
    let descriptor = try begin("t,item\na,bread\n")
    defer { close(descriptor) }
    // The output is opened once signals are taken.
    for _ in 0..<6_000 where access(output, F_OK) != 0 { usleep(10_000) }
    run.send(SIGTERM)
    let end = try run.endOrKill()
    #expect(end.exitCode == 143)
    #expect(end.errors == "stopped by a signal: no transaction was scored\n")
    #expect(try directory.read("scores.csv") == "")
  }
}
