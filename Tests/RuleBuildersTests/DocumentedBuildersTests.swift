import Decisions
import EventIngest
import FileIO
import RationaleTestSupport
import RuleBuilders
import SourceDiagnostics
import Testing

/// What `docs/builders.md` shows is code that the tests compile.
@Suite struct DocumentedBuildersTests {
  private static let sources = [
    "Rulesets/Records.swift", "Rulesets/InvoiceProfile.swift", "Rulesets/TransferActivity.swift",
    "Rulesets/PremiumOffer.swift", "DocumentedBuildersTests.swift", "BuiltDiagnosticTests.swift",
  ]

  private static func text(_ path: String) throws -> String {
    String(decoding: try WholeFile.read(ProjectFiles.path(path)), as: UTF8.self)
  }

  @Test func `every example of the page is in a file that is compiled`() throws {
    var files: [String] = []
    for path in Self.sources { files.append(try Self.text("Tests/RuleBuildersTests/\(path)")) }
    var examples: [String] = []
    var open: [Substring]?
    for line in try Self.text("docs/builders.md").split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      if line == "```swift" {
        open = []
      } else if line == "```", let lines = open {
        examples.append(lines.joined(separator: "\n"))
        open = nil
      } else {
        open?.append(line)
      }
    }
    #expect(examples.count >= 12)
    for example in examples {
      #expect(files.contains { $0.contains("\n\(example)\n") }, "\(example)")
    }
  }

  @Test func `the example of deciding runs`() throws {
    let directory = try TemporaryDirectory()
    let rules = PublishedRules.folder
    let log = directory.file("log")
    let enterprises = [Enterprise(id: "334628087", employees: 4)]
    let invoices = [
      Invoice(
        party: "334628087", currency: "EUR", payable: Money(minorUnits: 12_500),
        issued: Day(days: 18_640))
    ]
    var decided: [String] = []
    func print(_ subject: String, _ name: String) { decided.append("\(subject) \(name)") }
    let service = try DecisionService(
      library: DecisionLibrary(InvoiceProfile.ruleset, in: rules), log: log)
    try service.load(enterprises, as: InvoiceProfile.enterprise)
    for invoice in invoices {
      try service.decide(on: invoice, as: InvoiceProfile.invoice) { decision in
        print(decision.subject, decision.name)
      }
    }
    try service.close()
    #expect(decided == ["334628087 invoice_profile"])
  }

  @Test func `the message of the page is what is printed`() throws {
    let enterprise = InvoiceProfile.enterprise
    let person = InvoiceProfile.person
    let size = Rank("size", of: Size.self, by: enterprise.employees) {
      Size.small.below(person(50))
      Size.medium.below(250)
      Size.large.otherwise
    }
    let ruleset = Ruleset("sizes", version: 1) {
      person
      enterprise
      Scale(Size.self)
      size
    }
    let found = findings(ruleset)
    #expect(found.count == 1)
    var printed = DiagnosticRenderer(style: .plain).render(try #require(found.first))
    printed.removeLast()
    let page = try Self.text("docs/builders.md")
    #expect(page.contains("```\n\(printed)\n```\n"), "\(printed)")
  }
}
