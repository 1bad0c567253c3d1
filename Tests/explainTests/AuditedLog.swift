import FileIO
import Foundation
import RationaleTestSupport
import Testing
import TraceLog

/// A log that `explain decide` wrote: two decisions, one refusal and one dead letter.
struct AuditedLog {
  let directory: TemporaryDirectory
  let path: String

  init(_ name: String = "log") throws {
    directory = try TemporaryDirectory()
    path = directory.file(name)
    try decide(["7,4,1242578,1", "8,60,5000000/3,4", "9,,1000,0", "10,four,1000,0"])
  }

  /// Decides on one more file of rows.
  func decide(_ rows: [String]) throws {
    let text = "enterprise.id,enterprise.employees,average,currencies\n"
    let file = try directory.write(
      "rows.csv", text + rows.joined(separator: "\n") + "\n")
    let run = try CommandLineRun([
      "decide", ProjectFiles.path("rules/invoice-profile.rules"), "--rows", file, "--as-of",
      "2021-02-01", "--log", path,
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  /// The key that the log was made with, as it is written in a line.
  func key() throws -> String {
    try String(#require(try text("log.vkey").split(separator: "\n").first))
  }

  /// What the log is called.
  func origin() throws -> String { try String(#require(try key().split(separator: "+").first)) }

  /// A checkpoint's lines: origin, size, root, none, signature.
  func checkpoint() throws -> [String] {
    try text("checkpoint").split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try WholeFile.read(path + "/" + name), as: UTF8.self)
  }

  /// Flips a bit of a file.
  func flip(_ name: String, at place: Int) throws {
    var bytes = try WholeFile.read(path + "/" + name)
    bytes[place] ^= 1
    try WholeFile.replace(path + "/" + name, with: bytes)
  }

  func run(_ arguments: String...) throws -> CommandLineRun {
    try CommandLineRun(["log"] + arguments + ["--log", path])
  }
}
