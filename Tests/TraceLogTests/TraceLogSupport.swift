import DataFields
import DecisionTrace
import FileIO
import RationaleTestSupport
import TraceLog

/// A body that starts as every body does, and goes on with `payload` bytes.
func body(_ number: Int, subject: String, payload: Int = 20) -> [UInt8] {
  var encoder = TraceBodyEncoder()
  let schema = Digest(bytes: Array(repeating: 7, count: 32))
  encoder.begin(
    schema: schema ?? .zero, source: "test", record: number, index: 0,
    subject: subject, asOf: nil)
  return encoder.bytes + (0..<payload).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
}

/// Appends bodies number `range`; subject n has the name `s(n % 5)`, decision `d(n % 2)`.
func append(_ range: Range<Int>, to log: inout TraceLogWriter) throws {
  for number in range {
    let index = try log.append(
      body(number, subject: "s\(number % 5)"), subject: SubjectKey("s\(number % 5)"),
      decision: DecisionKey("d\(number % 2)"))
    if index != number { throw UnexpectedIndex(index: index, expected: number) }
  }
}

struct UnexpectedIndex: Error {
  var index: Int
  var expected: Int
}

/// The numbers of the bodies that a log holds, in order.
func numbers(_ path: String, from first: Int = 0) throws -> [Int] {
  var numbers: [Int] = []
  try TraceLogReader(path: path).scan(from: first) { trace in
    numbers.append(TraceBodyHead(trace.body)?.record ?? -1)
    return true
  }
  return numbers
}

func smallSegments() -> TraceLogWriter.Options {
  var options = TraceLogWriter.Options()
  options.segmentBytes = 1000
  options.groupRecords = 3
  return options
}

/// Takes away what closing a log leaves behind that a crash would not have left.
func forgetClosing(_ directory: TemporaryDirectory) throws {
  for name in ["durable", "checkpoint", "checkpoints"] {
    try Directory.remove(directory.file(name))
  }
}
