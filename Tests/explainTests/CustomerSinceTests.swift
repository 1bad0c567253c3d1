import Foundation
import RationaleTestSupport
import Testing

/// `explain --customer --since`, and histories that several logs hold.
@Suite struct CustomerSinceTests {
  private let directory: TemporaryDirectory
  private let rules: String
  private let log: String

  init() throws {
    directory = try TemporaryDirectory()
    rules = try directory.write(
      "sizes.rules",
      """
      ruleset sizes version 1 {
        owner "Tests"
      }
      input e from "es" {
        id      text  key
        size    int   in 1 ... 1_000   missing as ""
        age     int
        secret  text  masked keep 2
      }
      scale Size: S < M < L
      rank size: Size by e.size {
        S below 50
        M below 250
        L otherwise
      }
      decision d: text hit first {
        rule large reason A-1 when size == L and e.age > 3 then "large"
        rule known reason A-2 when e.secret == "top12" then "known"
        otherwise reason A-3 then "small"
      }
      override old reason A-9 by "tests" until 2021-01-10 {
        when  e.age > 90
        set   d = "old"
      }
      """)
    log = directory.file("log")
    for (day, row) in [
      ("2021-01-01", "ann,40,1,none1"), ("2021-01-02", "ann,60,1,none1"),
      ("2021-01-03", "bob,60,1,none1"), ("2021-01-04", "ann,300,9,none2"),
      ("2021-01-05", "ann,301,9,none2"), ("2021-01-06", "ann,20,95,top12"),
      ("2021-01-11", "ann,21,95,top12"),
    ] {
      // Each run adds a trace and the accounting of its row: traces have the even places.
      try decide(row, day)
    }
  }

  private func decide(_ row: String, _ day: String, log: String? = nil) throws {
    let rows = try directory.write("rows.csv", "e.id,e.size,e.age,e.secret\n\(row)\n")
    let run = try CommandLineRun([
      "decide", rules, "--rows", rows, "--as-of", day, "--log", log ?? self.log,
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  private func since(_ when: String, _ more: String...) throws -> CommandLineRun {
    try CommandLineRun(["--customer", "ann", "--since", when, "--log", log] + more)
  }

  @Test func `what changed since a day, and which fact changed it`() throws {
    let run = try since("2021-01-02")
    #expect(run.exitCode == 0)
    #expect(run.errors == "")
    #expect(
      run.output == """
        Customer ann · decision d · since 2021-01-02
          4 decisions up to #12 of 2021-01-11; the outcome changed 3 times
          otherwise than in #2 of 2021-01-02:
            value   e.size         60 -> 21
            value   e.age          1 -> 95
            value   e.secret       ••••e1 -> ••••12
            rank    size           M -> S
            result  outcome        small -> known
            result  deciding rule  otherwise -> known
          #12 of 2021-01-11: old -> known
            the day alone makes it
          #10 of 2021-01-06: large -> old
            by e.age: 9 -> 95
            the other 2 changes are not needed
          #6 of 2021-01-04: small -> large
            by e.size: 60 -> 300
            by e.age: 1 -> 9
            the other change is not needed

        """)
  }

  @Test func `since a trace, up to a day, and from before the first`() throws {
    let number = try since("#2", "--at", "2021-01-05")
    #expect(
      number.output.hasPrefix(
        """
        Customer ann · decision d · since #2
          2 decisions up to #8 of 2021-01-05; the outcome changed once
          otherwise than in #2 of 2021-01-02:

        """))
    let early = try since("2020-12-31")
    #expect(early.output.contains("  nothing was decided so early; it began with small\n"))
    #expect(early.output.contains("  #2 of 2021-01-02: still small: size S -> M\n"))
    let late = try since("2021-02-01")
    #expect(late.output.contains("  no decision since #12 of 2021-01-11: still known\n"))
  }

  @Test func `JSON is what the published schema describes, and masked values stay masked`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/changes.schema.json"))
    for when in ["2020-12-31", "2021-01-02", "#6", "2021-02-01"] {
      let run = try since(when, "--format", "json")
      #expect(run.exitCode == 0)
      for line in run.output.split(separator: "\n") {
        #expect(try check.faults(Array(line.utf8)) == [], "\(line)")
      }
      #expect(!run.output.contains("none") || !run.output.contains("top12"))
    }
    let run = try since("#8", "--format", "json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? NSDictionary)
    let turns = try #require(json["turns"] as? [NSDictionary])
    try #require(turns.count == 2)
    let decisive = try #require(turns[1]["decisive"] as? NSDictionary)
    #expect(decisive["changed_facts"] as? Int == 3)
    #expect(
      (decisive["enough"] as? [NSDictionary])?.compactMap { $0["fact"] as? String } == ["e.age"])
  }

  @Test func `the traces of several logs are one history`() throws {
    let other = directory.file("other")
    try decide("ann,60,1,none1", "2021-01-08", log: other)
    _ = try directory.write("LOGSET", "other\nlog\n")
    for arguments in [["--log", other, "--log", log], ["--log", directory.path]] {
      let run = try CommandLineRun(["--customer", "ann", "--since", "2021-01-05"] + arguments)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.output.contains("  \(log) #12 of 2021-01-11: small -> known\n"))
      #expect(run.output.contains("  \(other) #0 of 2021-01-08: old -> small\n"))
      let latest = try CommandLineRun(
        ["--customer", "ann", "--at", "2021-01-08", "--format", "json"] + arguments)
      #expect(
        latest.output.contains(
          #""log":{"number":0,"unchanged_since":null,"path":"\#(other)","unchanged_since_path":null}"#
        ))
    }
    let number = try CommandLineRun([
      "--customer", "ann", "--since", "#2", "--log", directory.path,
    ])
    #expect(number.exitCode == 64)
    #expect(number.errors.contains("a number names a trace of one log, and these are 2"))
  }

  @Test(arguments: [
    ["yesterday"], ["#"], ["#x"], ["2021-02-30"], ["2021-01-02", "--brief"],
    ["2021-01-02", "--against", "previous"],
  ])
  func `a mistake of usage is exit code 64`(_ arguments: [String]) throws {
    #expect(
      try CommandLineRun(["--customer", "ann", "--log", log, "--since"] + arguments).exitCode == 64)
  }
}
