internal import DataFields

/// A proof that a log holds an entry, which can be checked offline with nothing but the entry and the
/// log's public key (C2SP tlog-proof).
package struct ProofFile: Sendable, Hashable {
  package static let header = "c2sp.org/tlog-proof@v1"
  /// The deepest tree that an index of 64 bits can have.
  static let proofLimit = 64

  package var index: Int
  package var proof: [TreeHash]
  package var checkpoint: SignedCheckpoint
  /// Opaque, and not proved.
  package var extra: [UInt8]?

  package init(
    index: Int, proof: [TreeHash], checkpoint: SignedCheckpoint, extra: [UInt8]? = nil
  ) {
    self.index = index
    self.proof = proof
    self.checkpoint = checkpoint
    self.extra = extra
  }

  package var bytes: [UInt8] {
    var text = Self.header + "\n"
    if let extra { text += "extra \(Base64.encode(extra))\n" }
    text += "index \(index)\n"
    for hash in proof { text += hash.base64 + "\n" }
    return Array((text + "\n").utf8) + checkpoint.bytes
  }

  /// Reads a proof; nothing of it is checked.
  package init(_ bytes: [UInt8]) throws(SignedNote.Fault) {
    guard bytes.count <= 1 << 20 else { throw .malformed("it is too long") }
    // The proof's lines end at the first empty one.
    var end: Int?
    for place in bytes.indices.dropLast() where bytes[place] == 0x0A && bytes[place + 1] == 0x0A {
      end = place
      break
    }
    guard let end, let text = String(validating: bytes[..<end], as: UTF8.self) else {
      throw .malformed("there is no empty line after the proof")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst().map(String.init) == Self.header else {
      throw .malformed("expected `\(Self.header)` in its first line")
    }
    if let line = lines.first, line.hasPrefix("extra ") {
      guard let bytes = Base64.decode(line.dropFirst(6)) else {
        throw .malformed("`extra` is not followed by Base64")
      }
      extra = bytes
      lines.removeFirst()
    }
    guard let line = lines.popFirst(), line.hasPrefix("index "),
      let index = Checkpoint.decimal(line.dropFirst(6))
    else { throw .malformed("expected `index` and a number") }
    self.index = index
    guard lines.count <= Self.proofLimit else { throw .malformed("it has too many hashes") }
    proof = []
    for line in lines {
      guard let hash = TreeHash(base64: line) else {
        throw .malformed("`\(line.prefix(60))` is no hash in Base64")
      }
      proof.append(hash)
    }
    checkpoint = try SignedCheckpoint(Array(bytes[(end + 2)...]))
  }

  /// Why a proof does not hold.
  package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    case note(SignedNote.Fault)
    case otherOrigin(String, expected: String)
    /// The entry is not what the log holds at that index.
    case notIncluded(index: Int)

    package var description: String {
      switch self {
      case .note(let fault): "the checkpoint: \(fault)"
      case .otherOrigin(let origin, let expected):
        "the checkpoint is of the log `\(origin)`, and the key is of `\(expected)`"
      case .notIncluded(let index):
        "the proof does not lead from this entry, at index \(index), to the root that was signed"
      }
    }
  }

  /// Checks the signature, the log's name and the path from the entry to the root.
  package func verify(entry: [UInt8], keys: [NoteVerifier]) throws(Failure) {
    let signed: [NoteVerifier]
    do { signed = try checkpoint.note.verify(keys) } catch { throw .note(error) }
    let origin = checkpoint.checkpoint.origin
    if let key = signed.first, !signed.contains(where: { $0.key.name == origin }) {
      throw .otherOrigin(origin, expected: key.key.name)
    }
    let isIncluded = MerkleTree.verifyInclusion(
      of: .leaf(entry), at: index, size: checkpoint.checkpoint.size, proof: proof,
      root: checkpoint.checkpoint.root)
    if !isIncluded { throw .notIncluded(index: index) }
  }
}
