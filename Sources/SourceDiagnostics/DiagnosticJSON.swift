/// Writes diagnostics as JSON, one object each, with the ranges that an editor would underline.
///
/// The members, in this order: `code`, `severity`, `message`, `file`, `line`, `column` (both from
/// 1; absent where there is no place), `path`, `ranges` (`line`, `column`, `length`, `label`),
/// `notes`, `help`, `fixes` (`message`, `file`, `start`, `end` in bytes, `replacement`).
package enum DiagnosticJSON {
  /// A JSON array with one line a diagnostic.
  package static func array(_ diagnostics: [Diagnostic]) -> String {
    if diagnostics.isEmpty { return "[]\n" }
    return "[\n" + diagnostics.map { "  " + object($0) }.joined(separator: ",\n") + "\n]\n"
  }

  package static func object(_ diagnostic: Diagnostic) -> String {
    var members = [
      member("code", diagnostic.code), member("severity", diagnostic.severity.rawValue),
      member("message", diagnostic.message), member("file", diagnostic.file),
    ]
    if let position = diagnostic.position {
      members.append("\"line\": \(position.line)")
      members.append("\"column\": \(position.column)")
    }
    if let path = diagnostic.path { members.append(member("path", path)) }
    let ranges = diagnostic.excerpts.flatMap { excerpt in
      excerpt.marks.filter { !$0.isConnector }.map { mark in
        "{\"line\": \(excerpt.line), \"column\": \(mark.column), \"length\": \(mark.length), "
          + member("label", mark.label) + "}"
      }
    }
    members.append("\"ranges\": [\(ranges.joined(separator: ", "))]")
    members.append("\"notes\": [\(diagnostic.notes.map(quoted).joined(separator: ", "))]")
    members.append("\"help\": [\(diagnostic.help.map(quoted).joined(separator: ", "))]")
    let fixes = diagnostic.fixIts.map { fix in
      "{" + member("message", fix.message) + ", " + member("file", fix.file)
        + ", \"start\": \(fix.start), \"end\": \(fix.end), "
        + member("replacement", fix.replacement) + "}"
    }
    members.append("\"fixes\": [\(fixes.joined(separator: ", "))]")
    return "{" + members.joined(separator: ", ") + "}"
  }

  private static func member(_ name: String, _ value: String) -> String {
    "\"\(name)\": \(quoted(value))"
  }

  /// A JSON string.
  package static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}
