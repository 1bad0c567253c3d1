import TabularIO
import Testing

@Suite struct JSONReadingTests {
  private func read(_ text: String, _ columns: [String] = ["a", "b"]) throws -> [ReadStep] {
    try steps(text, format: .jsonLines, columns: .named(columns))
  }

  @Test func `objects fill the asked columns whatever the order of their keys`() throws {
    let text = """
      {"b": -1.50e2, "x": [1, {"a": 3}], "a": "q"}
      {"a": "A\\u00e9\\n\\ud83d\\ude00\\/", "b": null}

      {"b": true}
      """
    #expect(
      try read(text) == [
        .record(1, line: 1, ["q", "-1.50e2"]),
        .record(2, line: 2, ["Aé\n😀/", nil]),
        .record(3, line: 4, [nil, "true"]),
      ])
  }

  @Test func `an array of objects is several records of one number`() throws {
    #expect(
      try read("[{\"a\":1}, {\"a\":2,\"b\":\"\\\"\"}]\n{\"a\":3}") == [
        .record(1, element: 0, line: 1, ["1", nil]),
        .record(1, element: 1, line: 1, ["2", "\""]),
        .record(2, line: 2, ["3", nil]),
      ])
  }

  @Test func `a fault anywhere in an array is a fault of the whole line`() throws {
    #expect(
      try read("[{\"a\":1}, 2]\n{\"a\":3}") == [
        .fault(.notAnObject, record: 1, line: 1, column: 11, raw: "[{\"a\":1}, 2]"),
        .record(2, line: 2, ["3", nil]),
      ])
  }

  @Test(arguments: [
    "{\"a\":01}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":+1}", "{\"a\":1e}", "{\"a\":-}",
    "{\"a\":NaN}",
    "{\"a\":1,}", "{,}", "{\"a\" 1}", "{\"a\":1} x", "{\"a\":1", "{a:1}", "{\"a\":'x'}",
    "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\\ud800\"}", "{\"a\":\"\t\"}",
    "{\"a\":[1,]}", "{\"a\":tru}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"x}", "{\"a\":1}{\"a\":2}",
    "{\"a\":{\"b\":01}}", "\u{0}",
  ])
  func `what the grammar does not allow is malformed`(line: String) throws {
    let found = try read(line + "\n{\"a\":7}")
    #expect(found.count == 2)
    guard case .fault(let code, record: 1, line: 1, column: _, raw: _) = found[0] else {
      Issue.record("\(found)")
      return
    }
    #expect([.malformedJSON, .notAnObject].contains(code))
    #expect(found[1] == .record(2, line: 2, ["7", nil]))
  }

  @Test(arguments: [
    "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "{\"x\":{\"k\":1,\"k\":1}}",
    "{\"x\":[{\"k\":1,\"k\":1}]}",
    "{" + (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",") + ",\"k7\":1}",
  ])
  func `a key that an object has twice is a fault`(line: String) throws {
    let found = try read(line)
    guard case .fault(.duplicateKey, record: 1, line: 1, column: _, raw: line) = found.first else {
      Issue.record("\(found)")
      return
    }
  }

  @Test func `the same key in different objects, and many keys, are no fault`() throws {
    let many = "{" + (0..<500).map { "\"k\($0)\":{\"k\":0}" }.joined(separator: ",") + "}"
    #expect(try read(many) == [.record(1, line: 1, [nil, nil])])
  }

  @Test func `nesting is limited`() throws {
    func nested(_ depth: Int) -> String {
      "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    }
    guard case .record = try read(nested(63))[0] else {
      Issue.record("63")
      return
    }
    let deep = nested(100_000)
    #expect(
      try steps(deep, format: .jsonLines, columns: .named(["a"])).first.map { step in
        if case .fault(.tooDeep, _, _, _, _) = step { true } else { false }
      } == true)
  }

  @Test func `numbers keep their digits`() throws {
    let digits = "123456789012345678901234567890.000000000000000000001"
    #expect(try read("{\"a\":\(digits)}") == [.record(1, line: 1, [digits, nil])])
  }

  @Test func `a column of a fault counts characters`() throws {
    #expect(
      try read("{\"é\":x}") == [
        .fault(.malformedJSON, record: 1, line: 1, column: 6, raw: "{\"é\":x}")
      ])
  }
}
