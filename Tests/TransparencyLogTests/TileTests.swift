import FileIO
import RationaleTestSupport
import Testing

@testable import TransparencyLog

@Suite struct TileTests {
  @Test func pathsAreThoseOfTheSpecification() {
    #expect(TileCoordinate(.hashes(level: 0), index: 1_234_067).path == "tile/0/x001/x234/067")
    #expect(TileCoordinate(.hashes(level: 3), index: 7).path == "tile/3/007")
    #expect(TileCoordinate(.entries, index: 999, width: 17).path == "tile/entries/999.p/17")
    #expect(TileCoordinate(.entries, index: 1_000).path == "tile/entries/x001/000")
  }

  /// The example of the specification: 70,000 entries.
  @Test func aTreeHasTheTilesOfTheSpecification() {
    var edge = TreeEdge()
    var full: [Int: Int] = [:]
    for index in 0..<70_000 {
      edge.append(.leaf([UInt8(truncatingIfNeeded: index)])) { tile, hashes in
        #expect(hashes.count == 256)
        if case .hashes(let level) = tile.content { full[level, default: 0] += 1 }
      }
    }
    #expect(full == [0: 273, 1: 1])
    #expect(
      TileCoordinate.rightEdge(ofSize: 70_000) == [
        TileCoordinate(.hashes(level: 0), index: 273, width: 112),
        TileCoordinate(.hashes(level: 1), index: 1, width: 17),
        TileCoordinate(.hashes(level: 2), index: 0, width: 1),
      ])
    #expect(
      TileCoordinate.rightEdge(ofSize: 256) == [
        TileCoordinate(.hashes(level: 1), index: 0, width: 1)
      ])
  }

  @Test func edgesHaveTheRootOfTheDefinition() {
    let leaves = MerkleTreeTests.leaves(1_100)
    var edge = TreeEdge()
    for size in 0...1_100 {
      if size % 13 == 0 || size % 256 < 2 || size % 256 > 254 {
        #expect(edge.root == Definition.root(leaves[..<size]))
      }
      if size < leaves.count { edge.append(leaves[size]) { _, _ in } }
    }
  }

  /// A log is written, and everything is asked of its files alone.
  @Test func proofsComeFromTiles() throws {
    let directory = try TemporaryDirectory()
    let signer = try #require(
      NoteSigner(name: "example.org/log", seed: [UInt8](repeating: 7, count: 32)))
    var log = try TransparencyLogWriter(
      path: directory.path, origin: "example.org/log", signers: [signer], at: 0)
    try log.finishOpening()
    let entries = (0..<700).map { Array("entry \($0)".utf8) }
    for entry in entries { try entry.withUnsafeBytes { (bytes) throws in try log.add(bytes) } }
    try log.publish()
    let bytes = try WholeFile.read(directory.file("checkpoint"))
    let signed = try SignedCheckpoint(bytes)
    try signed.note.verify([signer.verifier])
    #expect(signed.checkpoint.size == 700)
    let leaves = entries.map { TreeHash.leaf($0) }
    #expect(signed.checkpoint.root == Definition.root(leaves[...]))
    let tiles = TileDirectory(directory.path)
    var reader = TileReader(tiles, size: 700)
    for index in stride(from: 0, to: 700, by: 37) {
      let proof = try MerkleTree.inclusionProof(of: index, size: 700) {
        (node) throws(TileFault) in try reader.hash(node)
      }
      #expect(proof == Definition.path(index, leaves[...]))
      let file = ProofFile(index: index, proof: proof, checkpoint: signed)
      let read = try ProofFile(file.bytes)
      #expect(read == file)
      try read.verify(entry: entries[index], keys: [signer.verifier])
      #expect(throws: ProofFile.Failure.notIncluded(index: index)) {
        try read.verify(entry: entries[(index + 1) % 700], keys: [signer.verifier])
      }
    }
    for old in [1, 255, 256, 257, 512, 699] {
      let proof = try MerkleTree.consistencyProof(from: old, to: 700) {
        (node) throws(TileFault) in try reader.hash(node)
      }
      #expect(proof == Definition.proof(old, leaves[...]))
      #expect(try reader.root(ofSize: old) == Definition.root(leaves[..<old]))
    }
    let (bundle, ranges) = try tiles.entries(TileCoordinate(.entries, index: 2, width: 188))
    #expect(ranges.map { Array(bundle[$0]) } == Array(entries[512...]))
  }

  /// A log that is opened again at any place goes on as if it had not been closed.
  @Test(arguments: [0, 1, 200, 256, 300, 512, 700])
  func logsGoOn(at start: Int) throws {
    let directory = try TemporaryDirectory()
    let signer = try #require(
      NoteSigner(name: "example.org/log", seed: [UInt8](repeating: 7, count: 32)))
    let entries = (0..<900).map { Array("entry \($0)".utf8) }
    do {
      var log = try TransparencyLogWriter(
        path: directory.path, origin: "example.org/log", signers: [signer], at: 0)
      try log.finishOpening()
      for entry in entries[..<700] {
        try entry.withUnsafeBytes { (bytes) throws in try log.add(bytes) }
      }
      try log.publish()
    }
    var log = try TransparencyLogWriter(
      path: directory.path, origin: "example.org/log", signers: [signer], at: start)
    for entry in entries[start...] {
      try entry.withUnsafeBytes { (bytes) throws in try log.add(bytes) }
    }
    try log.finishOpening()
    try log.publish()
    let leaves = entries.map { TreeHash.leaf($0) }
    #expect(log.signed?.checkpoint.root == Definition.root(leaves[...]))
    #expect(
      try CheckpointHistory(log: directory.path).checkpoints().map(\.checkpoint.size) == [700, 900])
    var reader = TileReader(TileDirectory(directory.path), size: 900)
    #expect(try reader.root(ofSize: 700) == Definition.root(leaves[..<700]))
  }

  @Test func nothingElseIsEverSigned() throws {
    let directory = try TemporaryDirectory()
    let signer = try #require(
      NoteSigner(name: "example.org/log", seed: [UInt8](repeating: 7, count: 32)))
    let entries = (0..<300).map { Array("entry \($0)".utf8) }
    do {
      var log = try TransparencyLogWriter(
        path: directory.path, origin: "example.org/log", signers: [signer], at: 0)
      try log.finishOpening()
      for entry in entries { try entry.withUnsafeBytes { (bytes) throws in try log.add(bytes) } }
      try log.publish()
    }
    func opened(_ entries: [[UInt8]]) throws {
      var log = try TransparencyLogWriter(
        path: directory.path, origin: "example.org/log", signers: [signer], at: 0)
      for entry in entries { try entry.withUnsafeBytes { (bytes) throws in try log.add(bytes) } }
      try log.finishOpening()
    }
    try opened(entries)
    #expect(throws: TransparencyLogWriter.Failure.shorterThanSigned(signed: 300, found: 299)) {
      try opened(Array(entries.dropLast()))
    }
    var other = entries
    other[17] = Array("entry x".utf8)
    #expect(throws: TransparencyLogWriter.Failure.otherThanSigned(size: 300)) {
      try opened(other + [[1]])
    }
  }
}
