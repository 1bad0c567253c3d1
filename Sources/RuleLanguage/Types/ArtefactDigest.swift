import Crypto
package import DataFields

/// Names bytes by their SHA-256.
package enum ArtefactDigest {
  package static func of(_ bytes: [UInt8]) -> DataFields.Digest {
    DataFields.Digest(bytes: Array(SHA256.hash(data: bytes))) ?? .zero
  }
}
