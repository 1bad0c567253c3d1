internal import DataFields

/// How a file of the sample is written.
package enum SampleForm: String, CaseIterable, Sendable {
  case csv, jsonl
}

/// Writes records as bytes, CSV (RFC 4180) or JSON lines, field by field.
///
/// Everything that the sample writes is ASCII without quotes, commas or backslashes, so nothing is
/// ever escaped.
struct RecordEncoder {
  let form: SampleForm
  private let names: [[UInt8]]
  private(set) var bytes: [UInt8] = []
  private var field = 0

  init(_ form: SampleForm, columns: [String]) {
    self.form = form
    names = columns.map { Array($0.utf8) }
    bytes.reserveCapacity(1 << 17)
    if form == .csv { bytes.append(contentsOf: columns.joined(separator: ",").utf8 + [newline]) }
  }

  mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  mutating func text(_ value: String) {
    separate()
    quote()
    bytes.append(contentsOf: value.utf8)
    quote()
  }

  /// A number that names something: text in JSON.
  mutating func identifier(_ value: Int) {
    separate()
    quote()
    digits(value)
    quote()
  }

  mutating func integer(_ value: Int) {
    separate()
    digits(value)
  }

  /// Hundredths, with two decimals.
  mutating func money(_ hundredths: Int) {
    separate()
    if hundredths < 0 { bytes.append(UInt8(ascii: "-")) }
    let (whole, part) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    digits(Int(whole))
    bytes.append(UInt8(ascii: "."))
    padded(Int(part), width: 2)
  }

  /// Units of 0.0001, with four decimals.
  mutating func rate(_ units: Int) {
    separate()
    digits(units / 10_000)
    bytes.append(UInt8(ascii: "."))
    padded(units % 10_000, width: 4)
  }

  /// A day since 1970-01-01 as `2021-01-27`, with a time part of midnight if asked.
  mutating func date(_ day: Int, midnight: Bool = false) {
    separate()
    quote()
    let (year, month, dayOfMonth) =
      CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: day)).components
    padded(year, width: 4)
    bytes.append(UInt8(ascii: "-"))
    padded(month, width: 2)
    bytes.append(UInt8(ascii: "-"))
    padded(dayOfMonth, width: 2)
    if midnight { bytes.append(contentsOf: " 00:00:00.000".utf8) }
    quote()
  }

  mutating func endRecord() {
    if form == .jsonl { bytes.append(UInt8(ascii: "}")) }
    bytes.append(newline)
    field = 0
  }

  private var newline: UInt8 { UInt8(ascii: "\n") }

  private mutating func separate() {
    switch form {
    case .csv:
      if field > 0 { bytes.append(UInt8(ascii: ",")) }
    case .jsonl:
      bytes.append(field > 0 ? UInt8(ascii: ",") : UInt8(ascii: "{"))
      bytes.append(UInt8(ascii: "\""))
      bytes.append(contentsOf: names[field])
      bytes.append(contentsOf: "\":".utf8)
    }
    field += 1
  }

  private mutating func quote() {
    if form == .jsonl { bytes.append(UInt8(ascii: "\"")) }
  }

  private mutating func digits(_ value: Int) {
    var rest = value.magnitude
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private mutating func padded(_ value: Int, width: Int) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
  }
}
