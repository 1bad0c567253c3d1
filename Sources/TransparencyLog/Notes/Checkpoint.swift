/// What a log was at one size: its name, how many entries it has and the root of the tree over them
/// (C2SP tlog-checkpoint). A signed note holds one.
package struct Checkpoint: Sendable, Hashable {
  /// The log's name: the same for as long as it lasts.
  package var origin: String
  package var size: Int
  package var root: TreeHash
  /// Further lines, which this version does not read.
  package var extensions: [String]

  package init(origin: String, size: Int, root: TreeHash) {
    self.origin = origin
    self.size = size
    self.root = root
    extensions = []
  }

  /// Reads a note's text.
  ///
  /// - Returns: nil unless it is a checkpoint in its one spelling.
  package init?(_ text: String) {
    guard text.utf8.last == 0x0A else { return nil }
    let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 3, lines.allSatisfy({ !$0.isEmpty }),
      let size = Self.decimal(lines[1]), let root = TreeHash(base64: lines[2])
    else { return nil }
    origin = String(lines[0])
    self.size = size
    self.root = root
    extensions = lines[3...].map(String.init)
  }

  package var text: String {
    ([origin, String(size), root.base64] + extensions).joined(separator: "\n") + "\n"
  }

  /// A decimal number without leading zeros.
  static func decimal(_ text: Substring) -> Int? {
    guard let first = text.utf8.first, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      first != 0x30 || text.utf8.count == 1
    else { return nil }
    return Int(text)
  }
}

/// A checkpoint with the note that it came in.
package struct SignedCheckpoint: Sendable, Hashable {
  package var note: SignedNote
  package var checkpoint: Checkpoint

  package init(_ checkpoint: Checkpoint, signers: [NoteSigner]) throws {
    self.checkpoint = checkpoint
    note = try SignedNote(text: checkpoint.text, signers: signers)
  }

  /// Reads a checkpoint; its signatures are not looked at.
  package init(_ bytes: [UInt8]) throws(SignedNote.Fault) {
    note = try SignedNote(bytes)
    guard let checkpoint = Checkpoint(note.text) else {
      throw .malformed("its text is no checkpoint: origin, size and root, a line each")
    }
    self.checkpoint = checkpoint
  }

  package var bytes: [UInt8] { note.bytes }
}
