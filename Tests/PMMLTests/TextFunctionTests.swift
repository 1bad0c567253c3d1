import Testing

@Suite struct TextFunctionTests {
  func index(_ attributes: String, term: String) -> String {
    PMMLText.expression(
      ["t string"],
      #"<TextIndex textField="t" \#(attributes)><Constant dataType="string">\#(term)</Constant>"#
        + "</TextIndex>")
  }

  func weight(_ text: String, _ document: String) throws -> String? {
    try PMMLText.score(text, [["t": document]])[0]?["result"]
  }

  static let document = "The sun, the bright Sun: (sun) is not the moon."

  @Test func `a term is counted by words, without punctuation and by default without case`() throws
  {
    #expect(try weight(index("", term: "sun"), Self.document) == "3.0")
    #expect(try weight(index(#"isCaseSensitive="true""#, term: "sun"), Self.document) == "2.0")
    #expect(try weight(index("", term: "bright sun"), Self.document) == "1.0")
    #expect(try weight(index("", term: "su"), Self.document) == "0.0")
    #expect(try weight(index("", term: "star"), "") == "")
  }

  @Test(arguments: [
    ("binary", "1.0"), ("logarithmic", "0.6020599913279624"),
    // "the" and "sun" stand three times each, more often than any other word.
    ("augmentedNormalizedTermFrequency", "1.0"),
  ])
  func `counts are weighed as named`(_ weights: String, _ expected: String) throws {
    let text = index(#"localTermWeights="\#(weights)""#, term: "sun")
    #expect(try weight(text, Self.document) == expected)
    let absent = index(#"localTermWeights="\#(weights)""#, term: "star")
    #expect(try weight(absent, Self.document) == "0.0")
  }

  @Test func `misspelt words are near by the Levenshtein distance`() throws {
    let document = "brown browny brawn crown town"
    #expect(try weight(index(#"maxLevenshteinDistance="1""#, term: "brown"), document) == "4.0")
    #expect(try weight(index(#"maxLevenshteinDistance="2""#, term: "brown"), document) == "5.0")
    #expect(
      try weight(
        index(#"maxLevenshteinDistance="2" countHits="bestHits""#, term: "brown"), document)
        == "1.0")
  }

  @Test func `words are separated as the document says`() throws {
    #expect(
      try weight(index(#"wordSeparatorCharacterRE="[;_]""#, term: "b c"), "a;b c_d") == "1.0")
    #expect(try weight(index(#"x-wordRE="(?u)\w\w+""#, term: "b"), "a b bb") == "0.0")
    #expect(PMMLText.faults(index(#"wordSeparatorCharacterRE="(""#, term: "b")) == ["P4"])
  }

  @Test func `patterns occur and are replaced`() throws {
    func call(_ function: String, _ arguments: String...) -> String {
      let constants = arguments.map { "<Constant dataType=\"string\">\($0)</Constant>" }.joined()
      return PMMLText.expression(
        ["t string"], #"<Apply function="\#(function)"><FieldRef field="t"/>\#(constants)</Apply>"#)
    }
    #expect(try weight(call("matches", "ar?y"), "January") == "true")
    #expect(try weight(call("matches", "ar?y"), "April") == "false")
    #expect(try weight(call("replace", "B+", "c"), "BBBB") == "c")
    #expect(try weight(call("replace", "B", "c"), "ABAB") == "AcAc")
    #expect(
      try weight(call("replace", "(a+)+$", ""), String(repeating: "a", count: 40) + "b") == "")
    #expect(PMMLText.faults(call("matches", "a(")) == ["P4"])
    let field = #"<Apply function="matches"><FieldRef field="t"/><FieldRef field="t"/></Apply>"#
    #expect(PMMLText.faults(PMMLText.expression(["t string"], field)) == ["P9"])
  }

  // 2003-04-01 is day 91 of 2003 and day 15796 of 1960; 3:30:03 is 12603 seconds.
  @Test(arguments: [
    ("d date", "dateDaysSinceYear", "2003-04-01", "2003", "90"),
    ("d date", "dateDaysSinceYear", "2003-04-01", "1960", "15796"),
    ("d date", "dateSecondsSinceYear", "1960-01-02", "1960", "86400"),
    ("d dateTime", "dateSecondsSinceYear", "1960-01-03T03:30:03", "1960", "185403"),
    ("d dateTime", "dateSecondsSinceMidnight", "1960-01-03T03:30:03", "", "12603"),
    ("d dateTime", "dateDaysSinceYear", "1959-12-31T23:00:00", "1960", "-1"),
  ])
  func `days and seconds are counted from a year or from midnight`(
    _ field: String, _ function: String, _ value: String, _ year: String, _ expected: String
  ) throws {
    let constant = year.isEmpty ? "" : "<Constant>\(year)</Constant>"
    let text = PMMLText.expression(
      [field], #"<Apply function="\#(function)"><FieldRef field="d"/>\#(constant)</Apply>"#)
    #expect(try PMMLText.score(text, [["d": value]])[0]?["result"] == expected)
  }

  @Test(arguments: [
    ("time", "23:59:59", "23:59:59"), ("time", "07:05", "07:05:00"),
    ("dateTime", "2021-01-31T23:59:59", "2021-01-31T23:59:59"),
    ("dateTime", "2021-02-01T00:30:00+01:00", "2021-01-31T23:30:00"),
    ("dateTime", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59"),
    ("timeSeconds", "01:00:01", "3601"),
    ("dateTimeSecondsSince[1960]", "1960-01-02 00:00:01", "86401"),
    ("dateTimeSecondsSince[1970]", "86400.5", "86401"),
  ])
  func `times are read and printed as ISO 8601`(
    _ type: String, _ text: String, _ expected: String
  ) throws {
    let document = PMMLText.expression(["d \(type)"], #"<FieldRef field="d"/>"#)
      .replacing(
        #"feature="transformedValue""#, with: #"feature="transformedValue" dataType="\#(type)""#)
    #expect(try PMMLText.score(document, [["d": text]])[0]?["result"] == expected)
  }

  @Test(arguments: ["24:00:00", "12:60", "1:2:3", "12:00:-1", "12:00:60", "noon"])
  func `what is no time is invalid`(_ text: String) throws {
    let document = PMMLText.expression(["d time"], #"<FieldRef field="d"/>"#)
    #expect(try PMMLText.score(document, [["d": text]])[0] == nil)
  }
}
