internal import DataFields

extension ExpressionTable {
  /// Appends what ``text(_:_:_:)`` gives, without a `String` on the way for what is common.
  static func append(
    _ value: Double, _ type: ModelDataType, _ texts: TextInterner, to bytes: inout [UInt8]
  ) {
    if appendNumber(value, type, to: &bytes) { return }
    guard type == .string else {
      bytes.append(contentsOf: text(value, type, texts).utf8)
      return
    }
    guard let code = Int32(exactly: value) else { return }
    texts.withUTF8(code) { text in
      text.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
  }

  /// The same of numbers, and of what is missing; false for other types.
  static func appendNumber(
    _ value: Double, _ type: ModelDataType, to bytes: inout [UInt8]
  ) -> Bool {
    if value.isNaN { return true }
    switch type {
    case .float:
      let single = Float(value)
      if single.magnitude < 1e6, Float(Int64(single)) == single {
        ValueBytes.append(Int64(single), to: &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0"))
      } else {
        ValueBytes.append(single, to: &bytes)
      }
      return true
    case .double:
      if value.magnitude < 1e15, Double(Int64(value)) == value {
        ValueBytes.append(Int64(value), to: &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0"))
      } else {
        ValueBytes.append(value, to: &bytes)
      }
      return true
    case .integer where value.magnitude < 9e18:
      ValueBytes.append(Int64(value.rounded()), to: &bytes)
      return true
    default: return false
    }
  }
}

/// Numbers as bytes: the digits that their descriptions have.
enum ValueBytes {
  static func append(_ value: Int64, to bytes: inout [UInt8]) {
    if value >= 0, value < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value))
      return
    }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// The shortest digits that read back as the same number.
  static func append(_ value: some TextOutputStreamable, to bytes: inout [UInt8]) {
    var output = Output(bytes: [])
    swap(&output.bytes, &bytes)
    value.write(to: &output)
    swap(&output.bytes, &bytes)
  }

  private struct Output: TextOutputStream {
    var bytes: [UInt8]

    mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// What the standard library calls for a number, so that no `String` is made of its digits.
    mutating func _writeASCII(_ text: UnsafeBufferPointer<UInt8>) {
      bytes.append(contentsOf: text)
    }
  }
}
