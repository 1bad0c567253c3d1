/// `masked keep n`: how a page shows a value that identifies somebody.
package enum Masking {
  /// The last `keeps` characters after bullets; a value no longer than that is hidden whole, since
  /// showing it all would not be masking.
  package static func masked(_ text: String, keeps: Int) -> String {
    let shown = text.count > keeps ? text.suffix(max(0, keeps)) : ""
    // The number of bullets does not tell the length.
    return "••••" + shown
  }
}
