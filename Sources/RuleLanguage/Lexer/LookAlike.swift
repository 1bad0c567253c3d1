/// Letters of other scripts that look like Latin ones.
///
/// After the confusables of Unicode Technical Standard 39, for the scripts that a keyboard or a
/// copied document brings in: Cyrillic, Greek and the fullwidth forms.
enum LookAlike {
  /// The Latin letter that a letter looks like, and the script that it is of.
  static func latin(for scalar: Unicode.Scalar) -> (letter: String, script: String)? {
    switch scalar.value {
    case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A:
      guard let ascii = Unicode.Scalar(scalar.value - 0xFEE0) else { return nil }
      return (String(ascii), "fullwidth")
    case 0x0370...0x03FF:
      return greek[scalar].map { ($0, "Greek") }
    case 0x0400...0x052F:
      return cyrillic[scalar].map { ($0, "Cyrillic") }
    default: return nil
    }
  }

  private static let cyrillic: [Unicode.Scalar: String] = [
    "\u{0410}": "A", "\u{0412}": "B", "\u{0415}": "E", "\u{0405}": "S", "\u{0406}": "I",
    "\u{0408}": "J", "\u{041A}": "K", "\u{041C}": "M", "\u{041D}": "H", "\u{041E}": "O",
    "\u{0420}": "P", "\u{0421}": "C", "\u{0422}": "T", "\u{0423}": "Y", "\u{0425}": "X",
    "\u{0430}": "a", "\u{0435}": "e", "\u{043E}": "o", "\u{0440}": "p", "\u{0441}": "c",
    "\u{0443}": "y", "\u{0445}": "x", "\u{0455}": "s", "\u{0456}": "i", "\u{0458}": "j",
    "\u{04BB}": "h", "\u{0501}": "d", "\u{051B}": "q", "\u{051D}": "w",
  ]

  private static let greek: [Unicode.Scalar: String] = [
    "\u{0391}": "A", "\u{0392}": "B", "\u{0395}": "E", "\u{0396}": "Z", "\u{0397}": "H",
    "\u{0399}": "I", "\u{039A}": "K", "\u{039C}": "M", "\u{039D}": "N", "\u{039F}": "O",
    "\u{03A1}": "P", "\u{03A4}": "T", "\u{03A5}": "Y", "\u{03A7}": "X", "\u{03B1}": "a",
    "\u{03B9}": "i", "\u{03BD}": "v", "\u{03BF}": "o", "\u{03C1}": "p", "\u{03C5}": "u",
  ]
}
