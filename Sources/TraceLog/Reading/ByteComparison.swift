extension [UInt8] {
  /// Whether the bytes from a place on are these: eight at a time, since it is asked of every entry.
  package func holds(_ other: [UInt8], at place: Int) -> Bool {
    guard place >= 0, count - place >= other.count else { return false }
    return withUnsafeBytes { bytes in
      other.withUnsafeBytes { other in
        var offset = 0
        while offset + 8 <= other.count {
          let left = bytes.loadUnaligned(fromByteOffset: place + offset, as: UInt64.self)
          if left != other.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
          offset += 8
        }
        while offset < other.count {
          if bytes[place + offset] != other[offset] { return false }
          offset += 1
        }
        return true
      }
    }
  }
}
