import DataFields
import Decisions
import RuleBuilders
import RuleLanguage
import SourceDiagnostics
import Testing

/// The published rulesets, written in Swift, are those of the files.
@Suite struct PublishedRulesInSwiftTests {
  private static func digests(_ library: DecisionLibrary) -> [String: Digest] {
    Dictionary(
      library.program.rulesets.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first }
    )
  }

  @Test(arguments: PublishedRules.inSwift)
  func `a ruleset in Swift has the digest of its file`(_ ruleset: Ruleset) throws {
    let folder = PublishedRules.folder
    let built = try DecisionLibrary(ruleset, in: folder)
    let file = try DecisionLibrary(rules: ["\(folder)/\(ruleset.path)"])
    #expect(Self.digests(built)[ruleset.name] != nil)
    #expect(Self.digests(built) == Self.digests(file))
    #expect(built.notes.map(\.code) == file.notes.map(\.code))
  }

  @Test(arguments: PublishedRules.inSwift)
  func `its schemas, and so its traces, are those of the file`(_ ruleset: Ruleset) throws {
    let folder = PublishedRules.folder
    let built = try DecisionLibrary(ruleset, in: folder)
    let file = try DecisionLibrary(rules: ["\(folder)/\(ruleset.path)"])
    #expect(built.schemas.map(\.schema) == file.schemas.map(\.schema))
    #expect(built.schemas.map(\.digest) == file.schemas.map(\.digest))
  }

  @Test(arguments: PublishedRules.inSwift)
  func `the printed text compiles to the same digest`(_ ruleset: Ruleset) throws {
    let folder = PublishedRules.folder
    var texts: [String: String] = [:]
    for other in PublishedRules.inSwift { texts["\(folder)/\(other.path)"] = other.text }
    let printed = try DecisionLibrary(
      rules: ["\(folder)/\(ruleset.path)"], files: TextsOverDisk(texts: texts))
    let built = try DecisionLibrary(ruleset, in: folder)
    #expect(Self.digests(printed) == Self.digests(built))
  }

  @Test(arguments: PublishedRules.inSwift)
  func `the printed text is the file without comments at the ends of lines`(
    _ ruleset: Ruleset
  ) throws {
    let lines = try PublishedRules.text(ruleset).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map { line in
      guard !line.hasPrefix("//"), let comment = line.firstRange(of: "//")?.lowerBound else {
        return String(line)
      }
      return String(
        line[..<(line[..<comment].lastIndex { $0 != " " }.map(line.index(after:)) ?? comment)])
    }
    #expect(
      ruleset.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        == lines)
    let formatted = try RuleFormatter.format(Array(ruleset.text.utf8), name: ruleset.path)
    #expect(formatted == Array(ruleset.text.utf8))
  }

  @Test(arguments: PublishedRules.inSwift)
  func `its tests pass`(_ ruleset: Ruleset) throws {
    let (outcomes, coverage) = RulesetTests(
      try DecisionLibrary(ruleset, in: PublishedRules.folder)
    ).run()
    #expect(outcomes.count >= 3)
    #expect(outcomes.flatMap(\.failures).isEmpty)
    #expect(!coverage.rulesReached.isEmpty)
  }
}
