internal import DataFields
internal import PMML
internal import TabularIO

/// Rows of a model's inputs in memory, as typed columns, and the time that scoring them takes.
struct ScoreBench {
  let model: CompiledModel
  private let scorer: BlockScorer
  /// For each input of the model's signature, a number a row; texts by their codes.
  private var columns: [[Double]]
  let rowCount: Int
  private let space: BlockWorkspace
  private let result: CompiledModel.ResolvedResult

  init(_ model: CompiledModel, rows: RecordReader) throws {
    self.model = model
    scorer = BlockScorer(model)
    space = scorer.makeWorkspace()
    guard let result = model.resultColumns.first?.result else {
      throw CommandFailure(message: "the model gives no result")
    }
    self.result = result
    var row = model.makeWorkspace()
    columns = Array(repeating: [], count: model.signature.inputs.count)
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
    // The codes of the texts that the rows have brought along.
    space.takeTexts(of: row)
  }

  /// Scores every row once, in blocks; the sum of what was predicted, so that nothing is left out.
  func scoreAll() -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: rowCount, by: BlockWorkspace.rowCount) {
      let end = min(start + BlockWorkspace.rowCount, rowCount)
      for (place, column) in columns.enumerated() {
        column.withUnsafeBufferPointer {
          scorer.set(
            numbers: UnsafeBufferPointer(rebasing: $0[start..<end]), input: place, in: space)
        }
      }
      scorer.score(end - start, space)
      sum += scorer.value(result, row: 0, in: space)
    }
    return sum
  }

  /// Scores `count` rows one by one; the nanoseconds that each took, rising.
  func scoreOneByOne(_ count: Int) -> [Int64] {
    var row = model.makeWorkspace()
    var sum = 0.0
    var times: [Int64] = []
    for turn in 0..<count {
      let place = turn * 7_919 % max(rowCount, 1)
      let start = ContinuousClock.now
      model.clear(&row)
      for (input, column) in columns.enumerated() {
        model.set(number: column[place], input: input, in: &row)
      }
      if model.score(&row) { sum += model.value(result, in: row) }
      let (_, part) = (ContinuousClock.now - start).components
      times.append(part / 1_000_000_000)
    }
    precondition(sum.isNaN || sum < .infinity, "no number of rows adds up to more")
    return times.sorted()
  }
}
