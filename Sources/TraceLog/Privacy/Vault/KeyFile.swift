package import FileIO

/// A key in a file of its own: one line that says what it is, and 64 hexadecimal digits.
package enum KeyFile {
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The key of a log's vault: whoever has it reads everything that was not erased.
    case vault = "rationale-vault-key-1"
    /// One subject's key: whoever has it finds and reads what belongs to the subject.
    case subject = "rationale-subject-key-1"
  }

  static let keySize = 32
  /// No key file is longer.
  private static let sizeLimit = 4096

  package static func text(_ key: [UInt8], _ kind: Kind) -> String {
    "\(kind.rawValue) \(HexadecimalText.text(key))\n"
  }

  /// - Throws: `VaultError.badKeyFile` if the file holds something else.
  package static func read(_ path: String, _ kind: Kind) throws(VaultError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: sizeLimit)
    } catch {
      throw .file(error)
    }
    let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard words.count == 2 else { throw .badKeyFile(path: path, expected: kind.rawValue) }
    guard words[0] == kind.rawValue, let key = HexadecimalText.bytes(words[1]),
      key.count == keySize
    else { throw .badKeyFile(path: path, expected: kind.rawValue) }
    return key
  }

  /// Writes a key to a new file that only its owner can read; one that exists is not replaced.
  package static func create(
    _ path: String, _ key: [UInt8], _ kind: Kind
  ) throws(FileError) {
    if try Directory.status(path) != nil {
      throw FileError(.create, path: path, reason: "it is there already, and a key is not replaced")
    }
    // A crash must not leave half a key under the name: what it was made for could not be opened.
    let scratch = path + ".tmp"
    try Directory.remove(scratch)
    var file = try OpenFile(path: scratch, mode: .createPrivate)
    try file.write(Array(text(key, kind).utf8))
    try file.syncData()
    try file.close()
    try Directory.rename(scratch, to: path)
    try Directory.sync(FilePath.parent(path))
  }
}
