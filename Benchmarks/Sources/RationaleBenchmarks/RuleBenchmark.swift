internal import Glibc

/// Decisions by rules alone, in the program's own loops; rounds of all workloads in turn, so that a
/// noisy minute falls on all of them.
struct RuleBenchmark {
  let explain: String
  let scratch: String

  private struct Workload {
    let name: String
    let arguments: [String]
    var rates: [Double] = []

    /// The middle round's decisions in a second of processor time.
    var median: Double { rates.sorted()[rates.count / 2] }
    var best: Double { rates.max() ?? 0 }
  }

  func run() throws {
    let rounds = 5
    var workloads = [
      Workload(name: "4,096 profiles, no trace", arguments: ["rules", "--trace", "off"]),
      Workload(name: "4,096 profiles, trace body", arguments: ["rules", "--trace", "full"]),
      Workload(name: "table of 10 interval rows", arguments: ["table", "--rows", "10"]),
      Workload(name: "table of 3,000 interval rows", arguments: ["table", "--rows", "3000"]),
    ]
    for _ in 0..<rounds {
      for index in workloads.indices {
        workloads[index].rates.append(try rate(workloads[index].arguments))
      }
    }
    print("rules, one thread, \(rounds) rounds in turn, per second of processor time")
    for workload in workloads {
      print(
        "  \(workload.name): median \(Figure.rate(workload.median, "decisions"))", terminator: "")
      print(", best \(Figure.rate(workload.best, "decisions"))")
    }
    let ratio = workloads[2].median / workloads[3].median
    print("  3,000 rows cost \(Figure.digits(ratio)) times what 10 rows cost")
    fflush(nil)
  }

  private func rate(_ arguments: [String]) throws -> Double {
    let output = "\(scratch)/rules.json"
    _ = try ChildProcess(explain, ["bench"] + arguments + ["--seconds", "1"], output: output)
    let text = try String(decoding: Self.read(output), as: UTF8.self)
    guard let key = text.firstRange(of: "\"per_cpu_s\": "),
      let rate = Double(text[key.upperBound...].prefix { $0.isNumber })
    else {
      throw ChildProcess.Failure(description: "explain bench printed no per_cpu_s: \(text)")
    }
    return rate
  }

  private static func read(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else {
      throw ChildProcess.Failure(description: "cannot read \(path)")
    }
    defer { fclose(file) }
    var bytes = Array(repeating: UInt8(0), count: 4_096)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }
}
