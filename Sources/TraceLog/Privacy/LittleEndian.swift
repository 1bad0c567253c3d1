/// Whole numbers as the vault's files hold them.
enum LittleEndian {
  static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// - Precondition: the bytes of a number are there.
  static func read<Number: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, as type: Number.Type = UInt32.self
  ) -> Number {
    Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  static func read<Number: FixedWidthInteger>(
    _ bytes: [UInt8], _ offset: Int, as type: Number.Type = UInt32.self
  ) -> Number {
    bytes.withUnsafeBytes { read($0, offset, as: type) }
  }
}
