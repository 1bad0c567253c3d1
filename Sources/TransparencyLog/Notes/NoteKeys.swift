internal import Crypto
internal import DataFields

/// The name and the number under which a key signs notes (C2SP signed-note).
package struct NoteKeyName: Sendable, Hashable {
  package let name: String
  /// The first four bytes of SHA-256 over the name, a newline, the type of signature and the key.
  package let identifier: UInt32

  package init(name: String, identifier: UInt32) {
    self.name = name
    self.identifier = identifier
  }

  /// Whether a name may stand in a note: not empty, no white space, no plus, no control characters.
  package static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0 != "+" && !$0.properties.isWhitespace && $0.properties.generalCategory != .control
      }
  }

  init(name: String, publicKey: [UInt8]) {
    var sha = SHA256()
    sha.update(data: Array(name.utf8) + [UInt8(ascii: "\n"), NoteVerifier.ed25519] + publicKey)
    let digest = Array(sha.finalize())
    self.name = name
    identifier = digest[..<4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Eight hexadecimal digits.
  package var hexadecimal: String { Self.hexadecimal(identifier) }

  private static func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}

/// A public key that checks the notes of one log: `name+number+key`, as Go's note package writes it.
package struct NoteVerifier: Sendable, Hashable, CustomStringConvertible {
  /// The type of signature: Ed25519 over the note's text (RFC 8032).
  static let ed25519: UInt8 = 1

  package let key: NoteKeyName
  package let publicKey: [UInt8]

  package init(name: String, publicKey: [UInt8]) {
    key = NoteKeyName(name: name, publicKey: publicKey)
    self.publicKey = publicKey
  }

  /// Reads `name+1a2b3c4d+AbCd…`; nil for anything else, also where the number is not the key's.
  package init?(_ text: String) {
    // The key itself may hold a plus.
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, NoteKeyName.isName(String(parts[0])),
      let bytes = Base64.decode(parts[2]), bytes.count == 33, bytes[0] == Self.ed25519
    else { return nil }
    self.init(name: String(parts[0]), publicKey: Array(bytes[1...]))
    guard key.hexadecimal == parts[1] else { return nil }
  }

  package var description: String {
    "\(key.name)+\(key.hexadecimal)+\(Base64.encode([Self.ed25519] + publicKey))"
  }

  package func verifies(_ signature: [UInt8], over text: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
      return false
    }
    return key.isValidSignature(signature, for: text)
  }
}

/// A private key that signs the notes of one log.
package struct NoteSigner: Sendable {
  package let verifier: NoteVerifier
  private let privateKey: Curve25519.Signing.PrivateKey

  /// - Parameter seed: 32 bytes that nobody can guess.
  /// - Returns: nil for another number of bytes, or a name that cannot stand in a note.
  package init?(name: String, seed: [UInt8]) {
    guard NoteKeyName.isName(name), seed.count == 32,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    else { return nil }
    privateKey = key
    verifier = NoteVerifier(name: name, publicKey: Array(key.publicKey.rawRepresentation))
  }

  /// Reads `PRIVATE+KEY+name+1a2b3c4d+…`; nil for anything else.
  package init?(_ text: String) {
    let prefix = "PRIVATE+KEY+"
    guard text.hasPrefix(prefix) else { return nil }
    let parts = text.dropFirst(prefix.count)
      .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let bytes = Base64.decode(parts[2]), bytes.count == 33,
      bytes[0] == NoteVerifier.ed25519
    else { return nil }
    self.init(name: String(parts[0]), seed: Array(bytes[1...]))
    guard verifier.key.hexadecimal == parts[1] else { return nil }
  }

  /// The text that ``init(_:)`` reads. It is the secret itself.
  package var secretText: String {
    let key = Base64.encode([NoteVerifier.ed25519] + Array(privateKey.rawRepresentation))
    return "PRIVATE+KEY+\(verifier.key.name)+\(verifier.key.hexadecimal)+\(key)"
  }

  /// A signature of 64 bytes, made as RFC 8032 has it: the same text gives the same bytes.
  package func signature(over text: [UInt8]) throws -> [UInt8] {
    Array(try privateKey.signature(for: text))
  }
}
