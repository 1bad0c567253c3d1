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

  @Test func `what is forgotten leaves an interner as it was, whatever grew in between`() {
    var generator = SeededGenerator(seed: 11)
    for known in [0, 1, 11, 12, 40] {
      var interner = TextInterner()
      for number in 0..<known { _ = interner.intern("known \(number)") }
      let before = interner
      for round in 0..<20 {
        let added = Int.random(in: 0...60, using: &generator)
        for number in 0..<added {
          #expect(interner.intern("\(round) \(number)") == Int32(known + number))
        }
        interner.forget(after: known)
        #expect(interner.count == known)
        for number in 0..<added { #expect(interner.code(of: "\(round) \(number)") == nil) }
        for number in 0..<known {
          #expect(interner.code(of: "known \(number)") == before.code(of: "known \(number)"))
          #expect(interner.text(Int32(number)) == "known \(number)")
        }
      }
    }
  }
}
