package import PMML

extension Attributor {
  /// Room for the rows of a block; reused from block to block.
  package struct BlockRoom: Sendable {
    /// A column of 64 numbers for each field of the model's signature.
    package fileprivate(set) var attributions: [Double]
    /// Of sampled values, a column of half the 95 % intervals for each field; else empty.
    package fileprivate(set) var errors: [Double]
    /// What is attributed of each row; nil if the row, or a mixture of it with the background, has no
    /// such result.
    package fileprivate(set) var outcomes: [Outcome?]
    /// A column for each two fields, the first before the second, at `first * fields.count + second`:
    /// the Shapley interaction index (Grabisch and Roubens, 1999), what the two do only together.
    /// Empty if not asked for.
    package fileprivate(set) var interactions: [Double]
    fileprivate var trees: [TreeSHAP.Block]
    fileprivate var sums: [MeasuredSum]
    fileprivate var single: Workspace
  }

  package func makeBlockRoom() -> BlockRoom {
    var room = emptyRoom(interactions: false)
    if case .additive(_, let parts) = way { room.trees = parts.trees.map { $0.makeBlock() } }
    return room
  }

  /// Room for ``BlockRoom/interactions``, too.
  ///
  /// The attribution of a field is half of each of its interactions, and what it does by itself (its
  /// main effect).
  /// - Throws: why there are none.
  package func makeInteractionRoom() throws(AttributionRefusal) -> BlockRoom {
    guard case .additive(_, let parts) = way, parts.kernels.isEmpty else {
      throw AttributionRefusal("interactions are worked out for trees and their sums")
    }
    guard !parts.linear.hasProducts else {
      throw AttributionRefusal("interactions are not worked out for products of fields")
    }
    try TreeSHAP.checkInteractions(fields.count)
    var room = emptyRoom(interactions: true)
    for tree in parts.trees { room.trees.append(try tree.makeInteractionBlock()) }
    return room
  }

  private func emptyRoom(interactions: Bool) -> BlockRoom {
    let rows = BlockWorkspace.rowCount
    return BlockRoom(
      attributions: Array(repeating: 0, count: fields.count * rows),
      errors: kind == .sampled ? Array(repeating: 0, count: fields.count * rows) : [],
      outcomes: Array(repeating: nil, count: rows),
      interactions: interactions
        ? Array(repeating: 0, count: fields.count * fields.count * rows) : [],
      trees: [], sums: Array(repeating: MeasuredSum(value: 0, magnitude: 0), count: rows),
      single: makeWorkspace())
  }

  /// Attributes the first rows of a block that was just scored; the bits of single rows.
  ///
  /// - Parameter firstKey: the key of the first row; those of the others follow.
  package func attribute(
    _ space: BlockWorkspace, rowCount: Int, firstKey: UInt64 = 0, _ room: inout BlockRoom
  ) {
    guard case .additive(let form, let parts) = way, parts.kernels.isEmpty else {
      for row in 0..<rowCount { attributeSingle(space, row, firstKey &+ UInt64(row), &room) }
      return
    }
    for place in room.attributions.indices { room.attributions[place] = 0 }
    for place in room.interactions.indices { room.interactions[place] = 0 }
    add(parts.linear, space, rowCount, &room)
    for place in parts.trees.indices {
      add(parts.trees[place], place, form, space, rowCount, &room)
    }
    let rows = BlockWorkspace.rowCount
    for row in 0..<rowCount {
      let found = form.rawScore(program, space, row: row)
      let sum = room.sums[row]
      let raw = form.keepsRawScore ? found : sum.value
      guard !raw.isNaN, !sum.value.isNaN else {
        room.outcomes[row] = nil
        continue
      }
      var sums = Sums(
        found: raw, exact: sum.value, explained: baseValue, magnitude: sum.magnitude)
      sums.magnitude += baseValue.magnitude + raw.magnitude
      for field in fields.indices {
        let value = room.attributions[field * rows + row]
        sums.explained += value
        sums.magnitude += value.magnitude
      }
      room.outcomes[row] = outcome(sums)
    }
  }

  private func add(
    _ linear: LinearAttribution, _ space: BlockWorkspace, _ rowCount: Int, _ room: inout BlockRoom
  ) {
    let rows = BlockWorkspace.rowCount
    for row in 0..<rowCount {
      room.sums[row] = linear.constantSum
      if linear.isConstant { continue }
      room.sums[row] = addSingle(linear, space, row, &room.single)
      for field in fields.indices {
        room.attributions[field * rows + row] = room.single.attributions[field]
      }
    }
  }

  private func add(
    _ tree: TreeSHAP, _ place: Int, _ form: AdditiveForm, _ space: BlockWorkspace, _ rowCount: Int,
    _ room: inout BlockRoom
  ) {
    let rows = BlockWorkspace.rowCount
    form.trees[place].plan.gather(space, into: &room.trees[place].columns)
    tree.attribute(&room.trees[place], rowCount: rowCount)
    for row in 0..<rowCount { room.sums[row].add(room.trees[place].rawScores[row]) }
    for field in fields.indices {
      for row in 0..<rowCount {
        room.attributions[field * rows + row] +=
          room.trees[place].attributions[field * rows + row]
      }
    }
    for column in room.interactions.indices {
      room.interactions[column] += room.trees[place].interactions[column]
    }
  }

  private func attributeSingle(
    _ space: BlockWorkspace, _ row: Int, _ key: UInt64, _ room: inout BlockRoom
  ) {
    let rows = BlockWorkspace.rowCount
    let scored = space.loadedRow(row)
    room.outcomes[row] = attribute(scored, key: key, &room.single)
    for field in fields.indices {
      room.attributions[field * rows + row] = room.single.attributions[field]
      if !room.errors.isEmpty { room.errors[field * rows + row] = room.single.errors[field] }
    }
  }
}
