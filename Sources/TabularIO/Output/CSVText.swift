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
    separate()
    let needsQuotes = text.utf8.contains { byte in
      byte == delimiter || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
    guard needsQuotes else {
      bytes.append(contentsOf: text.utf8)
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
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
