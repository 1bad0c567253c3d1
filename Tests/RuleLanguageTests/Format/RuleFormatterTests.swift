import RationaleTestSupport
import RuleLanguage
import SourceDiagnostics
import Testing

/// Layout settles, and keeps what a file says.
@Suite struct RuleFormatterTests {
  private func format(_ text: String) throws -> String {
    String(
      decoding: try RuleFormatter.format(Array(text.utf8), name: "r.rules"), as: UTF8.self)
  }

  /// Tokens without `_` in numbers, and comments without spaces at their ends.
  private func content(_ text: String) -> [String] {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "r.rules", text: text))
    let (tokens, _) = Lexer.tokenize(file, of: sources)
    var words = tokens.tokens.map { token in
      let word = sources.files[file].text(token.range)
      return token.kind == .number ? word.filter { $0 != "_" } : word
    }
    words += tokens.comments.map { comment in
      var text = sources.files[file].text(comment.range)
      while text.last?.isWhitespace == true { text.removeLast() }
      return text
    }
    return words
  }

  @Test(arguments: PublishedRules.names)
  func `published rulesets are laid out already`(_ name: String) throws {
    let text = try PublishedRules.text(name)
    #expect(try format(text) == text)
  }

  @Test func `a unit that is a product stays one, and a product gets its spaces`() throws {
    let text = "ruleset r version 1 {\n}\nlet a = x.b*2 m*m / y * z\nlet b = 3*b.c\n"
    #expect(
      try format(text)
        == "ruleset r version 1 {\n}\nlet a = x.b * 2 m*m / y * z\nlet b = 3 * b.c\n")
  }

  @Test func `a row that ends in a star is a whole row`() throws {
    let text =
      "ruleset r version 1 {\n}\ntest table \"t\" {\n  a || b | c\n  1 || 2 | *\n  10 || 3 | x\n}\n"
    #expect(
      try format(text) == """
        ruleset r version 1 {
        }
        test table "t" {
          a  || b | c
           1 || 2 | *
          10 || 3 | x
        }

        """)
  }

  @Test func `columns, digits, rules and comments are put in order`() throws {
    let text = """
      // on top


      ruleset r version 1 {
       owner "me"
      effective from 2021-01-01
      }
      currency HUF

      input c from "static" {

       id text column "ID" key, masked keep 4
       wages decimal(2) HUF column "W" in 0...1000000 missing refuse   \t
      // about to close
      }
      scale Size: S<M<L {S "small" M "medium" L "large"}
      rank size: Size by c.wages {
      S below 5000 HUF // low
      M below 1000000 HUF
      L otherwise }
      decision d: text hit first {
      rule a reason A-01 "t"
        when size==S and (c.wages>0 HUF)
          then "x"
      rule long reason A-02 "a text that makes the line so long that it does not fit in a line" when size > S then "y"
      // why
      otherwise reason A-03 then "z"
      }
      test table "t" {
      c.wages|size||d|by
      10 HUF|S||"x"|a
      1000000 HUF | L||"y"|long
      }
      """
    #expect(
      try format(text) == """
        // on top

        ruleset r version 1 {
          owner      "me"
          effective  from 2021-01-01
        }
        currency HUF

        input c from "static" {
          id     text            column "ID"   key, masked keep 4
          wages  decimal(2) HUF  column "W"    in 0 ... 1_000_000   missing refuse
          // about to close
        }
        scale Size: S < M < L { S "small"  M "medium"  L "large" }
        rank size: Size by c.wages {
          S below     5_000 HUF                              // low
          M below 1_000_000 HUF
          L otherwise }
        decision d: text hit first {
          rule a reason A-01 "t" when size == S and (c.wages > 0 HUF) then "x"
          rule long reason A-02 "a text that makes the line so long that it does not fit in a line"
            when size > S
            then "y"
          // why
          otherwise reason A-03 then "z"
        }
        test table "t" {
          c.wages       | size || d   | by
                 10 HUF | S    || "x" | a
          1_000_000 HUF | L    || "y" | long
        }

        """)
  }

  @Test(arguments: PublishedRules.names)
  func `layout does not depend on the spaces that it replaces`(_ name: String) throws {
    let text = try PublishedRules.text(name)
    var random = SeededGenerator(seed: UInt64(text.count))
    for _ in 0..<40 {
      let changed = respaced(text, addingComments: false, &random)
      #expect(changed != text)
      #expect(try format(changed) == text)
    }
  }

  @Test(arguments: PublishedRules.names)
  func `comments stay wherever they are put, and layout settles at once`(_ name: String) throws {
    let text = try PublishedRules.text(name)
    var random = SeededGenerator(seed: UInt64(text.count) + 1)
    for _ in 0..<40 {
      let changed = respaced(text, addingComments: true, &random)
      let once = try format(changed)
      #expect(once != changed)
      #expect(content(once) == content(changed))
      #expect(try format(once) == once)
    }
  }

  /// Other spaces between tokens, no `_` in numbers, perhaps comments and line ends of DOS.
  private func respaced(
    _ text: String, addingComments: Bool, _ random: inout SeededGenerator
  ) -> String {
    var sources = SourceSet()
    let file = sources.add(SourceFile(name: "r.rules", text: text))
    let (tokens, _) = Lexer.tokenize(file, of: sources)
    let source = sources.files[file]
    var result = ""
    var end = 0
    for token in tokens.tokens {
      let gap = source.text(end..<token.range.lowerBound)
      let breaks = gap.count { $0 == "\n" }
      func spaces(_ least: Int) -> String {
        String(repeating: Bool.random(using: &random) ? " " : "\t", count: least)
          + String(repeating: " ", count: .random(in: 0..<4, using: &random))
      }
      if gap.contains("/") || token.range.lowerBound == 0 {
        result += gap
      } else if breaks > 0 {
        // A declaration stands in the first column, what belongs to it does not.
        let isIndented = gap.last != "\n"
        if addingComments, Int.random(in: 0..<6, using: &random) == 0 { result += " // here" }
        result += Bool.random(using: &random) ? "\r\n" : "\n"
        if breaks > 1 { result += spaces(0) + "\n\n" }
        if addingComments, Int.random(in: 0..<6, using: &random) == 0 { result += "/// x  \n" }
        result += isIndented ? spaces(1) : ""
      } else if !gap.isEmpty {
        result += spaces(1)
      }
      let word = source.text(token.range)
      result += token.kind == .number ? word.filter { $0 != "_" } : word
      end = token.range.upperBound
    }
    return result
  }

  @Test(arguments: PublishedRules.names)
  func `the digests of a ruleset and of what uses it stay the same`(_ name: String) throws {
    let text = try PublishedRules.text(name)
    var random = SeededGenerator(seed: 5)
    let changed = respaced(text, addingComments: true, &random)
    func digests(_ text: String) throws -> [String] {
      let files = OneFileChanged(path: PublishedRules.path(name), text: text)
      let (program, diagnostics) = RulesetCompiler(models: PublishedRules.Premium(), files: files)
        .compile(paths: [PublishedRules.path(name), PublishedRules.path("premium-offer")])
      #expect(diagnostics.allSatisfy { $0.severity != .error })
      return try #require(program).rulesets.map { "\($0.digest)" }
    }
    let expected = try digests(text)
    #expect(try digests(changed) == expected)
    #expect(try digests(format(changed)) == expected)
    #expect(try digests(text + "unit another") != expected)
  }

  private struct OneFileChanged: RuleFileSource {
    let path: String
    let text: String

    func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
      path == self.path ? Array(text.utf8) : try RuleFilesOnDisk().bytes(at: path)
    }
  }

  @Test func `names with hyphens of any length stay whole, and so do units`() throws {
    #expect(
      try format("input s from \"s\" {\nid text key\nn int a/reason in 0...1\n}")
        == "input s from \"s\" {\n  id  text          key\n  n   int a/reason  in 0 ... 1\n}\n")
    let comma = "let a = sum(e.n) over w     missing 0,\nevent e from \"s\" by p = c.id {\n}\n"
    #expect(try format(comma) == comma)
    let level = "rank r: S by d {\n  A before q2004-02-11\n  B otherwise\n}\n"
    #expect(try format(level).contains("q2004-02-11"))
    let name = "a" + String(repeating: "-1-a", count: 100)
    let text = "ruleset \(name) version 1 {}\nlet x = 2002a-01 - 5-a-1 + 2 a*b/c*d - b\n"
    #expect(
      try format(text)
        == "ruleset \(name) version 1 { }\nlet x = 2_002 a-01 - 5 - a-1 + 2 a*b/c*d - b\n")
  }

  @Test func `a file with errors in its syntax is refused`() {
    #expect(throws: DiagnosticsError.self) { try format("let x = = 1") }
    #expect(throws: DiagnosticsError.self) { try format("let x = \"never closed\n") }
  }

  @Test func `divisions, subtractions, units, windows and lists have their spaces`() throws {
    let text = """
      window  month=30 d sliding   by 1 d ,late up   to 1 d
      window day=1 d
      let a = b/ c
      let ab = b /c*2-1
      let c = -1 - -b +(- 5)
      let d = 5 HUF/ person * 2 HUF/person
      let e = 285792976/230 > x.a/x.b
      let f = x in -1...- 5
      let g = 2 HUF*person/person
      input s from "s" {
       id text key
       items list of { price decimal( 2 ) HUF/person in 0...1
       n int }
       others   list of {
          price   decimal(2) HUF  in 0...1
       n int missing -1
       }
       tags list of { name text }
      }
      """
    #expect(
      try format(text) == """
        window month = 30 d sliding by 1 d, late up to 1 d
        window day   = 1 d
        let a  = b / c
        let ab = b / c * 2 - 1
        let c  = -1 - -b + (-5)
        let d  = 5 HUF / person * 2 HUF/person
        let e  = 285_792_976/230 > x.a / x.b
        let f  = x in -1 ... -5
        let g  = 2 HUF*person/person
        input s from "s" {
          id  text  key
          items list of { price decimal(2) HUF/person in 0 ... 1
            n int }
          others  list of {
            price  decimal(2) HUF  in 0 ... 1
            n      int             missing -1
          }
          tags  list of { name text }
        }

        """)
  }

  @Test func `a layout that says something else is an error`() throws {
    let text = "let a = 5 HUF/person // x\nlet b = IP-01\n"
    let cases = [
      "let a = 5 HUF / person // x\nlet b = IP-01\n", "let a = 5 HUF/person // y\nlet b = IP-01\n",
      "let a = 5 HUF/person\nlet b = IP-01\n", "let a = 5 HUF/person // x\nlet b = IP - 01\n",
      "let a = 5 HUF/person // x\nlet b = IP-01 c\n", "let a = 5 HUF/person // x\nlet b = IP-1\n",
      "let a = 5 HUF/person let b = IP-01 // x\n", "let a = \"\nlet b = IP-01\n", "",
    ]
    for changed in cases {
      let error = #expect(throws: DiagnosticsError.self) {
        try RuleFormatter.check(Array(changed.utf8), against: Array(text.utf8), name: "r.rules")
      }
      #expect(error?.diagnostics.map(\.code) == ["X9"], "\(changed)")
    }
    let same = "let   a = 5   HUF/person   // x  \n\nlet b=IP-01"
    try RuleFormatter.check(Array(same.utf8), against: Array(text.utf8), name: "r.rules")
  }

  /// Small forms of what generated files had.
  @Test(arguments: ["R-when", "R-then", "R-1then", "R-1when-then", "then-R"])
  func `names that hold words of rules stay whole`(_ name: String) throws {
    let long = String(repeating: "x", count: 80)
    let text = """
      decision d: text hit first {
        rule a reason \(name) "\(long)" when p.x > 5 then "y"
        otherwise reason \(name) "\(long)" then "z"
      }

      """
    let once = try format(text)
    #expect(
      once == """
        decision d: text hit first {
          rule a reason \(name) "\(long)"
            when p.x > 5
            then "y"
          otherwise reason \(name) "\(long)"
            then "z"
        }

        """)
    #expect(try format(once) == once)
  }

  @Test func `a minus after a name begins the next value`() throws {
    let text = """
      rank k: S by v {
        A below- 24
        B below -3 - x-1
        C otherwise
      }
      let a = b where c in- 5 ... d-1-e

      """
    let once = try format(text)
    #expect(once.contains("A below -24\n") && once.contains("in -5 ... d-1-e\n"), "\(once)")
    #expect(try format(once) == once)
  }

  @Test func `a name with hyphens keeps its digits`() throws {
    #expect(
      try format("ruleset r-20000 version 1000 {}") == "ruleset r-20000 version 1_000 { }\n")
  }

  @Test(arguments: [
    // A word of a declaration that is a name on a line of its own stays one.
    "ruleset\n  let version 1 { // c\n}\n",
    // What begins with a sign stays apart from the word before it.
    "ruleset r version 1 {\n}\ntest \"t\" {\n  given  a = 1\n  expect-27 d = \"x\"\n}\n",
    // A name at the end of a line is not joined to the word on the next.
    "ruleset r version 1 {\n}\ndecision d: text hit first {\n  rule a reason D-1 \"A.\"\n"
      + "    when b == each\n    then \"x\"\n}\n",
  ])
  func `what fuzzing found settles at once`(_ text: String) throws {
    let once = try RuleFormatter.format(Array(text.utf8), name: "r.rules")
    #expect(try RuleFormatter.format(once, name: "r.rules") == once)
  }
}
