internal import SourceDiagnostics

/// Pages as text for a terminal, as Markdown, and as JSON.
enum FindingText {
  /// The page, with the message that its example gives today.
  static func plain(_ page: FindingPage, style: DiagnosticRenderer.Style) -> String {
    var text = "\(page.code)  \(page.title)\n\n" + wrapped(page.meaning)
    for file in page.example.files {
      text += "\n--- \(file.name)\n" + shown(file)
    }
    text += "\n$ \(page.example.command)\n" + message(page, style: style)
    return text + "\n" + wrapped("To mend it: " + page.mend)
  }

  /// Codes with their titles, one a line.
  static func list() -> String {
    FindingPage.all.map { page in
      page.code + String(repeating: " ", count: max(1, 5 - page.code.count)) + page.title + "\n"
    }.joined()
  }

  /// All pages as `docs/findings.md` has them.
  static func markdown() -> String {
    var text = """
      # Findings

      Every code that a message can carry, with an example. Examples and messages on this page are
      made by running them: `explain code --markdown` prints it, and a test compares. `explain code
      Y3` shows one page in a terminal.

      | code | finding |
      | --- | --- |

      """
    for page in FindingPage.all {
      text += "| [\(page.code)](#\(page.code.lowercased())) | \(page.title) |\n"
    }
    for page in FindingPage.all {
      text += "\n## \(page.code)\n\n\(page.title). \(page.meaning)\n"
      for file in page.example.files {
        let isRules = file.name.hasSuffix(".rules")
        text += "\n`\(file.name)`:\n\n```\(isRules ? "rules" : "")\n\(shown(file))```\n"
      }
      text += "\n```console\n$ \(page.example.command)\n\(message(page, style: .plain))```\n"
      text += "\nTo mend it: \(page.mend)\n"
    }
    return text
  }

  /// All pages as a JSON array: `code`, `title`, `meaning`, `files` (`name`, `text`), `command`,
  /// `findings` (as `explain check --json` has them), `mend`.
  static func json(_ pages: [FindingPage]) -> String {
    let quoted = DiagnosticJSON.quoted
    let objects = pages.map { page in
      let files = page.example.files.map {
        "{\"name\": \(quoted($0.name)), \"text\": \(quoted(text($0)))}"
      }
      let findings = page.example.findings().map(DiagnosticJSON.object)
      return "  {\"code\": \(quoted(page.code)), \"title\": \(quoted(page.title)), "
        + "\"meaning\": \(quoted(page.meaning)), \"files\": [\(files.joined(separator: ", "))], "
        + "\"command\": \(quoted(page.example.command)), "
        + "\"findings\": [\(findings.joined(separator: ", "))], \"mend\": \(quoted(page.mend))}"
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  /// What the example's findings of this code say, at most two of them.
  private static func message(_ page: FindingPage, style: DiagnosticRenderer.Style) -> String {
    let renderer = DiagnosticRenderer(style: style)
    return page.example.findings().filter { $0.code == page.code }.prefix(2)
      .map { renderer.render($0) }.joined(separator: "\n")
  }

  private static func text(_ file: FindingExample.File) -> String {
    String(decoding: file.bytes, as: UTF8.self)
  }

  /// A file for a page: long ones cut, hidden characters by their code points, and what is no text
  /// as bytes.
  private static func shown(_ file: FindingExample.File) -> String {
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      let bytes = file.bytes.map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
      }
      return "(bytes) " + bytes.joined(separator: " ") + "\n"
    }
    if text.isEmpty { return "(empty)\n" }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let visible = line.map { character -> String in
        let isHidden = character.unicodeScalars.contains {
          $0.properties.generalCategory == .format
        }
        guard isHidden, let scalar = character.unicodeScalars.first else { return "\(character)" }
        return "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
      }.joined()
      return visible.count > 120 ? visible.prefix(117) + "..." : visible
    }
    if lines.last == "" { lines.removeLast() }
    if lines.count > 48 { lines = lines.prefix(24) + ["..."] + lines.suffix(20) }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < 80 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
