import Testing

@Suite struct MiningModelTests {
  /// Segments that give x, 2x and 4, the last where x is not missing and below 5.
  func combined(_ method: String, _ attributes: String = "") -> String {
    func segment(_ id: Int, _ weight: Int, _ predicate: String, _ table: String) -> String {
      """
      <Segment id="\(id)" weight="\(weight)">\(predicate)
      <RegressionModel functionName="regression">\(PMMLText.schema(["x", "z"]))\(table)
      </RegressionModel></Segment>
      """
    }
    let below = #"<SimplePredicate field="x" operator="lessThan" value="5"/>"#
    return PMMLText.document(
      ["x double", "z double", "y double"],
      """
      <MiningModel functionName="regression">\(PMMLText.schema(["x", "z"]))
      <Segmentation multipleModelMethod="\(method)" \(attributes)>
      \(segment(1, 1, "<True/>",
        #"<RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable>"#))
      \(segment(2, 2, "<True/>",
        #"<RegressionTable intercept="0"><NumericPredictor name="z" coefficient="2"/></RegressionTable>"#))
      \(segment(3, 5, below, #"<RegressionTable intercept="4"/>"#))
      </Segmentation></MiningModel>
      """)
  }

  @Test(arguments: [
    ("sum", "13.0"), ("average", (13.0 / 3).description), ("max", "6.0"), ("median", "4.0"),
    ("weightedAverage", (35.0 / 8).description), ("weightedSum", "35.0"),
    ("weightedMedian", "4.0"), ("selectFirst", "3.0"), ("modelChain", "4.0"),
  ])
  func `segments are combined by the method`(_ method: String, _ expected: String) throws {
    // x = 3: segments 3, 6 (z = 3) and 4, with weights 1, 2 and 5.
    let row = try PMMLText.score(combined(method), [["x": "3", "z": "3"]])[0]
    #expect(row?["y"] == expected)
  }

  @Test func `a segment whose predicate does not hold stays out of the divisor`() throws {
    let row = try PMMLText.score(combined("average"), [["x": "6", "z": "3"]])[0]
    #expect(row?["y"] == "6.0")
  }

