import Testing
import TextPatterns

@Suite struct TextPatternTests {
  @Test func `a pattern occurs anywhere in a text`() throws {
    let digits = try TextPattern("[0-9]+")
    #expect(digits.occurs(in: "ab12") == true)
    #expect(digits.occurs(in: "ab") == false)
    #expect(digits.occurs(in: "") == false)
    #expect(try TextPattern("").occurs(in: "") == true)
    #expect(try TextPattern(#"^\p{Lu}\w+$"#).occurs(in: "Ödön") == true)
  }

  @Test func `occurrences go from left to right, empty ones by character`() throws {
    #expect(
      try TextPattern("a+").occurrences(in: Array("aa-b-aaa".utf8)) == [0..<2, 5..<8])
    #expect(
      try TextPattern("x*").occurrences(in: Array("éx".utf8)) == [0..<0, 2..<3, 3..<3])
  }

  @Test func `occurrences are replaced, with groups`() throws {
    #expect(try TextPattern("l+").replacing(in: "hello all", with: "L") == "heLo aL")
    #expect(
      try TextPattern("(\\w+) (\\w+)").replacing(in: "one two", with: "$2 $1") == "two one")
    #expect(try TextPattern("b").replacing(in: "", with: "c") == "")
    // Longer than what came in, by much.
    let long = String(repeating: "z", count: 10_000)
    #expect(
      try TextPattern("a").replacing(in: "aaa", with: long)?.utf8.count == 30_000)
    #expect(try TextPattern("(a)").replacing(in: "a", with: "$9") == nil)
  }

  @Test func `a pattern that goes wild has no answer, and soon`() throws {
    let wild = try TextPattern("(a+)+$")
    let text = String(repeating: "a", count: 40) + "b"
    #expect(wild.occurs(in: text) == nil)
    #expect(wild.occurrences(in: Array(text.utf8)) == nil)
    #expect(wild.replacing(in: text, with: "") == nil)
  }

  @Test func `a faulty pattern says what and where`() {
    let fault = #expect(throws: TextPattern.Fault.self) { try TextPattern("a(b") }
    #expect(fault?.offset == 3)
    #expect(fault?.message.contains("parenthesis") == true)
  }
}
