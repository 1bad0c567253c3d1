import RationaleTestSupport
import Testing

/// A minute's worth of the fuzz run that `Scripts/fuzz.sh` does at length.
@Suite struct FuzzTests {
  @Test(arguments: [1, 2])
  func `mutated rulesets end in a program or in errors, and their layout settles`(_ seed: Int)
    throws
  {
    let rules = ["invoice-profile", "transfer-activity", "premium-offer"].map {
      ProjectFiles.path("rules/\($0).rules")
    }
    let run = try CommandLineRun(
      ["bench", "fuzz", "--inputs", "1000", "--seed", "\(seed)"] + rules)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains("\"inputs\": 1000,"))
    #expect(run.output.contains("\"failures\": 0}"))
  }
}
