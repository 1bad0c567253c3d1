// Crypto has a `Digest` of its own, so that ours is named in full here.
internal import Crypto

extension DataFields.Digest {
  /// SHA-256 of bytes.
  package init(of bytes: some Sequence<UInt8>) {
    var hasher = DigestBuilder()
    hasher.update(Array(bytes))
    self = hasher.finish()
  }
}

/// SHA-256 over bytes that come in pieces.
package struct DigestBuilder: Sendable {
  private var hasher = SHA256()

  package init() {}

  package mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: bytes)
  }

  /// The digest of what came so far; more may follow.
  package func finish() -> DataFields.Digest {
    guard let digest = DataFields.Digest(bytes: Array(hasher.finalize())) else {
      preconditionFailure("SHA-256 has 32 bytes")
    }
    return digest
  }
}
