import DataFields
import RationaleTestSupport
import Testing

@Suite struct TextInternerTests {
  @Test func `codes agree with a dictionary over many random texts`() {
    var generator = SeededGenerator(seed: 5)
    var interner = TextInterner()
    var reference: [String: Int32] = [:]
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...3, using: &generator)
      let text = String(
        (0..<length).map { _ in "abcdéz€9".randomElement(using: &generator) ?? "a" })
      let code = interner.intern(text)
      let expected = reference[text] ?? Int32(reference.count)
      reference[text] = expected
      #expect(code == expected)
      #expect(interner.text(code) == text)
    }
    #expect(interner.count == reference.count)
    #expect(interner.code(of: "not there") == nil)
    #expect(interner.text(-1) == "")
    #expect(interner.text(1_000_000) == "")
  }

  @Test func `a copy goes its own way`() {
    var first = TextInterner()
    _ = first.intern("a")
    var second = first
    #expect(second.intern("b") == 1)
    #expect(first.intern("c") == 1)
    #expect(second.intern("a") == 0)
  }
}
