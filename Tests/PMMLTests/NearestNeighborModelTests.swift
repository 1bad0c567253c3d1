import Testing

@Suite struct NearestNeighborModelTests {
  /// Instances at 0, 1, 3 and 7.
  func model(
    _ attributes: String, targets: [String] = ["y"], transformed: Bool = true,
    measure: String = "<euclidean/>", transformations: String = "", input: String = "a"
  ) -> String {
    let targetFields = targets.map { #"<MiningField name="\#($0)" usageType="target"/>"# }.joined()
    let columns = (["a", "y", "c"] + (transformed && input != "a" ? [input] : []))
      .map { #"<InstanceField field="\#($0)" column="\#($0)"/>"# }.joined()
    let rows = [("0", "10", "k"), ("1", "20", "l"), ("3", "60", "l"), ("7", "90", "k")].map {
      "<row><a>\($0.0)</a><y>\($0.1)</y><c>\($0.2)</c></row>"
    }.joined()
    return PMMLText.document(
      ["a double", "y double", "c string k l"], transformations: transformations,
      """
      <NearestNeighborModel functionName="mixed" \(attributes)>
      <MiningSchema><MiningField name="a"/>\(targetFields)</MiningSchema>
      <Output><OutputField name="first" feature="entityId"/>\
      <OutputField name="third" feature="entityId" rank="3"/>\
      <OutputField name="near" feature="affinity" rank="2"/></Output>
      <TrainingInstances isTransformed="\(transformed)"><InstanceFields>\(columns)</InstanceFields>
      <InlineTable>\(rows)</InlineTable></TrainingInstances>
      <ComparisonMeasure kind="distance">\(measure)</ComparisonMeasure>
      <KNNInputs><KNNInput field="\(input)"/></KNNInputs></NearestNeighborModel>
      """)
  }

  // At 2: the instances at 1 and 3 are 1 away, that at 0 is 2 away; the earlier of two goes first.
  @Test(arguments: [
    ("average", 30.0), ("median", 20.0),
    ("weightedAverage", 33.07692307692308),
  ])
  func `a number is worked out of the nearest`(_ method: String, _ expected: Double) throws {
    let text = model(
      #"numberOfNeighbors="3" threshold="0.5" continuousScoringMethod="\#(method)""#)
    let row = try #require(try PMMLText.score(text, [["a": "2"]])[0])
    #expect(abs((row["y"].flatMap { Double($0) } ?? .nan) - expected) < 1e-13)
    #expect(row["first"] == "2")
    #expect(row["third"] == "1")
    #expect(row["near"] == "1.0")
  }

  @Test func `each of several targets is predicted`() throws {
    let text = model(#"numberOfNeighbors="3""#, targets: ["y", "c"])
    let rows = try PMMLText.score(text, [["a": "2"], ["a": "100"]])
    #expect(rows[0]?["y"] == "30.0")
    #expect(rows[0]?["c"] == "l")
    #expect(rows[1]?["c"] == "l")
  }

  @Test func `votes are counted or weighed; a tie goes to the more frequent, then by text`() throws
  {
    let majority = model(#"numberOfNeighbors="2""#, targets: ["c"])
    // Both neighbours of 0.4 differ, both categories have two instances: the lower text wins.
    #expect(try PMMLText.score(majority, [["a": "0.6"]])[0]?["c"] == "k")
    let weighed = model(
      #"numberOfNeighbors="2" categoricalScoringMethod="weightedMajorityVote""#, targets: ["c"])
    #expect(try PMMLText.score(weighed, [["a": "0.6"]])[0]?["c"] == "l")
  }

  @Test func `instances are transformed as rows are`() throws {
    let square = """
      <TransformationDictionary><DerivedField name="s" optype="continuous" dataType="double">\
      <Apply function="*"><FieldRef field="a"/><FieldRef field="a"/></Apply></DerivedField>\
      </TransformationDictionary>
      """
    let text = model(
      #"numberOfNeighbors="1""#, transformed: false, transformations: square, input: "s")
    // 2.1^2 = 4.41 is nearer to 1 than to 9; 2.1 itself would be nearer to 3.
    #expect(try PMMLText.score(text, [["a": "2.1"]])[0]?["y"] == "20.0")
  }

  @Test func `faults are told with their codes`() {
    #expect(PMMLText.faults(model(#"numberOfNeighbors="0""#)) == ["P4"])
    #expect(PMMLText.faults(model("")).contains("P3"))
    #expect(
      PMMLText.faults(
        model(#"numberOfNeighbors="1""#).replacing(
          #"<KNNInput field="a"/>"#, with: #"<KNNInput field="z"/>"#)) == ["P16"])
  }
}
