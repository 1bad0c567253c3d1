internal import Crypto

extension SHA256 {
  /// The digest of bytes, written to a place of 32 bytes.
  ///
  /// Sealing a trace takes some twenty digests of one block each, of which the hashing itself is the
  /// smaller part: what goes through generic data, or hands out a digest by way of a closure that is
  /// not inlined, costs as much again.
  static func hash(
    _ bytes: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) {
    var hash = SHA256()
    hash.update(bufferPointer: bytes)
    let digest = hash.finalize()
    if isFlat {
      withUnsafeBytes(of: digest) { target.copyMemory(from: $0) }
    } else {
      digest.withUnsafeBytes { target.copyMemory(from: $0) }
    }
  }

  /// Whether a digest lies in memory as its 32 bytes: looked at once, not taken for granted.
  private static let isFlat: Bool = {
    let digest = SHA256.hash(data: [1, 2, 3] as [UInt8])
    return MemoryLayout<SHA256.Digest>.size == byteCount
      && withUnsafeBytes(of: digest) { digest.elementsEqual($0) }
  }()
}

/// The one-step key derivation of NIST SP 800-56C (revision 2, section 4.1) with SHA-256: block n is
/// SHA-256(n ‖ key ‖ info), n counted from 1 in 4 bytes, big-endian. Key and info together are of one
/// length for each use.
enum KeyDerivation {
  static let blockSize = SHA256.byteCount

  /// Fills `target` with whole blocks.
  static func expand(
    _ key: UnsafeRawBufferPointer, info: UnsafeRawBufferPointer,
    to target: UnsafeMutableRawBufferPointer
  ) {
    let length = 4 + key.count + info.count
    withUnsafeTemporaryAllocation(byteCount: length, alignment: 4) { input in
      input.write(key[...], at: 4)
      input.write(info[...], at: 4 + key.count)
      for block in 0..<target.count / blockSize {
        input.storeBytes(of: UInt32(block + 1).bigEndian, as: UInt32.self)
        SHA256.hash(
          UnsafeRawBufferPointer(input),
          to: UnsafeMutableRawBufferPointer(
            rebasing: target[block * blockSize..<(block + 1) * blockSize]))
      }
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Copies bytes to a place: within bounds, or a trap.
  @inline(__always)
  func write(_ bytes: Slice<UnsafeRawBufferPointer>, at offset: Int) {
    if bytes.isEmpty { return }
    UnsafeMutableRawBufferPointer(rebasing: self[offset..<offset + bytes.count])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes))
  }
}
