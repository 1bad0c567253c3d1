import RationaleTestSupport
import Testing

/// Dense models of random shapes: ``PMMLText/score(_:_:)`` compares blocks with rows, and the sums
/// that need no function of the library are those of a plain loop, bit for bit.
@Suite struct DenseBlockTests {
  /// Three blocks, the last of them in part, with some values missing or unknown.
  private static func rows(_ seed: UInt64, fields: Int, texts: [String] = []) -> [[String: String]]
  {
    var generator = SeededGenerator(seed: seed)
    return (0..<150).map { _ in
      var row: [String: String] = [:]
      for field in 0..<fields where Int.random(in: 0..<25, using: &generator) > 0 {
        row["x\(field)"] = String(Double.random(in: -3...3, using: &generator))
      }
      if Int.random(in: 0..<10, using: &generator) > 0 {
        row["c"] = texts.randomElement(using: &generator)
        row["i"] = String(Int.random(in: -3...9, using: &generator))
      }
      return row
    }
  }

  private static func numbers(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
    (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }
  }

  // MARK: Neural networks

  /// Layers of 9 and 5 neurons over 6 inputs; the third neuron of each takes from fewer.
  private static func network(
    _ activation: String, _ normalization: String
  ) -> (text: String, sum: @Sendable ([String: String]) -> Double?) {
    var generator = SeededGenerator(seed: 5)
    let (inputs, sizes) = (6, [9, 5, 1])
    var layers: [[(bias: Double, sources: [Int], weights: [Double])]] = []
    var first = 0
    var sourceCount = inputs
    for size in sizes {
      layers.append(
        (0..<size).map { neuron in
          let sources = (first..<first + sourceCount).filter { neuron != 2 || $0 % 2 == 0 }
          return (
            numbers(1, &generator)[0], sources, numbers(sources.count, &generator)
          )
        })
      first += sourceCount
      sourceCount = size
    }
    let inputTexts = (0..<inputs).map {
      "<NeuralInput id=\"\($0)\"><DerivedField optype=\"continuous\" dataType=\"double\">"
        + "<FieldRef field=\"x\($0)\"/></DerivedField></NeuralInput>"
    }.joined()
    var id = inputs
    let layerTexts = layers.enumerated().map { place, layer in
      let neurons = layer.map { neuron in
        defer { id += 1 }
        let connections = zip(neuron.sources, neuron.weights).map {
          "<Con from=\"\($0)\" weight=\"\($1)\"/>"
        }.joined()
        return "<Neuron id=\"\(id)\" bias=\"\(neuron.bias)\" width=\"2\">\(connections)</Neuron>"
      }.joined()
      let isLast = place == sizes.count - 1
      return "<NeuralLayer activationFunction=\"\(isLast ? "identity" : activation)\" "
        + "normalizationMethod=\"\(isLast ? "none" : normalization)\">\(neurons)</NeuralLayer>"
    }.joined()
    let text = PMMLText.document(
      (0..<inputs).map { "x\($0) double" } + ["y double"],
      """
      <NeuralNetwork functionName="regression" activationFunction="\(activation)">\
      \(PMMLText.schema((0..<inputs).map { "x\($0)" }))
      <NeuralInputs>\(inputTexts)</NeuralInputs>\(layerTexts)
      <NeuralOutputs><NeuralOutput outputNeuron="\(id - 1)"><DerivedField optype="continuous" \
      dataType="double"><FieldRef field="y"/></DerivedField></NeuralOutput></NeuralOutputs>
      </NeuralNetwork>
      """)
    let frozen = layers
    return (
      text,
      { row in
        var values: [Double] = []
        for input in 0..<inputs {
          guard let value = row["x\(input)"].flatMap({ Double($0) }) else { return nil }
          values.append(value)
        }
        for (place, layer) in frozen.enumerated() {
          values += layer.map { neuron in
            var sum = neuron.bias
            for (source, weight) in zip(neuron.sources, neuron.weights) {
              let product = weight * values[source]
              sum += product
            }
            return place < frozen.count - 1 && activation == "rectifier" ? max(0, sum) : sum
          }
        }
        return values.last
      }
    )
  }

  @Test(arguments: ["identity", "rectifier"])
  func `a network adds up in the order of its connections`(activation: String) throws {
    let (text, sum) = Self.network(activation, "none")
    let rows = Self.rows(1, fields: 6)
    let results = try PMMLText.score(text, rows).map { $0?["y"].flatMap { Double($0) } }
    #expect(results.contains { $0 != nil } && results.contains { $0 == nil })
    #expect(results == rows.map(sum))
  }

