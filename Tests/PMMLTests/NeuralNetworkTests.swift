import Testing

@Suite struct NeuralNetworkTests {
  /// Two inputs, one neuron with weights 2 and -1 and a bias of 0.5, and an output of its own.
  func network(
    _ attributes: String, layer: String = "", neuron: String = #"bias="0.5""#,
    output: String = #"<FieldRef field="y"/>"#
  ) -> String {
    PMMLText.document(
      ["a double", "b double", "y double"],
      """
      <NeuralNetwork functionName="regression" \(attributes)>\(PMMLText.schema(["a", "b"]))
      <NeuralInputs>
      <NeuralInput id="0"><DerivedField optype="continuous" dataType="double">\
      <FieldRef field="a"/></DerivedField></NeuralInput>
      <NeuralInput id="1"><DerivedField optype="continuous" dataType="double">\
      <FieldRef field="b"/></DerivedField></NeuralInput>
      </NeuralInputs>
      <NeuralLayer \(layer)><Neuron id="2" \(neuron)><Con from="0" weight="2"/>\
      <Con from="1" weight="-1"/></Neuron></NeuralLayer>
      <NeuralOutputs><NeuralOutput outputNeuron="2"><DerivedField optype="continuous" \
      dataType="double">\(output)</DerivedField></NeuralOutput></NeuralOutputs>
      </NeuralNetwork>
      """)
  }

  func predict(_ text: String, a: String = "1", b: String = "3") throws -> Double? {
    try PMMLText.score(text, [["a": a, "b": b]])[0]?["y"].flatMap { Double($0) }
  }

  // Z = 2 x 1 - 3 + 0.5 = -0.5; the values were worked out apart, to 15 digits.
  @Test(arguments: [
    ("identity", -0.5), ("logistic", 0.377540668798145), ("tanh", -0.462117157260010),
    ("exponential", 0.606530659712633), ("reciprocal", -2), ("square", 0.25),
    ("Gauss", 0.778800783071405), ("sine", -0.479425538604203), ("cosine", 0.877582561890373),
    ("Elliott", -0.333333333333333), ("arctan", -0.295167235300867), ("rectifier", 0),
  ])
  func `an activation is what the specification says`(_ name: String, _ expected: Double) throws {
    let value = try #require(try predict(network(#"activationFunction="\#(name)""#)))
    #expect(abs(value - expected) < 1e-14)
  }

  @Test func `a threshold is met by what is greater`() throws {
    let text = network(#"activationFunction="threshold" threshold="-0.5""#)
    #expect(try predict(text) == 0)
    #expect(try predict(text, b: "2.999") == 1)
    // A layer's own threshold stands before the network's.
    let own = network(
      #"activationFunction="threshold" threshold="-0.5""#, layer: #"threshold="-1""#)
    #expect(try predict(own) == 1)
  }

  @Test func `a radial basis counts its connections and its altitude`() throws {
    // Z = ((2 - 1)^2 + (-1 - 3)^2) / (2 x 2^2) = 17/8; exp(2 ln 3 - 17/8).
    let text = network(
      #"activationFunction="radialBasis""#, neuron: #"width="2" altitude="3""#)
    let value = try #require(try predict(text))
    #expect(abs(value - 1.0748967144004768) < 1e-14)
  }

  @Test func `an output is the inverse of its normalisation, beyond the points too`() throws {
    let norm = """
      <NormContinuous field="y"><LinearNorm orig="10" norm="0"/><LinearNorm orig="20" norm="1"/>\
      <LinearNorm orig="40" norm="2"/></NormContinuous>
      """
    let text = network(#"activationFunction="identity""#, neuron: "", output: norm)
    #expect(try predict(text, a: "0.5", b: "0.5") == 15)
    #expect(try predict(text, a: "1", b: "0.5") == 30)
    #expect(try predict(text, a: "0", b: "1") == 0)
    #expect(try predict(text, a: "2", b: "1") == 60)
  }

  @Test func `a classifier's last layer is normalised into probabilities`() throws {
    func classifier(_ method: String) -> String {
      PMMLText.document(
        ["a double", "y string no yes"],
        """
        <NeuralNetwork functionName="classification" activationFunction="identity">
        \(PMMLText.schema(["a"]))
        <Output><OutputField name="p" feature="probability" value="yes"/></Output>
        <NeuralInputs><NeuralInput id="i"><DerivedField optype="continuous" dataType="double">\
        <FieldRef field="a"/></DerivedField></NeuralInput></NeuralInputs>
        <NeuralLayer normalizationMethod="\(method)"><Neuron id="n"><Con from="i" weight="1"/>\
        </Neuron><Neuron id="m"><Con from="i" weight="3"/></Neuron></NeuralLayer>
        <NeuralOutputs><NeuralOutput outputNeuron="n"><DerivedField optype="categorical" \
        dataType="string"><NormDiscrete field="y" value="no"/></DerivedField></NeuralOutput>
        <NeuralOutput outputNeuron="m"><DerivedField optype="categorical" dataType="string">\
        <NormDiscrete field="y" value="yes"/></DerivedField></NeuralOutput></NeuralOutputs>
        </NeuralNetwork>
        """)
    }
    let soft = try PMMLText.score(classifier("softmax"), [["a": "1"]])[0]
    #expect(soft?["y"] == "yes")
    // 1 / (1 + exp(1 - 3))
    #expect(abs((soft?["p"].flatMap { Double($0) } ?? 0) - 0.880797077977882) < 1e-14)
    #expect(try PMMLText.score(classifier("simplemax"), [["a": "1"]])[0]?["p"] == "0.75")
  }

  @Test func `without one of its inputs a network gives no result`() throws {
    let row = try PMMLText.score(network(#"activationFunction="identity""#), [["a": "1"]])[0]
    #expect(row?["y"] == "")
  }

  @Test func `unknown and recurrent connections are refused`() {
    let text = network(#"activationFunction="identity""#)
    #expect(
      PMMLText.faults(text.replacing(#"<Con from="0""#, with: #"<Con from="9""#)) == ["P16"])
    #expect(PMMLText.faults(text.replacing(#"<Con from="0""#, with: #"<Con from="2""#)) == ["P9"])
    #expect(
      PMMLText.faults(text.replacing(#"NeuralInput id="1""#, with: #"NeuralInput id="0""#))
        .contains("P10"))
    #expect(
      PMMLText.faults(network(#"activationFunction="radialBasis""#, neuron: "")) == ["P3"])
  }
}
