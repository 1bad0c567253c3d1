import Foundation
import RationaleTestSupport
import Testing

/// Attributions on reading, from the rules to the page.
@Suite struct OnReadCommandTests {
  private let directory: TemporaryDirectory
  private let rows: String

  init() throws {
    directory = try TemporaryDirectory()
    rows = try directory.write(
      "rows.csv",
      "enterprise.id,enterprise.employees,average,currencies,invoices\n7,4,1242578,1,230\n")
    for file in [
      "rules/premium-offer.rules", "rules/invoice-profile.rules", "rules/reference/huf-rates.csv",
      "rules/reference/do-not-contact.csv", "models/premium.pmml", "models/premium.background.csv",
    ] {
      let text = try String(contentsOfFile: ProjectFiles.path(file), encoding: .utf8)
      let path = directory.file(file)
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  /// Decides by the published rules, changed, and leaves nothing of them but the log.
  private func decide(_ change: (String) -> String) throws -> String {
    let path = directory.file("rules/premium-offer.rules")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = change(text)
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
    let log = directory.file("log")
    let run = try CommandLineRun([
      "decide", path, "--rows", rows, "--as-of", "2021-02-01", "--log", log,
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return log
  }

  private func model(_ output: String) throws -> NSDictionary {
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? NSDictionary)
    return try #require((json["models"] as? [NSDictionary])?.first)
  }

  @Test func `a page shows attributions that it works out from the log alone`() throws {
    let eager = try decide { $0 }
    let customer = ["--customer", "7", "--decision", "offer"]
    let held = try CommandLineRun(customer + ["--log", eager, "--format", "json"])
    #expect(held.exitCode == 0)
    try FileManager.default.removeItem(atPath: eager)

    let log = try decide { $0.replacing("top 5, against", with: "top 5, on read, against") }
    try FileManager.default.removeItem(atPath: directory.file("models"))
    let read = try CommandLineRun(customer + ["--log", log, "--format", "json"])
    #expect(read.exitCode == 0, "\(read.errors)")
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/trace.schema.json"))
    #expect(try check.faults(Array(read.output.utf8)) == [])
    let (mine, theirs) = (try model(read.output), try model(held.output))
    #expect(mine["attributed_on_read"] as? Bool == true)
    #expect(theirs["attributed_on_read"] == nil)
    #expect(mine["attribution"] as? NSDictionary == theirs["attribution"] as? NSDictionary)
    #expect(mine["attribution"] is NSDictionary)

    let page = try CommandLineRun(customer + ["--log", log])
    #expect(page.output.contains("INVOICE_COUNT = 230"))
    let words = page.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("100 rows, exact; worked out on reading)"))
    // The trace itself holds none.
    let brief = try CommandLineRun(customer + ["--log", log, "--brief"])
    #expect(brief.output.contains("its attributions are left to whoever reads the trace"))
    let bare = try CommandLineRun(customer + ["--log", log, "--brief", "--format", "json"])
    #expect(try check.faults(Array(bare.output.utf8)) == [])
    #expect(try model(bare.output)["attribution"] is NSNull)
  }

  @Test func `importance is worked out at once, whatever is left to readers`() throws {
    let path = directory.file("rules/premium-offer.rules")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    func importance() throws -> [NSDictionary] {
      let run = try CommandLineRun(["importance", path, "--rows", rows, "--format", "json"])
      #expect(run.exitCode == 0, "\(run.errors)")
      let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? NSDictionary
      let decisions = try #require(json?["decisions"] as? [NSDictionary])
      return decisions.flatMap { $0["models"] as? [NSDictionary] ?? [] }
        .flatMap { $0["fields"] as? [NSDictionary] ?? [] }
    }
    let eager = try importance()
    try text.replacing("top 5, against", with: "top 1, on read, against")
      .write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try importance() == eager)
    #expect(eager.count == 3)
  }
}
