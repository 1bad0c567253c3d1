internal import ArgumentParser
internal import FileIO
internal import SourceDiagnostics
internal import TabularIO

/// `--on-invalid`: what becomes of a row that cannot be scored.
enum InvalidRows: String, CaseIterable, ExpressibleByArgument, Sendable {
  /// Its line is empty.
  case missing
  /// Nothing after it is scored.
  case stop
  /// It has no line, and is written to a file of its own.
  case deadLetter = "dead-letter"
}

/// A row that cannot be scored, and why.
struct ScoreProblem: Sendable {
  let record: RecordBlock.Record
  let field: String?
  let code: String
  let reason: String

  /// A record that could not be read.
  init(_ record: RecordBlock.Record) {
    self.record = record
    field = nil
    code = record.fault?.code.rawValue ?? ""
    reason = record.fault?.reason ?? ""
  }

  /// - Parameter differsInGroup: the value is valid, but another than that of the rows of its group.
  init(
    _ record: RecordBlock.Record, field: String, value: String?, differsInGroup: Bool = false
  ) {
    self.record = record
    self.field = field
    code = differsInGroup ? "differs-in-group" : "invalid-value"
    if differsInGroup {
      reason = "the rows of its group differ in `\(field)`"
      return
    }
    let value = value.map { " `\($0.prefix(60))`\($0.count > 60 ? "..." : "")" } ?? ""
    reason = "the value\(value) of `\(field)` is invalid"
  }
}

/// Says which rows are not scored, and keeps them where that is wished for.
struct ScoreProblems: ~Copyable {
  let use: InvalidRows
  private let name: String
  private var letters: DeadLetterWriter?
  private var count = 0
  private var attributionFaultCount = 0
  private static let limit = 10

  /// - Parameters:
  ///   - name: the input's.
  ///   - path: where dead letters go, with `--on-invalid dead-letter`.
  init(_ use: InvalidRows, input name: String, deadLetters path: String?) throws(FileError) {
    self.use = use
    self.name = name
    letters = nil
    if use == .deadLetter, let path { letters = try DeadLetterWriter(path: path) }
  }

  mutating func add(_ problem: ScoreProblem) throws {
    let record = problem.record
    let place = "\(name):\(record.line)"
    if use == .stop {
      throw CommandFailure(
        message: "\(place): row \(record.number) cannot be scored: \(problem.reason)",
        help: "the rows before it are; --on-invalid missing goes on")
    }
    count += 1
    if count <= Self.limit {
      StandardError.write("\(place): row \(record.number) is not scored: \(problem.reason)\n")
    }
    try letters?.write(
      DeadLetter(
        source: "rows", file: name, record: record.number, element: record.element,
        position: problem.record.fault?.position ?? SourcePosition(line: record.line, column: 1),
        field: problem.field, code: problem.code, reason: problem.reason, raw: record.raw,
        rawLength: record.rawLength))
  }

  /// Says that the attributions of a row do not add up.
  mutating func add(_ record: RecordBlock.Record, _ attributionFault: String) {
    attributionFaultCount += 1
    if attributionFaultCount > Self.limit { return }
    StandardError.write("\(name):\(record.line): row \(record.number): \(attributionFault)\n")
  }

  var hasAttributionFaults: Bool { attributionFaultCount > 0 }

  func finish() {
    if attributionFaultCount > Self.limit {
      StandardError.write(
        "\(name): the attributions of \(attributionFaultCount) rows do not add up\n")
    }
    if count > Self.limit { StandardError.write("\(name): \(count) rows are not scored\n") }
  }

  /// Returns once the letters are on the disk.
  mutating func close() throws(FileError) {
    try letters?.close()
    letters = nil
  }
}
