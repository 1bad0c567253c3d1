import FileIO
import Foundation
import RationaleTestSupport
import Testing

/// The pages of `explain code`, against the sources that emit the codes.
@Suite struct FindingPagesTests {
  private struct Page: Decodable {
    var code: String
    var command: String
    var findings: [Finding]

    struct Finding: Decodable {
      var code: String
      var severity: String
      var message: String
    }
  }

  /// Read once: it runs every example.
  private static let pages = Result {
    let run = try CommandLineRun(["code", "--json"])
    #expect(run.exitCode == 0, "\(run.errors)")
    return try JSONDecoder().decode([Page].self, from: Data(run.output.utf8))
  }

  /// The codes that stand as literals in the Swift files below a folder.
  private static func codes(below folder: String) throws -> Set<String> {
    var codes: Set<String> = []
    for name in try Directory.names(in: folder) {
      let path = folder + "/" + name
      if try Directory.status(path)?.isDirectory == true {
        // The pages themselves emit nothing.
        if name != "Findings" { codes.formUnion(try Self.codes(below: path)) }
      } else if name.hasSuffix(".swift") {
        let text = String(decoding: try WholeFile.read(path), as: UTF8.self)
        codes.formUnion(text.matches(of: /"([A-Z][0-9]{1,2})"/).map { String($0.output.1) })
      }
    }
    return codes
  }

  @Test func `every code that the sources can emit has a page, and no page is left over`() throws {
    let emitted = try Self.codes(below: ProjectFiles.path("Sources"))
    #expect(emitted.count > 60)
    let pages = try Self.pages.get().map(\.code)
    #expect(Set(pages).count == pages.count)
    #expect(
      emitted.subtracting(pages).isEmpty, "add a page in Sources/explain/Findings, and run its code"
    )
    #expect(Set(pages).subtracting(emitted).isEmpty)
  }

  @Test func `a code means the same in rules, models and XML`() throws {
    let models = try Self.codes(below: ProjectFiles.path("Sources/PMML"))
    let documents = try Self.codes(below: ProjectFiles.path("Sources/XMLReading"))
    let rules = try Self.codes(below: ProjectFiles.path("Sources/RuleLanguage"))
    #expect(models.isDisjoint(with: rules))
    #expect(documents.isDisjoint(with: rules.union(models)))
  }

  @Test func `each page's example gives its code, and no error of another`() throws {
    for page in try Self.pages.get() {
      #expect(page.findings.contains { $0.code == page.code }, "\(page)")
      #expect(
        page.findings.allSatisfy { $0.code == page.code || $0.severity != "error" }, "\(page)")
    }
  }

  @Test func `findings as JSON have the published form`() throws {
    let schema = try JSONSchemaCheck(path: ProjectFiles.path("docs/diagnostics.schema.json"))
    let run = try CommandLineRun(["code", "--json"])
    let pages =
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]] ?? []
    #expect(pages.count > 60)
    for page in pages {
      let findings = try JSONSerialization.data(withJSONObject: page["findings"] ?? [])
      #expect(try schema.faults(Array(findings)) == [], "\(page["code"] ?? "")")
    }
  }

  @Test func `the list of findings in the documentation is the one of today`() throws {
    let run = try CommandLineRun(["code", "--markdown"])
    let path = ProjectFiles.path("docs/findings.md")
    let written = String(decoding: try WholeFile.read(path), as: UTF8.self)
    // Not compared line by line: a difference of two such texts would fill the log.
    let isSame = run.output == written
    #expect(isSame, "run   explain code --markdown > docs/findings.md")
  }

  @Test func `one page, the list, and a code that is none`() throws {
    let page = try CommandLineRun(["code", "y3"])
    #expect(page.exitCode == 0)
    #expect(page.output.hasPrefix("Y3  Ranks of different scales are compared\n"))
    #expect(page.output.contains("$ explain check example.rules\nerror[Y3]: cannot compare ranks"))
    let list = try CommandLineRun(["code"])
    #expect(list.output.split(separator: "\n").count == (try Self.pages.get().count))
    let none = try CommandLineRun(["code", "Q7"])
    #expect(none.exitCode == 1)
    #expect(none.errors.contains("no code is called `Q7`"))
  }
}
