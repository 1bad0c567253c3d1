internal import Crypto

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What one subject's key gives: three keys that tell nothing of each other, for marking the
/// subject's entries, for salts and for encryption, and by what the subject's entries are found.
///
/// Whoever holds the subject's key finds and reads what belongs to the subject; once it is destroyed
/// nobody does.
package struct SubjectKeys: Sendable {
  /// The bytes of a subject's key.
  package static let keySize = 32
  static let markSize = 16
  static let nonceSize = 12
  static let tagSize = 16
  private static let info = Array("rationale subject 1".utf8)
  /// So much of the digest of a decision's identity makes marks and salts: with counter and key it
  /// fills one block of the hash.
  private static let headSize = 16

  /// The key for marks, and after it the one for salts.
  private let naming: SymmetricKey
  private let encryption: SymmetricKey
  /// Under what the log's own files find the subject's entries. It is gone with the key, which a hash
  /// of the subject's text would not be.
  package let locator: SubjectKey

  /// - Returns: nil unless there are 32 bytes.
  package init?(subjectKey: [UInt8]) {
    guard subjectKey.count == Self.keySize else { return nil }
    (naming, encryption, locator) = withUnsafeTemporaryAllocation(
      byteCount: 4 * Self.keySize, alignment: 8
    ) { keys in
      subjectKey.withUnsafeBytes { key in
        Self.info.withUnsafeBytes { KeyDerivation.expand(key, info: $0, to: keys) }
      }
      defer { keys.initializeMemory(as: UInt8.self, repeating: 0) }
      return (
        SymmetricKey(data: UnsafeRawBufferPointer(rebasing: keys[..<(2 * Self.keySize)])),
        SymmetricKey(
          data: UnsafeRawBufferPointer(rebasing: keys[(2 * Self.keySize)..<(3 * Self.keySize)])),
        SubjectKey(
          hash: UInt64(
            littleEndian: keys.load(fromByteOffset: 3 * Self.keySize, as: UInt64.self)))
      )
    }
  }

  /// Derives what names an entry's subject to those who hold the key, and the salts of the entry's
  /// items. To others both are noise that no two entries share.
  ///
  /// A decision is made once, so that its salts are; should it be made twice, they are the same, and
  /// nothing else can be.
  ///
  /// - Parameters:
  ///   - head: the digest of the decision's identity.
  ///   - names: room for the mark, in the first of blocks of 32 bytes, and the salts in the others.
  func derive(_ head: UnsafeRawBufferPointer, to names: inout [UInt8]) {
    let info = UnsafeRawBufferPointer(rebasing: head[..<Self.headSize])
    naming.withUnsafeBytes { keys in
      names.withUnsafeMutableBytes { names in
        let block = KeyDerivation.blockSize
        KeyDerivation.expand(
          UnsafeRawBufferPointer(rebasing: keys[..<Self.keySize]), info: info,
          to: UnsafeMutableRawBufferPointer(rebasing: names[..<block]))
        KeyDerivation.expand(
          UnsafeRawBufferPointer(rebasing: keys[Self.keySize...]), info: info,
          to: UnsafeMutableRawBufferPointer(rebasing: names[block...]))
      }
    }
  }

  /// Memory for the mark and so many salts.
  static func roomForNames(items: Int) -> [UInt8] {
    let salts = items * ItemCommitment.saltSize
    let blocks = 1 + (salts + KeyDerivation.blockSize - 1) / KeyDerivation.blockSize
    return Array(repeating: 0, count: blocks * KeyDerivation.blockSize)
  }

  /// AES-256-GCM with the start of a root as nonce: appends what was encrypted, and the tag.
  func encrypt(
    _ items: [UInt8], nonce root: UnsafeRawBufferPointer, authenticating entry: [UInt8],
    to record: inout [UInt8]
  ) {
    // It fails for keys or nonces of a wrong size only, and these are ours.
    guard
      let nonce = try? AES.GCM.Nonce(
        data: UnsafeRawBufferPointer(rebasing: root[..<Self.nonceSize])),
      let box = try? AES.GCM.seal(
        items, using: encryption, nonce: nonce, authenticating: entry),
      let bytes = box.combined
    else { preconditionFailure("AES-GCM takes 32 bytes of key and 12 of nonce") }
    bytes.withUnsafeBytes { record.append(contentsOf: $0[Self.nonceSize...]) }
  }

  /// Nil if it is not what was encrypted with the entry under this key.
  func decrypted(_ record: [UInt8], nonce: [UInt8], authenticating entry: [UInt8]) -> [UInt8]? {
    guard record.count >= Self.tagSize, let box = try? AES.GCM.SealedBox(combined: nonce + record),
      let items = try? AES.GCM.open(box, using: encryption, authenticating: entry)
    else { return nil }
    return Array(items)
  }
}
