internal import Glibc

/// `explain decide` from CSV events to durable traces, as a program.
///
/// The baseline reads the same files and counts their commas and line ends: what any reader of
/// these bytes must at least do. Peak memory is that of the whole program.
struct StreamBenchmark {
  let explain: String
  let scratch: String
  let root: String

  func run() throws {
    for customers in [10_000, 100_000] { try run(customers: customers, events: customers * 10) }
  }

  private func run(customers: Int, events: Int) throws {
    let data = "\(scratch)/sample-\(customers)"
    _ = try ChildProcess(
      explain, ["sample", data, "--customers", "\(customers)", "--events", "\(events)"])
    let files = ["static", "invoices", "transfers"].map { "\(data)/\($0).csv" }
    var separators = 0
    let scan = try Measurement(rounds: 3) {
      separators = 0
      for file in files { separators += try Self.countSeparators(file) }
    }
    let log = "\(scratch)/log-\(customers)"
    let decide = try ChildProcess(
      explain,
      [
        "decide", "\(root)/rules/invoice-profile.rules", "\(root)/rules/transfer-activity.rules",
        "--input", "static=\(files[0])", "--input", "invoices=\(files[1])",
        "--input", "transfers=\(files[2])", "--output", "/dev/null", "--log", log,
      ])
    print("explain decide, \(customers) subjects, \(events) events (2 rulesets, traces to disk)")
    print("  \(Figure.rate(Double(events) / decide.wallSeconds, "events"))", terminator: "")
    print(", \(Figure.rate(Double(events) / decide.cpuSeconds, "events")) of CPU", terminator: "")
    print(", peak \(Figure.bytes(decide.peakMemory))")
    print("  baseline (count separators of \(separators) fields): ", terminator: "")
    print("\(Figure.rate(Double(events) / scan.median, "events")); ", terminator: "")
    print("ratio \(Figure.digits(decide.wallSeconds / scan.median)) x its time")
  }

  private static func countSeparators(_ path: String) throws -> Int {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw ChildProcess.Failure(description: "cannot open \(path)") }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var separators = 0
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return separators }
      for byte in buffer[..<count] where byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
        separators += 1
      }
    }
  }
}
