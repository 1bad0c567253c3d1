import FileIO
import RationaleTestSupport
import Testing

/// A few seconds' worth of the fuzz run that `Scripts/fuzz.sh` does at length.
@Suite struct FuzzTests {
  private let directory: TemporaryDirectory
  private let rules = ["invoice-profile", "transfer-activity", "premium-offer"].map {
    ProjectFiles.path("rules/\($0).rules")
  }

  init() throws { directory = try TemporaryDirectory() }

  private func fuzz(_ arguments: String...) throws -> CommandLineRun {
    try CommandLineRun(
      ["bench", "fuzz", "--keep", directory.file("input.rules")] + arguments + rules)
  }

  @Test(arguments: [1, 2])
  func `generated and mutated rulesets end in a program or in errors`(_ seed: Int) throws {
    let run = try fuzz("--inputs", "300", "--seed", "\(seed)")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("inputs    300\n"))
    #expect(try Directory.names(in: directory.path).isEmpty)
    // A run in which nothing comes through to the engine tests little.
    for line in ["sound", "decided"] {
      let count = run.output.split(separator: "\n").first { $0.hasPrefix(line) }?
        .split(whereSeparator: { $0 == " " || $0 == "," }).dropFirst().first
      #expect((count.flatMap { Int($0) } ?? 0) > 10, "\(run.output)")
    }
  }

  @Test func `an input can be made again by its number`() throws {
    let inputs = try (0..<40).map { try fuzz("--show", "--start", "\($0)").output }
    #expect(try fuzz("--show", "--start", "7").output == inputs[7])
    #expect(Set(inputs).count == inputs.count)
    #expect(inputs.contains { $0.contains("decision d0") })
  }
}
