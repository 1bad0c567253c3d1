import RuleLanguage
import SourceDiagnostics
import Testing

/// Edits that findings propose: made, they remove the finding and leave nothing worse.
@Suite struct FixItTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var code: String
    var text: String
    /// A part of the mended text.
    var mended: String
    var testDescription: String { name }
  }

  private static let firm = """
    unit person
    currency HUF
    input firm from "firms" {
      id         text        key
      employees  int person  in 1 ... 1_000
      open       bool
    }
    scale Size: S < M < L
    rank size: Size by firm.employees {
      S below  50 person
      M below 250 person
      L otherwise
    }

    """
  private static let model = """
    model m from "m.pmml" sha256 "\(RuleText.modelDigest)" {

    """
  static let cases = [
    Case(
      name: "a field's name", code: "N1", text: "let half = firm.employes / 2",
      mended: "firm.employees / 2"),
    Case(
      name: "a value's name", code: "N1", text: "let limit = 10\nlet half = limt / 2",
      mended: "half = limit / 2"),
    Case(
      name: "a unit", code: "N1", text: "let few = firm.employees < 10 persn",
      mended: "< 10 person"),
    Case(
      name: "a scale", code: "N1",
      text: """
        rank crowd: Sise by firm.employees {
          S below  50 person
          M below 250 person
          L otherwise
        }
        """, mended: "crowd: Size by"),
    Case(name: "a level", code: "N1", text: "let few = size < m", mended: "size < M"),
    Case(
      name: "a function", code: "N1",
      text: """
        event order from "orders" by firm = firm.id {
          firm  text
          at    date  time
        }
        let orders = cont(order) over all time
        """, mended: "count(order)"),
    Case(name: "a declaration's word", code: "X5", text: "lett few = 10", mended: "let few = 10"),
    Case(
      name: "a type", code: "X5",
      text: "input other from \"o\" {\n  id  txt  key\n}", mended: "id  text  key"),
    Case(
      name: "a clause of a field", code: "X5",
      text: "input other from \"o\" {\n  id  text  colunm \"ID\" key\n}", mended: "column \"ID\""),
    Case(
      name: "an outcome", code: "Y1",
      text: """
        decision offer: text hit first {
          rule large reason A-1 when size == L then "call"
          otherwise reason A-2 then "mail"
        }
        let is_called = offer == "cal"
        """, mended: "offer == \"call\""),
    Case(
      name: "a model's field", code: "D3",
      text: model + "  feed SISE = firm.employees as float\n}", mended: "feed SIZE ="),
    Case(
      name: "a model's result", code: "D3",
      text: model + "  feed SIZE = firm.employees as float\n  score p = probabilty(\"1\")\n}",
      mended: "probability(\"1\")"),
    Case(
      name: "a unit in a comparison", code: "Y2", text: "let few = firm.employees < 10",
      mended: "< 10 person"),
    Case(
      name: "a unit in a sum", code: "Y2", text: "let more = 1_000 + firm.employees",
      mended: "1_000 person + firm"),
    Case(
      name: "a unit of a cut point", code: "Y2",
      text: """
        rank crowd: Size by firm.employees {
          S below 50
          M below 250 person
          L otherwise
        }
        """, mended: "S below 50 person"),
    Case(
      name: "a compound unit", code: "Y2",
      text: """
        let wages = 1_000_000 HUF / firm.employees
        let low = wages < 500
        """, mended: "< 500 HUF/person"),
    Case(
      name: "a unit in a test", code: "Y2",
      text: "test \"t\" { given firm.employees = 10 HUF expect size = S }", mended: ""),
    Case(
      name: "scales that line up", code: "Y3",
      text: """
        scale Age: New < Grown < Old   // by years
        rank age: Age by firm.employees {
          New   below 10 person
          Grown below 20 person
          Old   otherwise
        }
        let in_step = size == age
        """, mended: "Old   // by years\nalign Size with Age\nrank age"),
    Case(
      name: "scales of different length", code: "Y3",
      text: """
        scale Age: New < Old
        rank age: Age by firm.employees {
          New below 10 person
          Old otherwise
        }
        let in_step = size == age
        """, mended: ""),
    Case(
      name: "a list without its digest", code: "D2",
      text: "let is_blocked = firm.id in list \"blocked.csv\"", mended: "\"blocked.csv\" sha256 \""),
    Case(
      name: "a list with another digest", code: "D2",
      text: "let is_blocked = firm.id in list \"blocked.csv\" sha256 \"\(RuleText.modelDigest)\"",
      mended: "\"blocked.csv\" sha256 \""),
    Case(
      name: "a gap in a table", code: "G1",
      text: """
        decision offer: text hit unique {
          table
            size | firm.open || reason | then
            S    | *         || A-1    | "mail"   // the small
            M    | true      || A-2    | "mail"
            L    | *         || TBD-1  | "call"
        }
        """, mended: "\"call\"\n    M | false || TBD-2 | \"TO BE DECIDED\"\n}"),
    Case(
      name: "a gap between rules", code: "G2",
      text: """
        decision offer: text hit unique {
          rule gap_1 reason A-1
            when size == S
            then "mail"
          rule large reason A-2
            when size == L
            then "call"
        }
        """, mended: "when size == M then \"TO BE DECIDED\"\n}"),
  ]

  @Test(arguments: cases)
  func `made, an edit removes its finding`(_ item: Case) throws {
    let files = ["blocked.csv": "id\n4711\n"]
    let text = RuleText.header + Self.firm + item.text
    let before = RuleText.compile(text, files: files, withHeader: false).diagnostics
    let found = before.filter { $0.code == item.code }
    guard !item.mended.isEmpty else {
      #expect(!found.isEmpty && found.allSatisfy(\.fixIts.isEmpty))
      return
    }
    let finding = try #require(found.first { !$0.fixIts.isEmpty })
    let edit = try #require(finding.fixIts.first)
    #expect(finding.fixIts.count == 1)
    #expect(edit.location != nil)
    #expect(edit.isDraft == item.code.hasPrefix("G"))
    let (bytes, count) = Diagnostic.FixIt.apply([edit], to: Array(text.utf8), named: "r.rules")
    #expect(count == 1)
    let mended = String(decoding: bytes, as: UTF8.self)
    #expect(mended.contains(item.mended), "\(mended)")
    let after = RuleText.compile(mended, files: files, withHeader: false).diagnostics
    #expect(!after.contains { $0.code == item.code && $0.message == finding.message })
    let errors = { (found: [Diagnostic]) in found.count { $0.severity == .error } }
    #expect(errors(after) < errors(before), "\(after.map(\.message))")
  }
}
