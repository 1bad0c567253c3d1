internal import Glibc
internal import Rationale

/// JSON events through `DecisionService` in this process, as a service would feed them.
///
/// The baseline counts the separators in the same bytes.
struct ServiceBenchmark {
  let explain: String
  let scratch: String
  let root: String

  func run() throws {
    let data = "\(scratch)/service"
    _ = try ChildProcess(
      explain,
      ["sample", data, "--customers", "2000", "--events", "60000", "--format", "jsonl"])
    let lines = try Self.lines(of: "\(data)/invoices.jsonl")
    let loadStart = ContinuousClock.now
    let service = try DecisionService(
      rules: ["\(root)/rules/invoice-profile.rules"], log: "\(data)/log")
    let load = Measurement.seconds(ContinuousClock.now - loadStart)
    try service.load("static", from: "\(data)/static.jsonl")
    var traceBytes = 0
    let start = ContinuousClock.now
    for line in lines {
      try service.decide(on: line, from: "invoices") { traceBytes += $0.traceBody.count }
    }
    try service.close()
    let decide = Measurement.seconds(ContinuousClock.now - start)
    var separators = 0
    let scan = Measurement(rounds: 5) {
      for line in lines {
        for byte in line where byte == UInt8(ascii: ",") { separators &+= 1 }
      }
    }
    let counts = service.counts
    print("DecisionService, \(lines.count) JSON events one by one, traces to disk")
    print("  loading rules \(Figure.digits(load * 1_000)) ms; ", terminator: "")
    print("\(Figure.rate(Double(lines.count) / decide, "events")); ", terminator: "")
    print("\(counts.decisions) decisions; ", terminator: "")
    print("\(traceBytes / max(1, counts.decisions)) bytes a trace")
    print("  baseline (count separators, \(separators) in all): ", terminator: "")
    print("\(Figure.rate(Double(lines.count) / scan.median, "events")); ", terminator: "")
    print("ratio \(Figure.digits(decide / scan.median)) x its time")
  }

  private static func lines(of path: String) throws -> [[UInt8]] {
    guard let file = fopen(path, "r") else {
      throw ChildProcess.Failure(description: "cannot open \(path)")
    }
    defer { fclose(file) }
    var lines: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var line: [UInt8] = []
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return lines }
      for byte in buffer[..<count] {
        guard byte == UInt8(ascii: "\n") else {
          line.append(byte)
          continue
        }
        lines.append(line)
        line.removeAll(keepingCapacity: true)
      }
    }
  }
}
