import Testing

@Suite struct SupportVectorMachineModelTests {
  /// Vectors (1, 0) and (0, 2), with coefficients 1 and -0.5 and an absolute value of 0.25.
  func machine(_ kernel: String) -> String {
    PMMLText.document(
      ["a double", "b double", "y double"],
      """
      <SupportVectorMachineModel functionName="regression">\(PMMLText.schema(["a", "b"]))
      \(kernel)
      <VectorDictionary numberOfVectors="2"><VectorFields numberOfFields="2">\
      <FieldRef field="a"/><FieldRef field="b"/></VectorFields>
      <VectorInstance id="v"><Array n="2" type="real">1 0</Array></VectorInstance>
      <VectorInstance id="w"><REAL-SparseArray n="2"><Indices>2</Indices>\
      <REAL-Entries>2</REAL-Entries></REAL-SparseArray></VectorInstance></VectorDictionary>
      <SupportVectorMachine><SupportVectors numberOfSupportVectors="2" numberOfAttributes="2">\
      <SupportVector vectorId="v"/><SupportVector vectorId="w"/></SupportVectors>
      <Coefficients absoluteValue="0.25" numberOfCoefficients="2"><Coefficient value="1"/>\
      <Coefficient value="-0.5"/></Coefficients></SupportVectorMachine>
      </SupportVectorMachineModel>
      """)
  }

  // At (3, 1): products 3 and 2, squared distances 5 and 10.
  @Test(arguments: [
    ("<LinearKernelType/>", 2.25),
    (#"<PolynomialKernelType gamma="2" coef0="1" degree="2"/>"#, 36.75),
    (#"<RadialBasisKernelType gamma="0.5"/>"#, 0.32871602512435605),
    (#"<SigmoidKernelType gamma="0.1" coef0="0"/>"#, 0.4426249523391389),
  ])
  func `a kernel is what the specification says`(_ kernel: String, _ expected: Double) throws {
    let row = try PMMLText.score(machine(kernel), [["a": "3", "b": "1"]])[0]
    #expect(abs((row?["y"].flatMap { Double($0) } ?? .nan) - expected) < 1e-14)
  }

  /// Linear machines over one field; f = slope x a + offset.
  func classifier(_ attributes: String, _ machines: [(String, slope: Double, offset: Double)])
    -> String
  {
    let list = machines.map {
      """
      <SupportVectorMachine \($0.0)><Coefficients absoluteValue="\($0.offset)">\
      <Coefficient value="\($0.slope)"/></Coefficients></SupportVectorMachine>
      """
    }.joined()
    return PMMLText.document(
      ["a double", "y string r s t"],
      """
      <SupportVectorMachineModel functionName="classification" \
      svmRepresentation="Coefficients" \(attributes)>\(PMMLText.schema(["a"]))
      <LinearKernelType/><VectorDictionary><VectorFields><FieldRef field="a"/></VectorFields>\
      </VectorDictionary>\(list)</SupportVectorMachineModel>
      """)
  }

  func labels(_ text: String, _ values: [String]) throws -> [String?] {
    try PMMLText.score(text, values.map { ["a": $0] }).map { $0?["y"] }
  }

  @Test func `below the threshold the target category is chosen`() throws {
    let text = classifier(
      #"threshold="1""#,
      [(#"targetCategory="r" alternateTargetCategory="s""#, slope: 1, offset: 0)])
    #expect(try labels(text, ["0.99", "1", "2"]) == ["r", "s", "s"])
  }

  @Test func `one against all, the least value wins unless the greatest is asked for`() throws {
    let machines = [
      (#"targetCategory="r""#, slope: 1.0, offset: 0.0),
      (#"targetCategory="s""#, slope: 0, offset: 0.5),
      (#"targetCategory="t""#, slope: -1, offset: 0),
    ]
    #expect(try labels(classifier("", machines), ["-2", "0", "2"]) == ["r", "r", "t"])
    #expect(
      try labels(classifier(#"maxWins="true""#, machines), ["-2", "0", "2"]) == ["t", "s", "r"])
  }

  @Test func `one against one, the most votes win`() throws {
    let text = classifier(
      #"classificationMethod="OneAgainstOne""#,
      [
        (#"targetCategory="r" alternateTargetCategory="s""#, slope: 1, offset: 0),
        (#"targetCategory="r" alternateTargetCategory="t""#, slope: 1, offset: -1),
        (#"targetCategory="s" alternateTargetCategory="t""#, slope: 1, offset: -2),
      ])
    #expect(try labels(text, ["-1", "0.5", "1.5", "3"]) == ["r", "s", "s", "t"])
  }

  @Test func `faults are told with their codes`() {
    let text = machine("<LinearKernelType/>")
    #expect(PMMLText.faults(machine("")) == ["P3"])
    #expect(
      PMMLText.faults(text.replacing(#"vectorId="w""#, with: #"vectorId="x""#)).contains("P16"))
    #expect(
      PMMLText.faults(text.replacing(#"<Coefficient value="-0.5"/>"#, with: "")) == ["P13"])
    #expect(
      PMMLText.faults(
        text.replacing("<REAL-SparseArray n=\"2\">", with: "<REAL-SparseArray n=\"999999999999\">")
      )
      .contains("P13"))
  }
}
