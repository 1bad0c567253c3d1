/// Scans the values of a list text: JSON's, and Python's with `'`, `True`, `False` and `None`.
struct ListScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  func fault(_ reason: String) -> ListText.Fault {
    ListText.Fault(reason: "\(reason) at byte \(at + 1)")
  }

  mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || (0x09...0x0D).contains(byte) { at += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    at += 1
    return true
  }

  /// A text in either quotes, with its escapes undone.
  mutating func string() throws(ListText.Fault) -> [UInt8] {
    guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
      throw fault("expected a text in quotes")
    }
    at += 1
    var text: [UInt8] = []
    while let byte = peek {
      at += 1
      if byte == quote { return text }
      if byte < 0x20 { throw fault("a control character stands in a text") }
      if byte == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(byte) }
    }
    throw fault("a text is never closed")
  }

  private mutating func escape(into text: inout [UInt8]) throws(ListText.Fault) {
    guard let letter = peek else { throw fault("a text is never closed") }
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "x"): try append(try hexadecimal(2), to: &text)
    case UInt8(ascii: "U"): try append(try hexadecimal(8), to: &text)
    case UInt8(ascii: "u"):
      var value = try hexadecimal(4)
      // JSON writes what lies beyond the first plane as two surrogates.
      if value & 0xFC00 == 0xD800, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
        let low = try hexadecimal(4)
        guard low & 0xFC00 == 0xDC00 else { throw fault("a lone surrogate") }
        value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
      }
      try append(value, to: &text)
    default: throw fault("an unknown escape in a text")
    }
  }

  private func append(_ value: UInt32, to text: inout [UInt8]) throws(ListText.Fault) {
    guard let scalar = Unicode.Scalar(value), let units = UTF8.encode(scalar) else {
      throw fault("an escape that is no character")
    }
    text += units
  }

  private mutating func hexadecimal(_ digits: Int) throws(ListText.Fault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<digits {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
        value < 0x1000_0000
      else { throw fault("an escape needs \(digits) hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return value
  }

  /// A number, as it is written.
  mutating func number() throws(ListText.Fault) -> [UInt8] {
    let start = at
    _ = take(UInt8(ascii: "-"))
    guard skipDigits() else { throw fault("a number needs a digit") }
    if take(UInt8(ascii: ".")) { skipDigits() }
    if let letter = peek, letter | 0x20 == UInt8(ascii: "e") {
      at += 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard skipDigits() else { throw fault("an exponent needs a digit") }
    }
    return Array(bytes[start..<at])
  }

  @discardableResult
  private mutating func skipDigits() -> Bool {
    let start = at
    while let byte = peek, byte &- UInt8(ascii: "0") < 10 { at += 1 }
    return at > start
  }

  /// `true`, `None`: letters.
  mutating func word() throws(ListText.Fault) -> String {
    let start = at
    while let byte = peek, (byte | 0x20) &- UInt8(ascii: "a") < 26, at - start < 8 { at += 1 }
    guard at > start else { throw fault("expected a value") }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  /// Checks the form of a value that nobody wants.
  mutating func skipValue(depth: Int) throws(ListText.Fault) {
    guard depth <= ListText.depthLimit else {
      throw fault("more than \(ListText.depthLimit) arrays and objects inside one another")
    }
    guard let byte = peek else { throw fault("expected a value") }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try number()
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      at += 1
      let isObject = byte == UInt8(ascii: "{")
      let end = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
      skipSpace()
      while !take(end) {
        if isObject {
          _ = try string()
          skipSpace()
          guard take(UInt8(ascii: ":")) else { throw fault("expected `:`") }
          skipSpace()
        }
        try skipValue(depth: depth + 1)
        skipSpace()
        if take(UInt8(ascii: ",")) {
          skipSpace()
        } else if peek != end {
          throw fault("expected `,` or the end of a list or record")
        }
      }
    default:
      guard ["true", "false", "null", "True", "False", "None"].contains(try word()) else {
        throw fault("expected a value")
      }
    }
  }
}
