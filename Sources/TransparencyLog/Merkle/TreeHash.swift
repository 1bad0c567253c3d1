internal import Crypto
internal import DataFields

/// A hash of a Merkle tree: 32 bytes, held inline so that trees of them need no allocation.
///
/// Hashing is that of RFC 6962, section 2.1: SHA-256 over `0x00` and an entry, or over `0x01` and
/// two hashes, so that no entry can pass for a node.
package struct TreeHash: Sendable, Hashable {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  package static let byteCount = 32

  private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  /// - Precondition: none; what is not 32 bytes gives nil.
  package init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    words = (
      bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
      bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    )
  }

  package init?(_ bytes: some Collection<UInt8>) {
    let array = Array(bytes)
    guard let hash = array.withUnsafeBytes({ TreeHash($0) }) else { return nil }
    self = hash
  }

  /// Reads 44 characters of standard Base64.
  package init?(base64 text: some StringProtocol) {
    guard text.utf8.count == 44, let bytes = Base64.decode(text) else { return nil }
    self.init(bytes)
  }

  package var base64: String { Base64.encode(bytes) }
  package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

  /// 64 lower-case hexadecimal digits.
  package var hexadecimal: String { Digest(bytes: bytes)?.hexadecimal ?? "" }

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    Swift.withUnsafeBytes(of: words) { body($0) }
  }

  package static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }

  /// The hash of a tree without entries: SHA-256 of nothing.
  package static let ofEmptyTree = TreeHash(SHA256())

  /// The hash of an entry as a leaf.
  package static func leaf(_ entry: UnsafeRawBufferPointer) -> TreeHash {
    var sha = SHA256()
    withUnsafePrefix(0) { sha.update(bufferPointer: $0) }
    sha.update(bufferPointer: entry)
    return TreeHash(sha)
  }

  package static func leaf(_ entry: [UInt8]) -> TreeHash { entry.withUnsafeBytes { leaf($0) } }

  /// The hash of the node above two others.
  package static func node(_ left: TreeHash, _ right: TreeHash) -> TreeHash {
    var sha = SHA256()
    // One piece: a hasher takes pieces one by one through its own buffer.
    withUnsafeTemporaryAllocation(byteCount: 1 + 2 * byteCount, alignment: 8) { buffer in
      buffer[0] = 1
      left.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: $0)
      }
      right.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: buffer[(1 + byteCount)...]).copyMemory(from: $0)
      }
      sha.update(bufferPointer: UnsafeRawBufferPointer(buffer))
    }
    return TreeHash(sha)
  }

  private init(_ sha: SHA256) {
    words = sha.finalize().withUnsafeBytes { bytes in
      (
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
      )
    }
  }

  private static func withUnsafePrefix(_ byte: UInt8, _ body: (UnsafeRawBufferPointer) -> Void) {
    Swift.withUnsafeBytes(of: byte) { body($0) }
  }
}
