import DataFields
import RuleLanguage
import SourceDiagnostics
import Testing

@Suite struct WindowTests {
  private static let base = """
    currency HUF
    input e from "es" {
      id text key
    }
    event v from "vs" by who = e.id {
      who text
      at date time
      net decimal(2) HUF
    }
    let kept = v where net >= 0

    """

  private static func plans(_ window: String) -> [WindowPlan?] {
    let text = base + window + "\nlet a = sum(kept.net) over w missing 0 HUF"
    return RuleText.compile(text).program?.aggregates.map(\.window) ?? []
  }

  @Test func `windows tumble, slide and follow pauses, in seconds`() {
    let day = 86_400
    #expect(
      Self.plans("window w = 30 d sliding by 1 d, late up to 12 h")
        == [.sliding(extent: 30 * day, slide: day, lateness: day / 2)])
    #expect(
      Self.plans("window w = 7 d tumbling") == [
        .sliding(extent: 7 * day, slide: 7 * day, lateness: 0)
      ])
    #expect(
      Self.plans("window w = 90 s,\n  late up to 1 min")
        == [.sliding(extent: 90, slide: 90, lateness: 60)])
    #expect(
      Self.plans("window w = session gap 30 min, late up to 5 min")
        == [.session(gap: 1_800, lateness: 300)])
    #expect(
      RuleText.compile(Self.base + "let a = count(v) over all time").program?.aggregates.map(
        \.window) == [nil])
  }

  @Test(arguments: [
    ("window w = 0 d", "W1@11"),
    ("window w = session gap 0 s", "W1@11"),
    ("window w = 30 d sliding by 0 d", "W1@11"),
    ("window w = 1 d sliding by 2 d", "W1@11"),
    ("window w = 30 d sliding by 7 d", "W1@11"),
    ("window w = 30", "X5@11"),
    ("window w = 30 y", "X5@11"),
    ("window w = d", "X5@11"),
    ("window w = 1.5 d", "X3@11"),
    ("window w = 40_000 d", "X3@11"),
    ("window w = 99_999_999_999_999_999_999 d", "X3@11"),
    ("window w = session 30 min", "X5@11"),
    ("window w = session gap 30 min sliding by 1 d", "X5@11"),
    ("window w = 30 d by 1 d", "X5@11"),
    ("window w = 30 d, early up to 1 d", "X5@11"),
    ("window w = 30 d\nwindow w = 7 d", "N2@12"),
  ])
  func `a window that cannot be is refused where it is wrong`(_ text: String, _ finding: String) {
    #expect(RuleText.findings(Self.base + text) == [finding])
    // The aggregate that names it does not complain again.
    #expect(
      RuleText.findings(Self.base + text + "\nlet a = count(v) over w").prefix(1) == [finding])
  }

  @Test func `an unknown window is named with the nearest one`() {
    let (_, diagnostics) = RuleText.compile(
      Self.base + "window month = 30 d\nlet a = count(v) over mont\nlet b = count(v) over kept")
    #expect(diagnostics.map(\.code) == ["N1", "N3"])
    #expect(diagnostics.first?.help == ["did you mean `month`?"])
  }

  @Test func `what is given for a value over a window is decided on`() throws {
    let text =
      Self.base + """
        window month = 30 d sliding by 1 d
        let monthly = sum(kept.net) over month   missing refuse
        decision d: text hit first {
          rule a reason A-1 when monthly >= 100 HUF then "much"
          otherwise reason A-2 then "little"
        }
        test table "both" {
          monthly || d       | by
          100     || "much"   | a
          99.99   || "little" | otherwise
          missing || refused  |
        }
        """
    var runner = ProgramRunner(try #require(RuleText.compile(text).program))
    #expect(runner.program.tests.count == 3)
    #expect(runner.failures().isEmpty)
  }
}
