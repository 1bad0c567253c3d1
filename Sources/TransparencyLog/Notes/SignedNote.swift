internal import DataFields

/// A text with signatures under it (C2SP signed-note).
package struct SignedNote: Sendable, Hashable {
  package struct Signature: Sendable, Hashable {
    package var key: NoteKeyName
    package var bytes: [UInt8]
  }

  /// Why bytes are no note, or no note to trust.
  package enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
    case malformed(String)
    /// A signature of a known key is not over this text.
    case invalidSignature(key: String)
    /// None of the known keys signed it.
    case unknownKeys([String])

    package var description: String {
      switch self {
      case .malformed(let reason): "it is no signed note: \(reason)"
      case .invalidSignature(let key): "the signature of \(key) is not over this text"
      case .unknownKeys(let keys):
        keys.isEmpty
          ? "nobody signed it"
          : "it is signed by \(keys.joined(separator: ", ")), which is not known"
      }
    }
  }

  /// Ends with a newline.
  package var text: String
  package var signatures: [Signature]

  static let sizeLimit = 1 << 16
  static let signatureLimit = 64

  package init(text: String, signers: [NoteSigner]) throws {
    self.text = text
    signatures = try signers.map {
      Signature(key: $0.verifier.key, bytes: try $0.signature(over: Array(text.utf8)))
    }
  }

  /// Reads a note. Its text is not to be trusted before ``verify(_:)``.
  package init(_ bytes: [UInt8]) throws(Fault) {
    guard bytes.count <= Self.sizeLimit else { throw .malformed("it is too long") }
    guard let note = String(validating: bytes, as: UTF8.self) else {
      throw .malformed("it is not UTF-8")
    }
    guard bytes.allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\n") }) else {
      throw .malformed("it holds control characters")
    }
    // The last empty line parts text and signatures. By bytes: a text may hold any characters.
    var split: Int?
    for place in bytes.indices.dropLast()
    where bytes[place] == 0x0A && bytes[place + 1] == 0x0A { split = place }
    guard let split else { throw .malformed("there is no empty line before the signatures") }
    text = String(decoding: bytes[...split], as: UTF8.self)
    signatures = []
    guard note.utf8.last == 0x0A, split + 2 < bytes.count else {
      throw .malformed("there is no whole line of a signature")
    }
    let lines = String(decoding: bytes[(split + 2)..<(bytes.count - 1)], as: UTF8.self)
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) {
      guard signatures.count < Self.signatureLimit else { throw .malformed("too many signatures") }
      signatures.append(try Self.signature(line))
    }
  }

  private static func signature(_ line: Substring) throws(Fault) -> Signature {
    let parts = line.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "—", NoteKeyName.isName(String(parts[1])),
      let bytes = Base64.decode(parts[2]), bytes.count > 4
    else {
      throw .malformed("`\(line.prefix(60))` is no signature; expected `— NAME BASE64`")
    }
    let identifier = bytes[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    return Signature(
      key: NoteKeyName(name: String(parts[1]), identifier: identifier), bytes: Array(bytes[4...]))
  }

  package var bytes: [UInt8] {
    var note = text + "\n"
    for signature in signatures {
      let number = (0..<4).map {
        UInt8(truncatingIfNeeded: signature.key.identifier >> UInt32(24 - 8 * $0))
      }
      note += "— \(signature.key.name) \(Base64.encode(number + signature.bytes))\n"
    }
    return Array(note.utf8)
  }

  /// Checks the signatures of known keys.
  ///
  /// - Returns: the keys that signed, one at least.
  /// - Throws: `Fault` if a known key's signature is not over the text, or no known key signed.
  @discardableResult
  package func verify(_ keys: [NoteVerifier]) throws(Fault) -> [NoteVerifier] {
    var found: [NoteVerifier] = []
    for signature in signatures {
      guard let key = keys.first(where: { $0.key == signature.key }) else { continue }
      guard key.verifies(signature.bytes, over: Array(text.utf8)) else {
        throw .invalidSignature(key: "\(key.key.name)+\(key.key.hexadecimal)")
      }
      found.append(key)
    }
    if found.isEmpty {
      throw .unknownKeys(signatures.map { "\($0.key.name)+\($0.key.hexadecimal)" })
    }
    return found
  }
}
