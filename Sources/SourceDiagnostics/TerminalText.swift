/// Text from files as a terminal may be given it.
package enum TerminalText {
  /// The text with other characters in place of those that would not be seen, one for one: control
  /// characters would move the terminal's cursor or change its colours, and marks of direction would
  /// turn the line around. A tab counts as one column.
  package static func plain(_ text: String, keepingLines: Bool = false) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    return String(
      text.map { character in
        guard let scalar = character.unicodeScalars.first else { return character }
        if scalar == "\n", keepingLines { return "\n" }
        if scalar.value < 0x20 || scalar.value == 0x7F { return " " }
        let isHidden = character.unicodeScalars.contains {
          $0.properties.generalCategory == .format || $0.properties.generalCategory == .control
        }
        return isHidden ? "\u{FFFD}" : character
      })
  }
}
