internal import DecisionTrace

/// Reads one JSON object whose members are strings, whole numbers and lists of strings; anything else
/// is refused.
struct FlatJSONReader {
  enum Member: Sendable, Hashable {
    case text(String)
    case number(Int)
    case texts([String])
  }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func object() throws(TraceFault) -> [String: Member] {
    var members: [String: Member] = [:]
    try expect("{")
    if !skip("}") {
      repeat {
        let name = try string()
        try expect(":")
        guard members.updateValue(try member(), forKey: name) == nil else {
          throw fault("`\(name)` stands twice")
        }
      } while skip(",")
      try expect("}")
    }
    skipSpace()
    guard place == bytes.count else { throw fault("something follows the object") }
    return members
  }

  private func fault(_ reason: String) -> TraceFault { TraceFault(offset: place, reason: reason) }

  private mutating func member() throws(TraceFault) -> Member {
    skipSpace()
    switch next {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "["):
      place += 1
      var texts: [String] = []
      if skip("]") { return .texts([]) }
      repeat { texts.append(try string()) } while skip(",")
      try expect("]")
      return .texts(texts)
    default:
      let start = place
      while let digit = next, (0x30...0x39).contains(digit) { place += 1 }
      guard place > start,
        let number = Int(String(decoding: bytes[start..<place], as: UTF8.self))
      else { throw fault("expected a string, a whole number or a list of strings") }
      return .number(number)
    }
  }

  private mutating func string() throws(TraceFault) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault("control character in a string") }
      place += 1
      if byte == UInt8(ascii: "\\") { try escape(&text) } else { text.append(byte) }
    }
    guard place < bytes.count else { throw fault("the string does not end") }
    place += 1
    guard let string = String(validating: text, as: UTF8.self) else {
      throw fault("the string is not UTF-8")
    }
    return string
  }

  private mutating func escape(_ text: inout [UInt8]) throws(TraceFault) {
    guard let byte = next else { throw fault("the string does not end") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      let unit = try unit()
      var scalar = UInt32(unit)
      if (0xD800..<0xDC00).contains(unit) {
        guard next == UInt8(ascii: "\\") else { throw fault("half a character") }
        place += 1
        guard next == UInt8(ascii: "u") else { throw fault("half a character") }
        place += 1
        let low = UInt32(try self.unit())
        guard (0xDC00..<0xE000).contains(low) else { throw fault("half a character") }
        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let character = Unicode.Scalar(scalar) else { throw fault("no character") }
      text += Array(String(Character(character)).utf8)
    default: throw fault("unknown escape in a string")
    }
  }

  private mutating func unit() throws(TraceFault) -> UInt16 {
    guard place + 4 <= bytes.count,
      let pair = HexadecimalText.bytes(String(decoding: bytes[place..<place + 4], as: UTF8.self))
    else { throw fault("expected four hexadecimal digits") }
    place += 4
    return UInt16(pair[0]) << 8 | UInt16(pair[1])
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
  }

  /// Whether the character comes next, and moves past it then.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(TraceFault) {
    guard skip(character) else { throw fault("expected `\(character)`") }
  }
}
