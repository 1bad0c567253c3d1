/// Numbers as people read them.
package enum NumberText {
  /// A scaled integer as a plain decimal: `(31064454, 2)` is `310644.54`.
  package static func plain(_ value: Int128, scale: Int) -> String {
    guard scale > 0 else { return String(value) }
    var digits = String(value.magnitude)
    if digits.count <= scale {
      digits = String(repeating: "0", count: scale - digits.count + 1) + digits
    }
    let point = digits.index(digits.endIndex, offsetBy: -scale)
    return (value < 0 ? "-" : "") + digits[..<point] + "." + digits[point...]
  }

  /// The same with a comma every three digits of the whole part: `310,644.54`.
  package static func grouped(_ value: Int128, scale: Int) -> String {
    let text = plain(value, scale: scale)
    let negative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
    let whole = Array(parts.first ?? "")
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    let fraction = parts.count > 1 ? "." + parts[1] : ""
    return (negative ? "-" : "") + grouped + fraction
  }
}
