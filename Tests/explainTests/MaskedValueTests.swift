import RationaleTestSupport
import Testing

/// What is shown of a decision about a masked value tells no more of it than its last characters.
@Suite struct MaskedValueTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write(
      "m.rules",
      """
      ruleset masks version 1 {
        owner "Tests"
      }
      input client from "clients" {
        id      text  key
        secret  int   in 0 ... 10_000   masked keep 2
      }
      let double = client.secret * 2
      let copy   = client.secret
      scale S: Low < High
      rank level: S by double {
        Low below 10_000
        High otherwise
      }
      rank other: S by client.secret {
        Low up to 7_000
        High otherwise
      }
      decision answer: text hit first {
        rule much reason P-1 "Level {level}." when double > 18_000 then "much"
        rule some reason P-2 "Level {level}." when copy >= 7_000 and level == other then "some"
        otherwise reason P-3 "Little." then "little"
      }
      """)
  }

  private func explained(_ secret: String, _ options: [String]) throws -> String {
    let rows = try directory.write("\(secret).csv", "client.id,client.secret\nann,\(secret)\n")
    let log = directory.file("log-\(secret)")
    let decided = try CommandLineRun([
      "decide", directory.file("m.rules"), "--rows", rows, "--log", log, "--as-of", "2024-01-01",
    ])
    #expect(decided.exitCode == 0)
    let run = try CommandLineRun(["--customer", "ann", "--log", log] + options)
    #expect(run.exitCode == 0)
    return run.output
  }

  @Test func `pages on values that end alike are alike`() throws {
    let pages = try ["7051", "8951"].map { secret in
      // The record is named by the digest of its file, the log by its folder.
      try explained(secret, []).split(separator: "\n").filter {
        !$0.contains("  record ") && !$0.contains("  trace ")
      }
    }
    #expect(pages[0].contains { $0.contains("••••51") })
    #expect(pages[0] == pages[1])
  }

  @Test func `JSON shows neither the value nor how far it lies from a cut point`() throws {
    let json = try explained("8951", ["--format", "json"])
    #expect(json.contains("\u{2022}51") || json.contains("u202251"))
    // The value, its double, and their distances from the cut points.
    for number in ["8951", "17902", "7902", "1951"] { #expect(!json.contains("\"\(number)\"")) }
    #expect(json.contains(#""distance":null,"relative":null"#))
    #expect(json.contains(#""knife_edge":null"#))
  }

  @Test func `a value on a cut point is not said to be on it`() throws {
    #expect(!(try explained("7000", []).contains("exactly on")))
  }
}
