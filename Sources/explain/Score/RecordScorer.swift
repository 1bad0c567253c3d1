internal import DataFields
internal import PMML
internal import TabularIO

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
    var neighbors = JSONText()
  }

  func makeState() -> State {
    State(
      space: lines.model.makeWorkspace(), block: blocks.makeWorkspace(),
      writer: lines.makeWriter())
  }

  func score(_ block: RecordBlock, _ state: inout State) -> ScoredBlock {
    var scored = ScoredBlock(recordCount: block.count)
    // What rests on the rows before is scored one by one.
    if lines.model.needsOtherRows != nil {
      scoreRows(block, &state, &scored)
    } else {
      scoreBlocks(block, &state, &scored)
    }
    scored.text = state.writer.take()
    scored.neighbors = state.neighbors.bytes
    state.neighbors.removeAll()
    return scored
  }

  private func scoreBlocks(
    _ block: RecordBlock, _ state: inout State, _ scored: inout ScoredBlock
  ) {
    let space = state.block
    for start in stride(from: 0, to: block.count, by: BlockWorkspace.rowCount) {
      let end = min(start + BlockWorkspace.rowCount, block.count)
      blocks.clear(space)
      blocks.set(
        block.texts, start..<end, inputCount: lines.model.inputNames.count, in: space)
      blocks.score(end - start, space)
      state.writer.load(blocks, space, rowCount: end - start, firstRow: block[start].number)
      for fault in state.writer.attributionFaults where blocks.isScored(fault.row, space) {
        let index = start + fault.row
        guard block.faults[index] == nil else { continue }
        scored.attributionFaults.append((block[index], fault.reason))
      }
      addNeighbors(block, start..<end, &state)
      if block.faults.isEmpty, blocks.areScored(end - start, space) {
        state.writer.add(0..<end - start, blocks, space)
        continue
      }
      for index in start..<end {
        if block.faults.isEmpty || block.faults[index] == nil {
          if blocks.isScored(index - start, space) {
            state.writer.add(index - start..<index - start + 1, blocks, space)
            continue
          }
          let place = space.invalidInput[index - start]
          scored.problems.append(
            ScoreProblem(
              block[index], field: lines.model.inputNames[place],
              value: block.text(index, place)))
        } else {
          scored.problems.append(ScoreProblem(block[index]))
        }
        if use == .stop { return }
        if use == .missing { state.writer.add(nil) }
      }
    }
  }

  /// Adds the neighbours of the rows of a block that were scored.
  private func addNeighbors(_ block: RecordBlock, _ rows: Range<Int>, _ state: inout State) {
    guard let neighbors = lines.neighbors else { return }
    for index in rows {
      let place = index - rows.lowerBound
      guard block.faults[index] == nil, blocks.isScored(place, state.block) else {
        if use == .stop { return }
        continue
      }
      neighbors.append(
        state.block.loadedRow(place), number: block[index].number, to: &state.neighbors)
    }
  }

  private func scoreRows(
    _ block: RecordBlock, _ state: inout State, _ scored: inout ScoredBlock
  ) {
    for index in 0..<block.count {
      guard let problem = problem(block, index, &state.space) else {
        state.writer.add(state.space)
        lines.neighbors?.append(
          state.space, number: block[index].number, to: &state.neighbors)
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
    _ block: RecordBlock, _ index: Int, _ space: inout ScoringWorkspace
  ) -> ScoreProblem? {
    if block.faults[index] != nil { return ScoreProblem(block[index]) }
    let model = lines.model
    model.clear(&space)
    for place in 0..<block.texts.columnCount {
      block.texts.withText(index, place) { model.set(text: $0, anyInput: place, in: &space) }
    }
    if model.score(&space) { return nil }
    let place = space.invalidInput
    return ScoreProblem(
      block[index], field: model.inputNames[place], value: block.text(index, place))
  }
}
