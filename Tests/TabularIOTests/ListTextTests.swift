import RationaleTestSupport
import Testing

@testable import TabularIO

/// Lists as text against what they were written from.
@Suite struct ListTextTests {
  private enum Value {
    case text(String)
    case number(String)
    case flag(Bool)
    case null

    var kind: RecordField.Kind {
      switch self {
      case .text: .text
      case .number: .number
      case .flag: .boolean
      case .null: .null
      }
    }

    var text: String {
      switch self {
      case .text(let text), .number(let text): text
      case .flag(let flag): flag ? "true" : "false"
      case .null: ""
      }
    }

    /// As JSON or as a Python literal writes it.
    func written(python: Bool) -> String {
      switch self {
      case .text(let text):
        let quote: Character = python ? "'" : "\""
        var out = String(quote)
        for character in text {
          switch character {
          case quote, "\\": out += "\\\(character)"
          case "\n": out += "\\n"
          case "é": out += "\\u00e9"
          default: out.append(character)
          }
        }
        return out + String(quote)
      case .number(let text): return text
      case .flag(let flag): return python ? (flag ? "True" : "False") : (flag ? "true" : "false")
      case .null: return python ? "None" : "null"
      }
    }
  }

  private func value(_ random: inout SeededGenerator) -> Value {
    let texts = ["", "a", "it's", "\"quoted\"", "back\\slash", "line\nbreak", "é", "日本", "[{'"]
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .text(texts[Int.random(in: 0..<texts.count, using: &random)])
    case 1: return .flag(Bool.random(using: &random))
    case 2: return .null
    default:
      return .number(
        ["0", "-12", "3.50", "1e3", "99999999999999999999"][
          Int.random(in: 0..<5, using: &random)])
    }
  }

  private func list(_ text: String, names: [String]?) throws -> ListText {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBufferPointer { try ListText($0, names: names) }
  }

  @Test(arguments: 0..<200)
  func `records read back as they were written`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let names = ["id", "quantity", "a b", "it's"]
    let isPython = Bool.random(using: &random)
    var expected: [[Value?]] = []
    var written: [String] = []
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      var fields: [Value?] = Array(repeating: nil, count: names.count)
      var members: [String] = []
      for number in names.indices.shuffled(using: &random) {
        guard Int.random(in: 0..<4, using: &random) > 0 else { continue }
        let value = value(&random)
        fields[number] = value
        members.append(
          Value.text(names[number]).written(python: isPython) + ": "
            + value.written(python: isPython))
      }
      // What nobody asks for is left out, whatever it is.
      let quote = isPython ? "'" : "\""
      members.append("\(quote)other\(quote): [1, {\(quote)x\(quote): []}]")
      expected.append(fields)
      written.append("{" + members.joined(separator: ", ") + "}")
    }
    let list = try list(" [" + written.joined(separator: " , ") + "] ", names: names)
    #expect(list.count == expected.count)
    for (element, fields) in expected.enumerated() {
      for (number, value) in fields.enumerated() {
        list.withField(element, number) { field in
          #expect(field.kind == value?.kind ?? .absent)
          #expect(field.text == value?.text ?? "")
        }
      }
    }
  }

  @Test(arguments: 0..<100)
  func `values read back as they were written`(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed) &+ 500)
    let values = (0..<Int.random(in: 0...5, using: &random)).map { _ in value(&random) }
    for isPython in [false, true] {
      let text = values.map { $0.written(python: isPython) }.joined(separator: ",")
      let list = try list("[\(text)]", names: nil)
      #expect(list.count == values.count)
      for (element, value) in values.enumerated() {
        list.withField(element, 0) { #expect($0.kind == value.kind && $0.text == value.text) }
      }
    }
  }

  @Test(arguments: [
    "", "1", "{}", "[", "[1", "[1 2]", "[1,,2]", "[1]]", "['a]", "[\"a\\q\"]", "[tru]", "[nan]",
    "['\\ud800']", "['\\u12']", "[-]", "[1.e]", "[{}]x", "[(1, 2)]", "['a\u{01}']",
  ])
  func `what is no list of values is said to be none`(text: String) {
    #expect(throws: ListText.Fault.self) { _ = try list(text, names: nil) }
  }

  @Test(arguments: ["[1]", "[{'a' 1}]", "[{a: 1}]", "[{'a': 1, 'a': 2}]", "[{'a': }]", "[{'a': 1]"])
  func `what is no list of records is said to be none`(text: String) {
    #expect(throws: ListText.Fault.self) { _ = try list(text, names: ["a"]) }
  }

  @Test func `nesting has a limit`() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: ListText.Fault.self) { _ = try list(deep, names: nil) }
    #expect(throws: ListText.Fault.self) { _ = try list("[{'x': " + deep, names: ["a"]) }
  }
}
