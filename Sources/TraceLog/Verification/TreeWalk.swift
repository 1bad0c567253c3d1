internal import FileIO
internal import TransparencyLog

/// Goes through the signed entries of a log from the first, builds the tree over them again, and
/// compares each tile with the one on the disk.
struct TreeWalk {
  enum Step {
    case entry(Int, [UInt8])
    /// Entries that are no longer kept; their hashes are.
    case pruned(Range<Int>)
    case finding(LogFinding)
  }

  private let tiles: TileDirectory
  private let size: Int
  private let wanted: Set<Int>
  /// Entries below it are no longer kept.
  private let minimum: Int
  private var edge = TreeEdge()
  /// The roots at the sizes that were asked for, as far as the walk has come.
  private(set) var roots: [Int: TreeHash] = [:]
  private var bundle: (bytes: [UInt8], ranges: [Range<Int>]) = ([], [])
  private var findings: [LogFinding] = []
  private var isBroken = false

  init(log: String, size: Int, wanted: Set<Int>, minimum: Int = 0) {
    tiles = TileDirectory(log)
    self.size = size
    self.minimum = min(minimum, size) / TileCoordinate.fullWidth * TileCoordinate.fullWidth
    self.wanted = wanted
    if wanted.contains(0) { roots[0] = .ofEmptyTree }
  }

  /// The next entry, or what is wrong with a file; nil at the end.
  mutating func next() -> Step? {
    if let finding = findings.popLast() { return .finding(finding) }
    guard !isBroken, edge.size < size else { return nil }
    let index = edge.size
    if index < minimum { return passPruned(index) }
    let place = index % TileCoordinate.fullWidth
    if place == 0 {
      let tile = TileCoordinate(
        .entries, index: index / TileCoordinate.fullWidth,
        width: min(TileCoordinate.fullWidth, size - index))
      do throws(TileFault) {
        bundle = try tiles.entries(tile)
        if tile.width == TileCoordinate.fullWidth,
          bundle.bytes.count != bundle.ranges.last?.upperBound
        {
          throw .damaged(tile.path, "bytes follow its entries")
        }
      } catch {
        // Without these entries no later root can be made: the tree ends here.
        isBroken = true
        return .finding(LogFinding(.intact, tile.path, error.description))
      }
    }
    let entry = Array(bundle.bytes[bundle.ranges[place]])
    edge.append(entry.withUnsafeBytes { .leaf($0) }) { (tile, hashes) in
      Self.compare(tile, hashes, tiles, &findings)
    }
    if wanted.contains(edge.size) {
      roots[edge.size] = edge.root
      checkEdge()
    }
    return .entry(index, entry)
  }

  /// Goes past a bundle that is no longer kept, by the hashes of its entries.
  private mutating func passPruned(_ index: Int) -> Step {
    let tile = TileCoordinate(.hashes(level: 0), index: index / TileCoordinate.fullWidth)
    do throws(TileFault) {
      for hash in try tiles.hashes(tile) {
        edge.append(hash) { (tile, hashes) in Self.compare(tile, hashes, tiles, &findings) }
        if wanted.contains(edge.size) { roots[edge.size] = edge.root }
      }
      return .pruned(index..<edge.size)
    } catch {
      isBroken = true
      return .finding(LogFinding(.intact, tile.path, error.description))
    }
  }

  /// The partial tiles and the partial bundle of a tree of this size: those of the latest must be
  /// there, and what is left of older ones must be right.
  private mutating func checkEdge() {
    for tile in TileCoordinate.rightEdge(ofSize: edge.size) {
      guard case .hashes(let level) = tile.content, edge.size == size || tiles.holds(tile) else {
        continue
      }
      Self.compare(tile, edge.tiles[level], tiles, &findings)
    }
    let width = edge.size % TileCoordinate.fullWidth
    let tile = TileCoordinate(
      .entries, index: edge.size / TileCoordinate.fullWidth, width: max(1, width))
    guard width > 0, edge.size < size, tiles.holds(tile) else { return }
    let expected = bundle.bytes[..<bundle.ranges[width - 1].upperBound]
    if (try? tiles.read(tile))?[...] != expected {
      findings.append(
        LogFinding(.intact, tile.path, "it does not hold the entries of the bundle after it"))
    }
  }

  private static func compare(
    _ tile: TileCoordinate, _ hashes: [TreeHash], _ tiles: TileDirectory,
    _ findings: inout [LogFinding]
  ) {
    do throws(TileFault) {
      let found = try tiles.hashes(tile)
      guard found != hashes else { return }
      let place =
        zip(found, hashes).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
      findings.append(
        LogFinding(
          .intact, tile.path, "hash \(place) of it is not that of the entries below it"))
    } catch {
      findings.append(LogFinding(.intact, tile.path, error.description))
    }
  }
}

/// Gives entries out of bundles, one bundle at a time.
struct BundleCursor {
  private let tiles: TileDirectory
  private let size: Int
  private var number = -1
  private var bundle: (bytes: [UInt8], ranges: [Range<Int>]) = ([], [])

  init(log: String, size: Int) {
    tiles = TileDirectory(log)
    self.size = size
  }

  /// The entry with an index; nil if its bundle cannot be read.
  mutating func entry(_ index: Int) -> ArraySlice<UInt8>? {
    let wanted = index / TileCoordinate.fullWidth
    if wanted != number {
      number = wanted
      let first = wanted * TileCoordinate.fullWidth
      let tile = TileCoordinate(
        .entries, index: wanted, width: min(TileCoordinate.fullWidth, size - first))
      bundle = (try? tiles.entries(tile)) ?? ([], [])
    }
    let place = index % TileCoordinate.fullWidth
    return place < bundle.ranges.count ? bundle.bytes[bundle.ranges[place]] : nil
  }
}
