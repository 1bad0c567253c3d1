/// What each way through a tree adds to each player's attribution, for each set of players whose
/// answers fit the way.
///
/// A row is to a way nothing but that set, so that for ways of up to ``tableLimit`` players the
/// contributions are worked out once for all rows: attribution is then looking up and adding,
/// whatever the size of the background.
struct PathWorths: Sendable {
  /// Ways of more players are worked out for each row.
  static let tableLimit = 8
  /// Entries of all tables together: 32 MB.
  static let entryLimit = 1 << 22

  // For each way, where its patterns begin; and one more.
  private let starts: [Int]
  private let masks: [UInt64]
  private let counts: [Double]
  private let rowCount: Double
  // a! b! / (a + b + 1)! at a x weightSize + b.
  private let weights: [Double]
  private let weightSize: Int
  /// Where a way's table begins; -1 if it has none.
  private var tableStarts: [Int] = []
  private var entries: [Double] = []

  init(_ paths: LeafPaths, _ background: BackgroundCounts) {
    var starts = [0]
    var masks: [UInt64] = []
    var counts: [Double] = []
    for place in 0..<paths.count {
      for pattern in background.patterns(place) {
        masks.append(pattern.mask)
        counts.append(Double(pattern.count))
      }
      starts.append(masks.count)
    }
    self.starts = starts
    self.masks = masks
    self.counts = counts
    rowCount = Double(background.rowCount)
    weightSize = paths.largestPlayerCount + 1
    weights = CoalitionWeights.table(size: weightSize)
    tabulate(paths)
  }

  private mutating func tabulate(_ paths: LeafPaths) {
    var workspace = Room()
    for place in 0..<paths.count {
      let count = paths.paths[place].players.count
      let size = count << count
      guard count <= Self.tableLimit, entries.count + size <= Self.entryLimit else {
        tableStarts.append(-1)
        continue
      }
      tableStarts.append(entries.count)
      for mask in 0..<UInt64(1) << UInt64(count) {
        contributions(place, paths, mask, &workspace)
        entries += workspace.values
      }
    }
  }

  /// The expected value of all ways together.
  func base(_ paths: LeafPaths) -> Double {
    var base = 0.0
    for (place, path) in paths.paths.enumerated() {
      // Patterns rise, so that the full one, if any, is the last.
      let last = starts[place + 1] - 1
      let weight = masks[last] == paths.full(path) ? counts[last] / rowCount : 0
      if weight != 0 { base += path.value * weight }
    }
    return base
  }

  @inline(__always)
  func isTabulated(_ place: Int) -> Bool { tableStarts[place] >= 0 }

  /// Adds a way's contributions from its table.
  @inline(__always)
  func add(_ place: Int, _ paths: LeafPaths, _ mask: UInt64, to attributions: inout [Double]) {
    let players = paths.paths[place].players
    var entry = tableStarts[place] + Int(mask) * players.count
    for index in players {
      attributions[Int(paths.players[Int(index)])] += entries[entry]
      entry += 1
    }
  }

  /// Works a way's contributions out and adds them.
  func work(
    _ place: Int, _ paths: LeafPaths, _ mask: UInt64, to attributions: inout [Double],
    _ room: inout Room
  ) {
    contributions(place, paths, mask, &room)
    for (index, value) in zip(paths.paths[place].players, room.values) {
      attributions[Int(paths.players[Int(index)])] += value
    }
  }

  private func contributions(
    _ place: Int, _ paths: LeafPaths, _ mask: UInt64, _ room: inout Room
  ) {
    let path = paths.paths[place]
    room.values.removeAll(keepingCapacity: true)
    for _ in path.players { room.values.append(0) }
    let full = paths.full(path)
    for pattern in starts[place]..<starts[place + 1] where mask | masks[pattern] == full {
      addPattern(mask, masks[pattern], counts[pattern], &room.values)
    }
    for index in room.values.indices where room.values[index] != 0 {
      room.values[index] = path.value * (room.values[index] / rowCount)
    }
  }

  /// A way that the row and a background row reach together: players that only the row fits add
  /// `(s - 1)! t! / (s + t)!` each, those that only the background row fits take off
  /// `s! (t - 1)! / (s + t)!`, where s and t count the two kinds.
  @inline(__always)
  private func addPattern(
    _ row: UInt64, _ background: UInt64, _ count: Double, _ values: inout [Double]
  ) {
    var onlyRow = row & ~background
    var onlyBackground = background & ~row
    let s = onlyRow.nonzeroBitCount
    let t = onlyBackground.nonzeroBitCount
    if s > 0 {
      let gain = count * weights[(s - 1) * weightSize + t]
      while onlyRow != 0 {
        values[onlyRow.trailingZeroBitCount] += gain
        onlyRow &= onlyRow - 1
      }
    }
    if t > 0 {
      let loss = count * weights[s * weightSize + t - 1]
      while onlyBackground != 0 {
        values[onlyBackground.trailingZeroBitCount] -= loss
        onlyBackground &= onlyBackground - 1
      }
    }
  }

  /// Working room for one way.
  struct Room: Sendable {
    var values: [Double] = []
  }
}
