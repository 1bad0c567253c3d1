import SourceDiagnostics
import Testing

@Suite struct DiagnosticJSONTests {
  @Test func `ranges are whole, and counted in each of the usual ways`() {
    // The text has a character of two UTF-16 units and four bytes, and one of two scalars.
    let text = "let a = \"\u{1F600}e\u{301}\" + b\nlet c =\n  1 +\n  2\n"
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "r.rules", text: text))
    func span(_ part: String) -> SourceSpan {
      let start = text.utf8.distance(
        from: text.startIndex, to: text.firstRange(of: part)?.lowerBound ?? text.endIndex)
      return SourceSpan(file: file, range: start..<(start + part.utf8.count))
    }
    let diagnostic = Diagnostic(
      "Y1", .error, "told \"so\"", at: [(span("b\n"), "text"), (span("1 +\n  2"), "int")],
      connectors: [span("+ b")], in: sources, notes: ["n"], help: ["h"],
      fixIts: [.init(message: "m", file: "r.rules", start: 4, end: 5, replacement: "x")])
    #expect(
      DiagnosticJSON.object(diagnostic)
        == #"{"code": "Y1", "severity": "error", "message": "told \"so\"", "file": "r.rules", "#
        + #""line": 1, "column": 16, "ranges": ["#
        + #"{"file": "r.rules", "start": {"line": 1, "column": 16, "utf16": 17, "offset": 20}, "#
        + #""end": {"line": 2, "column": 1, "utf16": 0, "offset": 22}, "label": "text", "#
        + #""kind": "operand"}, "#
        + #"{"file": "r.rules", "start": {"line": 3, "column": 3, "utf16": 2, "offset": 32}, "#
        + #""end": {"line": 4, "column": 4, "utf16": 3, "offset": 39}, "label": "int", "#
        + #""kind": "operand"}, "#
        + #"{"file": "r.rules", "start": {"line": 1, "column": 14, "utf16": 15, "offset": 18}, "#
        + #""end": {"line": 1, "column": 17, "utf16": 18, "offset": 21}, "label": "", "#
        + #""kind": "operator"}], "witness": [], "notes": ["n"], "help": ["h"], "#
        + #""fixes": [{"message": "m", "draft": false, "edits": [{"file": "r.rules", "#
        + #""start": {"line": 1, "column": 5, "utf16": 4, "offset": 4}, "#
        + #""end": {"line": 1, "column": 6, "utf16": 5, "offset": 5}, "replacement": "x"}]}]}"#)
  }
}
