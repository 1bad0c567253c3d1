internal import FileIO
internal import TransparencyLog

/// Removes what a log no longer keeps: the bundles below its minimum index, where their subjects are
/// looked up, and their private records. Hash tiles stay, so that every proof can still be made and
/// every checkpoint be checked.
struct LogPruning {
  let log: String

  /// - Returns: how many bytes were removed.
  func remove(below minimum: Int) throws(FileError) -> Int {
    var bytes = try removeBundles(below: minimum)
    for number in try SegmentFile.indexedNumbers(in: log) {
      let path = SegmentFile.subjectsPath(log, number)
      guard let range = try SubjectIndex(path: path)?.range, range.upperBound <= minimum,
        try Directory.status(SegmentFile.path(log, number)) == nil
      else { continue }
      bytes += try remove(path)
    }
    guard try Directory.status(VaultFiles.directory(of: log)) != nil else { return bytes }
    let numbers = try PrivateSegment.numbers(log)
    for (number, next) in zip(numbers, numbers.dropFirst()) {
      let header = try OpenFile(path: PrivateSegment.path(log, next), mode: .read)
        .read(at: 0, count: PrivateSegment.headerSize)
      guard let first = PrivateSegment.firstEntry(header), first <= minimum else { break }
      bytes += try remove(PrivateSegment.path(log, number))
      bytes += try remove(PrivateSegment.placesPath(log, number))
    }
    return bytes
  }

  private func removeBundles(below minimum: Int) throws(FileError) -> Int {
    var bytes = 0
    // From the newest back to the first that is gone already.
    var place = minimum / TileCoordinate.fullWidth - 1
    while place >= 0 {
      let path = log + "/" + TileCoordinate(.entries, index: place).path
      guard try Directory.status(path) != nil else { break }
      bytes += try remove(path)
      place -= 1
    }
    return bytes
  }

  private func remove(_ path: String) throws(FileError) -> Int {
    guard let size = try Directory.status(path)?.size else { return 0 }
    try Directory.remove(path)
    return size
  }
}

extension TraceLogWriter {
  /// Lets go of the entries below a place, as far as they are signed and no longer in segments. What
  /// is removed is logged before it is removed; done again after a crash, it goes on.
  ///
  /// - Parameter entry: makes what is logged, given the place, a multiple of 256.
  /// - Returns: the lowest place that is kept now, and how many bytes were removed.
  /// - Throws: `TraceLogError.held` if a subject with a legal hold has an entry there.
  /// - Complexity: O(entries removed); with legal holds, O(entries + keys).
  package mutating func prune(
    before index: Int, _ entry: (Int) -> PruningEntry
  ) throws(TraceLogError) -> (minimum: Int, bytes: Int) {
    try commit()
    try publish()
    let entries = LogEntries(log: path)
    let limit = min(index, try entries.firstInSegments())
    let wanted = max(0, limit) / TileCoordinate.fullWidth * TileCoordinate.fullWidth
    let old = try entries.minimum()
    if wanted > old {
      try refuseIfHeld(old..<wanted)
      _ = try append(entry: entry(wanted).bytes)
      try commit()
      try publish()
    }
    do throws(FileError) {
      if wanted > old { try MinimumIndex.write(wanted, path) }
      let bytes = try LogPruning(log: path).remove(below: max(wanted, old))
      return (max(wanted, old), bytes)
    } catch {
      throw .file(error)
    }
  }

  private mutating func refuseIfHeld(_ range: Range<Int>) throws(TraceLogError) {
    guard sealing != nil else {
      // Without the vault's key nothing tells who is held; without a vault nobody is.
      if try TraceLogReader.hasVault(at: path) {
        throw .vault("pruning needs the vault's key: legal holds are told by it")
      }
      return
    }
    var holds: [LegalHoldEntry] = []
    try LogEntries(log: path).scan(from: 0) { entry in
      if EntryKind(entry.bytes) == .legalHold, let hold = try? LegalHoldEntry(entry.bytes) {
        holds.append(hold)
      }
      return true
    }
    if holds.isEmpty { return }
    let held = try needingVault { (sealing) throws(TraceLogError) in try sealing.held(holds) }
    for (keys, hold) in held {
      var isThere = false
      try SubjectFinder(log: path, subject: keys.locator, decision: nil).entries { entry in
        if range.contains(entry.index), EntryKind(entry.bytes)?.isTrace == true { isThere = true }
        return !isThere && entry.index >= range.lowerBound
      }
      if isThere { throw .held(reason: hold.reason) }
    }
  }
}
