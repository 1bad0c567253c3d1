import DataFields
import ReferenceData
import RuleLanguage
import SourceDiagnostics
import Testing

@Suite struct ExampleFileTests {
  private static let base = """
    unit person
    currency HUF
    input e from "es" {
      id    text        key
      size  int person  in 1 ... 1_000
      paid  decimal(2) HUF
      born  date        missing 2000-01-01
    }
    let per_head = e.paid / e.size
    scale Size: S < L
    rank size: Size by e.size {
      S below 50 person
      L otherwise
    }
    decision d: text hit first {
      rule rich reason A-1 when per_head >= 10 HUF/person then "rich, or so"
      rule large reason A-2 when size == L then "large"
      otherwise reason A-3 then "other"
    }

    """

  private static func compile(_ csv: String, sha256 digest: String? = nil) -> (
    program: Program?, diagnostics: [Diagnostic]
  ) {
    let digest = digest ?? Digest(of: Array(csv.utf8)).description
    return RuleText.compile(
      base + "examples from \"a.csv\" sha256 \"\(digest)\"\n", files: ["a.csv": csv])
  }

  private static let whole = """
    e.size,e.paid,per_head,size,d,by,as_of
    49,1_000.50,,S,"rich, or so",rich,2021-01-01
    50,1.00,,L,large,A-2,
    1,9.00,,,other,otherwise,
    50,,20/3,L,large,large,
    ,9.00,,refused,refused,,

    """

  @Test func `every row is a test, named by its line`() throws {
    let (program, diagnostics) = Self.compile(Self.whole)
    #expect(diagnostics.filter { $0.severity == .error }.isEmpty)
    var runner = ProgramRunner(try #require(program))
    #expect(runner.program.tests.map(\.name) == (2...6).map { "a.csv, line \($0)" })
    #expect(runner.program.tests[0].asOf == CalendarDate(year: 2021, month: 1, day: 1))
    #expect(runner.failures().isEmpty)
  }

  @Test(arguments: [
    ("S,\"rich, or so\",rich", "S,\"rich, or so\",large", "a.csv, line 2: d by another rule"),
    ("50,1.00,,L,large", "49,1.00,,L,large", "a.csv, line 3: size"),
    (",9.00,,refused", "2,9.00,,refused", "a.csv, line 6: size"),
  ])
  func `a row that does not hold fails`(_ old: String, _ new: String, _ failure: String) throws {
    let csv = Self.whole.replacing(old, with: new)
    var runner = ProgramRunner(try #require(Self.compile(csv).program))
    #expect(runner.failures().contains(failure))
  }

  /// `code line:column` of each error.
  private static func faults(_ csv: String) -> [String] {
    compile(csv).diagnostics.filter { $0.severity == .error }.map {
      "\($0.code) \($0.file)@\($0.position?.line ?? 0):\($0.position?.column ?? 0)"
    }
  }

  @Test(arguments: [
    ("e.size,sise\n1,S\n", ["N1 a.csv@1:8"]),
    ("e.size,e.size,size\n1,1,S\n", ["I3 a.csv@1:1"]),
    ("by,e.size,d\nlarge,1,other\n", ["N3 a.csv@1:1"]),
    ("e.size,e.paid\n1,2\n", ["X5 a.csv@1:1"]),
    ("e.size,size\nx,S\n1.5,S\n1,M\n", ["Y1 a.csv@2:1", "Y1 a.csv@3:1", "N1 a.csv@4:3"]),
    (
      "e.paid,size,d,by\n1.005,S,othr,otherwise\n",
      ["Y1 a.csv@2:1", "Y1 a.csv@2:9", "N3 a.csv@2:14"]
    ),
    ("e.size,d,by\n1,other,nobody\n", ["N1 a.csv@2:9"]),
    ("e.size,size,as_of\n1,S,someday\n", ["X4 a.csv@2:5"]),
    ("e.size,size\n1/0,S\n", ["Y1 a.csv@2:1"]),
    ("e.size,size\n1,S,3\n", ["I6 a.csv@2:1"]),
  ])
  func `a fault is reported at its cell`(_ csv: String, _ faults: [String]) {
    #expect(Self.faults(csv) == faults)
  }

  @Test func `the digest is checked, and asked for where it is left out`() {
    let wrong = String(repeating: "0", count: 64)
    #expect(Self.compile(Self.whole, sha256: wrong).diagnostics.map(\.code) == ["D2"])
    #expect(
      RuleText.compile(Self.base + "examples from \"a.csv\"", files: ["a.csv": Self.whole])
        .diagnostics.map(\.code) == ["D2"])
    #expect(
      RuleText.compile(Self.base + "examples from \"b.csv\"", files: ["a.csv": Self.whole])
        .diagnostics.map(\.code) == ["F1"])
  }
}
