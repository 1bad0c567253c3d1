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

  /// By hand: a is N(3, 4), b about a and c about b with 4 more each.
  @Test(
    arguments: [
      (["a"], "b", ["a": "7.5"], 7.5), ([], "b", [:], 3), ([], "a", [:], 3),
      // b is N(3, 8), and c is seen through 4 more: 3 + 8 / 12 x 6.
      (["c"], "b", ["c": "9"], 7), (["c"], "b", [:], 3),
      // b is N(7.5, 4) beside a: 7.5 + 4 / 8 x 1.5.
      (["a", "c"], "b", ["a": "7.5", "c": "9"], 8.25), (["a", "c"], "b", ["c": "9"], 7),
      // a is seen through b and c: 3 + 4 / 12 x 6.
      (["c"], "a", ["c": "9"], 5), (["b", "c"], "a", ["b": "5", "c": "9"], 4),
      (["b", "c"], "a", ["c": "9"], 5), (["a", "b"], "c", ["a": "2"], 2),
      (["a", "b"], "c", ["b": "6", "a": "2"], 6), (["a", "b"], "c", [:], 3),
    ] as [([String], String, [String: String], Double)])
  func `normal nodes that were not observed are integrated out`(
    _ active: [String], _ target: String, _ row: [String: String], _ expected: Double
  ) throws {
    let text = Self.chain(active, target: target)
    let value = try #require(
      try PMMLText.score(text, [row])[0]?[target].flatMap { Double($0) })
    #expect(abs(value - expected) < 1e-14 * expected)
  }

  /// A class, a height that nobody measures, and what is read off: 2 h - 3, give or take 1.
  static func hidden(
    target: String, function: String, reading: String? = nil, height: String? = nil
  ) -> String {
    func normal(_ mean: String, _ variance: Double) -> String {
      "<ContinuousDistribution><NormalDistributionForBN><Mean>\(mean)</Mean><Variance>"
        + "<Constant dataType=\"double\">\(variance)</Constant></Variance>"
        + "</NormalDistributionForBN></ContinuousDistribution>"
    }
    func constant(_ number: Double) -> String {
      "<Constant dataType=\"double\">\(number)</Constant>"
    }
    let heights = [("a", 10.0, 4.0), ("b", 20, 9)].map { label, mean, variance in
      "<ContinuousConditionalProbability><ParentValue parent=\"y\" value=\"\(label)\"/>"
        + normal(constant(mean), variance) + "</ContinuousConditionalProbability>"
    }.joined()
    let mean =
      "<Apply function=\"-\"><FieldRef field=\"twice\"/>\(constant(3))</Apply>"
    return PMMLText.document(
      ["y string a b", "h double", "o double"],
      """
      <BayesianNetworkModel functionName="\(function)">
      \(PMMLText.schema(["y", "o"].filter { $0 != target }, target: target))
      \(function == "classification"
        ? "<Output><OutputField name=\"pa\" feature=\"probability\" value=\"a\"/></Output>" : "")
      <BayesianNetworkNodes>\(table("y", [([:], ["a": 0.3, "b": 0.7])]))
      <ContinuousNode name="o"><DerivedField name="twice" optype="continuous" dataType="double">
      <Apply function="*">\(constant(2))<FieldRef field="h"/></Apply></DerivedField>
      \(reading ?? normal(mean, 1))</ContinuousNode>
      <ContinuousNode name="h">\(height ?? heights)</ContinuousNode>
      </BayesianNetworkNodes></BayesianNetworkModel>
      """)
  }

  /// By the formulas for normal distributions, and by a sum over 200,000 heights.
  @Test func `a hidden height tells classes apart, and is told from what is read off`() throws {
    let classes = try PMMLText.score(
      Self.hidden(target: "y", function: "classification"), [["o": "30"], [:], ["o": "1000"]])
    let share = try #require(Double(classes[0]?["pa"] ?? ""))
    #expect(abs(share - 0.008435193523512394) < 1e-16)
    #expect(classes[0]?["y"] == "b")
    #expect(classes[1]?["pa"] == "0.3")
    // Densities too small for a number: only their ratio counts.
    #expect(classes[2]?["y"] == "b")
    let heights = try PMMLText.score(
      Self.hidden(target: "h", function: "regression"), [["o": "30"], [:], ["y": "a"]])
    let height = try #require(Double(heights[0]?["h"] ?? ""))
    #expect(abs(height - 16.590571449829802) < 1e-13)
    #expect(heights[1]?["h"] == "17.0")
    #expect(heights[2]?["h"] == "10.0")
  }

  @Test func `what would need other integrals is refused`() throws {
    func faults(
      _ reading: String? = nil, height: String? = nil, target: String = "y"
    ) -> [String] {
      PMMLText.faults(
        Self.hidden(
          target: target, function: target == "y" ? "classification" : "regression",
          reading: reading, height: height))
    }
    func normal(_ mean: String, _ variance: String) -> String {
      "<ContinuousDistribution><NormalDistributionForBN><Mean>\(mean)</Mean><Variance>\(variance)"
        + "</Variance></NormalDistributionForBN></ContinuousDistribution>"
    }
    let one = "<Constant dataType=\"double\">1</Constant>"
    let field = "<FieldRef field=\"h\"/>"
    #expect(faults() == [])
    #expect(faults(normal(field, one)) == [])
    #expect(faults(normal("<Apply function=\"exp\">\(field)</Apply>", one)) == ["P9"])
    #expect(faults(normal(one, field)) == ["P9"])
    let uniform =
      "<ContinuousDistribution><UniformDistributionForBN><Lower>\(one)</Lower><Upper>"
      + "<Constant dataType=\"double\">5</Constant></Upper></UniformDistributionForBN>"
      + "</ContinuousDistribution>"
    #expect(faults(height: uniform) == ["P9"])
    // Without anything observed its mean is enough: 2 x 3 - 3.
    let forward = Self.hidden(target: "o", function: "regression", height: uniform)
    #expect(try PMMLText.score(forward, [[:]])[0]?["o"] == "3.0")
    let circle = Self.chain(["c"], target: "b").replacing(
      "<Mean><Constant dataType=\"double\">3</Constant></Mean>",
      with: "<Mean><FieldRef field=\"b\"/></Mean>")
    #expect(PMMLText.faults(circle) == ["P15"])
    // A derived field that rests on itself ends nothing.
    let endless = Self.hidden(target: "y", function: "classification").replacing(
      "<FieldRef field=\"h\"/>",
      with: "<Apply function=\"+\"><FieldRef field=\"h\"/>"
        + "<FieldRef field=\"twice\"/></Apply>")
    #expect(PMMLText.faults(endless).contains("P9"))
    // One that is rounded is no sum.
    let rounded = Self.hidden(target: "y", function: "classification").replacing(
      "name=\"twice\" optype=\"continuous\" dataType=\"double\"",
      with: "name=\"twice\" optype=\"continuous\" dataType=\"integer\"")
    #expect(PMMLText.faults(rounded) == ["P9"])
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
