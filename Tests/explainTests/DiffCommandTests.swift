import RationaleTestSupport
import Testing

/// `explain diff`, run as a user runs it.
@Suite struct DiffCommandTests {
  private let directory: TemporaryDirectory
  private let old: String
  private let new: String
  private let rows: String

  private static func ruleset(version: Int, cut: Int, outcome: String) -> String {
    """
    ruleset sizes version \(version) {
      owner "Tests"
    }
    input e from "es" {
      id    text  key
      size  int   in 1 ... 1_000   missing as ""
    }
    scale Size: S < M < L
    rank size: Size by e.size {
      S below 50
      M below \(cut)
      L otherwise
    }
    decision d: text hit first {
      rule large reason A-1 when size == L then "large"
      otherwise reason A-2 then "\(outcome)"
    }
    """
  }

  init() throws {
    directory = try TemporaryDirectory()
    old = try directory.write("old.rules", Self.ruleset(version: 1, cut: 250, outcome: "small"))
    new = try directory.write("new.rules", Self.ruleset(version: 2, cut: 200, outcome: "small"))
    rows = try directory.write(
      "rows.csv", "e.id,e.size\nann,40\nbob,199\ncem,200\ndan,249\neve,250\nfay,\n")
  }

  @Test func `a moved cut point, and the region that ends otherwise`() throws {
    let run = try CommandLineRun(["diff", old, new])
    #expect(run.exitCode == 0)
    #expect(run.errors == "")
    #expect(
      run.output == """
        Written otherwise
          metadata sizes version
            - 1
            + 2
          cut point size.L
            - 250
            + 200

        Decision d ends otherwise where
          e.size >= 200 and e.size < 250
            "small" -> "large", for example e.size = 200

        """)
  }

  @Test func `nothing is found between a version and itself`() throws {
    let run = try CommandLineRun(["diff", old, old])
    #expect(run.output == "nothing is written otherwise\n\nDecision d: no input ends otherwise\n")
  }

  @Test func `a transition matrix over rows`() throws {
    let run = try CommandLineRun(["diff", old, new, "--rows", rows])
    #expect(run.exitCode == 0)
    let matrix = run.output.split(separator: "\n").drop { !$0.hasPrefix("Decision d on") }
    #expect(
      matrix.joined(separator: "\n") == """
        Decision d on 6 rows: 2 move (from row to column)
                   large  refused  small
          large        1        ·      ·
          refused      ·        1      ·
          small        2        ·      2
          cem: small -> large
          dan: small -> large
        """)
  }

  @Test func `the JSON is what the published schema describes`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/diff.schema.json"))
    for arguments in [[old, new], [old, old], [old, new, "--rows", rows]] {
      let run = try CommandLineRun(["diff"] + arguments + ["--json"])
      #expect(run.exitCode == 0)
      #expect(try check.faults(Array(run.output.utf8)) == [])
    }
    let run = try CommandLineRun(["diff", old, new, "--rows", rows, "--json"])
    #expect(run.output.contains(#""movers":[{"subject":"cem","before":"small","after":"large"}"#))
  }

  @Test func `a faulty version is shown with its findings, and exit code 1`() throws {
    let faulty = try directory.write("faulty.rules", "ruleset r version 1 {\n}\nlet a = b\n")
    let run = try CommandLineRun(["diff", old, faulty])
    #expect(run.exitCode == 1)
    #expect(run.output == "")
    #expect(run.errors.contains("faulty.rules:3:9"))
  }

  @Test func `--as-of without rows is a mistake of usage`() throws {
    #expect(try CommandLineRun(["diff", old, new, "--as-of", "2021-01-01"]).exitCode == 64)
  }

  // MARK: On history

  /// A log that the old version made: of dan two decisions, the latest small.
  private func history() throws -> String {
    let rows = try directory.write(
      "history.csv", "e.id,e.size\ndan,40\nann,40\nbob,199\ncem,200\ndan,249\neve,250\nfay,\n")
    let log = directory.file("log")
    let run = try CommandLineRun(["decide", old, "--rows", rows, "--log", log])
    #expect(run.exitCode == 0, "\(run.errors)")
    return log
  }

  @Test func `who would move on history, and by what`() throws {
    let log = try history()
    let run = try CommandLineRun(["diff", old, new, "--replay", log])
    #expect(run.exitCode == 0)
    #expect(run.errors == "")
    let matrix = run.output.split(separator: "\n").drop { !$0.hasPrefix("Decision d on") }
    #expect(
      matrix.joined(separator: "\n") == """
        Decision d on 6 subjects: 2 move (from row to column)
                   large  refused  small
          large        1        ·      ·
          refused      ·        1      ·
          small        2        ·      2
          2 by rank size M -> L
          cem (#3): small -> large
            rank size M -> L
            rule otherwise -> large
          dan (#4): small -> large
            rank size M -> L
            rule otherwise -> large
        """)
    let all = try CommandLineRun([
      "diff", old, new, "--replay", log, "--all-traces", "--limit", "1",
    ])
    #expect(all.output.contains("Decision d on 7 traces: 2 move"))
    #expect(all.output.contains("  and 1 more (--all names them)"))
  }

  @Test func `a set of logs is one history, and JSON is what its schema says`() throws {
    let log = try history()
    let later = try directory.write("later.csv", "e.id,e.size\ndan,10\n")
    #expect(
      try CommandLineRun([
        "decide", old, "--rows", later, "--log", directory.file("log2"), "--as-of", "2021-03-01",
      ]).exitCode == 0)
    _ = try directory.write("LOGSET", "log\nlog2\n")
    let run = try CommandLineRun(["diff", old, new, "--replay", directory.path, "--json"])
    #expect(run.exitCode == 0, "\(run.errors)")
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/diff.schema.json"))
    #expect(try check.faults(Array(run.output.utf8)) == [])
    // dan's latest decision is one of ten people now.
    #expect(run.output.contains(#""facts":"subjects","moved":1,"#))
    #expect(run.output.contains(#""causes":[{"cause":"rank size M -> L","rows":1}]"#))
    #expect(run.output.contains(#""because":["rank size M -> L","rule otherwise -> large"]"#))
    #expect(run.output.contains(#""recorded_otherwise":0"#))
    let swapped = try CommandLineRun(["diff", new, old, "--replay", log, "--json"])
    #expect(swapped.output.contains(#""recorded_otherwise":6"#))
  }

  @Test func `what the log does not hold is counted, not guessed`() throws {
    let log = try history()
    let text = Self.ruleset(version: 3, cut: 250, outcome: "small")
      .replacing("missing as \"\"", with: "missing as \"\"\n    age   int")
      .replacing("size == L", with: "size == L and e.age > 3")
    let third = try directory.write("third.rules", text)
    let run = try CommandLineRun(["diff", old, third, "--replay", log])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(
      run.output.contains(
        "  6 not compared: the log does not hold `e.age` as the new version has it"))
  }

  @Test(arguments: [
    ["--all-traces"], ["--limit", "3"], ["--replay", "x", "--rows", "y"],
    ["--replay", "x", "--limit", "-1"], ["--replay", "x", "--limit", "1", "--all"],
  ])
  func `options of history that go with nothing are mistakes of usage`(_ more: [String]) throws {
    #expect(try CommandLineRun(["diff", old, new] + more).exitCode == 64)
  }
}