  @Test(arguments: [
    ("", ""), (#"missingPredictionTreatment="returnMissing""#, ""),
    (#"missingPredictionTreatment="skipSegment""#, "3.5"),
    // Segment 2 has 2 of 8 parts of the weight.
    (#"missingPredictionTreatment="skipSegment" missingThreshold="0.25""#, "3.5"),
    (#"missingPredictionTreatment="skipSegment" missingThreshold="0.2""#, ""),
  ])
  func `a missing prediction is treated as the document says`(
    _ attributes: String, _ expected: String
  ) throws {
    let row = try PMMLText.score(combined("average", attributes), [["x": "3"]])[0]
    #expect(row?["y"] == expected)
  }

  @Test func `votes are counted by class, and ties go to the first class of the target`() throws {
    func vote(_ label: String) -> String {
      """
      <Segment><True/><TreeModel functionName="classification">\(PMMLText.schema(["x"]))
      <Node score="\(label)"><True/></Node></TreeModel></Segment>
      """
    }
    func text(_ labels: [String]) -> String {
      PMMLText.document(
        ["x double", "y string a b d"],
        """
        <MiningModel functionName="classification">\(PMMLText.schema(["x"]))
        <Output><OutputField name="pb" feature="probability" value="b"/></Output>
        <Segmentation multipleModelMethod="majorityVote">\(labels.map(vote).joined())
        </Segmentation></MiningModel>
        """)
    }
    let clear = try PMMLText.score(text(["b", "d", "b", "a"]), [["x": "1"]])[0]
    #expect(clear?["y"] == "b")
    #expect(clear?["pb"] == "0.5")
    #expect(try PMMLText.score(text(["d", "b"]), [["x": "1"]])[0]?["y"] == "b")
  }

  @Test func `a later segment of a chain uses the outputs of an earlier one, never the reverse`()
    throws
  {
    func chain(_ first: String, _ second: String) -> String {
      PMMLText.document(
        ["x double", "y double"],
        """
        <MiningModel functionName="regression">\(PMMLText.schema(["x"]))
        <Segmentation multipleModelMethod="modelChain">\(first)\(second)</Segmentation>
        </MiningModel>
        """)
    }
    let doubling = """
      <Segment><True/><RegressionModel functionName="regression">\(PMMLText.schema(["x"], target: nil))
      <Output><OutputField name="twice" feature="predictedValue"/></Output>
      <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="2"/></RegressionTable>
      </RegressionModel></Segment>
      """
    let adding = """
      <Segment><True/><RegressionModel functionName="regression">\(PMMLText.schema(["twice"]))
      <RegressionTable intercept="1"><NumericPredictor name="twice" coefficient="1"/>
      </RegressionTable></RegressionModel></Segment>
      """
    let row = try PMMLText.score(chain(doubling, adding), [["x": "4"]])[0]
    #expect(row?["y"] == "9.0")
    #expect(row?["twice"] == "8.0")
    #expect(PMMLText.faults(chain(adding, doubling)).contains("P16"))
  }
}

@Suite struct MiningListTests {
  static func segment(_ intercept: String, _ predicate: String = "<True/>") -> String {
    """
    <Segment>\(predicate)<RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
    <RegressionTable intercept="\(intercept)"><NumericPredictor name="x" coefficient="1"/>\
    </RegressionTable></RegressionModel></Segment>
    """
  }

  @Test func `selectAll gives the predictions of all segments that apply, as a JSON array`() throws
  {
    let text = PMMLText.document(
      ["x double", "c string k l", "y double"],
      """
      <MiningModel functionName="regression">\(PMMLText.schema(["x", "c"]))
      <Segmentation multipleModelMethod="selectAll">\(Self.segment("0.5"))
      \(Self.segment("-2", "<SimplePredicate field=\"c\" operator=\"equal\" value=\"k\"/>"))
      </Segmentation></MiningModel>
      """)
    let rows = try PMMLText.score(
      text, [["x": "1", "c": "k"], ["x": "1", "c": "l"], ["c": "k"]])
    #expect(rows.map { $0?["y"] } == ["[1.5, -1.0]", "[1.5]", "[null, null]"])
  }

  /// Three clusterings of a line, whose clusters have the same ids.
  @Test(arguments: [
    ("majorityVote", "2", "near"), ("weightedMajorityVote", "2", "far"),
    ("selectFirst", "2", "near"), ("modelChain", "2", "far"), ("majorityVote", "9", "far"),
  ])
  func `clusters are chosen or voted for`(
    _ method: String, _ x: String, _ expected: String
  ) throws {
    let segments = [(1, 5.0), (1, 6.0), (3, 1.0)].map { weight, far in
      "<Segment weight=\"\(weight)\"><True/><ClusteringModel functionName=\"clustering\" "
        + "modelClass=\"centerBased\" numberOfClusters=\"2\">"
        + PMMLText.schema(["x"], target: nil)
        + "<ComparisonMeasure kind=\"distance\"><euclidean/></ComparisonMeasure>"
        + "<ClusteringField field=\"x\"/><Cluster id=\"near\"><Array>0</Array></Cluster>"
        + "<Cluster id=\"far\"><Array>\(far)</Array></Cluster></ClusteringModel></Segment>"
    }
    let text = PMMLText.document(
      ["x double"],
      "<MiningModel functionName=\"clustering\">" + PMMLText.schema(["x"], target: nil)
        + "<Output><OutputField name=\"id\" feature=\"entityId\"/></Output>"
        + "<Segmentation multipleModelMethod=\"\(method)\">\(segments.joined())</Segmentation>"
        + "</MiningModel>")
    let row = try PMMLText.score(text, [["x": x]])[0]
    #expect(row?["predictedValue"] == expected)
    #expect(row?["id"] == expected)
    #expect(PMMLText.faults(text.replacing("\"\(method)\"", with: "\"average\"")).contains("P9"))
  }
}
