extension LeafPaths {
  /// All of a way's players.
  @inline(__always)
  func full(_ path: Path) -> UInt64 {
    let count = path.players.count
    return count == 64 ? .max : 1 << UInt64(count) &- 1
  }

  /// The players of a way whose values all fit it.
  @inline(__always)
  func mask(_ path: Path, _ fits: [UInt8]) -> UInt64 {
    var misses: UInt64 = 0
    for place in path.conditions {
      let condition = conditions[Int(place)]
      if fits[Int(condition.branch)] == 0 {
        misses |= 1 << UInt64(condition.place)
      }
    }
    return full(path) & ~misses
  }
}

/// For each way, how many background rows fit which of its players.
struct BackgroundCounts: Sendable {
  private(set) var rowCount = 0
  private var counts: [[UInt64: Int]]

  init(_ paths: LeafPaths) { counts = Array(repeating: [:], count: paths.count) }

  mutating func add(_ paths: LeafPaths, _ fits: [UInt8]) {
    rowCount += 1
    for place in paths.paths.indices {
      counts[place][paths.mask(paths.paths[place], fits), default: 0] += 1
    }
  }

  /// The distinct sets of fitting players of a way, rising, with their numbers of rows.
  func patterns(_ path: Int) -> [(mask: UInt64, count: Int)] {
    counts[path].sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
