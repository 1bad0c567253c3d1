import Testing

/// Expected values are sums over the whole joint distribution, term by term.
@Suite struct BayesianNetworkModelTests {
  static func table(_ node: String, _ rows: [([String: String], [String: Double])]) -> String {
    let text = rows.map { parents, values in
      let parts =
        parents.sorted { $0.key < $1.key }.map {
          "<ParentValue parent=\"\($0.key)\" value=\"\($0.value)\"/>"
        }
        + values.sorted { $0.key < $1.key }.map {
          "<ValueProbability value=\"\($0.key)\" probability=\"\($0.value)\"/>"
        }
      return parents.isEmpty
        ? parts.joined()
        : "<DiscreteConditionalProbability>\(parts.joined())</DiscreteConditionalProbability>"
    }.joined()
    return "<DiscreteNode name=\"\(node)\">\(text)</DiscreteNode>"
  }

  /// Season, rain and sprinkler, wet grass, and a height that rests on the grass.
  static func network(
    target: String, function: String = "classification", height: String = "NormalDistributionForBN",
    scale: Double = 1, extra: String = ""
  ) -> String {
    let names = ["S", "R", "K", "W", "h"]
    let heights = [("lo", 10.0, 4.0), ("hi", 20.0, 9.0)].map { value, mean, variance in
      """
      <ContinuousConditionalProbability><ParentValue parent="W" value="\(value)"/>\
      <ContinuousDistribution><\(height)><Mean><Constant>\(mean * scale)</Constant></Mean>\
      <Variance><Constant>\(variance * scale)</Constant></Variance></\(height)>\
      </ContinuousDistribution></ContinuousConditionalProbability>
      """
    }.joined()
    return PMMLText.document(
      ["S string dry wet", "R string n y", "K string off on", "W string lo hi", "h double"],
      """
      <BayesianNetworkModel functionName="\(function)">
      \(PMMLText.schema(names.filter { $0 != target }, target: target))
      <Output>\(function == "classification" ? "<OutputField name=\"py\" feature=\"probability\" "
        + "value=\"y\"/>" : "<OutputField name=\"copy\" feature=\"predictedValue\"/>")</Output>
      <BayesianNetworkNodes>
      \(table("S", [([:], ["dry": 0.6, "wet": 0.4])]))
      \(table("R", [(["S": "dry"], ["n": 0.9, "y": 0.1]), (["S": "wet"], ["n": 0.35, "y": 0.65])]))
      \(table("K", [(["S": "dry"], ["off": 0.4, "on": 0.6]), (["S": "wet"], ["off": 0.8, "on": 0.2])]))
      \(table("W", [
        (["R": "n", "K": "off"], ["lo": 0.97, "hi": 0.03]),
        (["R": "n", "K": "on"], ["lo": 0.2, "hi": 0.8]),
        (["R": "y", "K": "off"], ["lo": 0.15, "hi": 0.85]),
        (["R": "y", "K": "on"], ["lo": 0.05, "hi": 0.95]),
      ]))
      <ContinuousNode name="h">\(heights)</ContinuousNode>\(extra)
      </BayesianNetworkNodes></BayesianNetworkModel>
      """)
  }

  @Test(
    arguments: [
      ([:], 0.32), (["W": "hi"], 0.4907032014539354),
      (["W": "hi", "K": "on"], 0.22891566265060237), (["h": "16"], 0.4789675871834562),
      (["S": "wet", "h": "12.5"], 0.2940537442030405),
    ] as [([String: String], Double)])
  func `what is not observed is summed out`(_ row: [String: String], _ expected: Double) throws {
    let result = try PMMLText.score(Self.network(target: "R"), [row])[0]
    let probability = try #require(Double(result?["py"] ?? ""))
    #expect(abs(probability - expected) < 1e-14)
    #expect(result?["R"] == (expected > 0.5 ? "y" : "n"))
  }

  @Test(arguments: [
    ("NormalDistributionForBN", 1.0, [15.7224, 18.775, 11.12]),
    ("LognormalDistributionForBN", 0.1, [8.05152874147818, 10.575488569153752, 4.246158659943074]),
  ])
  func `a continuous target is its mean`(
    _ distribution: String, _ scale: Double, _ expected: [Double]
  ) throws {
    let text = Self.network(
      target: "h", function: "regression", height: distribution, scale: scale)
    let rows = try PMMLText.score(text, [[:], ["R": "y"], ["K": "off", "S": "dry"]])
    for (row, wanted) in zip(rows, expected) {
      let value = try #require(Double(row?["h"] ?? ""))
      #expect(abs(value - wanted) < 1e-13 * wanted)
    }
  }

