internal import DataFields
internal import PMML
internal import Synchronization
internal import TabularIO

/// Rows of a model's inputs in memory, as typed columns, and the time that scoring them takes.
struct ScoreBench: Sendable {
  let model: CompiledModel
  private let scorer: BlockScorer
  /// For each input of the model's signature a column, one after another: a number a row; texts by
  /// their codes.
  private let columns: [Double]
  private let inputCount: Int
  let rowCount: Int
  private let result: CompiledModel.ResolvedResult
  private let workers: [Worker]

  /// - Parameter threads: how many tasks score a batch of all rows.
  init(_ model: CompiledModel, rows: RecordReader, threads: Int = 1) throws {
    self.model = model
    scorer = BlockScorer(model)
    guard let result = model.resultColumns.first?.result else {
      throw CommandFailure(message: "the model gives no result")
    }
    self.result = result
    var row = model.makeWorkspace()
    inputCount = model.signature.inputs.count
    var columns: [[Double]] = Array(repeating: [], count: inputCount)
    var count = 0
    reading: while true {
      switch try rows.next() {
      case .record:
        model.clear(&row)
        for place in columns.indices {
          let field = rows.field(place)
          if field.kind != .absent { model.set(text: field.text, input: place, in: &row) }
          columns[place].append(model.input(place, in: row))
        }
        count += 1
      case .fault: throw CommandFailure(message: rows.fault?.reason ?? "unreadable row")
      case .atEnd, .stopped: break reading
      }
    }
    rowCount = count
    self.columns = columns.flatMap { $0 }
    let (texts, scorer) = (row, scorer)
    workers = (0..<threads).map { _ in Worker(scorer, texts) }
  }

  // MARK: A batch

  /// A task's own room to score in.
  private actor Worker {
    private let space: BlockWorkspace

    /// - Parameter texts: has the codes of the texts that the rows have brought along.
    init(_ scorer: BlockScorer, _ texts: ScoringWorkspace) {
      space = scorer.makeWorkspace()
      space.takeTexts(of: texts)
    }

    /// Scores the parts of a batch that no other task has taken.
    func score(_ bench: ScoreBench, _ parts: Parts) -> Double {
      var sum = 0.0
      while let rows = parts.next() { sum += bench.score(rows, space) }
      return sum
    }
  }

  /// The rows of a batch, handed out in parts of some blocks.
  private final class Parts: Sendable {
    private let taken = Atomic(0)
    private let rowCount: Int
    private static let size = 16 * BlockWorkspace.rowCount

    init(rowCount: Int) { self.rowCount = rowCount }

    func next() -> Range<Int>? {
      let start = taken.add(Self.size, ordering: .relaxed).oldValue
      return start < rowCount ? start..<min(start + Self.size, rowCount) : nil
    }
  }

  /// Scores every row once, in blocks; the sum of what was predicted, so that nothing is left out.
  func scoreAll() async -> Double {
    let parts = Parts(rowCount: rowCount)
    if workers.count == 1 { return await workers[0].score(self, parts) }
    return await withTaskGroup(of: Double.self) { group in
      for worker in workers { group.addTask { await worker.score(self, parts) } }
      return await group.reduce(0, +)
    }
  }

  /// Sets the inputs of a block.
  func set(_ rows: Range<Int>, _ scorer: BlockScorer, _ space: BlockWorkspace) {
    columns.withUnsafeBufferPointer { columns in
      guard let first = columns.baseAddress else { return }
      scorer.set(columns: first + rows.lowerBound, stride: rowCount, count: rows.count, in: space)
    }
  }

  /// Sets the inputs of one row.
  func set(_ place: Int, _ row: inout ScoringWorkspace) {
    model.clear(&row)
    for input in 0..<inputCount {
      model.set(number: columns[input * rowCount + place], input: input, in: &row)
    }
  }

  private func score(_ rows: Range<Int>, _ space: BlockWorkspace) -> Double {
    columns.withUnsafeBufferPointer { columns in
      guard let first = columns.baseAddress else { return 0 }
      var sum = 0.0
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: BlockWorkspace.rowCount) {
        let end = min(start + BlockWorkspace.rowCount, rows.upperBound)
        scorer.set(columns: first + start, stride: rowCount, count: end - start, in: space)
        scorer.score(end - start, space)
        sum += scorer.value(result, row: 0, in: space)
      }
      return sum
    }
  }

  /// Runs `pass` until `seconds` are over: passes, and seconds of wall clock and processor.
  static func time(
    for seconds: Double, _ pass: () async -> Void
  ) async -> (passes: Int, wall: Double, processor: Double) {
    let start = ContinuousClock.now
    let processorStart = ProcessUse.processorSeconds
    var passes = 0
    var wall = 0.0
    repeat {
      await pass()
      passes += 1
      let (whole, part) = (ContinuousClock.now - start).components
      wall = Double(whole) + Double(part) * 1e-18
    } while wall < seconds
    return (passes, wall, ProcessUse.processorSeconds - processorStart)
  }

  // MARK: Single rows

  /// Scores `count` rows one by one; the nanoseconds that each took, rising.
  func scoreOneByOne(_ count: Int) -> [Int64] {
    var row = model.makeWorkspace()
    var sum = 0.0
    var times: [Int64] = []
    // Row by row, as whoever scores a single row has its values.
    var rows = Array(repeating: 0.0, count: columns.count)
    for place in columns.indices {
      rows[place % rowCount * inputCount + place / rowCount] = columns[place]
    }
    for turn in 0..<count {
      let first = turn * 7_919 % rowCount * inputCount
      let start = ContinuousClock.now
      model.clear(&row)
      for input in 0..<inputCount {
        model.set(number: rows[first + input], input: input, in: &row)
      }
      if model.score(&row) { sum += model.value(result, in: row) }
      let (_, part) = (ContinuousClock.now - start).components
      times.append(part / 1_000_000_000)
    }
    precondition(sum.isNaN || sum < .infinity, "no number of rows adds up to more")
    return times.sorted()
  }
}
