internal import FileIO
package import TransparencyLog

/// Proofs about a log's signed tree, from its tiles.
package struct LogProofs {
  private let log: String
  private let tiles: TileDirectory

  package init(log: String) {
    self.log = log
    tiles = TileDirectory(log)
  }

  /// The latest signed checkpoint.
  package func checkpoint() throws(TraceLogError) -> SignedCheckpoint {
    _ = try TraceLogReader(path: log)
    let bytes: [UInt8]
    do throws(FileError) { bytes = try WholeFile.read(tiles.checkpointPath, limit: 1 << 16) } catch
    {
      throw error.isNoSuchFile ? .tree("the log `\(log)` has signed nothing yet") : .file(error)
    }
    do { return try SignedCheckpoint(bytes) } catch {
      throw .damaged(file: tiles.checkpointPath, offset: 0, reason: error.description)
    }
  }

  /// The proof that the log holds an entry, which it carries along.
  ///
  /// - Complexity: O(log n) tiles.
  package func proof(of index: Int) throws(TraceLogError) -> ProofFile {
    let signed = try checkpoint()
    let size = signed.checkpoint.size
    guard index < size else {
      throw .tree(
        "the log `\(log)` has signed \(size) entries, from 0 on; \(index) is not among them")
    }
    guard let entry = try TraceLogReader(path: log).entry(at: index) else {
      let minimum = try LogEntries(log: log).minimum()
      throw .tree(
        index < minimum
          ? "the log `\(log)` no longer keeps entries below \(minimum)"
          : "the log `\(log)` holds no entry \(index)")
    }
    let proof = try hashes(size: size) { (reader) throws(TileFault) in
      try MerkleTree.inclusionProof(of: index, size: size) { (node) throws(TileFault) in
        try reader.hash(node)
      }
    }
    let file = ProofFile(index: index, proof: proof, checkpoint: signed, extra: entry.bytes)
    // What is handed out holds: a damaged tile is found here, and not by who gets the proof.
    guard
      MerkleTree.verifyInclusion(
        of: .leaf(entry.bytes), at: index, size: size, proof: proof, root: signed.checkpoint.root)
    else {
      throw .tree("entry \(index) is not the one that was signed; `explain log verify` says more")
    }
    return file
  }

  /// The proof that the tree of one checkpoint is the start of that of a later one.
  package func consistency(
    from old: SignedCheckpoint, to new: SignedCheckpoint
  ) throws(TraceLogError) -> [TreeHash] {
    let (older, newer) = (old.checkpoint, new.checkpoint)
    guard older.origin == newer.origin else {
      throw .tree("the checkpoints are of `\(older.origin)` and of `\(newer.origin)`")
    }
    guard older.size <= newer.size else {
      throw .tree("the log has \(newer.size) entries, and the older checkpoint \(older.size)")
    }
    let proof = try hashes(size: newer.size) { (reader) throws(TileFault) in
      try MerkleTree.consistencyProof(from: older.size, to: newer.size) {
        (node) throws(TileFault) in try reader.hash(node)
      }
    }
    guard
      MerkleTree.verifyConsistency(
        old: older.size, new: newer.size, oldRoot: older.root, newRoot: newer.root, proof: proof)
    else {
      throw .tree("the log no longer starts with the \(older.size) entries of the checkpoint")
    }
    return proof
  }

  private func hashes<Value>(
    size: Int, _ body: (inout TileReader) throws(TileFault) -> Value
  ) throws(TraceLogError) -> Value {
    var reader = TileReader(tiles, size: size)
    do { return try body(&reader) } catch {
      if case .file(let error) = error { throw .file(error) }
      throw .tree("`\(log)`: \(error.description)")
    }
  }
}
