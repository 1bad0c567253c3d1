import RationaleTestSupport
import Testing

/// Decisions that collect, from the rows to the page.
@Suite struct CollectCommandTests {
  private static let rules = """
    ruleset notices version 1 {
      owner "Tests"
    }
    input e from "s" {
      id text key
      n  int in 0 ... 100
    }
    decision notices: text hit collect {
      rule many reason NO-01 "{e.n} of them."  when e.n > 10 then "many"
      rule most reason NO-02 "Nearly all."     when e.n > 50 then "most"
      otherwise reason NO-03 "Nothing."        then "none"
    }

    """

  @Test func `a list is printed, kept, and explained rule by rule`() throws {
    let directory = try TemporaryDirectory()
    let rules = try directory.write("n.rules", Self.rules)
    let rows = try directory.write("rows.csv", "id,n\n7,20\n7,60\n8,1\n")
    let log = directory.file("log")
    let run = try CommandLineRun(["decide", rules, "--rows", rows, "--log", log])
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    try #require(lines.count == 3)
    #expect(lines[0].contains(#""outcome":["many"],"rule":"many","reason":"NO-01","changed":true"#))
    #expect(lines[1].contains(#""outcome":["many","most"]"#))
    #expect(lines[1].contains(#""previous":"many","changed":true"#))
    #expect(lines[2].contains(#""outcome":["none"],"rule":"otherwise""#))
    let page = try CommandLineRun(["--customer", "7", "--log", log]).output
    for text in ["many, most", "(was many)", "60 of them.", "Nearly all.", "NO-02"] {
      #expect(page.contains(text), "\(page)")
    }
  }
}