  @Test(arguments: [
    "logistic", "tanh", "exponential", "reciprocal", "square", "Gauss", "sine", "cosine", "Elliott",
    "arctan", "threshold", "radialBasis",
  ])
  func `every activation and normalisation is that of a row by itself`(activation: String) throws {
    for normalization in ["none", "softmax", "simplemax"] {
      let results = try PMMLText.score(
        Self.network(activation, normalization).text, Self.rows(2, fields: 6))
      let least = activation == "threshold" ? 2 : 20
      #expect(Set(results.map { $0?["y"] }).count > least, "\(normalization)")
    }
  }

  // MARK: Support vector machines

  @Test(arguments: [
    "<LinearKernelType/>", #"<PolynomialKernelType gamma="0.5" coef0="1" degree="3"/>"#,
    #"<RadialBasisKernelType gamma="0.1"/>"#, #"<SigmoidKernelType gamma="0.1" coef0="0.2"/>"#,
  ])
  func `machines over some of the vectors vote as they do row by row`(kernel: String) throws {
    var generator = SeededGenerator(seed: 8)
    let (fields, vectors) = (5, 75)
    let instances = (0..<vectors).map { vector in
      let entries = Self.numbers(fields, &generator).map { "\($0 * 3)" }.joined(separator: " ")
      return "<VectorInstance id=\"v\(vector)\"><Array n=\"\(fields)\" type=\"real\">"
        + "\(entries)</Array></VectorInstance>"
    }.joined()
    for isInOrder in [true, false] {
      let machines = [("r", "s"), ("r", "t"), ("s", "t")].enumerated().map { place, pair in
        var used = (0..<vectors).filter { ($0 / 7) % 3 != place }
        if !isInOrder { used.reverse() }
        let coefficients = Self.numbers(used.count, &generator).map {
          "<Coefficient value=\"\($0)\"/>"
        }.joined()
        return "<SupportVectorMachine targetCategory=\"\(pair.0)\" "
          + "alternateTargetCategory=\"\(pair.1)\"><SupportVectors>"
          + used.map { "<SupportVector vectorId=\"v\($0)\"/>" }.joined()
          + "</SupportVectors><Coefficients absoluteValue=\"0.1\">\(coefficients)</Coefficients>"
          + "</SupportVectorMachine>"
      }.joined()
      let text = PMMLText.document(
        (0..<fields).map { "x\($0) double" } + ["y string r s t"],
        """
        <SupportVectorMachineModel functionName="classification" \
        classificationMethod="OneAgainstOne">\
        \(PMMLText.schema((0..<fields).map { "x\($0)" }))\(kernel)
        <VectorDictionary><VectorFields>\
        \((0..<fields).map { "<FieldRef field=\"x\($0)\"/>" }.joined())</VectorFields>\
        \(instances)</VectorDictionary>\(machines)</SupportVectorMachineModel>
        """)
      let results = try PMMLText.score(text, Self.rows(3, fields: fields))
      #expect(Set(results.compactMap { $0?["y"] }).count > 2)
    }
  }

  // MARK: Clusters

