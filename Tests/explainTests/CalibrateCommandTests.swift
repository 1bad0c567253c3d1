import RationaleTestSupport
import Testing

/// `explain calibrate`, and what `explain score --attributions` makes of its file.
@Suite struct CalibrateCommandTests {
  private static let model = """
    <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
    <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
    <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
    <TreeModel functionName="regression"><MiningSchema><MiningField name="x"/>
    <MiningField name="y"/></MiningSchema><Node score="0"><True/>
    <Node score="0"><SimplePredicate field="x" operator="lessThan" value="5"/>
    <Node score="10"><SimplePredicate field="y" operator="lessThan" value="2"/></Node>
    <Node score="20"><SimplePredicate field="y" operator="greaterOrEqual" value="2"/></Node></Node>
    <Node score="0"><SimplePredicate field="x" operator="greaterOrEqual" value="5"/></Node>
    </Node></TreeModel></PMML>
    """

  private let directory: TemporaryDirectory
  private let model: String
  private let background: String
  private let rows: String

  init() throws {
    directory = try TemporaryDirectory()
    model = try directory.write("tree.pmml", Self.model)
    background = try directory.write("background.csv", "x,y\n1,1\n1,3\n1,3\n9,1\n")
    rows = try directory.write("rows.csv", "x,y\n1,1\n")
  }

  /// The numbers of the one row that is scored.
  private func numbers(_ options: [String]) throws -> [Double] {
    let run = try CommandLineRun(["score", model, "--input", rows, "--attributions"] + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    return try #require(lines.last).split(separator: ",").map { try #require(Double($0)) }
  }

  private func expect(_ found: [Double], _ expected: [Double]) {
    #expect(found.count == expected.count)
    for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-12, "\(found)") }
  }

  @Test func `rows are counted at the nodes that they pass`() throws {
    let run = try CommandLineRun(["calibrate", model, "--background", background])
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines[0].joined(separator: ",") == "tree,node,recordCount,model,background,rows")
    #expect(
      lines.dropFirst().map { $0[..<3].joined(separator: " ") } == [
        "0 0 4", "0 1 3", "0 2 1", "0 3 2", "0 4 1",
      ])
    #expect(lines[1].last == "4")
  }

  @Test func `attributions are averaged by the counts`() throws {
    let covers = "\(directory.path)/covers.csv"
    let made = try CommandLineRun([
      "calibrate", model, "--background", background, "--output", covers,
    ])
    #expect(made.exitCode == 0)
    // Without fields (10 + 2 x 20) / 4; with x known 50/3, with y known 3/4 x 10, with both 10.
    let x = ((50.0 / 3 - 12.5) + (10 - 7.5)) / 2
    let y = ((7.5 - 12.5) + (10 - 50.0 / 3)) / 2
    expect(try numbers(["--covers", covers]), [10, 12.5, x, y, 0])
    let both = 10 - 50.0 / 3 - 7.5 + 12.5
    expect(try numbers(["--covers", covers, "--interactions"]), [10, 12.5, x, y, both, 0])
  }

  @Test func `uniform branches are named as such`() throws {
    // Without fields 7.5; with x known 15, with y known 5, with both 10.
    expect(try numbers(["--covers", "uniform"]), [10, 7.5, 6.25, -3.75, 0])
    let run = try CommandLineRun([
      "score", model, "--input", rows, "--attributions", "--covers", "uniform",
    ])
    #expect(run.errors.contains("path-dependent over uniform branches"))
  }

  @Test func `covers of another model are refused, and so are faulty ones`() throws {
    let covers = "\(directory.path)/covers.csv"
    _ = try CommandLineRun(["calibrate", model, "--background", background, "--output", covers])
    let other = try directory.write(
      "other.pmml", Self.model.replacing("score=\"20\"", with: "score=\"21\""))
    let run = try CommandLineRun([
      "score", other, "--input", rows, "--attributions", "--covers", covers,
    ])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("was counted for another model"))
    let faulty = try directory.write(
      "faulty.csv", "tree,node,recordCount,model,background,rows\n0,0,4,m,b,4\n0,2,-1,,,\n")
    let refused = try CommandLineRun([
      "score", model, "--input", rows, "--attributions", "--covers", faulty,
    ])
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("faulty.csv:3"), "\(refused.errors)")
  }

  @Test func `without counts, rows or covers there is a reason`() throws {
    let run = try CommandLineRun(["score", model, "--input", rows, "--attributions"])
    #expect(run.exitCode == 1)
    #expect(run.errors.contains("nodes have no recordCount"))
    let both = try CommandLineRun([
      "score", model, "--input", rows, "--attributions", "--covers", "uniform", "--background",
      background,
    ])
    #expect(both.exitCode == 64)
  }
}
