import DataFields
import RationaleTestSupport
import ReferenceData
import RuleLanguage
import SourceDiagnostics
import Testing

/// The examples of `docs/rule-language.md`, with what its comments add, are one ruleset.
@Suite struct DocumentedLanguageTests {
  /// The reference's examples, with the digests that it leaves out.
  private struct Reference: RuleFileSource {
    static let path = PublishedRules.path("reference-of-the-language")
    let ruleset: [UInt8]
    let examples: [UInt8]

    init() throws {
      let page = String(
        decoding: try RuleFilesOnDisk().bytes(at: ProjectFiles.path("docs/rule-language.md")),
        as: UTF8.self)
      var text: [Substring] = []
      var examples: [Substring] = []
      var fence: Substring?
      for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
        if let open = fence {
          if line == "```" || line == "-->" {
            fence = nil
          } else if open == "```rules" || open == "<!-- rules" {
            text.append(line)
          } else if line.hasPrefix("enterprise.employees,") || !examples.isEmpty, open == "```" {
            examples.append(line)
          }
        } else if line.hasPrefix("```") || line.hasPrefix("<!-- rules") {
          fence = line
        }
      }
      self.examples = Array((examples.joined(separator: "\n") + "\n").utf8)
      // `"path" sha256 "..."` takes the digest of the file that it names.
      var written: [String] = []
      for line in text {
        guard let end = line.range(of: "\" sha256 \"...\""),
          let start = line[..<end.lowerBound].lastIndex(of: "\"")
        else {
          written.append(String(line))
          continue
        }
        let path = String(line[line.index(after: start)..<end.lowerBound])
        let bytes =
          path.hasPrefix("examples/")
          ? self.examples : try RuleFilesOnDisk().bytes(at: PublishedRules.folder + "/" + path)
        written.append(
          line[..<end.lowerBound] + "\" sha256 \"\(Digest(of: bytes))\"" + line[end.upperBound...])
      }
      ruleset = Array(written.joined(separator: "\n").utf8)
    }

    func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
      if path == Self.path { return ruleset }
      if path.hasSuffix("/examples/invoice-profile.csv") { return examples }
      return try RuleFilesOnDisk().bytes(at: path)
    }
  }

  @Test func `the examples of the reference are one ruleset without an error`() throws {
    let reference = try Reference()
    let (program, diagnostics) = RulesetCompiler(models: PublishedRules.Premium(), files: reference)
      .compile(paths: [Reference.path])
    let errors = diagnostics.filter { $0.severity == .error }
    #expect(errors.isEmpty, "\(DiagnosticsError(errors))")
    var runner = ProgramRunner(try #require(program))
    #expect(
      runner.program.tests.map(\.name).count { $0.contains("invoice-profile.csv, line") } == 2)
    #expect(runner.program.aggregates.count { $0.window != nil } == 2)
    #expect(runner.failures().isEmpty)
  }
}

extension Substring {
  /// Where a text first stands in it.
  fileprivate func range(of text: String) -> Range<Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(text),
        let end = index(place, offsetBy: text.count, limitedBy: endIndex)
      {
        return place..<end
      }
      place = index(after: place)
    }
    return nil
  }
}