  @Test(arguments: ["euclidean", "squaredEuclidean"], ["", #" fieldWeight="0.3""#])
  func `the nearest cluster of a block is that of each row`(
    measure: String, weight: String
  ) throws {
    var generator = SeededGenerator(seed: 9)
    let fields = 4
    let clusters = (0..<11).map { _ in
      let center = Self.numbers(fields, &generator).map { "\($0 * 3)" }.joined(separator: " ")
      return "<Cluster><Array n=\"\(fields)\" type=\"real\">\(center)</Array></Cluster>"
    }.joined()
    let outputs = (1...11).map {
      "<OutputField name=\"a\($0)\" optype=\"continuous\" dataType=\"double\" "
        + "feature=\"affinity\" value=\"\($0)\"/>"
    }.joined()
    let text = PMMLText.document(
      (0..<fields).map { "x\($0) double" },
      """
      <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="11">\
      \(PMMLText.schema((0..<fields).map { "x\($0)" }, target: nil))
      <Output>\(outputs)</Output>
      <ComparisonMeasure kind="distance"><\(measure)/></ComparisonMeasure>
      \((0..<fields).map { "<ClusteringField field=\"x\($0)\"\(weight)/>" }.joined())\(clusters)
      </ClusteringModel>
      """)
    let results = try PMMLText.score(text, Self.rows(4, fields: fields))
    #expect(Set(results.compactMap { $0?["predictedValue"] }).count > 5)
  }

  // MARK: Regressions

  /// Powers, interactions, categories of a text and of whole and other numbers, twice the same one.
  private static func table(_ category: String?, _ scale: Double) -> String {
    let target = category.map { " targetCategory=\"\($0)\"" } ?? ""
    let categories = [
      ("c", "u", 0.7), ("c", "w", -0.2), ("i", "2", 0.4), ("i", "-1", 0.1), ("i", "900000", 3),
      ("c", "v", 0.11), ("c", "v", 0.13), ("i", "5", -0.3), ("i", "6", 0.25),
    ].map {
      "<CategoricalPredictor name=\"\($0.0)\" value=\"\($0.1)\" coefficient=\"\($0.2 * scale)\"/>"
    }.joined()
    return """
      <RegressionTable intercept="\(0.3 * scale)"\(target)>
      <NumericPredictor name="x0" coefficient="\(0.9 * scale)"/>
      <NumericPredictor name="x1" coefficient="\(-0.37 * scale)"/>
      <NumericPredictor name="x2" exponent="2" coefficient="\(0.05 * scale)"/>
      <NumericPredictor name="x3" coefficient="\(0.21 * scale)"/>\(categories)
      <PredictorTerm coefficient="\(0.1 * scale)"><FieldRef field="x0"/><FieldRef field="x3"/>\
      </PredictorTerm></RegressionTable>
      """
  }

  private static func regression(
    _ normalization: String, _ y: String, classes: [String]
  ) -> String {
    let function = classes.isEmpty ? "regression" : "classification"
    let tables =
      classes.isEmpty
      ? table(nil, 1)
      : classes.enumerated().map { table($1, 1 - Double($0) * 0.7) }.joined()
    return PMMLText.document(
      (0..<4).map { "x\($0) double" } + ["c string u v w", "i integer", y],
      """
      <RegressionModel functionName="\(function)" normalizationMethod="\(normalization)">
      <MiningSchema>\((0..<4).map { "<MiningField name=\"x\($0)\"/>" }.joined())
      <MiningField name="c" invalidValueTreatment="asIs"/><MiningField name="i"/>
      <MiningField name="y" usageType="target"/></MiningSchema>\(tables)</RegressionModel>
      """)
  }

  @Test(arguments: [
    "none", "softmax", "logit", "exp", "simplemax", "cloglog", "loglog", "probit", "cauchit",
  ])
  func `a regression of a block is that of each row`(normalization: String) throws {
    let rows = Self.rows(6, fields: 4, texts: ["u", "v", "w", "never seen"])
    for (y, classes) in [
      ("y double", []), ("y string r s", ["r", "s"]), ("y string r s t", ["t", "r", "s"]),
      ("y string r s t", ["t", "r"]),
    ] {
      let isNumber = classes.isEmpty
      let results = try PMMLText.score(
        Self.regression(normalization, y, classes: classes), rows)
      #expect(Set(results.map { $0?["y"] }).count > (isNumber ? 100 : 1), "\(classes)")
    }
  }

  @Test func `a regression adds up in the order of its terms`() throws {
    let rows = Self.rows(7, fields: 4, texts: ["u", "v", "w", "never seen"])
    let results = try PMMLText.score(Self.regression("none", "y double", classes: []), rows)
    for (row, result) in zip(rows, results) {
      let x = (0..<4).compactMap { row["x\($0)"].flatMap { Double($0) } }
      guard x.count == 4 else {
        #expect(result?["y"] == "")
        continue
      }
      var sum = 0.3
      for product in [0.9 * x[0], -0.37 * x[1], 0.05 * (x[2] * x[2]), 0.21 * x[3]] {
        sum += product
      }
      for (name, value, coefficient) in [
        ("c", "u", 0.7), ("c", "w", -0.2), ("i", "2", 0.4), ("i", "-1", 0.1), ("c", "v", 0.11),
        ("c", "v", 0.13), ("i", "5", -0.3), ("i", "6", 0.25),
      ] where row[name] == value {
        sum += coefficient
      }
      sum += 0.1 * x[0] * x[3]
      #expect(result?["y"].flatMap { Double($0) } == sum)
    }
  }
}
