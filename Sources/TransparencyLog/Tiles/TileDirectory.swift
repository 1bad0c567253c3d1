package import FileIO

/// The files of a log that any client of C2SP tlog-tiles can read: `checkpoint` and `tile/…`.
package struct TileDirectory: Sendable, Hashable {
  package let path: String

  package init(_ path: String) { self.path = path }

  func file(_ tile: TileCoordinate) -> String { path + "/" + tile.path }

  package var checkpointPath: String { path + "/checkpoint" }

  /// Stores a tile or bundle; one that is full takes the place of its partial ones.
  func write(_ tile: TileCoordinate, _ bytes: [UInt8]) throws(FileError) {
    try WholeFile.place(file(tile), bytes)
    guard tile.width == TileCoordinate.fullWidth else { return }
    let partials = file(tile) + ".p"
    let names = try Directory.names(in: partials)
    for name in names { try Directory.remove(partials + "/" + name) }
    if !names.isEmpty { try Directory.removeEmpty(partials) }
  }

  func write(_ tile: TileCoordinate, hashes: [TreeHash]) throws(FileError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * TreeHash.byteCount)
    for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    try write(tile, bytes)
  }

  /// Whether a tile or bundle is there under its very name.
  package func holds(_ tile: TileCoordinate) -> Bool {
    ((try? Directory.status(file(tile))) ?? nil) != nil
  }

  /// The bytes of a tile or bundle as it is named, or, where only the full one is left, of that one.
  ///
  /// - Returns: nil if there is neither.
  package func read(_ tile: TileCoordinate) throws(FileError) -> [UInt8]? {
    let limit = TileCoordinate.fullWidth * (EntryBundle.entryLimit + 2)
    if let bytes = try Self.whole(file(tile), limit) { return bytes }
    if tile.width == TileCoordinate.fullWidth { return nil }
    return try Self.whole(file(TileCoordinate(tile.content, index: tile.index)), limit)
  }

  private static func whole(_ path: String, _ limit: Int) throws(FileError) -> [UInt8]? {
    do throws(FileError) {
      return try WholeFile.read(path, limit: limit)
    } catch {
      if error.isNoSuchFile { return nil }
      throw error
    }
  }

  /// The hashes of a tile.
  ///
  /// - Throws: `TileFault` if they are not there or not as many.
  package func hashes(_ tile: TileCoordinate) throws(TileFault) -> [TreeHash] {
    let bytes: [UInt8]?
    do { bytes = try read(tile) } catch { throw .file(error) }
    guard let bytes else { throw .missing(tile.path) }
    guard bytes.count % TreeHash.byteCount == 0, bytes.count >= tile.width * TreeHash.byteCount,
      bytes.count <= TileCoordinate.fullWidth * TreeHash.byteCount
    else { throw .damaged(tile.path, "it is not \(tile.width) hashes of 32 bytes") }
    return bytes.withUnsafeBytes { bytes in
      (0..<tile.width).compactMap {
        TreeHash(
          UnsafeRawBufferPointer(
            rebasing: bytes[($0 * TreeHash.byteCount)..<(($0 + 1) * TreeHash.byteCount)]))
      }
    }
  }

  /// The bytes of a bundle and where its first `width` entries lie in them.
  package func entries(
    _ tile: TileCoordinate
  ) throws(TileFault) -> (bytes: [UInt8], ranges: [Range<Int>]) {
    let bytes: [UInt8]?
    do { bytes = try read(tile) } catch { throw .file(error) }
    guard let bytes else { throw .missing(tile.path) }
    guard let ranges = bytes.withUnsafeBytes({ EntryBundle.ranges(in: $0) }),
      ranges.count >= tile.width
    else { throw .damaged(tile.path, "it is not \(tile.width) entries, each after its length") }
    return (bytes, Array(ranges.prefix(tile.width)))
  }

  /// Copies a tile or bundle as it is named; one that is there already is left as it is.
  package func copy(_ tile: TileCoordinate, to other: TileDirectory) throws(TileFault) {
    do throws(FileError) {
      if try Directory.status(other.file(tile)) != nil { return }
      guard var bytes = try read(tile) else { throw FileError(.read, path: "", reason: "absent") }
      // Where only the full one is left, its start is the partial one.
      if case .hashes = tile.content {
        bytes.removeLast(max(0, bytes.count - tile.width * TreeHash.byteCount))
      } else if let ranges = bytes.withUnsafeBytes({ EntryBundle.ranges(in: $0) }),
        ranges.count > tile.width
      {
        bytes.removeLast(bytes.count - ranges[tile.width - 1].upperBound)
      }
      try other.write(tile, bytes)
    } catch {
      throw error.path.isEmpty ? .missing(tile.path) : .file(error)
    }
  }
}

