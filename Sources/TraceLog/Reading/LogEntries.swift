internal import FileIO
internal import TransparencyLog

/// An entry of a log, of any kind.
package struct LogEntry: Sendable, Hashable {
  /// Its place in the log, from 0.
  package let index: Int
  package let bytes: [UInt8]
}

/// The entries of a log by their index: those of the first segment that is left and after it from
/// the segments, those before it from the bundles of the signed tree.
struct LogEntries {
  let log: String
  private var tiles: TileDirectory { TileDirectory(log) }

  init(log: String) { self.log = log }

  /// How often a segment may vanish between looking for it and opening it: a writer lets go of
  /// segments, and each look after one was missed sees the later state.
  private static let attempts = 64

  /// How many entries there are.
  func count() throws(TraceLogError) -> Int {
    let segments = try segments()
    for (place, number) in segments.enumerated().reversed() {
      let path = SegmentFile.path(log, number)
      let found = try reading { () throws(FileError) -> Int? in
        // The newest segment may be without its header still.
        guard var scanner = try SegmentScanner(path: path) else { return nil }
        while try scanner.next(where: { _ in false }) != nil {}
        return scanner.firstIndex + scanner.count
      }
      if let found { return found }
      guard place == segments.count - 1 else {
        throw .damaged(file: path, offset: 0, reason: "its header is damaged")
      }
    }
    return try firstInSegments()
  }

  /// The index of the first entry that is still in a segment, or, in a copy that has none, of the
  /// first that is not signed.
  func firstInSegments() throws(TraceLogError) -> Int {
    let segments = try segments()
    for number in segments {
      if let first = try firstIndex(ofSegment: number) { return first }
    }
    if !segments.isEmpty { return 0 }
    let signed = try? SignedCheckpoint(WholeFile.read(tiles.checkpointPath, limit: 1 << 16))
    return signed?.checkpoint.size ?? 0
  }

  /// The lowest entry that the log keeps.
  func minimum() throws(TraceLogError) -> Int {
    try reading { () throws(FileError) in try MinimumIndex.read(log) }
  }

  func entry(at index: Int) throws(TraceLogError) -> LogEntry? {
    guard index >= 0, try index >= minimum() else { return nil }
    if let entry = try bundled(index) { return entry }
    var found: LogEntry?
    try scan(from: index) { entry in
      if entry.index == index { found = entry }
      return false
    }
    return found
  }

  /// An entry that a full bundle holds.
  private func bundled(_ index: Int) throws(TraceLogError) -> LogEntry? {
    let end = try firstInSegments()
    guard index < end else { return nil }
    let (bytes, ranges) = try entries(Self.bundle(of: index, before: end))
    return LogEntry(index: index, bytes: Array(bytes[ranges[index % TileCoordinate.fullWidth]]))
  }

  /// Calls `visit` with each entry from an index on, in order, until it returns false.
  ///
  /// - Parameter wanted: of those in segments, only the entries are read for whose header this holds.
  func scan(
    from first: Int, where wanted: (TraceFrame) -> Bool = { _ in true },
    _ visit: (LogEntry) -> Bool
  ) throws(TraceLogError) {
    var next = max(first, try minimum())
    var goesOn = true
    for _ in 0..<Self.attempts {
      let start = try firstInSegments()
      if next < start { try scanBundles(&next, before: start, &goesOn, visit) }
      guard goesOn else { return }
      if try scanSegments(&next, &goesOn, where: { wanted($1) }, visit) { return }
    }
  }

  /// Calls `visit` with the entries at some places, which rise, until it returns false. Places that
  /// the log has no entry at, or keeps it no longer, are passed over.
  ///
  /// - Complexity: a bundle for each place or for several in it; one scan of the headers of segments.
  func entries(
    at places: [Int], _ visit: (LogEntry) -> Bool
  ) throws(TraceLogError) {
    let minimum = try minimum()
    var rest = places.drop { $0 < minimum }
    var goesOn = true
    for _ in 0..<Self.attempts {
      let start = try firstInSegments()
      while goesOn, let first = rest.first, first < start {
        let tile = Self.bundle(of: first, before: start)
        let (bytes, ranges) = try entries(tile)
        let end = tile.index * TileCoordinate.fullWidth + ranges.count
        while goesOn, let place = rest.first, place < end {
          rest.removeFirst()
          let range = ranges[place % TileCoordinate.fullWidth]
          goesOn = visit(LogEntry(index: place, bytes: Array(bytes[range])))
        }
      }
      guard goesOn, var next = rest.first else { return }
      let isDone = try scanSegments(
        &next, &goesOn, where: { index, _ in rest.first == index },
        {
          rest.removeFirst()
          return visit($0) && !rest.isEmpty
        })
      if isDone { return }
    }
  }

