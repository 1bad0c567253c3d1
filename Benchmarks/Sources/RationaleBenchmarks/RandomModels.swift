/// PMML models and rows that are drawn from a fixed seed, over fields `x0`, `x1` ....
enum RandomModels {
  static let fieldCount = 10

  /// Marsaglia's xorshift of 64 bits: the same numbers in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }

    /// Between -2 and 2, with two digits after the point.
    mutating func number() -> Double { Double(Int.random(in: -200...200, using: &self)) / 100 }
  }

  static func rows(count: Int) -> String {
    var generator = Generator()
    var text = (0..<fieldCount).map { "x\($0)" }.joined(separator: ",") + "\n"
    for _ in 0..<count {
      text += (0..<fieldCount).map { _ in "\(generator.number())" }.joined(separator: ",") + "\n"
    }
    return text
  }

  private static func document(_ model: String) -> String {
    let fields = (0..<fieldCount).map {
      "<DataField name=\"x\($0)\" optype=\"continuous\" dataType=\"double\"/>"
    }.joined()
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>\(fields)\
      <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
      \(model)
      </PMML>
      """
  }

  private static var schema: String {
    "<MiningSchema>" + (0..<fieldCount).map { "<MiningField name=\"x\($0)\"/>" }.joined()
      + "<MiningField name=\"y\" usageType=\"target\"/></MiningSchema>"
  }

  /// Complete binary trees whose predictions are added up.
  static func forest(trees: Int, depth: Int) -> String {
    var generator = Generator()
    func node(_ level: Int, _ predicate: String) -> String {
      if level == depth { return "<Node score=\"\(generator.number())\">\(predicate)</Node>" }
      let field = "x\(Int.random(in: 0..<fieldCount, using: &generator))"
      let value = generator.number()
      let children = ["lessThan", "greaterOrEqual"].map {
        node(
          level + 1, "<SimplePredicate field=\"\(field)\" operator=\"\($0)\" value=\"\(value)\"/>")
      }
      return "<Node>\(predicate)\(children.joined())</Node>"
    }
    let segments = (0..<trees).map { _ in
      "<Segment><True/><TreeModel functionName=\"regression\" splitCharacteristic=\"binarySplit\">"
        + "\(schema)\(node(0, "<True/>"))</TreeModel></Segment>\n"
    }.joined()
    return document(
      "<MiningModel functionName=\"regression\">\(schema)"
        + "<Segmentation multipleModelMethod=\"sum\">\(segments)</Segmentation></MiningModel>")
  }

  /// Layers that each take all of the layer before, and one neuron that gives the result.
  static func network(layers: [Int]) -> String {
    var generator = Generator()
    let inputs = (0..<fieldCount).map {
      "<NeuralInput id=\"0,\($0)\"><DerivedField optype=\"continuous\" dataType=\"double\">"
        + "<FieldRef field=\"x\($0)\"/></DerivedField></NeuralInput>"
    }.joined()
    var before = fieldCount
    var text = ""
    for (place, count) in (layers + [1]).enumerated() {
      let neurons = (0..<count).map { neuron in
        let connections = (0..<before).map {
          "<Con from=\"\(place),\($0)\" weight=\"\(generator.number() / 4)\"/>"
        }.joined()
        return "<Neuron id=\"\(place + 1),\(neuron)\" bias=\"\(generator.number())\">"
          + "\(connections)</Neuron>"
      }.joined()
      let activation = place == layers.count ? "identity" : "rectifier"
      text += "<NeuralLayer activationFunction=\"\(activation)\">\(neurons)</NeuralLayer>\n"
      before = count
    }
    return document(
      """
      <NeuralNetwork functionName="regression" activationFunction="rectifier">\(schema)
      <NeuralInputs>\(inputs)</NeuralInputs>
      \(text)<NeuralOutputs><NeuralOutput outputNeuron="\(layers.count + 1),0">\
      <DerivedField optype="continuous" dataType="double"><FieldRef field="y"/></DerivedField>\
      </NeuralOutput></NeuralOutputs></NeuralNetwork>
      """)
  }
}
