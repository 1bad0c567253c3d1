import PMML
import RationaleTestSupport
import SourceDiagnostics
import Testing

@Suite struct RefusalTests {
  @Test func `every fault of a document is reported, with line and element path`() throws {
    let text = PMMLText.document(
      ["x double", "x double", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x", "nobody"]))
      <RegressionTable intercept="abc">
      <NumericPredictor name="xx" coefficient="1"/></RegressionTable></RegressionModel>
      """)
    let error = #expect(throws: DiagnosticsError.self) { try PMMLText.load(text) }
    let found = try #require(error).diagnostics
    #expect(found.map(\.code) == ["P10", "P4", "P16", "P16"])
    #expect(found[1].path == "/PMML/RegressionModel/RegressionTable")
    #expect(found[1].position?.line == 7)
    #expect(found[3].message.contains("`xx`"))
    #expect(found.allSatisfy { $0.position != nil && $0.path != nil && $0.file == "test.pmml" })
  }

  @Test(arguments: [
    ("BayesianModel", "P2"), ("QuantumModel", "P2"),
  ])
  func `a kind of model that is not scored is refused by name`(_ element: String, _ code: String)
    throws
  {
    let text = PMMLText.document(["x double"], "<\(element) functionName=\"regression\"/>")
    let error = #expect(throws: DiagnosticsError.self) { try PMMLText.load(text) }
    let first = try #require(error?.diagnostics.first)
    #expect(first.code == code)
    #expect(first.message.contains(element))
  }

  @Test func `a model that is not meant to score is refused`() {
    let text = PMMLText.document(
      ["x double", "y double"],
      """
      <RegressionModel functionName="regression" isScorable="false">\(PMMLText.schema(["x"]))
      <RegressionTable intercept="0"/></RegressionModel>
      """)
    #expect(PMMLText.faults(text) == ["P12"])
  }

  @Test(arguments: ["3_0", "3_2", "4_0", "4_1", "4_4"])
  func `namespaces from 3.0 on are read`(_ version: String) throws {
    let text = PMMLText.document(
      ["x double", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <RegressionTable intercept="5"/></RegressionModel>
      """)
    let other = text.replacing("PMML-4_4", with: "PMML-\(version)")
    #expect(try PMMLText.load(other).version == version.replacing("_", with: "."))
  }

  @Test func `a folder, an absent file and an empty file are clear errors`() throws {
    let folder = try TemporaryDirectory()
    let empty = try folder.write("empty.pmml", "")
    for path in [folder.path, folder.file("absent.pmml"), empty] {
      let error = #expect(throws: DiagnosticsError.self) { try CompiledModel(path: path) }
      #expect(error?.diagnostics.count == 1)
    }
  }

  @Test(.enabled(if: SharedData.isPresent))
  func `hostile documents are refused or scored as their list says`() throws {
    let folder = SharedData.path("pmml-corpus/hostile")
    let list = try ProjectFiles.lines(folder + "/expected.tsv").dropFirst()
    #expect(list.count > 60)
    for line in list where !line.isEmpty {
      let cells = line.split(separator: "\t").map(String.init)
      do {
        _ = try CompiledModel(path: folder + "/" + cells[0])
        #expect(cells[1] != "error", "\(cells[0]) must be refused")
      } catch {
        #expect(cells[1] != "value", "\(cells[0]) must score: \(error)")
        #expect(!error.diagnostics.isEmpty)
      }
    }
  }
}
