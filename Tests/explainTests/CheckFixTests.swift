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
}
