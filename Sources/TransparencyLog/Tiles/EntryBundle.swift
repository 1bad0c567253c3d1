/// Up to 256 entries in one file, each after its length as two bytes, the high one first (C2SP
/// tlog-tiles, "Log entries").
package enum EntryBundle {
  /// What two bytes can say.
  package static let entryLimit = 0xFFFF

  /// Appends an entry; its length is within ``entryLimit``.
  package static func append(_ entry: UnsafeRawBufferPointer, to bundle: inout [UInt8]) {
    bundle.append(UInt8(truncatingIfNeeded: entry.count >> 8))
    bundle.append(UInt8(truncatingIfNeeded: entry.count))
    bundle.append(contentsOf: entry)
  }

  /// Where the entries lie in a bundle.
  ///
  /// - Returns: nil unless the bytes are whole entries and nothing else, 256 at most.
  package static func ranges(in bundle: UnsafeRawBufferPointer) -> [Range<Int>]? {
    var ranges: [Range<Int>] = []
    var place = 0
    while place < bundle.count {
      guard place + 2 <= bundle.count, ranges.count < TileCoordinate.fullWidth else { return nil }
      let length = Int(bundle[place]) << 8 | Int(bundle[place + 1])
      guard place + 2 + length <= bundle.count else { return nil }
      ranges.append(place + 2..<place + 2 + length)
      place += 2 + length
    }
    return ranges
  }
}
