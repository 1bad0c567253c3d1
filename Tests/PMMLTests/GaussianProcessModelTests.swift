import Testing

@Suite struct GaussianProcessModelTests {
  func model(_ kernel: String, rows: [(String, String, String)]) -> String {
    let table = rows.map { "<row><x>\($0.0)</x><z>\($0.1)</z><y>\($0.2)</y></row>" }.joined()
    return PMMLText.document(
      ["x double", "z double", "y double"],
      """
      <GaussianProcessModel functionName="regression">\(PMMLText.schema(["x", "z"]))
      <Output><OutputField name="deviation" feature="standardDeviation"/>
      <OutputField name="error" feature="standardError"/></Output>\(kernel)
      <TrainingInstances isTransformed="false"><InstanceFields><InstanceField field="x"/>
      <InstanceField field="z"/><InstanceField field="y"/></InstanceFields>
      <InlineTable>\(table)</InlineTable></TrainingInstances></GaussianProcessModel>
      """)
  }

  static let rows = [("0", "1", "1"), ("1", "0.5", "2.5"), ("2", "-1", "-0.5"), ("3", "2", "3")]
  static let lambda = "<Lambda><Array n=\"2\" type=\"real\">1.5 0.7</Array></Lambda>"

  // By inverting the matrix of covariances.
  @Test(arguments: [
    (
      "<RadialBasisKernel gamma=\"2\" noiseVariance=\"0.1\" lambda=\"1.3\"/>",
      1.8613643400164914, 0.49197743786276804
    ),
    (
      "<ARDSquaredExponentialKernel gamma=\"2\" noiseVariance=\"0.1\">\(lambda)"
        + "</ARDSquaredExponentialKernel>", 2.0804162353841313, 0.5534343226083429
    ),
    (
      "<AbsoluteExponentialKernel gamma=\"2\" noiseVariance=\"0.1\">\(lambda)"
        + "</AbsoluteExponentialKernel>", 1.7678552337787692, 1.0281573238538373
    ),
    (
      "<GeneralizedExponentialKernel gamma=\"2\" noiseVariance=\"0.1\" degree=\"1.7\">\(lambda)"
        + "</GeneralizedExponentialKernel>", 2.073161302463534, 0.7814241697896536
    ),
  ])
  func `mean and deviation of the posterior`(
    _ kernel: String, _ mean: Double, _ deviation: Double
  ) throws {
    let text = model(kernel, rows: Self.rows)
    let results = try PMMLText.score(text, [["x": "0.5", "z": "0.5"], ["x": "0.5"]])
    #expect(abs((Double(results[0]?["y"] ?? "") ?? 0) - mean) < 1e-13)
    #expect(abs((Double(results[0]?["deviation"] ?? "") ?? 0) - deviation) < 1e-13)
    #expect(results[0]?["error"] == results[0]?["deviation"])
    #expect(results[1]?["y"] == "")
  }

  @Test func `what has no posterior is refused`() {
    let kernel = "<RadialBasisKernel noiseVariance=\"0\"/>"
    #expect(PMMLText.faults(model(kernel, rows: Self.rows)).isEmpty)
    // The same point twice without noise.
    let twice = [Self.rows[0], Self.rows[0]]
    #expect(PMMLText.faults(model(kernel, rows: twice)) == ["P27"])
    #expect(PMMLText.faults(model(kernel, rows: [("0", "zero", "1")])) == ["P4"])
    #expect(PMMLText.faults(model("", rows: Self.rows)) == ["P13"])
    #expect(
      PMMLText.faults(model("<RadialBasisKernel lambda=\"0\"/>", rows: Self.rows)) == ["P4"])
    let lengths =
      "<AbsoluteExponentialKernel><Lambda><Array>1 2 3</Array></Lambda></AbsoluteExponentialKernel>"
    #expect(PMMLText.faults(model(lengths, rows: Self.rows)) == ["P13"])
    let many = (0..<2_049).map { ("\($0)", "0", "0") }
    #expect(PMMLText.faults(model(kernel, rows: many)) == ["P13"])
  }
}
