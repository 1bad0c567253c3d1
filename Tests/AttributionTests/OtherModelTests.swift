import DataFields
import PMML
import Testing

@testable import Attribution

/// Scorecards, general regressions and naive Bayes models against scoring every coalition of their
/// fields and undoing the link.
@Suite struct OtherModelTests {
  private static let rows: [[ModelMatrix.Value]] = [
    [.number(1), .number(2), .text("a")], [.number(3), .number(-1), .text("b")],
    [.number(2.5), .number(0), .text("a")], [.number(0), .number(4), .text("c")],
    [.number(5), .number(0.5), .text("b")],
  ]

  private static let fields = """
    <MiningField name="x"/><MiningField name="y"/><MiningField name="k"/>
    """

  private static let target = "<MiningField name=\"target\" usageType=\"target\"/>"

  private func model(_ body: String) throws -> CompiledModel {
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
        <Header/>
        <DataDictionary>
          <DataField name="x" optype="continuous" dataType="double"/>
          <DataField name="y" optype="continuous" dataType="double"/>
          <DataField name="k" optype="categorical" dataType="string"/>
          <DataField name="target" optype="categorical" dataType="string">
            <Value value="no"/><Value value="yes"/>
          </DataField>
          <DataField name="amount" optype="continuous" dataType="double"/>
        </DataDictionary>
        \(body)
      </PMML>
      """
    return try CompiledModel(name: "test.pmml", bytes: Array(text.utf8))
  }

  private func matrix(_ rows: [[ModelMatrix.Value]]) -> ModelMatrix {
    var matrix = ModelMatrix(fields: [("x", .number), ("y", .number), ("k", .text)])
    for row in rows { matrix.append(row) }
    return matrix
  }

  /// Compares with the definition, and blocks with single rows.
  ///
  /// - Parameter inverse: undoes the link.
  private func check(
    _ body: String, _ result: ModelResult, rows: [[ModelMatrix.Value]] = rows,
    tolerance: Double = 1e-12, inverse: (Double) -> Double = { $0 }
  ) throws -> Attributor {
    let model = try model(body)
    let background = Array(rows.prefix(3))
    let attributor = try Attributor(model, result, background: matrix(background))
    #expect(attributor.method == "interventional, 3 rows, exact")
    let resolved = try #require(model.resolve(result))
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    let scorer = BlockScorer(model)
    let block = scorer.makeWorkspace()
    var blockRoom = attributor.makeBlockRoom()
    for (number, row) in rows.enumerated() {
      let worth = (0..<8).map { coalition in
        var sum = 0.0
        for other in background {
          model.set((0..<3).map { coalition >> $0 & 1 == 1 ? row[$0] : other[$0] }, &space)
          sum += model.score(&space) ? inverse(model.value(resolved, in: space)) : .nan
        }
        return sum / Double(background.count)
      }
      model.set(row, &space)
      _ = model.score(&space)
      let outcome = try #require(attributor.attribute(space, &room))
      let expected = BruteForce.shapley(worth, players: 3)
      for player in 0..<3 {
        #expect(
          abs(room.attributions[player] - expected[player]) <= tolerance, "\(row) \(player)")
      }
      #expect(abs(attributor.baseValue - worth[0]) <= tolerance)
      #expect(abs(outcome.rawScore - worth[7]) <= tolerance)
      #expect(abs(outcome.residual) <= 1e-12)
      scorer.clear(block)
      for (input, value) in row.enumerated() {
        if case .number(let number) = value {
          scorer.set(number: number, input: input, row: 0, in: block)
        } else if case .text(let text) = value {
          block.takeTexts(of: space)
          scorer.set(number: model.input(input, in: space), input: input, row: 0, in: block)
          #expect(!text.isEmpty)
        }
      }
      scorer.score(1, block)
      attributor.attribute(block, rowCount: 1, &blockRoom)
      #expect(blockRoom.outcomes[0] == outcome, "row \(number)")
      for player in 0..<3 {
        #expect(blockRoom.attributions[player * 64] == room.attributions[player])
      }
    }
    return attributor
  }

  private static let scorecard = """
    <Scorecard functionName="regression" initialScore="10" useReasonCodes="true"
        reasonCodeAlgorithm="pointsBelow">
      <MiningSchema><MiningField name="amount" usageType="target"/>\(fields)</MiningSchema>
      <Output><OutputField name="reason" feature="reasonCode" dataType="string"
        optype="categorical" rank="1"/></Output>
      <Characteristics>
        <Characteristic name="ofX" reasonCode="X" baselineScore="20">
          <Attribute partialScore="3"><SimplePredicate field="x" operator="lessThan" value="2"/>
          </Attribute>
          <Attribute partialScore="17.5"><True/></Attribute></Characteristic>
        <Characteristic name="ofXAgain" reasonCode="X2" baselineScore="4">
          <Attribute partialScore="1"><SimplePredicate field="x" operator="lessThan" value="4"/>
          </Attribute>
          <Attribute partialScore="-4"><True/></Attribute></Characteristic>
        <Characteristic name="ofK" reasonCode="K" baselineScore="9">
          <Attribute partialScore="8"><SimplePredicate field="k" operator="equal" value="a"/>
          </Attribute>
          <Attribute partialScore="2"><True/></Attribute></Characteristic>
      </Characteristics></Scorecard>
    """

  @Test func `a scorecard is attributed by its characteristics`() throws {
    let attributor = try check(Self.scorecard, .predictedValue)
    // 10, and on average over three rows (3 + 2 x 17.5) / 3, 1 and (2 x 8 + 2) / 3.
    #expect(abs(attributor.baseValue - (10 + 38.0 / 3 + 1 + 6)) <= 1e-12)
    #expect(attributor.link == nil)
  }

  private static func general(
    _ attributes: String, _ function: String = "regression", cells: String, matrix: String
  ) -> String {
    """
    <GeneralRegressionModel functionName="\(function)" \(attributes)>
      <MiningSchema>
        \(function == "regression" ? "<MiningField name=\"amount\" usageType=\"target\"/>" : target)
        \(fields)</MiningSchema>
      <ParameterList><Parameter name="p0"/><Parameter name="p1"/><Parameter name="p2"/>
        <Parameter name="p3"/></ParameterList>
      <FactorList><Predictor name="k"/></FactorList>
      <CovariateList><Predictor name="x"/><Predictor name="y"/></CovariateList>
      <PPMatrix>\(matrix)</PPMatrix><ParamMatrix>\(cells)</ParamMatrix>
    </GeneralRegressionModel>
    """
  }

  private static let matrix = """
    <PPCell value="2" predictorName="x" parameterName="p1"/>
    <PPCell value="b" predictorName="k" parameterName="p2"/>
    <PPCell value="1" predictorName="y" parameterName="p3"/>
    <PPCell value="b" predictorName="k" parameterName="p3"/>
    """

  private static func cells(_ category: String = "") -> String {
    """
    <PCell parameterName="p0" \(category) beta="-1"/><PCell parameterName="p1" \(category) beta="0.25"/>
    <PCell parameterName="p2" \(category) beta="0.75"/><PCell parameterName="p3" \(category) beta="-0.5"/>
    """
  }

  @Test func `a general regression is attributed by its linear predictor`() throws {
    let plain = try check(
      Self.general("modelType=\"generalLinear\"", cells: Self.cells(), matrix: Self.matrix),
      .predictedValue)
    #expect(plain.link == nil)
    let log = try check(
      Self.general(
        "modelType=\"generalizedLinear\" distribution=\"poisson\" linkFunction=\"log\"",
        cells: Self.cells(), matrix: Self.matrix),
      .predictedValue, inverse: { MathFunctions.ln($0) })
    #expect(log.link == "log")
    #expect(log.attributed == "predictedValue before log")
  }

  @Test(arguments: ["yes", "no"])
  func `of two classes the log-odds are attributed`(label: String) throws {
    let odds = { (p: Double) in MathFunctions.ln(p / (1 - p)) }
    let logistic = try check(
      Self.general(
        "modelType=\"multinomialLogistic\" targetReferenceCategory=\"no\"", "classification",
        cells: Self.cells("targetCategory=\"yes\""), matrix: Self.matrix),
      .probability(label), inverse: odds)
    #expect(logistic.link == "logit")
    let bayes = try check(
      Self.bayes, .probability(label), tolerance: 1e-11, inverse: odds)
    #expect(bayes.attributed == "log-odds of probability(\"\(label)\")")
  }

  private static let bayes = """
    <NaiveBayesModel functionName="classification" threshold="0.01">
      <MiningSchema>\(target)\(fields)</MiningSchema>
      <BayesInputs>
        <BayesInput fieldName="k">
          <PairCounts value="a"><TargetValueCounts><TargetValueCount value="yes" count="6"/>
            <TargetValueCount value="no" count="0"/></TargetValueCounts></PairCounts>
          <PairCounts value="b"><TargetValueCounts><TargetValueCount value="yes" count="2"/>
            <TargetValueCount value="no" count="20"/></TargetValueCounts></PairCounts>
        </BayesInput>
        <BayesInput fieldName="x"><TargetValueStats>
          <TargetValueStat value="yes"><GaussianDistribution mean="2" variance="4"/></TargetValueStat>
          <TargetValueStat value="no"><GaussianDistribution mean="3" variance="1"/></TargetValueStat>
        </TargetValueStats></BayesInput>
      </BayesInputs>
      <BayesOutput fieldName="target"><TargetValueCounts><TargetValueCount value="yes" count="10"/>
        <TargetValueCount value="no" count="30"/></TargetValueCounts></BayesOutput>
    </NaiveBayesModel>
    """

  @Test func `a missing value of a naive Bayes model says nothing`() throws {
    var rows = Self.rows
    rows[1][0] = .missing
    rows[4][2] = .missing
    _ = try check(
      Self.bayes, .probability("yes"), rows: rows, tolerance: 1e-11,
      inverse: { MathFunctions.ln($0 / (1 - $0)) })
  }

  @Test func `a missing value leaves a general regression without attributions`() throws {
    let model = try model(
      Self.general("modelType=\"generalLinear\"", cells: Self.cells(), matrix: Self.matrix))
    let attributor = try Attributor(model, .predictedValue, background: matrix(Self.rows))
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    model.set([.number(1), .number(2), .missing], &space)
    _ = model.score(&space)
    #expect(attributor.attribute(space, &room) == nil)
  }
}

/// Clusters: how much nearer the chosen one is than the next.
@Suite struct ClusterMarginTests {
  private func model(_ measure: String, kind: String = "distance") throws -> CompiledModel {
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
      <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="3">
      <MiningSchema><MiningField name="x"/><MiningField name="y"/></MiningSchema>
      <ComparisonMeasure kind="\(kind)"><\(measure)/></ComparisonMeasure>
      <ClusteringField field="x" fieldWeight="2"/><ClusteringField field="y"/>
      <Cluster id="near"><Array n="2" type="real">1 1</Array></Cluster>
      <Cluster id="far"><Array n="2" type="real">9 0</Array></Cluster>
      <Cluster id="other"><Array n="2" type="real">0 5</Array></Cluster>
      </ClusteringModel></PMML>
      """
    return try CompiledModel(name: "test.pmml", bytes: Array(text.utf8))
  }

