internal import Glibc

/// PMML models in the program's own loops: a batch of 32,768 rows, and one row at a time; then tables
/// from CSV to CSV. The models are the published one and two that are drawn at random from a fixed seed.
///
/// The baseline of a batch adds up the inputs' numbers, which any model must at least read. That of two
/// threads is two processes at once. That of a table is a bare scan of its bytes and the time of its
/// batch.
struct ScoreBenchmark {
  let explain: String
  let scratch: String
  let root: String

  private static let rowCount = 32_768
  private static let rounds = 3

  private struct Workload {
    let name: String
    let model: String
    let rows: String
    let inputCount: Int
    var batches: [Double] = []
    var threads: [Double] = []
    var processes: [Double] = []
    var singles: [Double] = []
  }

  func run() throws {
    let rows = "\(scratch)/rows.csv"
    let forest = "\(scratch)/forest.pmml"
    let network = "\(scratch)/network.pmml"
    try Self.write(RandomModels.rows(count: Self.rowCount), to: rows)
    try Self.write(RandomModels.forest(trees: 100, depth: 6), to: forest)
    try Self.write(RandomModels.network(layers: [32, 32]), to: network)
    let premium = try premiumRows()
    var workloads = [
      Workload(
        name: "models/premium.pmml", model: "\(root)/models/premium.pmml", rows: premium.path,
        inputCount: premium.columnCount),
      Workload(
        name: "100 trees of depth 6", model: forest, rows: rows,
        inputCount: RandomModels.fieldCount),
      Workload(
        name: "network of 32 and 32 neurons", model: network, rows: rows,
        inputCount: RandomModels.fieldCount),
    ]
    for _ in 0..<Self.rounds {
      for index in workloads.indices { try measure(&workloads[index]) }
    }
    print("PMML, batches of \(Self.rowCount) rows in memory, \(Self.rounds) rounds in turn")
    for workload in workloads { report(workload) }
    try runTable(workloads[1])
    fflush(nil)
  }

  // MARK: Batches

  private func measure(_ workload: inout Workload) throws {
    let one = try values(workload, "--threads 1")
    workload.batches.append(one["cpu_rows_per_s"] ?? 0)
    workload.singles.append(one["p50_us"] ?? 0)
    workload.threads.append(try values(workload, "--threads 2")["rows_per_s"] ?? 0)
    workload.processes.append(try values(workload, "--threads 1", processes: 2)["rows_per_s"] ?? 0)
  }

  /// What `explain bench score` prints; the sums of what several processes at once print.
  private func values(
    _ workload: Workload, _ options: String, processes: Int = 1
  ) throws -> [String: Double] {
    let command =
      "'\(explain)' bench score --model '\(workload.model)' --input '\(workload.rows)' "
      + "--seconds 1 \(options)"
    let outputs = (0..<processes).map { "\(scratch)/score-\($0).txt" }
    let commands = outputs.map { "\(command) > '\($0)' & " }.joined()
    _ = try ChildProcess("/bin/sh", ["-c", commands + "wait"])
    var values: [String: Double] = [:]
    for output in outputs {
      for line in try Self.read(output).split(separator: "\n") {
        let parts = line.split(separator: "=")
        guard parts.count == 2, let value = Double(parts[1]) else { continue }
        values[String(parts[0]), default: 0] += value
      }
    }
    guard values["rows_per_s"] != nil else {
      throw ChildProcess.Failure(description: "explain bench score printed no rows_per_s")
    }
    return values
  }

  private func report(_ workload: Workload) {
    func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
    let batch = median(workload.batches)
    let columns = (0..<Self.rowCount * workload.inputCount).map { Double($0 % 1_000) }
    var sum = 0.0
    let read = Measurement(rounds: 9) { for value in columns { sum += value } }
    let share = median(zip(workload.threads, workload.processes).map { $0 / $1 })
    print("  \(workload.name): \(Figure.rate(batch, "rows")) of CPU; ", terminator: "")
    print("one row \(Figure.digits(median(workload.singles))) us; ", terminator: "")
    print("two threads reach \(Figure.digits(share * 100)) % of two processes")
    print(
      "    baseline (add \(workload.inputCount) numbers a row, \(sum > 0 ? "" : "none ")",
      terminator: "")
    print(
      "in order): \(Figure.rate(Double(Self.rowCount) / read.median, "rows")); ", terminator: "")
    print("ratio \(Figure.digits(Double(Self.rowCount) / batch / read.median)) x its time")
  }

  // MARK: Tables

  private func runTable(_ workload: Workload) throws {
    let table = "\(scratch)/table.csv"
    let text = try Self.read(workload.rows)
    let body = text[(text.firstIndex(of: "\n") ?? text.startIndex)...].dropFirst()
    let copies = 10
    try Self.write(
      text.prefix { $0 != "\n" } + "\n" + String(repeating: String(body), count: copies), to: table)
    let bytes = Array(try Self.read(table).utf8)
    var separators = 0
    let scan = Measurement(rounds: 3) {
      for byte in bytes where byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") {
        separators &+= 1
      }
    }
    let rows = Double(Self.rowCount * copies)
    let kernel = rows / (workload.batches.max() ?? 1)
    print("explain score, \(Int(rows)) rows of \(workload.name), CSV to CSV")
    for threads in [1, 2] {
      let run = try ChildProcess(
        explain,
        [
          "score", workload.model, "--input", table, "--output", "\(scratch)/scores.csv",
          "--threads", "\(threads)",
        ])
      print(
        "  \(threads) threads: \(Figure.rate(rows / run.wallSeconds, "rows")), ", terminator: "")
      print("\(Figure.rate(rows / run.cpuSeconds, "rows")) of CPU, ", terminator: "")
      print("peak \(Figure.bytes(run.peakMemory)); ", terminator: "")
      let ratio = run.cpuSeconds / (scan.median + kernel)
      print("ratio \(Figure.digits(ratio)) x the CPU time of scan and batch")
    }
    print("    baseline (count \(separators / 4) separators): ", terminator: "")
    print("\(Figure.rate(rows / scan.median, "rows"))")
  }

  /// The rows of the published model's background, again and again.
  private func premiumRows() throws -> (path: String, columnCount: Int) {
    let text = try Self.read("\(root)/models/premium.background.csv")
    var lines = text.split(separator: "\n")
    let header = lines.removeFirst()
    var rows = header + "\n"
    for row in 0..<Self.rowCount { rows += lines[row % lines.count] + "\n" }
    let path = "\(scratch)/premium.csv"
    try Self.write(rows, to: path)
    return (path, header.split(separator: ",").count)
  }

  private static func write(_ text: some StringProtocol, to path: String) throws {
    guard let file = fopen(path, "w") else {
      throw ChildProcess.Failure(description: "cannot write \(path)")
    }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw ChildProcess.Failure(description: "cannot write \(path)")
    }
  }

  private static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "r") else {
      throw ChildProcess.Failure(description: "cannot read \(path)")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = Array(repeating: UInt8(0), count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
