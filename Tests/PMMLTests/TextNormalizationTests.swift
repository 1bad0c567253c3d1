import Testing

/// `TextIndexNormalization`, and `TextIndex` without words.
@Suite struct TextNormalizationTests {
  func table(_ attributes: String, _ rows: [(String, String)], isPattern: Bool = false) -> String {
    let cells = rows.map { text, stem in
      "<row><string>\(text)</string><stem>\(stem)</stem>"
        + (isPattern ? "<regex>true</regex></row>" : "</row>")
    }
    return "<TextIndexNormalization \(attributes)><InlineTable>\(cells.joined())</InlineTable>"
      + "</TextIndexNormalization>"
  }

  func index(_ attributes: String = "", _ tables: String = "", term: String) -> String {
    PMMLText.expression(
      ["t string"],
      "<TextIndex textField=\"t\" \(attributes)>\(tables)<Constant dataType=\"string\">\(term)"
        + "</Constant></TextIndex>")
  }

  func count(_ model: String, _ text: String) throws -> String? {
    try PMMLText.score(model, [["t": text]])[0]?["result"]
  }

  @Test func `patterns rewrite a text, table after table`() throws {
    let first = table(
      "", [("interfaces?", "interface"), ("is|are|seem(ed|s?)|were", "be")], isPattern: true)
    let second = table(
      "recursive=\"true\"",
      [("interface be (user_friendly|well designed|excellent)", "ui_good")], isPattern: true)
    let text = "Testing the app for a few days convinced me the interfaces are excellent!"
    #expect(try count(index("", first + second, term: "ui_good"), text) == "1.0")
    // The other way round nothing is an interface yet.
    #expect(try count(index("", second + first, term: "ui_good"), text) == "0.0")
  }

  @Test func `a recursive table is applied until it changes nothing`() throws {
    let rows = [("x x", "x")]
    #expect(try count(index("", table("", rows), term: "x"), "x x x x") == "2.0")
    let recursive = table("recursive=\"true\"", rows)
    #expect(try count(index("", recursive, term: "x"), "x x x x") == "1.0")
    let endless = table("recursive=\"true\"", [("a", "a a")])
    #expect(try count(index("", endless, term: "a"), "a") == "")
  }

  @Test func `words are rewritten as words, near ones too where it is said`() throws {
    let rows = [("colour", "color")]
    let text = "colour, colours Color discolour"
    #expect(try count(index("", table("", rows), term: "color"), text) == "2.0")
    let near = table("maxLevenshteinDistance=\"1\"", rows)
    #expect(try count(index("", near, term: "color"), text) == "3.0")
    let cased = table("isCaseSensitive=\"true\"", [("US", "america")])
    #expect(try count(index("", cased, term: "america"), "US us") == "1.0")
    #expect(try count(index("", table("", [("US", "america")]), term: "america"), "US us") == "2.0")
    // The own separator of the table parts words.
    let parted = table("wordSeparatorCharacterRE=\"-\"", [("a b", "ab")])
    #expect(try count(index("", parted, term: "ab"), "x-a b-y") == "0.0")
    let joined = table("wordSeparatorCharacterRE=\"-\"", [("a-b", "ab")])
    #expect(
      try count(index("wordSeparatorCharacterRE=\"-\"", joined, term: "ab"), "x-a-b-y") == "1.0")
  }

  @Test func `without words a table rewrites texts wherever they stand`() throws {
    let rows = table("tokenize=\"false\"", [("a.b", "c$d")])
    #expect(try count(index("", rows, term: "c$d"), "a.b axb") == "1.0")
  }

  @Test func `a term is not rewritten`() throws {
    #expect(try count(index("", table("", [("a", "b")]), term: "a"), "a a") == "0.0")
  }

  @Test func `stop words go, as exporters of vectorizers write it`() throws {
    let stop = table(
      "recursive=\"true\"", [(#"(^|\s+)\p{Punct}*(the|a)\p{Punct}*(\s+|$)"#, " ")],
      isPattern: true)
    #expect(try count(index("", stop, term: "cat dog bird"), "The cat, (the) dog a bird") == "1.0")
  }

  @Test func `without words a term is counted wherever it stands`() throws {
    #expect(try count(index("tokenize=\"false\"", term: "ana"), "BANANA") == "2.0")
    #expect(
      try count(index("tokenize=\"false\" isCaseSensitive=\"true\"", term: "ana"), "BANANA")
        == "0.0")
    #expect(
      try count(
        index("tokenize=\"false\" localTermWeights=\"binary\"", term: "ana"), "banana") == "1.0")
  }

  @Test func `what has no meaning is refused`() {
    #expect(
      PMMLText.faults(index("", table("", [("(", "")], isPattern: true), term: "a")) == ["P4"])
    #expect(
      PMMLText.faults(
        index("", table("outField=\"other\"", [("a", "b")]), term: "a")) == ["P18"])
    #expect(
      PMMLText.faults(index("tokenize=\"false\" maxLevenshteinDistance=\"1\"", term: "a")) == ["P9"]
    )
    #expect(
      PMMLText.faults(
        index("", "<TextIndexNormalization><TableLocator/></TextIndexNormalization>", term: "a"))
        == ["P9"])
  }
}
