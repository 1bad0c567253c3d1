import SourceDiagnostics
import Testing

/// Edits are made where they say, and never twice.
@Suite struct FixItApplicationTests {
  private func edit(_ start: Int, _ end: Int, _ text: String, file: String = "f")
    -> Diagnostic.FixIt
  {
    Diagnostic.FixIt(message: "", file: file, start: start, end: end, replacement: text)
  }

  private func apply(_ edits: Diagnostic.FixIt...) -> String {
    let (bytes, count) = Diagnostic.FixIt.apply(edits, to: Array("abcdef".utf8), named: "f")
    return "\(count) \(String(decoding: bytes, as: UTF8.self))"
  }

  @Test func `edits in any order are made from the file's own offsets`() {
    #expect(apply(edit(4, 5, "EE"), edit(0, 1, ""), edit(2, 2, "-")) == "3 b-cdEEf")
    #expect(apply(edit(6, 6, "!")) == "1 abcdef!")
  }

  @Test func `of edits that overlap the first is made`() {
    #expect(apply(edit(1, 4, "x"), edit(2, 3, "y")) == "1 axef")
    #expect(apply(edit(1, 1, "x"), edit(1, 1, "y")) == "1 axbcdef")
    #expect(apply(edit(1, 3, "x"), edit(3, 4, "y")) == "2 axyef")
  }

  @Test func `edits of other files and past the end are left out`() {
    #expect(apply(edit(0, 1, "x", file: "g"), edit(5, 9, "y"), edit(3, 2, "z")) == "0 abcdef")
  }
}
