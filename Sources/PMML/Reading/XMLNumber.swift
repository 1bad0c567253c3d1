internal import DataFields

/// Numbers as XML Schema writes them.
enum XMLNumber {
  /// An `xs:double`: decimal digits, an exponent, `INF`, `-INF`, `NaN`; nothing else.
  static func double(_ bytes: Span<UInt8>) -> Double? {
    BinaryNumberText.double(bytes) ?? unusual(text(bytes))
  }

  static func double(_ text: String) -> Double? {
    settled(text, BinaryNumberText.double) ?? unusual(text)
  }

  /// An `xs:float` that ``double(_:)-(String)`` reads, rounded once from the text.
  static func float(_ text: String) -> Float? {
    settled(text, BinaryNumberText.float) ?? Float(text.trimmingWhitespace())
  }

  private static func settled<Number>(
    _ text: String, _ read: (Span<UInt8>) -> Number?
  ) -> Number? {
    text.utf8.withContiguousStorageIfAvailable { read($0.span) } ?? nil
  }

  private static func text(_ bytes: Span<UInt8>) -> String {
    bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// Space around a number, the words for what is none, and long numbers.
  private static func unusual(_ text: String) -> Double? {
    let text = Substring(text).trimmingWhitespace()
    switch text {
    case "INF", "+INF": return .infinity
    case "-INF": return -.infinity
    case "NaN": return .nan
    default: break
    }
    // The standard library also reads hexadecimal, `inf` and `nan`, which XML Schema does not.
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    return Double(text)
  }
}
