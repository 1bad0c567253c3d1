internal import PMML

/// Scores blocks of records: the part of the work that several tasks can do at once.
struct RecordScorer: Sendable {
  let lines: ScoreLines
  let use: InvalidRows
  private let blocks: BlockScorer

  init(lines: ScoreLines, use: InvalidRows) {
    self.lines = lines
    self.use = use
    blocks = BlockScorer(lines.model)
  }

  /// What scoring needs beside the model.
  struct State {
    var space: ScoringWorkspace
    let block: BlockWorkspace
    var writer: ScoreLineWriter
  }

  func makeState() -> State {
    State(
      space: lines.model.makeWorkspace(), block: blocks.makeWorkspace(),
      writer: lines.makeWriter())
  }

  func score(_ block: RecordBlock, _ state: inout State) -> ScoredBlock {
    var scored = ScoredBlock(recordCount: block.records.count)
    // Attribution looks at rows one by one, and so does what rests on the rows before.
    if lines.attributions != nil || lines.model.needsOtherRows != nil {
      scoreRows(block, &state, &scored)
    } else {
      scoreBlocks(block, &state, &scored)
    }
    scored.text = state.writer.take()
    return scored
  }

  private func scoreBlocks(
    _ block: RecordBlock, _ state: inout State, _ scored: inout ScoredBlock
  ) {
    let space = state.block
    let inputs = lines.model.inputNames.indices
    for start in stride(from: 0, to: block.records.count, by: BlockWorkspace.rowCount) {
      let end = min(start + BlockWorkspace.rowCount, block.records.count)
      blocks.clear(space)
      for index in start..<end {
        for place in inputs {
          guard let text = block.text(index, place) else { continue }
          blocks.set(text: text, anyInput: place, row: index - start, in: space)
        }
      }
      blocks.score(end - start, space)
      for index in start..<end {
        let record = block.records[index]
        if let fault = record.fault {
          scored.problems.append(ScoreProblem(record, fault))
        } else if !blocks.isScored(index - start, space) {
          let place = space.invalidInput[index - start]
          scored.problems.append(
            ScoreProblem(
              record, field: lines.model.inputNames[place], value: block.text(index, place)))
        } else {
          state.writer.add(ScoredRow(blocks, space, index - start))
          continue
        }
        if use == .stop { return }
        if use == .missing { state.writer.add(nil) }
      }
    }
  }

  private func scoreRows(
    _ block: RecordBlock, _ state: inout State, _ scored: inout ScoredBlock
  ) {
    for (index, record) in block.records.enumerated() {
      guard let problem = problem(block, index, record, &state.space) else {
        state.writer.add(ScoredRow(lines.model, state.space))
        continue
      }
      scored.problems.append(problem)
      if use == .stop { break }
      if use == .missing { state.writer.add(nil) }
    }
    // Forgets texts now and then.
    lines.model.clear(&state.space)
  }

  /// Scores a record, or says why it cannot be scored.
  private func problem(
    _ block: RecordBlock, _ index: Int, _ record: RecordBlock.Record,
    _ space: inout ScoringWorkspace
  ) -> ScoreProblem? {
    if let fault = record.fault { return ScoreProblem(record, fault) }
    let model = lines.model
    model.clear(&space)
    for place in model.inputNames.indices {
      if let text = block.text(index, place) { model.set(text: text, anyInput: place, in: &space) }
    }
    if model.score(&space) { return nil }
    let place = space.invalidInput
    return ScoreProblem(
      record, field: model.inputNames[place], value: block.text(index, place))
  }
}

/// A row that was scored, by itself or in a block.
struct ScoredRow {
  private enum Source {
    case row(CompiledModel, ScoringWorkspace)
    case block(BlockScorer, BlockWorkspace, Int)
  }

  private let source: Source

  init(_ model: CompiledModel, _ space: ScoringWorkspace) { source = .row(model, space) }

  init(_ scorer: BlockScorer, _ space: BlockWorkspace, _ row: Int) {
    source = .block(scorer, space, row)
  }

  func value(_ result: CompiledModel.ResolvedResult) -> Double {
    switch source {
    case .row(let model, let space): model.value(result, in: space)
    case .block(let scorer, let space, let row): scorer.value(result, row: row, in: space)
    }
  }

  func text(_ result: CompiledModel.ResolvedResult) -> String {
    switch source {
    case .row(let model, let space): model.text(result, in: space)
    case .block(let scorer, let space, let row): scorer.text(result, row: row, in: space)
    }
  }

  /// The row by itself; nil if it was scored in a block.
  var space: ScoringWorkspace? {
    if case .row(_, let space) = source { space } else { nil }
  }
}