  private func attribute(
    _ measure: String, _ x: Double, _ y: Double
  ) throws -> (Attributor.Outcome?, [Double]) {
    let model = try model(measure)
    let attributor = try Attributor(model, .predictedValue, background: nil)
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    model.clear(&space)
    model.set(number: x, input: 0, in: &space)
    model.set(number: y, input: 1, in: &space)
    _ = model.score(&space)
    return (attributor.attribute(space, &room), room.attributions)
  }

  @Test func `the difference of squared distances falls apart into fields`() throws {
    // At (2, 1): near 2 x 1 + 0, far 2 x 49 + 1, other 2 x 4 + 16: the next one is "other".
    let (outcome, values) = try attribute("squaredEuclidean", 2, 1)
    #expect(values == [2 * (4 - 1), 16 - 0])
    #expect(outcome?.rawScore == 22 && outcome?.residual == 0)
    // The squares of Euclidean distances are the same, but for the rounding of roots.
    let (root, same) = try attribute("euclidean", 2, 1)
    #expect(same == values)
    #expect(abs(try #require(root).residual) < 1e-12)
    let (blocks, sides) = try attribute("cityBlock", 2, 1)
    #expect(sides == [2 * (2 - 1), 4 - 0])
    #expect(blocks?.rawScore == 6)
  }

  @Test func `fields that are missing put nothing between clusters`() throws {
    let (outcome, values) = try attribute("squaredEuclidean", 2, .nan)
    // What is there counts twice: near 2 x 2, other 2 x 8.
    #expect(values == [2 * 2 * (4 - 1), 0])
    #expect(outcome?.rawScore == 12)
    #expect(try attribute("squaredEuclidean", .nan, .nan).0 == nil)
  }

  @Test func `measures that are no sums are refused`() throws {
    let model = try model("chebychev")
    #expect(throws: AttributionRefusal.self) {
      try Attributor(model, .predictedValue, background: nil)
    }
    guard case .unsupported(let reason) = model.signature.attribution else {
      Issue.record("supported")
      return
    }
    #expect(reason == "the comparison measure is not a sum over fields")
  }
}
