/// A strict scanner of one JSON text (RFC 8259) in bytes that are known to be well-formed UTF-8.
///
/// It accepts nothing that the grammar does not: no comments, no trailing commas, no `NaN`, no
/// leading zeros, no raw control characters, no lone surrogates. Values are checked in place and
/// not built.
struct JSONScanner {
  /// Arrays and objects inside one another, the outermost included.
  static var depthLimit: Int { 64 }

  let base: UnsafePointer<UInt8>
  let end: Int
  var at: Int

  init(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) {
    self.base = base
    self.end = end
    at = start
  }

  @inline(__always)
  mutating func skipSpace() {
    while at < end {
      let byte = base[at]
      guard byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A else { return }
      at += 1
    }
  }

  @inline(__always)
  func peek() -> UInt8? { at < end ? base[at] : nil }

  mutating func expect(_ byte: UInt8, _ reason: StaticString) throws(JSONFault) {
    guard at < end, base[at] == byte else { throw JSONFault(reason: reason, offset: at) }
    at += 1
  }

  func fault(_ reason: StaticString) -> JSONFault { JSONFault(reason: reason, offset: at) }

  /// Scans a string after its opening quote. Returns the range between the quotes, and whether it
  /// holds escapes.
  @inline(__always)
  mutating func string() throws(JSONFault) -> (start: Int, end: Int, hasEscapes: Bool) {
    let start = at
    var hasEscapes = false
    while at < end {
      let byte = base[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return (start, at - 1, hasEscapes)
      }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape()
        continue
      }
      if byte < 0x20 { throw fault("a control character in a string must be escaped") }
      at += 1
    }
    throw JSONFault(reason: "a string is never closed", offset: start - 1)
  }

  private mutating func escape() throws(JSONFault) {
    let start = at
    at += 1
    switch peek() {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 1
    case UInt8(ascii: "u"):
      at += 1
      let unit = try hexUnit()
      if unit & 0xFC00 == 0xDC00 { throw JSONFault(reason: "a lone surrogate", offset: start) }
      guard unit & 0xFC00 == 0xD800 else { return }
      guard at + 1 < end, base[at] == UInt8(ascii: "\\"), base[at + 1] == UInt8(ascii: "u") else {
        throw JSONFault(reason: "a lone surrogate", offset: start)
      }
      at += 2
      if try hexUnit() & 0xFC00 != 0xDC00 {
        throw JSONFault(reason: "a lone surrogate", offset: start)
      }
    default:
      throw JSONFault(reason: "an unknown escape in a string", offset: start)
    }
  }

  private mutating func hexUnit() throws(JSONFault) -> UInt32 {
    guard let unit = Self.hexUnit(base, at: at, end: end) else {
      throw fault("`\\u` takes four hexadecimal digits")
    }
    at += 4
    return unit
  }

  private static func hexUnit(_ base: UnsafePointer<UInt8>, at start: Int, end: Int) -> UInt32? {
    guard start + 4 <= end else { return nil }
    var unit: UInt32 = 0
    for offset in start..<start + 4 {
      let digit: UInt8
      switch base[offset] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = base[offset] - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = base[offset] - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = base[offset] - UInt8(ascii: "A") + 10
      default: return nil
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// Appends the text of a scanned string with its escapes undone.
  static func decode(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, into scratch: inout ScratchBytes
  ) {
    var at = start
    while at < end {
      let byte = base[at]
      guard byte == UInt8(ascii: "\\") else {
        scratch.append(byte)
        at += 1
        continue
      }
      let letter = base[at + 1]
      at += 2
      switch letter {
      case UInt8(ascii: "b"): scratch.append(0x08)
      case UInt8(ascii: "f"): scratch.append(0x0C)
      case UInt8(ascii: "n"): scratch.append(0x0A)
      case UInt8(ascii: "r"): scratch.append(0x0D)
      case UInt8(ascii: "t"): scratch.append(0x09)
      case UInt8(ascii: "u"):
        var value = hexUnit(base, at: at, end: end) ?? 0xFFFD
        at += 4
        if value & 0xFC00 == 0xD800, let low = hexUnit(base, at: at + 2, end: end) {
          value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
          at += 6
        }
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          scratch.append(unit)
        }
      default: scratch.append(letter)
      }
    }
  }

  /// Scans a number by the grammar of RFC 8259, section 6.
  @inline(__always)
  mutating func number() throws(JSONFault) {
    if peek() == UInt8(ascii: "-") { at += 1 }
    guard let first = peek(), Self.isDigit(first) else { throw fault("a number needs a digit") }
    at += 1
    if first == UInt8(ascii: "0") {
      if let next = peek(), Self.isDigit(next) {
        throw fault("a number does not start with 0 and another digit")
      }
    } else {
      skipDigits()
    }
    if peek() == UInt8(ascii: ".") {
      at += 1
      guard skipDigits() else { throw fault("a digit follows the decimal point") }
    }
    if let letter = peek(), letter | 0x20 == UInt8(ascii: "e") {
      at += 1
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
      guard skipDigits() else { throw fault("an exponent needs a digit") }
    }
  }

  @inline(__always)
  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  @discardableResult
  private mutating func skipDigits() -> Bool {
    let start = at
    while at < end, Self.isDigit(base[at]) { at += 1 }
    return at > start
  }

  /// Scans `true`, `false` or `null`.
  mutating func word() throws(JSONFault) -> RecordField.Kind {
    for (text, kind) in [("true", RecordField.Kind.boolean), ("false", .boolean), ("null", .null)] {
      if matches(text) {
        at += text.utf8.count
        return kind
      }
    }
    throw fault("expected a value")
  }

  private func matches(_ text: String) -> Bool {
    guard at + text.utf8.count <= end else { return false }
    var offset = at
    for byte in text.utf8 {
      if base[offset] != byte { return false }
      offset += 1
    }
    return true
  }
}
