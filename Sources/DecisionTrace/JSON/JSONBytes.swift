/// Writes JSON straight to bytes, with commas where they belong.
///
/// Members stand in the order in which they are written, so that the same values give the same
/// bytes. Exact numbers are written as strings by the callers: readers of JSON round numbers.
package struct JSONBytes: Sendable {
  package private(set) var bytes: [UInt8] = []
  private var needsComma = false

  package init() {}

  package mutating func object(_ write: (inout JSONBytes) -> Void) {
    enclosed(UInt8(ascii: "{"), UInt8(ascii: "}"), write)
  }

  package mutating func array(_ write: (inout JSONBytes) -> Void) {
    enclosed(UInt8(ascii: "["), UInt8(ascii: "]"), write)
  }

  package mutating func array<Items: Sequence>(
    _ items: Items, _ write: (inout JSONBytes, Items.Element) -> Void
  ) {
    array { json in for item in items { write(&json, item) } }
  }

  private mutating func enclosed(
    _ open: UInt8, _ close: UInt8, _ write: (inout JSONBytes) -> Void
  ) {
    separate()
    bytes.append(open)
    needsComma = false
    write(&self)
    bytes.append(close)
    needsComma = true
  }

  /// The name of the member whose value is written next.
  package mutating func key(_ name: StaticString) {
    separate()
    quoted(String(describing: name))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func string(_ value: String) {
    separate()
    quoted(value)
  }

  package mutating func integer(_ value: some BinaryInteger) { literal(String(value)) }
  package mutating func boolean(_ value: Bool) { literal(value ? "true" : "false") }
  package mutating func null() { literal("null") }

  /// The shortest decimal that reads back as the same double; a string where JSON has no number.
  package mutating func double(_ value: Double) {
    if value.isFinite { literal(value.description) } else { string(value.description) }
  }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)

  private mutating func quoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
      case 0x0D: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "r")])
      case 0x09: bytes.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "t")])
      case 0..<0x20, 0x7F:
        bytes.append(contentsOf: "\\u00".utf8)
        bytes.append(Self.hexadecimal[Int(byte >> 4)])
        bytes.append(Self.hexadecimal[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

extension JSONBytes {
  package mutating func member(_ name: StaticString, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  package mutating func member(_ name: StaticString, _ value: some BinaryInteger) {
    key(name)
    integer(value)
  }

  package mutating func member(_ name: StaticString, _ value: Bool) {
    key(name)
    boolean(value)
  }

  package mutating func member(_ name: StaticString, double value: Double) {
    key(name)
    double(value)
  }
}
