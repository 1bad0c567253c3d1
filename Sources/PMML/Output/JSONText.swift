import SourceDiagnostics

/// Texts and lists of texts as JSON writes them.
enum JSONText {
  static func array(_ texts: [String]) -> String {
    "[" + texts.map { string($0) }.joined(separator: ", ") + "]"
  }

  /// A list of values by their texts.
  static func list(_ texts: [String], isText: Bool) -> String {
    isText ? array(texts) : "[" + texts.joined(separator: ", ") + "]"
  }

  static func string(_ text: String) -> String { DiagnosticJSON.quoted(text) }
}