  @Test func `triangular and uniform densities; a derived field as parent`() throws {
    let text = PMMLText.document(
      ["y string a b", "x double", "z double"],
      """
      <BayesianNetworkModel functionName="classification">\(PMMLText.schema(["x", "z"]))
      <Output><OutputField name="pa" feature="probability" value="a"/></Output>
      <BayesianNetworkNodes><DiscreteNode name="y">
      <DerivedField name="large" optype="categorical" dataType="boolean">
      <Apply function="greaterThan"><FieldRef field="z"/><Constant>5</Constant></Apply></DerivedField>
      <DiscreteConditionalProbability><ParentValue parent="large" value="false"/>
      <ValueProbability value="a" probability="0.3"/><ValueProbability value="b" probability="0.7"/>
      </DiscreteConditionalProbability>
      <DiscreteConditionalProbability><ParentValue parent="large" value="true"/>
      <ValueProbability value="a" probability="1"/></DiscreteConditionalProbability></DiscreteNode>
      <ContinuousNode name="x">
      <ContinuousConditionalProbability><ParentValue parent="y" value="a"/><ContinuousDistribution>
      <TriangularDistributionForBN><Mean><Constant>3</Constant></Mean><Lower><Constant>0</Constant>
      </Lower><Upper><Constant>6</Constant></Upper></TriangularDistributionForBN>
      </ContinuousDistribution></ContinuousConditionalProbability>
      <ContinuousConditionalProbability><ParentValue parent="y" value="b"/><ContinuousDistribution>
      <UniformDistributionForBN><Lower><Constant>1</Constant></Lower><Upper><Constant>9</Constant>
      </Upper></UniformDistributionForBN></ContinuousDistribution>
      </ContinuousConditionalProbability></ContinuousNode>
      </BayesianNetworkNodes></BayesianNetworkModel>
      """)
    let rows = try PMMLText.score(
      text,
      [
        ["z": "1", "x": "2"], ["z": "1", "x": "6.5"], ["z": "9", "x": "2"], ["x": "2"],
        ["z": "1", "x": "99"],
      ])
    // Triangle at 2: 2 x 2 / (6 x 3); uniform: 1/8.
    #expect(abs((Double(rows[0]?["pa"] ?? "") ?? 0) - 0.4324324324324324) < 1e-15)
    #expect(rows[1]?["pa"] == "0.0")
    #expect(rows[2]?["y"] == "a")
    // The derived field has no distribution, and nothing can give 99.
    #expect(rows[3]?["y"] == "")
    #expect(rows[4]?["y"] == "")
  }

  /// Three heights, each about the one before.
  static func chain(_ active: [String], target: String) -> String {
    let nodes = [("a", nil), ("b", "a"), ("c", "b")].map { name, parent in
      let mean =
        parent.map { "<FieldRef field=\"\($0)\"/>" } ?? "<Constant dataType=\"double\">3</Constant>"
      return "<ContinuousNode name=\"\(name)\"><ContinuousDistribution><NormalDistributionForBN>"
        + "<Mean>\(mean)</Mean><Variance><Constant dataType=\"double\">4</Constant></Variance>"
        + "</NormalDistributionForBN></ContinuousDistribution></ContinuousNode>"
    }
    return PMMLText.document(
      ["a double", "b double", "c double"],
      "<BayesianNetworkModel functionName=\"regression\">"
        + PMMLText.schema(active, target: target)
        + "<BayesianNetworkNodes>\(nodes.joined())</BayesianNetworkNodes></BayesianNetworkModel>")
  }

  @Test func `what would need integrals is refused`() throws {
    let text = Self.chain(["a"], target: "b")
    #expect(try PMMLText.score(text, [["a": "7.5"]])[0]?["b"] == "7.5")
    #expect(PMMLText.faults(Self.chain(["a", "c"], target: "b")) == ["P9"])
    #expect(PMMLText.faults(Self.chain([], target: "b")) == ["P9"])
    #expect(PMMLText.faults(Self.chain([], target: "a")).isEmpty)
  }

  @Test func `circles, unequal conditions, foreign values and huge tables are refused`() {
    let network = Self.network(target: "R")
    #expect(PMMLText.faults(network).isEmpty)
    for (part, other, code) in [
      ("parent=\"K\" value=\"on\"", "parent=\"K\" value=\"ON\"", "P16"),
      ("<ParentValue parent=\"K\" value=\"on\"/>", "", "P13"),
      ("parent=\"K\" value=\"on\"", "parent=\"K\" value=\"off\"", "P10"),
      ("parent=\"S\"", "parent=\"W\"", "P16"), ("probability=\"0.6\"", "probability=\"6\"", "P4"),
      ("parent=\"W\" value=\"lo\"", "parent=\"h\" value=\"lo\"", "P21"),
    ] {
      #expect(PMMLText.faults(network.replacing(part, with: other)).contains(code), "\(other)")
    }
    let circle = network.replacing("parent=\"S\" value=\"dry\"", with: "parent=\"W\" value=\"lo\"")
      .replacing("parent=\"S\" value=\"wet\"", with: "parent=\"W\" value=\"hi\"")
    #expect(PMMLText.faults(circle) == ["P15"])
    let many = (0..<24).map { "<ParentValue parent=\"n\($0)\" value=\"a\"/>" }.joined()
    let nodes = (0..<24).map {
      Self.table("n\($0)", [([:], ["a": 0.5, "b": 0.5])])
    }.joined()
    let wide = Self.network(
      target: "R",
      extra: nodes + "<DiscreteNode name=\"wide\"><DiscreteConditionalProbability>\(many)"
        + "<ValueProbability value=\"a\" probability=\"1\"/></DiscreteConditionalProbability>"
        + "</DiscreteNode>")
    #expect(PMMLText.faults(wide) == ["P13"])
  }
}
