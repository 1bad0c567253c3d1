/// Strict UTF-8, as RFC 3629 defines it: no overlong forms, no surrogates, nothing past U+10FFFF.
package enum UTF8Check {
  /// The offset of the first byte that is not part of a well-formed sequence, or nil.
  ///
  /// - Complexity: O(n); runs of ASCII go eight bytes at a time.
  package static func firstInvalid(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let raw = UnsafeRawPointer(base)
    let count = bytes.count
    var offset = 0
    while offset < count {
      if offset + 8 <= count {
        let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        if word & 0x8080_8080_8080_8080 == 0 {
          offset += 8
          continue
        }
      }
      let lead = base[offset]
      if lead < 0x80 {
        offset += 1
        continue
      }
      // The second byte's range depends on the first (Unicode table 3-7); the rest are 80...BF.
      let length: Int
      var second: ClosedRange<UInt8> = 0x80...0xBF
      switch lead {
      case 0xC2...0xDF: length = 2
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: length = 3
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: length = 4
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: return offset
      }
      guard offset + length <= count, second.contains(base[offset + 1]) else { return offset }
      for next in offset + 2..<max(offset + 2, offset + length)
      where base[next] & 0xC0 != 0x80 {
        return offset
      }
      offset += length
    }
    return nil
  }

  package static func isValid(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { firstInvalid($0) == nil }
  }
}
