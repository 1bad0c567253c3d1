import Testing
import TraceReports

@Suite struct TerminalCapabilitiesTests {
  private func detect(
    _ environment: [String: String], isTerminal: Bool = true, columns: Int? = 100,
    isPlain: Bool = false
  ) -> TerminalCapabilities {
    TerminalCapabilities(
      environment: { environment[$0] }, isTerminal: isTerminal, columns: columns,
      isPlain: isPlain)
  }

  @Test func `a terminal is as wide as it says, COLUMNS says otherwise, a pipe is 80`() {
    #expect(detect([:]).width == 100)
    #expect(detect(["COLUMNS": "72"]).width == 72)
    #expect(detect(["COLUMNS": "72"], isTerminal: false).width == 72)
    #expect(detect([:], isTerminal: false).width == 80)
    #expect(detect([:], columns: nil).width == 80)
    #expect(detect(["COLUMNS": "wide"]).width == 100)
    #expect(detect(["COLUMNS": "0"]).width == 100)
    #expect(detect(["COLUMNS": "-3"]).width == 100)
    #expect(detect(["COLUMNS": "5"]).width == 40)
  }

  @Test func `colour needs a terminal and nobody against it`() {
    #expect(detect([:]).usesColor)
    #expect(!detect(["NO_COLOR": "1"]).usesColor)
    #expect(detect(["NO_COLOR": ""]).usesColor)
    #expect(!detect([:], isTerminal: false).usesColor)
    #expect(!detect(["TERM": "dumb"]).usesColor)
    #expect(!detect([:], isPlain: true).usesColor)
  }

  @Test(arguments: [
    (["LANG": "en_GB.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false),
    ([:], false), (["LANG": "en_GB.UTF-8", "LC_ALL": "C"], false),
    (["LANG": "C", "LC_CTYPE": "hu_HU.UTF-8"], true), (["LANG": "hu_HU.ISO-8859-2"], false),
    (["LANG": "en_GB.UTF-8", "LC_ALL": ""], true),
  ])
  func `symbols need a UTF-8 locale`(_ environment: [String: String], _ expected: Bool) {
    #expect(detect(environment).usesUnicode == expected)
  }

  @Test func `plain means no boxes and no colour, but the same symbols`() {
    let plain = detect(["LANG": "en_GB.UTF-8"], isPlain: true)
    #expect(!plain.usesBoxes && !plain.usesColor && plain.usesUnicode)
  }
}
