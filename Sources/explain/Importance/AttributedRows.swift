internal import ArgumentParser
internal import Attribution
internal import DataFields
internal import FileIO
internal import PMML
internal import SourceDiagnostics
internal import TabularIO

/// The rows of a table, scored and attributed block by block, in their order; or labelled by a result.
///
/// Memory stays flat: a block is forgotten when the next one comes.
final class AttributedRows {
  /// Up to 64 rows of a block of records, attributed.
  struct Block {
    let records: RecordBlock
    /// The block's rows within ``records``.
    let rows: Range<Int>
    fileprivate let isScored: [Bool]
    fileprivate let rooms: [Attributor.BlockRoom]
    /// The result that was asked for, as it is printed; nil where it is missing.
    let labels: [String?]

    /// Whether a row, counted from the block's first, has a score.
    func isScored(_ row: Int) -> Bool { isScored[row] }

    /// Whether one of the results is attributed in a row.
    func isAttributed(_ row: Int, part: Int) -> Bool {
      isScored[row] && rooms[part].outcomes[row] != nil
    }

    func attribution(_ row: Int, part: Int, field: Int) -> Double {
      rooms[part].attributions[field * BlockWorkspace.rowCount + row]
    }
  }

  private let model: CompiledModel
  private let reader: RecordReader
  private let parts: [AttributionColumns.Part]
  private let label: CompiledModel.ResolvedResult?
  private let scorer: BlockScorer
  private let space: BlockWorkspace
  private var rooms: [Attributor.BlockRoom]
  private var problems: ScoreProblems
  private var progress = ProgressLine()
  private(set) var rowCount = 0
  private(set) var unscoredCount = 0
  /// Whether the attributions of some row did not add up.
  var hasFaults: Bool { problems.hasAttributionFaults }

  /// - Parameters:
  ///   - reader: has the columns of the model's `inputNames`, and any others after them.
  ///   - label: a result that is wanted of each row.
  init(
    _ model: CompiledModel, _ reader: RecordReader, _ parts: [AttributionColumns.Part] = [],
    label: CompiledModel.ResolvedResult? = nil
  ) throws {
    self.model = model
    self.label = label
    self.reader = reader
    self.parts = parts
    scorer = BlockScorer(model)
    space = scorer.makeWorkspace()
    rooms = parts.map { $0.attributor.makeBlockRoom() }
    problems = try ScoreProblems(.missing, input: reader.name, deadLetters: nil)
  }

  /// Hands on all rows.
  ///
  /// - Throws: what `take` throws, what the system has against the file, and an exit code after a
  ///   signal.
  func forEachBlock(_ take: (Block) throws -> Void) throws {
    defer { progress.clear() }
    var records = RecordBlock(columnCount: reader.columns.count)
    var isAtEnd = false
    while !isAtEnd {
      isAtEnd = try read(into: &records)
      for start in stride(from: 0, to: records.count, by: BlockWorkspace.rowCount) {
        let end = min(start + BlockWorkspace.rowCount, records.count)
        try take(try attribute(records, start..<end))
      }
      rowCount += records.count
      progress.show("\(rowCount) rows")
      records.removeAll()
    }
    progress.clear()
    problems.finish()
  }

  /// - Returns: whether there is nothing more.
  private func read(into records: inout RecordBlock) throws -> Bool {
    while !records.isFull {
      if records.addLines(of: reader) { continue }
      switch try reader.next() {
      case .record, .fault: records.add(reader, keepsRaw: false)
      case .atEnd: return true
      case .stopped: throw ExitCode(Interruption.exitCode)
      }
    }
    return false
  }

  private func attribute(_ records: RecordBlock, _ rows: Range<Int>) throws -> Block {
    scorer.clear(space)
    scorer.set(records.texts, rows, inputCount: model.inputNames.count, in: space)
    scorer.score(rows.count, space)
    for (place, part) in parts.enumerated() {
      part.attributor.attribute(space, rowCount: rows.count, &rooms[place])
    }
    var isScored = Array(repeating: true, count: rows.count)
    for row in rows.indices {
      let place = row - rows.lowerBound
      if records.faults[row] != nil {
        try problems.add(ScoreProblem(records[row]))
      } else if !scorer.isScored(place, space) {
        let input = space.invalidInput[place]
        try problems.add(
          ScoreProblem(
            records[row], field: model.inputNames[input], value: records.text(row, input)))
      } else {
        continue
      }
      isScored[place] = false
      unscoredCount += 1
    }
    for fault in AttributionColumns.faults(parts, rooms, rowCount: rows.count)
    where isScored[fault.row] {
      problems.add(records[rows.lowerBound + fault.row], fault.reason)
    }
    return Block(
      records: records, rows: rows, isScored: isScored, rooms: rooms,
      labels: label.map { labels($0, isScored) } ?? [])
  }

  private func labels(_ result: CompiledModel.ResolvedResult, _ isScored: [Bool]) -> [String?] {
    isScored.indices.map { row in
      let value = scorer.value(result, row: row, in: space)
      guard isScored[row], !value.isNaN else { return nil }
      var bytes: [UInt8] = []
      scorer.appendText(of: value, result.dataType, in: space, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

extension BlockScorer {
  /// Sets the inputs of a block from the texts of records, whose first columns they are, column by
  /// column.
  func set(
    _ texts: RecordTexts, _ rows: Range<Int>, inputCount: Int, in space: BlockWorkspace
  ) {
    let columnCount = texts.columnCount
    texts.bytes.withUnsafeBufferPointer { bytes in
      texts.ranges.withUnsafeBufferPointer { ranges in
        for place in 0..<inputCount {
          let column = ranges[rows.lowerBound * columnCount + place..<rows.upperBound * columnCount]
          set(
            texts: bytes, UnsafeBufferPointer(rebasing: column), stride: columnCount,
            anyInput: place, in: space)
        }
      }
    }
  }
}
