/// What stands for a decision where orders of fields are drawn for sampled attributions.
enum DecisionKey {
  /// FNV-1a, 64 bits, of the source, the record and the index within it.
  static func key(source: [UInt8], record: Int, index: Int) -> UInt64 {
    var key: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ byte: UInt8) { key = (key ^ UInt64(byte)) &* 0x100_0000_01B3 }
    for byte in source { add(byte) }
    for number in [record, index] {
      for shift in stride(from: 0, to: 64, by: 8) {
        add(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    return key
  }
}
