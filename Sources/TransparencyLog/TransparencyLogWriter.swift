package import FileIO

/// Extends a Merkle tree over opaque entries, writes its tiles, and signs checkpoints of it.
///
/// The entries themselves must be on the disk, in the caller's own files, before they are given
/// here: what this writes of them can be made again from those, and is, after a crash.
package struct TransparencyLogWriter: ~Copyable {
  package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    case file(FileError)
    case tiles(TileFault)
    case history(SignedNote.Fault)
    /// More entries were signed than are left.
    case shorterThanSigned(signed: Int, found: Int)
    /// The entries that are left do not have the root that was signed.
    case otherThanSigned(size: Int)
    case signing(String)

    package var description: String {
      switch self {
      case .file(let error): error.description
      case .tiles(let fault): fault.description
      case .history(let fault): "`checkpoints`: \(fault)"
      case .shorterThanSigned(let signed, let found):
        "the log had signed \(signed) entries and \(found) are left"
      case .otherThanSigned(let size):
        "the first \(size) entries are not those that the log has signed"
      case .signing(let reason): "the checkpoint cannot be signed: \(reason)"
      }
    }
  }

  package let origin: String
  private var signers: [NoteSigner]
  private let directory: TileDirectory
  private let history: CheckpointHistory
  private var edge: TreeEdge
  /// The entries of the bundle that is being filled.
  private var bundle: [UInt8]
  /// The latest signed checkpoint.
  package private(set) var signed: SignedCheckpoint?

  package var size: Int { edge.size }
  package var signedSize: Int { signed?.checkpoint.size ?? 0 }
  package var root: TreeHash { edge.root }
  package var verifiers: [NoteVerifier] { signers.map(\.verifier) }

  /// Goes on at `size`, before which every bundle and tile is whole on the disk.
  ///
  /// The entries from there on follow by ``add(_:)``, and ``finishOpening()`` checks that they are
  /// those that were signed.
  package init(
    path: String, origin: String, signers: [NoteSigner], at size: Int
  ) throws(Failure) {
    self.origin = origin
    self.signers = signers
    directory = TileDirectory(path)
    history = CheckpointHistory(log: path)
    do { try history.cutTornTail() } catch { throw .file(error) }
    do { signed = try history.checkpoints().last } catch { throw .history(error) }
    let signedSize = signed?.checkpoint.size ?? 0
    var bundle: [UInt8] = []
    let edge: TreeEdge
    do throws(TileFault) {
      let width = size % TileCoordinate.fullWidth
      var reader = TileReader(directory, size: size)
      edge = try reader.edge()
      if width > 0 {
        let tile = TileCoordinate(
          .entries, index: size / TileCoordinate.fullWidth, width: width)
        let (bytes, ranges) = try directory.entries(tile)
        bundle = Array(bytes[..<(ranges.last?.upperBound ?? 0)])
      }
      if signedSize > 0, signedSize <= size {
        var reader = TileReader(directory, size: signedSize)
        try Self.check(signed, try reader.root(ofSize: signedSize))
      }
    } catch {
      throw .tiles(error)
    }
    self.edge = edge
    self.bundle = bundle
  }

  private static func check(
    _ signed: SignedCheckpoint?, _ root: TreeHash
  ) throws(TileFault) {
    guard let checkpoint = signed?.checkpoint, checkpoint.root != root else { return }
    throw .damaged(
      "tile", "the tree of \(checkpoint.size) entries has not the root that was signed")
  }

  /// Adds an entry; a bundle and tiles that it fills are written.
  package mutating func add(_ entry: UnsafeRawBufferPointer) throws(Failure) {
    EntryBundle.append(entry, to: &bundle)
    do throws(FileError) {
      if (edge.size + 1) % TileCoordinate.fullWidth == 0 {
        try directory.write(
          TileCoordinate(.entries, index: edge.size / TileCoordinate.fullWidth), bundle)
        bundle.removeAll(keepingCapacity: true)
      }
      try edge.append(.leaf(entry)) { (tile, hashes) throws(FileError) in
        try directory.write(tile, hashes: hashes)
      }
    } catch {
      throw .file(error)
    }
    if let checkpoint = signed?.checkpoint, checkpoint.size == edge.size, !isOpen,
      checkpoint.root != edge.root
    {
      throw .otherThanSigned(size: checkpoint.size)
    }
  }

  /// Whether all entries that were there at the start have been added.
  private var isOpen = false

  /// Ends the opening: what was signed must be there.
  ///
  /// - Throws: `Failure.shorterThanSigned`; then the log must not be extended.
  package mutating func finishOpening() throws(Failure) {
    if signedSize > edge.size {
      throw .shorterThanSigned(signed: signedSize, found: edge.size)
    }
    isOpen = true
    guard let signed else { return }
    // A crash may have come between signing and showing.
    do throws(FileError) {
      let shown = try? WholeFile.read(directory.checkpointPath, limit: 1 << 16)
      if shown != signed.bytes {
        try writeEdge()
        if signedSize == edge.size { try show(signed) }
      }
    } catch {
      throw .file(error)
    }
  }

  /// Signs the tree as it is and shows it; nothing is signed twice.
  package mutating func publish() throws(Failure) {
    if let signed, signed.checkpoint.size == edge.size { return }
    let checkpoint = Checkpoint(origin: origin, size: edge.size, root: edge.root)
    let signed: SignedCheckpoint
    do { signed = try SignedCheckpoint(checkpoint, signers: signers) } catch {
      throw .signing(String(describing: error))
    }
    do throws(FileError) {
      try writeEdge()
      try history.append(signed)
      self.signed = signed
      try show(signed)
    } catch {
      throw .file(error)
    }
  }

  /// Signs with another key from now on. Who trusts the old one must learn of it from an entry that
  /// a checkpoint by the old one covers.
  package mutating func rotate(to signer: NoteSigner) { signers = [signer] }

  private func show(_ signed: SignedCheckpoint) throws(FileError) {
    try WholeFile.replace(directory.checkpointPath, with: signed.bytes)
  }

  /// The partial tiles and the partial bundle that a tree of this size has.
  private func writeEdge() throws(FileError) {
    for tile in TileCoordinate.rightEdge(ofSize: edge.size) {
      guard case .hashes(let level) = tile.content else { continue }
      try directory.write(tile, hashes: edge.tiles[level])
    }
    let width = edge.size % TileCoordinate.fullWidth
    if width > 0 {
      try directory.write(
        TileCoordinate(.entries, index: edge.size / TileCoordinate.fullWidth, width: width), bundle)
    }
  }

  /// Makes all tiles and bundles durable, so that the entries need no other file.
  package func syncTiles() throws(Failure) {
    do { try Directory.syncAll(for: directory.path) } catch { throw .file(error) }
  }
}
