import Decisions
import RuleLanguage
import Testing

/// Which cells of a table the tests of a ruleset reach.
@Suite struct TableCoverageTests {
  private static let rules = """
    ruleset fees version 1 {
      owner "Tests"
    }
    input e from "s" {
      id text key
      n  int in 0 ... 100
      k  text
    }
    decision fee: text hit first {
      table
        e.n        | e.k      || then | reason
        < 10       | "a", "b" || "x"  | F-1
        10 ..< 20  | *        || "y"  | F-2
        *          | "c"      || "z"  | F-3
      otherwise reason F-4 then "none"
    }

    """

  private func cells(_ tests: String) throws -> (reached: [String], missed: [String]) {
    let library = try DecisionLibrary(
      rules: ["f.rules"], files: RuleFilesInMemory(texts: ["f.rules": Self.rules + tests]))
    let coverage = RulesetTests(library).run().coverage
    return (coverage.cellsReached, coverage.cellsMissed)
  }

  @Test func `without tests no cell is reached, and a star is none`() throws {
    let cells = try cells("")
    #expect(cells.reached == [])
    #expect(
      cells.missed == ["fee.row 1, e.n", "fee.row 1, e.k", "fee.row 2, e.n", "fee.row 3, e.k"])
  }

  @Test func `a cell is reached by a test that it lets through and one that it keeps out`() throws {
    let cells = try cells(
      """
      test table "two" {
        e.n | e.k || fee
        5   | "a" || "x"
        15  | "a" || "y"
      }
      """)
    #expect(cells.reached == ["fee.row 1, e.n", "fee.row 2, e.n"])
    #expect(cells.missed == ["fee.row 1, e.k", "fee.row 3, e.k"])
  }

  @Test func `where a decision is refused no cell was tried`() throws {
    let cells = try cells(
      """
      test "missing" {
        given e.n = 5
        expect fee = refused
      }
      test "one" {
        given e.n = 5, e.k = "a"
        expect fee = "x"
      }
      """)
    #expect(cells.reached == [])
  }
}