  private func scanBundles(
    _ next: inout Int, before end: Int, _ goesOn: inout Bool, _ visit: (LogEntry) -> Bool
  ) throws(TraceLogError) {
    while goesOn, next < end {
      let tile = Self.bundle(of: next, before: end)
      let (bytes, ranges) = try entries(tile)
      while goesOn, next < min(end, (tile.index + 1) * TileCoordinate.fullWidth) {
        let range = ranges[next % TileCoordinate.fullWidth]
        goesOn = visit(LogEntry(index: next, bytes: Array(bytes[range])))
        next += 1
      }
    }
  }

  /// False if a segment had gone when it was to be read.
  private func scanSegments(
    _ next: inout Int, _ goesOn: inout Bool, where wanted: (Int, TraceFrame) -> Bool,
    _ visit: (LogEntry) -> Bool
  ) throws(TraceLogError) -> Bool {
    let segments = try segments()
    for (place, number) in segments.enumerated() {
      let isLast = place == segments.count - 1
      let path = SegmentFile.path(log, number)
      if !isLast, try firstIndex(ofSegment: segments[place + 1]) ?? .max <= next { continue }
      var damagedAt: Int?
      do throws(FileError) {
        guard var scanner = try SegmentScanner(path: path) else {
          if isLast { return true }
          throw FileError(.read, path: path, reason: "its header is damaged")
        }
        if scanner.firstIndex > next { return false }
        while goesOn {
          let index = scanner.firstIndex + scanner.count
          let step = try scanner.next { frame in index >= next && wanted(index, frame) }
          guard let (_, _, bytes) = step else { break }
          next = max(next, index + 1)
          if let bytes { goesOn = visit(LogEntry(index: index, bytes: bytes)) }
        }
        // In any but the last segment an entry that is not whole is damage; in the last it is where
        // writing has got to.
        if goesOn, !isLast, try scanner.isStuck() { damagedAt = scanner.offset }
      } catch {
        if error.isNoSuchFile { return false }
        throw .file(error)
      }
      if let damagedAt {
        throw .damaged(file: path, offset: damagedAt, reason: "a trace is not whole")
      }
      if !goesOn { return true }
    }
    return true
  }

  private static func bundle(of index: Int, before end: Int) -> TileCoordinate {
    let tile = index / TileCoordinate.fullWidth
    return TileCoordinate(
      .entries, index: tile,
      width: min(TileCoordinate.fullWidth, end - tile * TileCoordinate.fullWidth))
  }

  private func entries(
    _ tile: TileCoordinate
  ) throws(TraceLogError) -> (bytes: [UInt8], ranges: [Range<Int>]) {
    do throws(TileFault) {
      return try tiles.entries(tile)
    } catch {
      switch error {
      case .file(let error): throw .file(error)
      case .missing(let path):
        throw .damaged(file: log + "/" + path, offset: 0, reason: "it is not there")
      case .damaged(let path, let reason):
        throw .damaged(file: log + "/" + path, offset: 0, reason: reason)
      }
    }
  }

  func segments() throws(TraceLogError) -> [Int] {
    try reading { () throws(FileError) in try SegmentFile.numbers(in: log) }
  }

  func firstIndex(ofSegment number: Int) throws(TraceLogError) -> Int? {
    do throws(FileError) {
      return try SegmentReader(path: SegmentFile.path(log, number))?.firstIndex
    } catch {
      if error.isNoSuchFile { return nil }
      throw .file(error)
    }
  }

  private func reading<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(TraceLogError) -> Value {
    do { return try body() } catch { throw .file(error) }
  }
}
