/// A horizontal bar in eighths of a column. Its length is a magnitude; what points down is drawn in
/// another pattern, so that sign does not depend on colour.
package enum Bar {
  private static let eighths: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  /// - Parameters:
  ///   - share: the magnitude as a share of the longest bar, 0 to 1.
  ///   - width: the columns of the longest bar.
  package static func text(share: Double, isNegative: Bool, width: Int) -> String {
    guard share.isFinite, share > 0, width > 0 else { return "" }
    let units = max(1, Int((min(share, 1) * Double(width) * 8).rounded()))
    if isNegative { return String(repeating: "▒", count: max(1, (units + 4) / 8)) }
    var bar = String(repeating: "█", count: units / 8)
    if units % 8 > 0 { bar.append(eighths[units % 8 - 1]) }
    return bar
  }
}
