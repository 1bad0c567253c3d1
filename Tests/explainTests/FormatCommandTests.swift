import FileIO
import RationaleTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// `explain format`, run as a user runs it.
@Suite struct FormatCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `rewrites what differs, names it with --check, and leaves faulty files alone`() throws
  {
    let crooked = try directory.write("crooked.rules", "ruleset   r version 1 {\r\n}\r\n")
    let straight = try directory.write("straight.rules", "ruleset r version 1 {\n}\n")
    let faulty = try directory.write("faulty.rules", "let x =   = 1\n")
    let checked = try CommandLineRun(["format", "--check", crooked, straight])
    #expect(checked.exitCode == 1)
    #expect(checked.output == "\(crooked)\n")
    #expect(try WholeFile.read(crooked) == Array("ruleset   r version 1 {\r\n}\r\n".utf8))

    let run = try CommandLineRun(["format", faulty, crooked, straight])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("faulty.rules:1:"))
    #expect(try WholeFile.read(faulty) == Array("let x =   = 1\n".utf8))
    #expect(try WholeFile.read(crooked) == WholeFile.read(straight))
    #expect(try CommandLineRun(["format", "--check", crooked, straight]).exitCode == 0)
  }

  @Test func `permissions stay, a link stays a link, and nothing is left beside`() throws {
    let text = "ruleset   r version 1 {\n}\n"
    let path = try directory.write("r.rules", text)
    #expect(chmod(path, 0o640) == 0)
    let other = try directory.write("r.rules.tmp", "mine")
    let link = directory.file("link.rules")
    #expect(symlink("r.rules", link) == 0)
    #expect(try CommandLineRun(["format", link]).exitCode == 0)
    #expect(try WholeFile.read(path) == Array("ruleset r version 1 {\n}\n".utf8))
    #expect(try WholeFile.read(other) == Array("mine".utf8))
    var record = stat()
    #expect(lstat(link, &record) == 0 && record.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(path, &record) == 0 && record.st_mode & 0o7777 == 0o640)
    #expect(try Directory.names(in: directory.path) == ["link.rules", "r.rules", "r.rules.tmp"])
  }

  @Test func `reads standard input and writes standard output`() throws {
    let crooked = try directory.write("crooked.rules", "ruleset   r version 1 {\n}")
    let run = try CommandLineRun(["format", "-"], input: crooked)
    #expect(run.exitCode == 0)
    #expect(run.output == "ruleset r version 1 {\n}\n")
  }
}
