/// Texts of a document one behind another: a text of its own would cost memory, and time, for each of
/// some hundred thousand nodes.
struct TextPool: Sendable {
  /// Where a text is, or that there is none.
  struct Place: Sendable {
    fileprivate let start: Int

    static let absent = Place(start: -1)

    var isAbsent: Bool { start < 0 }
  }

  // Before each text stands how many bytes it has: in one byte, or in eight after one that is `long`.
  private var bytes: [UInt8] = []
  private static let long = UInt8.max

  mutating func append(_ text: Span<UInt8>) -> Place {
    let place = begin(text.count)
    text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    return place
  }

  mutating func append(_ text: String) -> Place {
    let place = begin(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
    return place
  }

  private mutating func begin(_ count: Int) -> Place {
    let place = Place(start: bytes.count)
    if count < Int(Self.long) {
      bytes.append(UInt8(count))
    } else {
      bytes.append(Self.long)
      for shift in stride(from: 0, to: 64, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: count >> shift))
      }
    }
    return place
  }

  private func range(_ place: Place) -> Range<Int> {
    guard !place.isAbsent else { return 0..<0 }
    let start = place.start + 1
    let first = bytes[place.start]
    guard first == Self.long else { return start..<start + Int(first) }
    var count = 0
    for byte in bytes[start..<start + 8].reversed() { count = count << 8 | Int(byte) }
    return start + 8..<start + 8 + count
  }

  func text(_ place: Place) -> String? {
    place.isAbsent ? nil : String(decoding: bytes[range(place)], as: UTF8.self)
  }

  /// Lends the bytes of a text; none where there is no text.
  func withBytes<Value>(_ place: Place, _ body: (Span<UInt8>) -> Value) -> Value {
    body(bytes.span.extracting(range(place)))
  }
}
