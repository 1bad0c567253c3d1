import DecisionTrace
import RationaleTestSupport
import Testing
import TraceReports

@Suite struct LayoutTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("Gépjármű", 8), ("e\u{301}", 1), ("顧客", 4), ("───", 3), ("•", 1),
    ("👩‍🔬", 2),
  ])
  func `a text is as wide as its columns`(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test func `wrapping breaks at spaces, keeps styles, and loses no word`() {
    var text = StyledText("one two ", .plain)
    text.append("three", .strong)
    text.append(" four fivesixseveneight", .plain)
    let lines = text.wrapped(to: 9)
    #expect(
      lines.map { $0.rendered(usesColor: false) } == [
        "one two", "three", "four", "fivesixse", "veneight",
      ])
    #expect(lines[1].runs.map(\.style) == [.strong])
  }

  @Test func `trailing spaces are not printed, and colours are closed`() {
    var text = StyledText("a", .held)
    text.append("   ")
    #expect(text.rendered(usesColor: false) == "a")
    #expect(text.rendered(usesColor: true) == "\u{1B}[1;32ma\u{1B}[0m")
  }

  @Test(arguments: Array(40...130))
  func `no line is wider than the terminal`(_ width: Int) throws {
    let traces = [
      try TraceFixtures.invoiceProfileTrace(), try TraceFixtures.premiumOfferTrace(),
      try TraceFixtures.transferActivityTrace(),
      try TraceFixtures.invoiceProfileTrace { $0.employees = nil },
    ]
    for trace in traces {
      for usesUnicode in [true, false] {
        let page = TextReport(
          trace, placement: TextReport.Placement(number: 1, unchangedSince: 1, log: "./decisions"),
          capabilities: TerminalCapabilities(
            width: width, usesColor: false, usesUnicode: usesUnicode, usesBoxes: true)
        ).rendered()
        for line in page.split(separator: "\n") {
          #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
        }
        if !usesUnicode { #expect(page.utf8.allSatisfy { $0 < 0x7F }) }
      }
    }
  }

  @Test func `colour is an addition: without it every word is the same`() throws {
    let trace = try TraceFixtures.premiumOfferTrace()
    func page(_ usesColor: Bool) -> String {
      TextReport(
        trace,
        capabilities: TerminalCapabilities(
          width: 80, usesColor: usesColor, usesUnicode: true, usesBoxes: true)
      ).rendered()
    }
    let coloured = page(true)
    #expect(coloured.contains("\u{1B}["))
    var stripped = ""
    var isEscape = false
    for character in coloured {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { stripped.append(character) }
      if character == "m" { isEscape = false }
    }
    let words = { (text: String) in text.split { $0 == " " || $0 == "\n" } }
    #expect(words(stripped) == words(page(false)))
  }

  @Test func `values cannot steer the terminal`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace {
      $0.outcome = "Good\u{1B}[2J\u{202E}\nCustomer 1\u{7}"
    }
    for usesUnicode in [true, false] {
      let page = TextReport(
        trace,
        capabilities: TerminalCapabilities(
          width: 80, usesColor: false, usesUnicode: usesUnicode, usesBoxes: true)
      ).rendered()
      #expect(page.contains("Good\\u{1b}[2J\\u{202e}\\u{a}Customer 1\\u{7}"))
      #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }
  }
}
