import FileIO
import RationaleTestSupport
import Testing

/// `explain check --fix`, run as a user runs it.
@Suite struct CheckFixTests {
  @Test func `makes the edits that findings propose and checks again`() throws {
    let directory = try TemporaryDirectory()
    let text = "ruleset r version 1 {\n}\nunit person\nlet \u{0430}ge = 1 person\n"
    let path = try directory.write("r.rules", text)
    let before = try CommandLineRun(["check", path])
    #expect(before.exitCode == 1)
    #expect(before.output.contains("did you mean the Latin letter"))
    #expect(try WholeFile.read(path) == Array(text.utf8))

    let run = try CommandLineRun(["check", "--fix", path])
    #expect(run.errors == "1 edit made\n")
    #expect(!run.output.contains("X1"))
    let mended = text.replacing("\u{0430}", with: "a")
    #expect(try WholeFile.read(path) == Array(mended.utf8))

    let again = try CommandLineRun(["check", "--fix", path])
    #expect(again.errors == "0 edits made\n")
    #expect(try WholeFile.read(path) == Array(mended.utf8))
  }

  @Test func `drafts close a gap only where they are asked for`() throws {
    let directory = try TemporaryDirectory()
    let text = """
      ruleset r version 1 {
      }
      input firm from "firms" {
        id    text  key
        open  bool
      }
      decision offer: text hit unique {
        rule open reason A-1 "Open." when firm.open then "call"
      }

      """
    let path = try directory.write("r.rules", text)
    #expect(try CommandLineRun(["check", "--fix", path]).errors == "0 edits made\n")
    #expect(try CommandLineRun(["check", "--drafts", path]).exitCode == 64)
    let run = try CommandLineRun(["check", "--fix", "--drafts", path])
    #expect(run.errors == "1 edit made\n")
    #expect(run.exitCode == 0)
    let mended = String(decoding: try WholeFile.read(path), as: UTF8.self)
    #expect(mended.contains("  rule gap_1 reason TBD-1 \"To be decided.\" when "))
    #expect(mended.hasSuffix("then \"TO BE DECIDED\"\n}\n"))
  }

  @Test func `what one edit brings to light is mended as well`() throws {
    let directory = try TemporaryDirectory()
    // The misspelt type hides the misspelt field.
    let path = try directory.write(
      "r.rules",
      """
      ruleset r version 1 {
      }
      input firm from "firms" {
        id         text  key
        employees  it    in 1 ... 9
      }
      let twice = 2 * firm.employes

      """)
    let run = try CommandLineRun(["check", "--fix", path])
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(run.errors == "2 edits made\n")
  }
}
