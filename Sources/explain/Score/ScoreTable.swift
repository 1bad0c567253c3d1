internal import ArgumentParser
internal import FileIO
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// The scores of the records of a reader, line by line, in the order of the input.
///
/// Memory stays flat: records are read, scored and written in blocks.
final class ScoreTable {
  private let scorer: RecordScorer
  private let rows: RecordReader
  private let threads: Int
  private var problems: ScoreProblems
  private var table: BufferedFile
  /// Where the neighbours of rows go.
  private var neighbors: BufferedFile?
  private var progress = ProgressLine()
  private var count = 0
  /// Whether a signal ended the reading.
  private var isStopped = false
  private var block: RecordBlock
  private var state: RecordScorer.State?
  /// What went wrong while a reader was about to wait.
  private var failure: (any Error)?

  init(
    _ lines: ScoreLines, rows: RecordReader, table: consuming BufferedFile,
    problems: consuming ScoreProblems, threads: Int, neighbors: consuming BufferedFile? = nil
  ) {
    scorer = RecordScorer(lines: lines, use: problems.use)
    self.rows = rows
    self.table = table
    self.problems = problems
    self.neighbors = neighbors
    self.threads = threads
    block = RecordBlock(columnCount: rows.columns.count)
  }

  func write() async throws {
    table.bytes += scorer.lines.header
    do {
      // What rests on the rows before is scored in their order.
      if threads > 1, scorer.lines.model.needsOtherRows == nil {
        try await writeConcurrently()
      } else {
        try writeInOrder()
      }
    } catch {
      progress.clear()
      // What was scored before is not lost.
      try table.flush()
      try neighbors?.flush()
      try problems.close()
      throw error
    }
    progress.clear()
    try table.close()
    try neighbors?.close()
    try problems.close()
    problems.finish()
    if isStopped {
      StandardError.write(
        "stopped by a signal after \(count) row\(count == 1 ? "" : "s")\n")
      throw ExitCode(Interruption.exitCode)
    }
    if problems.hasAttributionFaults { throw ExitCode.failure }
  }

  // MARK: One thread

  private func writeInOrder() throws {
    state = scorer.makeState()
    // Nobody waits for a score while the next rows are waited for.
    rows.beforeWaiting = { [unowned self] () throws(FileError) in try self.scoreBeforeWaiting() }
    defer { rows.beforeWaiting = nil }
    while try read() { try scoreBlock() }
  }

  private func scoreBlock() throws {
    guard var state else { return }
    self.state = nil
    defer { self.state = state }
    let scored = scorer.score(block, &state)
    block.removeAll()
    try take(scored)
  }

  private func scoreBeforeWaiting() throws(FileError) {
    if block.count == 0 { return }
    do {
      try scoreBlock()
      try table.flush()
      try neighbors?.flush()
    } catch let error as FileError {
      throw error
    } catch {
      failure = error
    }
  }

  private func makeBlock() -> RecordBlock { RecordBlock(columnCount: rows.columns.count) }

  /// Fills the block; false where there is nothing more.
  private func read() throws -> Bool {
    let keepsRaw = scorer.use == .deadLetter
    while !block.isFull {
      if !keepsRaw, block.addLines(of: rows) { continue }
      let step = try rows.next()
      if let failure { throw failure }
      switch step {
      case .record, .fault: block.add(rows, keepsRaw: keepsRaw)
      case .atEnd: return block.count > 0
      case .stopped:
        isStopped = true
        return block.count > 0
      }
    }
    return true
  }

  private func take(_ scored: ScoredBlock) throws {
    table.bytes += scored.text
    try table.flushIfFull()
    if !scored.neighbors.isEmpty {
      neighbors?.bytes += scored.neighbors
      try neighbors?.flushIfFull()
    }
    count += scored.recordCount
    progress.show("\(count) rows")
    for problem in scored.problems { try problems.add(problem) }
    for fault in scored.attributionFaults { problems.add(fault.record, fault.reason) }
  }

  // MARK: Several threads

  /// A task's own room to score in, kept from block to block.
  private actor Worker {
    private let scorer: RecordScorer
    private var state: RecordScorer.State

    init(_ scorer: RecordScorer) {
      self.scorer = scorer
      state = scorer.makeState()
    }

    func score(_ block: RecordBlock) -> ScoredBlock { scorer.score(block, &state) }
  }

  private struct Finished {
    var number: Int
    var scored: ScoredBlock
    /// Free for the next block, as is the memory of this one.
    var worker: Worker
    var block: RecordBlock
  }

  private func writeConcurrently() async throws {
    let scorer = scorer
    var free = (0..<threads).map { _ in Worker(scorer) }
    var blocks: [RecordBlock] = []
    try await withThrowingTaskGroup(of: Finished.self) { group in
      var isAtEnd = false
      var started = 0
      var written = 0
      var ready: [Int: ScoredBlock] = [:]
      while true {
        while !isAtEnd, started - written < threads + 2, !free.isEmpty {
          guard try read() else {
            isAtEnd = true
            break
          }
          let (number, worker, full) = (started, free.removeLast(), block)
          block = blocks.popLast() ?? makeBlock()
          group.addTask {
            Finished(
              number: number, scored: await worker.score(full), worker: worker, block: full)
          }
          started += 1
        }
        guard var finished = try await group.next() else { break }
        free.append(finished.worker)
        finished.block.removeAll()
        blocks.append(finished.block)
        ready[finished.number] = finished.scored
        while let next = ready.removeValue(forKey: written) {
          try take(next)
          written += 1
        }
      }
    }
  }
}

/// What has become of a block of records.
struct ScoredBlock: Sendable {
  var text: [UInt8] = []
  /// Lines of the rows' neighbours.
  var neighbors: [UInt8] = []
  var problems: [ScoreProblem] = []
  /// Records whose attributions do not add up, and how far.
  var attributionFaults: [(record: RecordBlock.Record, reason: String)] = []
  var recordCount = 0
}
