/// What the place that a report is printed to can show.
package struct TerminalCapabilities: Sendable, Hashable {
  /// Columns; at least ``minimumWidth``.
  package var width: Int
  package var usesColor: Bool
  /// False where only ASCII can be printed: marks, bars and boxes fall back to it.
  package var usesUnicode: Bool
  package var usesBoxes: Bool

  /// Below this a report is not made narrower: the terminal wraps.
  package static let minimumWidth = 40
  /// What is assumed where nothing says how wide the output is.
  package static let defaultWidth = 80

  package init(width: Int, usesColor: Bool, usesUnicode: Bool, usesBoxes: Bool) {
    self.width = max(Self.minimumWidth, width)
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
    self.usesBoxes = usesBoxes
  }

  /// Reads what the environment says.
  ///
  /// - Parameters:
  ///   - environment: looks up a variable; an empty one counts as absent, as `NO_COLOR` and POSIX
  ///     have it.
  ///   - isTerminal: whether the output is one.
  ///   - columns: the terminal's width, where it is known.
  ///   - isPlain: no colour and no boxes, whatever the terminal can do.
  package init(
    environment: (String) -> String?, isTerminal: Bool, columns: Int?, isPlain: Bool = false
  ) {
    func variable(_ name: String) -> String? {
      environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }
    // COLUMNS is a shell's own variable; once exported it is the user's wish, also for a pipe.
    let wished = variable("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    let isDumb = variable("TERM") == "dumb"
    self.init(
      width: wished ?? (isTerminal ? columns : nil) ?? Self.defaultWidth,
      usesColor: isTerminal && !isPlain && !isDumb && variable("NO_COLOR") == nil,
      usesUnicode: Self.isUTF8(
        locale: variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG")),
      usesBoxes: !isPlain && !isDumb)
  }

  /// Whether a locale's name says UTF-8 (`en_GB.UTF-8`, `C.utf8`); no locale at all is `C`.
  static func isUTF8(locale: String?) -> Bool {
    guard let locale else { return false }
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }
}
