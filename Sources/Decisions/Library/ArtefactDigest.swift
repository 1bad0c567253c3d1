import Crypto
import DataFields

extension DataFields.Digest {
  /// The SHA-256 of bytes.
  init(sha256 bytes: [UInt8]) {
    self = DataFields.Digest(bytes: Array(SHA256.hash(data: bytes))) ?? .zero
  }
}
