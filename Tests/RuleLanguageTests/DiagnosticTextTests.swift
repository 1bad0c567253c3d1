import RuleLanguage
import SourceDiagnostics
import Testing

/// The rendered form of messages, to the letter.
@Suite struct DiagnosticTextTests {
  @Test func `ranks of different scales are shown with their scales`() throws {
    // Thirty lines before the rule, so that the place is the one of the published example.
    let text = """
      ruleset transfer-activity version 1 {
      }
      currency HUF
      input customer from "static" {
        id      text  key
        opened  date
        moved   decimal(2) HUF
      }
      scale Life: New < Moderate < Mature
      scale Rate: Low < Moderate < High
      rank life_rank: Life by customer.opened {
        Mature   before 1986-06-01
        Moderate before 2002-01-01
        New      otherwise
      }
      rank rate_rank: Rate by customer.moved {
        Low      below   529_366 HUF
        Moderate below 1_029_500 HUF
        High     otherwise
      }








      decision transfer_activity: text hit first {
        rule steady reason TA-01 when life_rank == life_rank then "Steady Activity"
        rule low    reason TA-02 when life_rank > rate_rank then "Low Activity"
        otherwise   reason TA-03 then "High Activity"
      }
      """
    let (program, diagnostics) = RulesetCompiler(
      models: RuleText.OneModel(),
      files: RuleFilesInMemory(texts: ["rules/transfer-activity.rules": text])
    ).compile(paths: ["rules/transfer-activity.rules"])
    #expect(program == nil)
    let found = try #require(diagnostics.first)
    #expect(
      DiagnosticRenderer(style: .plain).render(found) == """
        error[Y3]: cannot compare ranks of different scales
          --> rules/transfer-activity.rules:31:33
           |
        31 |   rule low    reason TA-02 when life_rank > rate_rank then "Low Activity"
           |                                 ^^^^^^^^^ - ^^^^^^^^^ Rate: Low < Moderate < High
           |                                 |
           |                                 Life: New < Moderate < Mature
           = help: if they line up by position, add   align Life with Rate

        """)
    #expect(diagnostics.count == 1)
  }

  @Test func `units that differ are shown on both sides, with the fix`() {
    let found = RuleText.rendered(
      """
      unit person
      input e from "s" {
        id text key
        size int person in 1 ... 9
      }
      decision d: text hit first {
        rule a reason A-1 when e.size > 5 then "x"
        otherwise reason A-2 then "y"
      }
      """)
    #expect(
      found == [
        """
        error[Y2]: the units differ
         --> r.rules:9:26
          |
        9 |   rule a reason A-1 when e.size > 5 then "x"
          |                          ^^^^^^ - ^ int
          |                          |
          |                          int person
          = help: write the unit:   5 person

        """
      ])
  }

  @Test func `an unknown name suggests the nearest`() throws {
    let (_, diagnostics) = RuleText.compile(
      """
      input e from "s" {
        id text key
        size int
      }
      let half = e.sise / 2
      """)
    let found = try #require(diagnostics.first)
    #expect(found.code == "N1")
    #expect(found.help == ["did you mean `size`?"])
    #expect(found.fixIts.first?.replacement == "size")
    #expect(found.position == SourcePosition(line: 7, column: 14))
  }

  @Test func `a wrong digest prints the digest that the file has`() throws {
    let rates = "date,currency,huf\n2021-01-01,EUR,360.0000\n"
    let (_, diagnostics) = RuleText.compile(
      """
      rates huf from "rates.csv" sha256 "00" {
        date column "date"
        currency column "currency"
        rate column "huf" decimal(4)
      }
      """, files: ["rates.csv": rates])
    let found = try #require(diagnostics.first)
    #expect(found.code == "D2")
    // Computed by `sha256sum`.
    #expect(
      found.notes == [
        "the file has sha256 8c5d357cd72c13faf77b7e1efbb7ded04f67532e42172d9e71384049db87ed7b"
      ])
    #expect(
      found.fixIts.first?.replacement
        == "\"8c5d357cd72c13faf77b7e1efbb7ded04f67532e42172d9e71384049db87ed7b\"")
  }
}
