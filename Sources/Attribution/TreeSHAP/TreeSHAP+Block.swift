import TreeEnsembles

extension TreeSHAP {
  /// Rows that are attributed at once.
  package static var blockRowCount: Int { ShapleyKernel.rowCount }

  /// Room for a block of rows, and what is found of them.
  package struct Block: Sendable {
    /// Features, rounded by ``TreeEnsemble/round(_:)``: that of `feature` in `row` is at
    /// `feature * blockRowCount + row`; NaN is missing.
    package var columns: [Double]
    /// A column of ``TreeSHAP/blockRowCount`` numbers for each player.
    package fileprivate(set) var attributions: [Double]
    /// A column for each two players, the first before the second, at `first * playerCount + second`:
    /// the Shapley interaction index, what the two do only together. Empty if not asked for.
    package fileprivate(set) var interactions: [Double]
    /// The rows' raw scores in double precision; NaN where a row, or a mixture of it with the
    /// background, has no prediction.
    package fileprivate(set) var rawScores: [Double]
    fileprivate var quadrature: QuadratureProgram.BlockRoom?
    fileprivate var row: [Double]
    fileprivate var single: Workspace
    fileprivate var part: [Double]
  }

  package func makeBlock() -> Block { makeBlock(interactions: false) }

  /// Room for ``Block/interactions``, too.
  ///
  /// - Throws: why there are none.
  package func makeInteractionBlock() throws(AttributionRefusal) -> Block {
    guard case .quadrature = form else {
      throw AttributionRefusal(
        "interactions are path-dependent: they take the model's record counts, and no background")
    }
    try Self.checkInteractions(playerCount)
    return makeBlock(interactions: true)
  }

  /// There is a column for each two players, so that many of them would take too much room.
  static func checkInteractions(_ playerCount: Int) throws(AttributionRefusal) {
    let limit = QuadratureProgram.pairedPlayerLimit
    guard playerCount <= limit else {
      throw AttributionRefusal("interactions take at most \(limit) fields, not \(playerCount)")
    }
  }

  private func makeBlock(interactions: Bool) -> Block {
    let rows = Self.blockRowCount
    var quadrature: QuadratureProgram.BlockRoom?
    if case .quadrature(let program) = form {
      quadrature = program.makeBlockRoom(
        featureCount: table.ensemble.featureCount, hasPairs: interactions)
    }
    return Block(
      columns: Array(repeating: .nan, count: table.ensemble.featureCount * rows),
      attributions: Array(repeating: 0, count: playerCount * rows),
      interactions: interactions
        ? Array(repeating: 0, count: playerCount * playerCount * rows) : [],
      rawScores: Array(repeating: .nan, count: rows), quadrature: quadrature,
      row: Array(repeating: .nan, count: table.ensemble.featureCount), single: makeWorkspace(),
      part: Array(repeating: 0, count: playerCount))
  }

  /// Attributes the first rows of a block; the bits of ``attribute(_:_:into:)``.
  package func attribute(_ block: inout Block, rowCount: Int) {
    let rows = Self.blockRowCount
    precondition(rowCount <= rows, "a block has \(rows) rows")
    guard case .quadrature(let program) = form, var room = block.quadrature.take() else {
      for row in 0..<rowCount { attribute(row, &block) }
      return
    }
    defer { block.quadrature = room }
    swap(&room.columns, &block.columns)
    program.run(table, &room)
    swap(&room.columns, &block.columns)
    for (place, player) in program.players.enumerated() {
      for row in 0..<rowCount {
        block.attributions[player * rows + row] = room.values[place * rows + row]
      }
    }
    for row in 0..<rowCount {
      let isDefined = room.undefined >> UInt64(row) & 1 == 0
      block.rawScores[row] = isDefined ? constant + room.scores[row] : .nan
    }
    guard !block.interactions.isEmpty else { return }
    for (place, first) in program.players.enumerated() {
      for (other, second) in program.players.enumerated() where other > place {
        let from = (place * program.players.count + other) * rows
        let to = (min(first, second) * playerCount + max(first, second)) * rows
        for row in 0..<rowCount { block.interactions[to + row] = room.pairValues[from + row] }
      }
    }
  }

  private func attribute(_ row: Int, _ block: inout Block) {
    let rows = Self.blockRowCount
    for feature in block.row.indices {
      block.row[feature] = block.columns[feature * rows + row]
    }
    var part = block.part
    block.part = []
    let values = block.row
    let score = attribute(values.span, &block.single, into: &part)
    block.part = part
    block.rawScores[row] = score ?? .nan
    for player in block.part.indices {
      block.attributions[player * rows + row] = block.part[player]
    }
  }
}
