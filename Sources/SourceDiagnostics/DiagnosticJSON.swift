/// Writes diagnostics as JSON, one object each, with the ranges that an editor would underline and
/// the edits that it would offer. `docs/diagnostics.schema.json` is the form.
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
    members.append(list("ranges", ranges(diagnostic)))
    members.append(list("witness", diagnostic.witness.map(quoted)))
    members.append(list("notes", diagnostic.notes.map(quoted)))
    members.append(list("help", diagnostic.help.map(quoted)))
    members.append(list("fixes", diagnostic.fixIts.compactMap(fix)))
    return "{" + members.joined(separator: ", ") + "}"
  }

  private static func ranges(_ diagnostic: Diagnostic) -> [String] {
    if diagnostic.ranges.isEmpty {
      // Rows of data are not kept as sources: their marks are all there is.
      return diagnostic.excerpts.flatMap { excerpt in
        excerpt.marks.map { mark in
          range(
            file: diagnostic.file, start: place(excerpt.line, mark.column),
            end: place(excerpt.line, mark.column + mark.length), label: mark.label,
            isConnector: mark.isConnector)
        }
      }
    }
    return diagnostic.ranges.map {
      range(
        file: $0.file, start: place($0.start), end: place($0.end), label: $0.label,
        isConnector: $0.isConnector)
    }
  }

  private static func range(
    file: String, start: String, end: String, label: String, isConnector: Bool
  ) -> String {
    "{" + member("file", file) + ", \"start\": \(start), \"end\": \(end), "
      + member("label", label) + ", " + member("kind", isConnector ? "operator" : "operand") + "}"
  }

  private static func fix(_ fix: Diagnostic.FixIt) -> String? {
    guard let location = fix.location else { return nil }
    let edit =
      "{" + member("file", fix.file) + ", \"start\": \(place(location.lowerBound))"
      + ", \"end\": \(place(location.upperBound)), "
      + member("replacement", fix.replacement) + "}"
    return "{" + member("message", fix.message) + ", \"draft\": \(fix.isDraft), "
      + list("edits", [edit]) + "}"
  }

  private static func place(_ location: SourceLocation) -> String {
    "{\"line\": \(location.line), \"column\": \(location.column), "
      + "\"utf16\": \(location.utf16), \"offset\": \(location.offset)}"
  }

  private static func place(_ line: Int, _ column: Int) -> String {
    "{\"line\": \(line), \"column\": \(column)}"
  }

  private static func list(_ name: String, _ values: [String]) -> String {
    "\"\(name)\": [" + values.joined(separator: ", ") + "]"
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
