import RuleLanguage
import SourceDiagnostics
import Testing

/// Characters that a reader cannot tell apart, or cannot see, are named.
@Suite struct LookAlikeTests {
  @Test(arguments: [
    ("\u{0430}ge", "Cyrillic", "a"), ("ag\u{0435}", "Cyrillic", "e"), ("\u{039F}", "Greek", "O"),
    ("\u{FF21}", "fullwidth", "A"),
  ])
  func `a letter of another script is named, with the Latin one`(
    _ name: String, _ script: String, _ letter: String
  ) throws {
    let found = try #require(RuleText.compile("let \(name) = 1\n").diagnostics.first)
    #expect(found.code == "X1")
    #expect(found.message.contains("is a \(script) letter"))
    #expect(found.position?.line == 3)
    #expect(found.help == ["did you mean the Latin letter `\(letter)`?"])
    let fix = try #require(found.fixIts.first)
    #expect(fix.replacement == letter)
    let text = Array((RuleText.header + "let \(name) = 1\n").utf8)
    let mended = text[..<fix.start] + Array(fix.replacement.utf8) + text[fix.end...]
    #expect(mended.allSatisfy { $0 < 0x80 })
  }

  @Test(
    arguments: Array(0x202A...0x202E) + Array(0x2066...0x2069) + [
      0x200B, 0x200D, 0x200E, 0x200F, 0,
    ])
  func `hidden characters are refused in names, texts and comments`(_ value: Int) throws {
    let scalar = try #require(Unicode.Scalar(UInt32(value)))
    for text in ["let a\(scalar)b = 1\n", "unit u // \(scalar)\n", "let a = \"\(scalar)\"\n"] {
      let found = RuleText.compile(text).diagnostics
      let hidden = try #require(found.first { $0.code == "X8" })
      #expect(hidden.severity == .error)
      #expect(hidden.position?.line == 3)
      #expect(hidden.message.contains("U+"))
    }
  }

  @Test func `deep nesting and large files are refused in one line`() {
    let deep = String(repeating: "(", count: 100_000)
    for text in ["let a = \(deep)1\n", "let a = \(String(repeating: "not ", count: 20_000))b\n"] {
      let found = RuleText.compile(text).diagnostics
      #expect(found.contains { $0.code == "X6" || $0.code == "X7" })
      #expect(found.count < 10)
    }
    let large = RuleText.compile(String(repeating: "unit u\n", count: 1_500_000)).diagnostics
    #expect(large.map(\.code) == ["X7"])
  }
}
