internal import ArgumentParser
internal import FileIO
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// The scores of the records of a reader, line by line, in the order of the input.
///
/// Memory stays flat: records are read, scored and written in blocks.
final class ScoreTable {
  private let scorer: BlockScorer
  private let rows: RecordReader
  private let threads: Int
  private var problems: ScoreProblems
  private var table: BufferedFile
  private var progress = ProgressLine()
  private var count = 0
  private var block: RecordBlock
  private var state: BlockScorer.State?
  /// What went wrong while a reader was about to wait.
  private var failure: (any Error)?

  init(
    _ lines: ScoreLines, rows: RecordReader, table: consuming BufferedFile,
    problems: consuming ScoreProblems, threads: Int
  ) {
    scorer = BlockScorer(lines: lines, use: problems.use)
    self.rows = rows
    self.table = table
    self.problems = problems
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
      try problems.close()
      throw error
    }
    progress.clear()
    try table.close()
    try problems.close()
    problems.finish()
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
    let full = block
    block = makeBlock()
    try take(scorer.score(full, &state))
  }

  private func scoreBeforeWaiting() throws(FileError) {
    if block.records.isEmpty { return }
    do {
      try scoreBlock()
      try table.flush()
    } catch let error as FileError {
      throw error
    } catch {
      failure = error
    }
  }

  private func makeBlock() -> RecordBlock { RecordBlock(columnCount: rows.columns.count) }

  /// Fills the block; false where there is nothing more.
  private func read() throws -> Bool {
    while !block.isFull {
      let step = try rows.next()
      if let failure { throw failure }
      switch step {
      case .record, .fault: block.add(rows, keepsRaw: scorer.use == .deadLetter)
      case .atEnd, .stopped: return !block.records.isEmpty
      }
    }
    return true
  }

  private func take(_ scored: ScoredBlock) throws {
    table.bytes += scored.text
    try table.flushIfFull()
    count += scored.recordCount
    progress.show("\(count) rows")
    for problem in scored.problems { try problems.add(problem) }
  }

  // MARK: Several threads

  private func writeConcurrently() async throws {
    let scorer = scorer
    try await withThrowingTaskGroup(of: (Int, ScoredBlock).self) { group in
      var isAtEnd = false
      var started = 0
      var written = 0
      var ready: [Int: ScoredBlock] = [:]
      while true {
        while !isAtEnd, started - written < threads + 2, started - written - ready.count < threads {
          guard try read() else {
            isAtEnd = true
            break
          }
          let (number, full) = (started, block)
          block = makeBlock()
          group.addTask {
            var state = scorer.makeState()
            return (number, scorer.score(full, &state))
          }
          started += 1
        }
        guard let (number, scored) = try await group.next() else { break }
        ready[number] = scored
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
  var problems: [ScoreProblem] = []
  var recordCount = 0
}

/// Scores blocks of records: the part of the work that several tasks can do at once.
struct BlockScorer: Sendable {
  let lines: ScoreLines
  let use: InvalidRows

  /// What scoring needs beside the model.
  struct State {
    var space: ScoringWorkspace
    var writer: ScoreLineWriter
  }

  func makeState() -> State {
    State(space: lines.model.makeWorkspace(), writer: lines.makeWriter())
  }

  func score(_ block: RecordBlock, _ state: inout State) -> ScoredBlock {
    let model = lines.model
    var scored = ScoredBlock(recordCount: block.records.count)
    for (index, record) in block.records.enumerated() {
      guard let problem = problem(block, index, record, &state.space) else {
        state.writer.add(state.space)
        continue
      }
      scored.problems.append(problem)
      if use == .stop { break }
      if use == .missing { state.writer.add(nil) }
    }
    scored.text = state.writer.take()
    // Forgets texts now and then.
    model.clear(&state.space)
    return scored
  }

  /// Scores a record, or says why it cannot be scored.
  private func problem(
    _ block: RecordBlock, _ index: Int, _ record: RecordBlock.Record,
    _ space: inout ScoringWorkspace
  ) -> ScoreProblem? {
    if let fault = record.fault { return ScoreProblem(record, fault) }
    let model = lines.model
    model.clear(&space)
    for place in model.program.inputs.indices {
      if let text = block.text(index, place) { model.set(text: text, anyInput: place, in: &space) }
    }
    if model.score(&space) { return nil }
    let place = space.invalidInput
    return ScoreProblem(
      record, field: model.inputNames[place], value: block.text(index, place))
  }
}
