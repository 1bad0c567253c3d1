/// CRC-32C (Castagnoli), as RFC 3720, appendix B.4, has it: against torn writes, not against people.
package enum CRC32C {
  /// Eight tables: what one byte does when 0 to 7 zero bytes follow it.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82F6_3B78 }
      tables[byte] = crc
    }
    for index in 256..<8 * 256 {
      let before = tables[index - 256]
      tables[index] = before >> 8 ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// - Complexity: O(n), eight bytes a step.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var crc = ~UInt32(0)
      var offset = 0
      let count = bytes.count
      while offset + 8 <= count {
        // The byte order of the machine must not matter: what is stored is little-endian.
        let word = UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let mixed = word ^ UInt64(crc)
        var next: UInt32 = 0
        for index in 0..<8 {
          let byte = Int(truncatingIfNeeded: mixed >> UInt64(8 * index)) & 0xFF
          next ^= tables[(7 - index) * 256 + byte]
        }
        crc = next
        offset += 8
      }
      while offset < count {
        crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[offset])) & 0xFF)]
        offset += 1
      }
      return ~crc
    }
  }

  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { checksum($0) }
  }
}
