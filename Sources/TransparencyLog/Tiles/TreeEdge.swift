/// The right edge of a growing tree: for each level, the hashes of its tile that is not full yet.
///
/// It is all that adding entries takes: 255 hashes a level at most.
package struct TreeEdge: Sendable {
  /// How many entries the tree has.
  package private(set) var size = 0
  /// By level, the hashes of the tile that is being filled.
  package private(set) var tiles: [[TreeHash]] = [[]]

  package init() {}

  /// The edge of a tree of `size` entries, from the hashes of each level's tile.
  ///
  /// - Returns: nil if they are not as many as a tree of that size has.
  package init?(size: Int, tiles: [[TreeHash]]) {
    var count = size
    for tile in tiles {
      guard tile.count == count % TileCoordinate.fullWidth else { return nil }
      count /= TileCoordinate.fullWidth
    }
    guard size >= 0, count == 0 else { return nil }
    self.size = size
    self.tiles = tiles.isEmpty ? [[]] : tiles
  }

  /// Adds an entry's leaf hash.
  ///
  /// - Parameter full: called with each tile that the entry fills, from level 0 up.
  package mutating func append<Failure: Error>(
    _ leaf: TreeHash, full: (TileCoordinate, [TreeHash]) throws(Failure) -> Void
  ) throws(Failure) {
    size += 1
    tiles[0].append(leaf)
    var level = 0
    var index = (size - 1) / TileCoordinate.fullWidth
    while tiles[level].count == TileCoordinate.fullWidth {
      try full(TileCoordinate(.hashes(level: level), index: index), tiles[level])
      let hash = Self.fold(tiles[level][...])
      tiles[level].removeAll(keepingCapacity: true)
      level += 1
      index /= TileCoordinate.fullWidth
      if tiles.count == level { tiles.append([]) }
      tiles[level].append(hash)
    }
  }

  /// The hash of a perfect tree over hashes; their number is a power of two.
  package static func fold(_ hashes: ArraySlice<TreeHash>) -> TreeHash {
    var row = Array(hashes)
    while row.count > 1 {
      for index in 0..<row.count / 2 { row[index] = .node(row[2 * index], row[2 * index + 1]) }
      row.removeLast(row.count / 2)
    }
    return row[0]
  }

  /// The root of the tree.
  ///
  /// - Complexity: at most 255 hashes a level.
  package var root: TreeHash {
    var root: TreeHash?
    for tile in tiles {
      // Perfect subtrees from the right: the smallest first.
      var end = tile.count
      while end > 0 {
        let width = end & -end
        let peak = Self.fold(tile[(end - width)..<end])
        root = root.map { .node(peak, $0) } ?? peak
        end -= width
      }
    }
    return root ?? .ofEmptyTree
  }
}
