internal import FileIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

struct FuzzLimits: Sendable {
  /// Processor time for one input.
  var seconds = 2.0
  /// Memory of the process at most, in MiB.
  var memory = 1_024
  /// A hang ends the process by SIGALRM after so many seconds of wall clock.
  var hang: UInt32 = 120
}

/// A fuzz run within limits: each input lies in a file before it is run, so that whatever ends the
/// process leaves the input behind.
struct FuzzRun<Fuzz: FuzzTarget> {
  private var fuzz: Fuzz
  private let limits: FuzzLimits
  private let path: String
  private var slowest = (number: 0, seconds: 0.0)
  private var seconds = 0.0

  init(_ fuzz: Fuzz, keeping path: String, limits: FuzzLimits = FuzzLimits()) {
    self.fuzz = fuzz
    self.path = path
    self.limits = limits
  }

  /// Runs inputs in order until their end, or that of the time, or the first that does not hold.
  ///
  /// - Returns: what does not hold; its input is then in the file.
  mutating func run(_ numbers: Range<Int>, for duration: Duration?) throws -> String? {
    var file = try OpenFile(path: path, mode: .replace)
    let clock = ContinuousClock()
    let start = clock.now
    for number in numbers {
      if let duration, clock.now - start >= duration { break }
      let input = fuzz.input(number)
      try file.truncate(to: 0)
      _ = try file.seekToEnd()
      try file.write(input)
      alarm(limits.hang)
      let before = ProcessUse.processorSeconds
      let fault = fuzz.run(input, number: number)
      let spent = ProcessUse.processorSeconds - before
      if spent > slowest.seconds { slowest = (number, spent) }
      seconds += spent
      let isSlow = spent > limits.seconds
      let isLarge = (ProcessUse.peakKibibytes >> 10) > limits.memory
      guard fault != nil || isSlow || isLarge else { continue }
      alarm(0)
      try file.close()
      let reason =
        fault
        ?? (isSlow ? "\(Self.text(spent)) s" : "\(ProcessUse.peakKibibytes >> 10) MiB of memory")
      return "input \(number) of \(input.count) bytes: \(reason)"
    }
    alarm(0)
    try file.close()
    try Directory.remove(path)
    return nil
  }

  /// What a run saw, for people and scripts.
  var summary: String {
    var lines: [(title: String, text: String)] = [("inputs", "\(fuzz.inputCount)")]
    lines += fuzz.seen
    lines.append(("slowest", "input \(slowest.number), \(Self.text(slowest.seconds)) s"))
    let rate = Int(Double(fuzz.inputCount) / max(seconds, 1e-9))
    lines.append(("time", "\(Self.text(seconds)) s, \(rate) a second"))
    lines.append(("memory", "\(ProcessUse.peakKibibytes >> 10) MiB at most"))
    return lines.map { line in
      line.title + String(repeating: " ", count: max(1, 10 - line.title.count)) + line.text + "\n"
    }.joined()
  }

  private static func text(_ seconds: Double) -> String {
    let thousandths = Int(seconds * 1_000)
    let rest = String(thousandths % 1_000)
    return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}
