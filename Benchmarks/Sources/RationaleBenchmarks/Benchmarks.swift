internal import Glibc

/// Measures the library and the program: rationale-benchmarks [EXPLAIN [ROOT]].
///
/// Every figure names its workload and stands beside a baseline of the same run. Seconds are
/// reported, never a reason to fail.
@main
enum Benchmarks {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let explain = arguments.first ?? ".build/release/explain"
    let root = arguments.dropFirst().first ?? "."
    var template = Array("/tmp/rationale-benchmarks-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw ChildProcess.Failure(description: "cannot make a scratch directory")
    }
    let scratch = String(cString: made)
    defer { _ = try? ChildProcess("/bin/rm", ["-rf", scratch]) }
    try RuleBenchmark(explain: explain, scratch: scratch).run()
    try ScoreBenchmark(explain: explain, scratch: scratch, root: root).run()
    try ServiceBenchmark(explain: explain, scratch: scratch, root: root).run()
    try StreamBenchmark(explain: explain, scratch: scratch, root: root).run()
  }
}
