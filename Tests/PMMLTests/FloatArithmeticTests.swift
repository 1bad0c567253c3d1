import PMML
import Testing

/// Each rounding of `x-mathContext="float"`, by its bits. The expected ones were computed in single
/// precision by numpy, step by step as `docs/float.md` lists them; each differs from what another
/// order, double precision, or one exponential less exact would give.
@Suite struct FloatArithmeticTests {
  static func tree(_ less: String, _ otherwise: String, threshold: String = "0.1") -> String {
    """
    <TreeModel functionName="regression" x-mathContext="float">\(PMMLText.schema(["x"], target: nil))
    <Node><True/>
    <Node score="\(less)"><SimplePredicate field="x" operator="lessThan" value="\(threshold)"/></Node>
    <Node score="\(otherwise)"><True/></Node></Node></TreeModel>
    """
  }

  static let ensemble: String = {
    let trees = [
      tree("-0.1464019", "0.2822099"), tree("-0.3986472", "-0.3530418"),
      tree("0.07414917", "-0.2221513"),
    ].map { "<Segment><True/>\($0)</Segment>" }.joined()
    return PMMLText.document(
      ["x double", "y string 0 1"],
      """
      <MiningModel functionName="classification" x-mathContext="float">\(PMMLText.schema(["x"]))
      <Segmentation multipleModelMethod="modelChain"><Segment id="1"><True/>
      <MiningModel functionName="regression" x-mathContext="float">
      \(PMMLText.schema(["x"], target: nil))
      <Output><OutputField name="margin" feature="predictedValue" optype="continuous" dataType="float"/>
      </Output><Targets><Target rescaleConstant="-2.9713603"/></Targets>
      <Segmentation multipleModelMethod="sum">\(trees)</Segmentation></MiningModel></Segment>
      <Segment id="2"><True/>
      <RegressionModel functionName="classification" normalizationMethod="logit" x-mathContext="float">
      <MiningSchema><MiningField name="y" usageType="target"/><MiningField name="margin"/></MiningSchema>
      <Output>
      <OutputField name="p1" feature="probability" value="1" optype="continuous" dataType="float"/>
      <OutputField name="p0" feature="probability" value="0" optype="continuous" dataType="float"/>
      </Output>
      <RegressionTable intercept="0" targetCategory="1"><NumericPredictor name="margin" coefficient="1"/>
      </RegressionTable><RegressionTable intercept="0" targetCategory="0"/></RegressionModel>
      </Segment></Segmentation></MiningModel>
      """)
  }()

  func bits(_ text: String?) -> UInt32? { text.flatMap { Float($0) }?.bitPattern }

  @Test(arguments: [
    ("0", 0xC05C_4DFD as UInt32, 0x3CFD_F4CE as UInt32, 0x3F78_105A as UInt32),
    ("1", 0xC050_EB00, 0x3D16_CB35, 0x3F76_934D),
    // As a double less than the threshold 0.1f; rounded, the same.
    ("0.1", 0xC050_EB00, 0x3D16_CB35, 0x3F76_934D),
  ])
  func `sums, the constant and the link are single precision`(
    x: String, margin: UInt32, one: UInt32, zero: UInt32
  ) throws {
    let row = try #require(try PMMLText.score(Self.ensemble, [["x": x]])[0])
    #expect(bits(row["margin"]) == margin)
    #expect(bits(row["p1"]) == one)
    #expect(bits(row["p0"]) == zero)
  }

  @Test func `a score is rounded once, from its text`() throws {
    // Just above the middle of two floats, which is what it is as a double.
    let text = PMMLText.document(
      ["x double", "y double"], Self.tree("1.00000005960464477539062501", "0"))
    let row = try #require(try PMMLText.score(text, [["x": "0"]])[0])
    #expect(bits(row.values.first) == 0x3F80_0001)
  }

  @Test func `a threshold is rounded once, from its text`() throws {
    let text = PMMLText.document(
      ["x double", "y double"],
      Self.tree("1", "0", threshold: "1.00000005960464477539062501"))
    // 1 < 1.0000001f; rounded twice the threshold would be 1.
    #expect(try PMMLText.score(text, [["x": "1"]])[0]?.values.first == "1.0")
  }
}
