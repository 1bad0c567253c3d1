internal import FileIO
internal import TransparencyLog

/// Copies what is public of a log to another directory: checkpoints, keys, tiles, entries and
/// artefacts; no private key, no vault, no state. Any client of C2SP tlog-tiles can read it.
package struct LogExport {
  private let log: String
  private let target: String

  package init(log: String, to target: String) {
    self.log = log
    self.target = target
  }

  /// Copies, and returns how many entries the copy has.
  ///
  /// - Parameter progress: called now and then with the number of entries so far.
  /// - Throws: `TraceLogError`, also where the directory holds another log or a longer one.
  package func run(progress: (Int) -> Void) throws(TraceLogError) -> Int {
    let signed = try LogProofs(log: log).checkpoint()
    let size = signed.checkpoint.size
    let tiles = TileDirectory(log)
    let copy = TileDirectory(target)
    let minimum = try LogEntries(log: log).minimum()
    do throws(FileError) {
      try checkTarget(copy, signed)
      try Directory.create(target + "/artefacts")
      for name in try Directory.names(in: log + "/artefacts") where !name.hasSuffix(".tmp") {
        try copyFile("artefacts/" + name)
      }
      try copyFile("log.vkey")
      try copyFile("checkpoints")
      try copyFile("minimum-index")
    } catch {
      throw .file(error)
    }
    do throws(TileFault) {
      var count = size
      var level = 0
      while count > 0 {
        for tile in Self.tiles(.hashes(level: level), count) { try tiles.copy(tile, to: copy) }
        count /= TileCoordinate.fullWidth
        level += 1
      }
      for tile in Self.tiles(.entries, size)
      where (tile.index + 1) * TileCoordinate.fullWidth > minimum {
        try tiles.copy(tile, to: copy)
        progress(tile.index * TileCoordinate.fullWidth)
      }
    } catch {
      if case .file(let error) = error { throw .file(error) }
      throw .tree(error.description)
    }
    // Last: who sees it finds all that it signs.
    do throws(FileError) {
      try WholeFile.replace(copy.checkpointPath, with: signed.bytes)
    } catch {
      throw .file(error)
    }
    return size
  }

  private static func tiles(
    _ content: TileCoordinate.Content, _ count: Int
  ) -> some Sequence<TileCoordinate> {
    (0..<(count + TileCoordinate.fullWidth - 1) / TileCoordinate.fullWidth).lazy.map {
      TileCoordinate(
        content, index: $0,
        width: min(TileCoordinate.fullWidth, count - $0 * TileCoordinate.fullWidth))
    }
  }

  private func checkTarget(_ copy: TileDirectory, _ signed: SignedCheckpoint) throws(FileError) {
    guard try Directory.status(copy.checkpointPath) != nil else { return }
    let bytes = try WholeFile.read(copy.checkpointPath, limit: 1 << 16)
    let found = (try? SignedCheckpoint(bytes))?.checkpoint
    if found?.origin != signed.checkpoint.origin || found?.size ?? 0 > signed.checkpoint.size {
      throw FileError(
        .create, path: target,
        reason: "it holds another log, or a longer one; export to an empty directory")
    }
  }

  private func copyFile(_ name: String) throws(FileError) {
    guard try Directory.status(log + "/" + name) != nil else { return }
    let bytes = try WholeFile.read(log + "/" + name)
    if try Directory.status(target + "/" + name)?.size == bytes.count,
      name.hasPrefix("artefacts/")
    {
      return
    }
    try WholeFile.place(target + "/" + name, bytes)
  }
}
