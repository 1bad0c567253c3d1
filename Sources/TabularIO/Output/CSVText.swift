/// Writes CSV as bytes, quoting where RFC 4180 asks for it, with LF at the end of a record.
package struct CSVText {
  package var bytes: [UInt8] = []
  private var fieldCount = 0
  private let delimiter: UInt8

  package init(delimiter: UInt8 = UInt8(ascii: ",")) { self.delimiter = delimiter }

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    fieldCount = 0
  }

  package mutating func field(_ text: String) {
    field { $0.append(contentsOf: text.utf8) }
  }

  /// A field whose text is what `append` adds to the bytes.
  package mutating func field(_ append: (inout [UInt8]) -> Void) {
    let start = beginField()
    append(&bytes)
    endField(from: start)
  }

  /// Whether numbers may need quotes, since the delimiter stands in them.
  package var quotesNumbers: Bool {
    switch delimiter {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  /// Begins a field, whose text is what is then appended to ``bytes``; gives the place where it starts
  /// there.
  package mutating func beginField() -> Int {
    separate()
    return bytes.count
  }

  /// Ends the field that starts at a place of ``bytes``; a number may do without, unless
  /// ``quotesNumbers``.
  package mutating func endField(from start: Int) {
    for place in start..<bytes.count where needsQuotes(bytes[place]) {
      return quote(from: start)
    }
  }

  @inline(__always)
  private func needsQuotes(_ byte: UInt8) -> Bool {
    byte == delimiter || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
  }

  private mutating func quote(from start: Int) {
    let text = Array(bytes[start...])
    bytes.removeSubrange(start...)
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func field(_ value: some BinaryInteger) {
    separate()
    bytes.append(contentsOf: value.description.utf8)
  }

  /// The shortest digits that read back as the same double; `NaN`, `INF`, `-INF` otherwise.
  package mutating func field(_ value: Double) {
    separate()
    let text =
      value.isFinite ? value.description : value.isNaN ? "NaN" : value > 0 ? "INF" : "-INF"
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func endRecord() {
    // A record of one empty field would be a blank line, which is no record.
    if fieldCount == 1, bytes.isEmpty || bytes.last == 0x0A {
      bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: "\"")])
    }
    bytes.append(0x0A)
    fieldCount = 0
  }

  private mutating func separate() {
    if fieldCount > 0 { bytes.append(delimiter) }
    fieldCount += 1
  }
}
