import SourceDiagnostics
import Testing

@Suite struct DiagnosticRendererTests {
  @Test func `carets stand under each operand, with a type beside or below`() {
    var sources = SourceSet()
    let text =
      "a\n  rule low    reason TA-02 when life_rank > rate_rank then \"Low Activity\"\nb\n"
    let file = sources.add(SourceFile(name: "rules/transfer-activity.rules", text: text))
    let start = 2
    func span(_ column: Int, _ length: Int) -> SourceSpan {
      SourceSpan(file: file, range: (start + column - 1)..<(start + column - 1 + length))
    }
    let diagnostic = Diagnostic(
      "Y3", .error, "cannot compare ranks of different scales",
      at: [
        (span(33, 9), "Life: New < Moderate < Mature"), (span(43, 1), ""),
        (span(45, 9), "Rate: Low < Moderate < High"),
      ],
      in: sources, help: ["if they line up by position, add   align Life with Rate"])
    let expected = """
      error[Y3]: cannot compare ranks of different scales
       --> rules/transfer-activity.rules:2:33
        |
      2 |   rule low    reason TA-02 when life_rank > rate_rank then "Low Activity"
        |                                 ^^^^^^^^^ ^ ^^^^^^^^^ Rate: Low < Moderate < High
        |                                 |
        |                                 Life: New < Moderate < Mature
        = help: if they line up by position, add   align Life with Rate

      """
    #expect(DiagnosticRenderer(style: .plain).render(diagnostic) == expected)
    let coloured = DiagnosticRenderer(style: .ansi).render(diagnostic)
    #expect(coloured.contains("\u{1B}[1;31m"))
  }

  @Test func `a line of 100 MB costs no more than a short one, and control bytes are not shown`() {
    let long =
      String(repeating: "x", count: 5_000) + "\u{1B}[2J" + String(repeating: "y", count: 5_000)
    let excerpt = Diagnostic.Excerpt(
      cutting: long, line: 1, marks: [Diagnostic.Mark(column: 5_001, length: 4)])
    #expect(excerpt.text.count <= Diagnostic.Excerpt.maximumWidth)
    #expect(!excerpt.text.contains("\u{1B}"))
    #expect(excerpt.marks.first?.column == 40)
  }

  @Test func `an excerpt never turns the line around`() {
    let excerpt = Diagnostic.Excerpt(
      cutting: "a \u{202E}b\tc\u{200B}d \u{9B}2J", line: 1,
      marks: [Diagnostic.Mark(column: 3, length: 1)])
    #expect(excerpt.text == "a \u{FFFD}b c\u{FFFD}d \u{FFFD}2J")
    #expect(excerpt.marks.first?.column == 3)
  }

  @Test func `no part of a page holds what a terminal would obey`() {
    let hostile = "a\u{1B}[31mb\u{202E}c\u{9B}2Jd\re"
    var diagnostic = Diagnostic(
      code: "X1", message: hostile, file: hostile, notes: [hostile],
      help: [hostile + "\n" + hostile])
    diagnostic.path = hostile
    diagnostic.excerpts = [
      Diagnostic.Excerpt(
        cutting: hostile, line: 1,
        marks: [
          Diagnostic.Mark(column: 1, length: 1, label: hostile),
          Diagnostic.Mark(column: 3, length: 1, label: hostile),
        ])
    ]
    let page = DiagnosticRenderer(style: .plain).render(diagnostic)
    #expect(page.contains("help: a [31mb\u{FFFD}c\u{FFFD}2Jd e\na [31mb"))
    let isPlain = page.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || (scalar.properties.generalCategory != .control && scalar != "\u{202E}")
    }
    #expect(isPlain, "\(page.debugDescription)")
  }

  @Test func `positions count characters, not bytes`() {
    let file = SourceFile(name: "x", text: "é€x\r\nsecond")
    #expect(file.position(at: 5) == SourcePosition(line: 1, column: 3))
    #expect(file.position(at: 8) == SourcePosition(line: 2, column: 1))
    #expect(file.position(at: 1_000) == SourcePosition(line: 2, column: 7))
    #expect(String(decoding: file.lineBytes(1), as: UTF8.self) == "é€x")
    #expect(file.lineBytes(7).isEmpty)
  }
}

@Suite struct NearMissTests {
  @Test func `a slip of the keyboard finds the name that was meant`() {
    let names = ["employees", "currencies", "average"]
    #expect(NearMiss.suggestion(for: "emplyoees", among: names) == "employees")
    #expect(NearMiss.suggestion(for: "averge", among: names) == "average")
    #expect(NearMiss.suggestion(for: "zebra", among: names) == nil)
    #expect(NearMiss.editDistance("kitten", "sitting") == 3)
    #expect(NearMiss.editDistance("ab", "ba") == 1)
  }
}