/// Why a tile or bundle cannot be used.
package enum TileFault: Error, Sendable, Hashable, CustomStringConvertible {
  case file(FileError)
  case missing(String)
  case damaged(String, String)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .missing(let path): "the log lacks `\(path)`"
    case .damaged(let path, let reason): "`\(path)` is damaged: \(reason)"
    }
  }
}

/// Reads the hashes of a tree's perfect subtrees from its tiles, each tile once.
package struct TileReader {
  private let directory: TileDirectory
  private let size: Int
  private var cache: [TileCoordinate: [TreeHash]] = [:]
  /// What a long walk keeps at most: 8 KiB each.
  private static let cacheLimit = 1_024

  /// - Parameter size: of the tree; its right-most tiles may be partial.
  package init(_ directory: TileDirectory, size: Int) {
    self.directory = directory
    self.size = size
  }

  package mutating func hash(_ node: MerkleTree.Node) throws(TileFault) -> TreeHash {
    let level = node.height / 8
    let width = 1 << (node.height % 8)
    let first = node.index * width
    let tile = first / TileCoordinate.fullWidth
    let held = min(
      TileCoordinate.fullWidth, (size >> (8 * level)) - tile * TileCoordinate.fullWidth)
    let offset = first % TileCoordinate.fullWidth
    guard offset + width <= held else {
      throw .missing("tile/\(level) of a tree of more than \(size) entries")
    }
    let coordinate = TileCoordinate(.hashes(level: level), index: tile, width: held)
    let hashes: [TreeHash]
    if let known = cache[coordinate] {
      hashes = known
    } else {
      hashes = try directory.hashes(coordinate)
      if cache.count >= Self.cacheLimit { cache.removeAll() }
      cache[coordinate] = hashes
    }
    return TreeEdge.fold(hashes[offset..<(offset + width)])
  }

  /// The root of the tree that the first `size` entries make.
  package mutating func root(ofSize size: Int) throws(TileFault) -> TreeHash {
    try MerkleTree.hash(of: 0..<size) { node throws(TileFault) in try hash(node) }
  }

  /// The edge of the reader's tree, from full tiles and the leaves after the last: partial tiles of
  /// higher levels may be of another size.
  package mutating func edge() throws(TileFault) -> TreeEdge {
    var tiles: [[TreeHash]] = []
    var count = size
    while count > 0 {
      let width = count % TileCoordinate.fullWidth
      var tile: [TreeHash] = []
      for place in (count - width)..<count {
        let level = tiles.count - 1
        if level < 0 {
          tile.append(try hash(MerkleTree.Node(height: 0, index: place)))
        } else {
          let below = TileCoordinate(.hashes(level: level), index: place)
          tile.append(TreeEdge.fold(try directory.hashes(below)[...]))
        }
      }
      tiles.append(tile)
      count /= TileCoordinate.fullWidth
    }
    guard let edge = TreeEdge(size: size, tiles: tiles) else {
      throw .missing("the tiles of a tree of \(size) entries")
    }
    return edge
  }
}
