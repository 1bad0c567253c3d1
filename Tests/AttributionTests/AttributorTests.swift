import DataFields
import PMML
import Testing

@testable import Attribution

/// Attribution of whole PMML models against scoring every coalition of their fields.
@Suite struct AttributorTests {
  private static let rows: [[ModelMatrix.Value]] = [
    [.number(1), .number(2), .text("a")], [.number(3), .number(-1), .text("b")],
    [.number(2.5), .missing, .text("a")], [.number(0), .number(4), .text("c")],
    [.number(5), .number(0.5), .text("b")],
  ]
  private static let complete = rows.filter { !$0.contains(.missing) }

  private func matrix(_ rows: [[ModelMatrix.Value]]) -> ModelMatrix {
    var matrix = ModelMatrix(fields: [("x", .number), ("y", .number), ("k", .text)])
    for row in rows { matrix.append(row) }
    return matrix
  }

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

  private static let fields = """
    <MiningField name="x"/><MiningField name="y"/><MiningField name="k"/>
    """

  private static func tree(_ low: Double, _ high: Double, field: String, counts: Bool = false)
    -> String
  {
    func count(_ number: Int) -> String { counts ? " recordCount=\"\(number)\"" : "" }
    return """
      <TreeModel functionName="regression" missingValueStrategy="defaultChild">
        <MiningSchema>\(fields)</MiningSchema>
        <Node id="0" defaultChild="2" score="0"\(count(10))><True/>
          <Node id="1" score="\(low)"\(count(4))>
            <SimplePredicate field="\(field)" operator="lessThan" value="1.5"/>
            <Node id="3" score="\(low)"\(count(1))>
              <SimpleSetPredicate field="k" booleanOperator="isIn">
                <Array type="string" n="2">a b</Array></SimpleSetPredicate></Node>
            <Node id="4" score="\(low * 3)"\(count(3))>
              <SimpleSetPredicate field="k" booleanOperator="isNotIn">
                <Array type="string" n="2">a b</Array></SimpleSetPredicate></Node>
          </Node>
          <Node id="2" score="\(high)"\(count(6))>
            <SimplePredicate field="\(field)" operator="greaterOrEqual" value="1.5"/></Node>
        </Node>
      </TreeModel>
      """
  }

  private static func segments(_ method: String, counts: Bool = false) -> String {
    """
    <Segmentation multipleModelMethod="\(method)">
      <Segment id="1"><True/>\(tree(0.25, -1, field: "x", counts: counts))</Segment>
      <Segment id="2"><True/>\(tree(1.5, 0.75, field: "y", counts: counts))</Segment>
      <Segment id="3"><True/>\(tree(-0.5, 2, field: "x", counts: counts))</Segment>
    </Segmentation>
    """
  }

  private static func forest(_ method: String, counts: Bool = false) -> String {
    """
    <MiningModel functionName="regression"><MiningSchema>
      <MiningField name="amount" usageType="target"/>\(fields)</MiningSchema>
      \(segments(method, counts: counts))</MiningModel>
    """
  }

  /// Trees that are summed, then a logit, as boosting libraries export a classifier.
  private static func chain(_ normalization: String) -> String {
    """
    <MiningModel functionName="classification"><MiningSchema>
        <MiningField name="target" usageType="target"/>\(fields)</MiningSchema>
      <Segmentation multipleModelMethod="modelChain">
        <Segment id="1"><True/>
          <MiningModel functionName="regression"><MiningSchema>\(fields)</MiningSchema>
            <Output><OutputField name="sum" dataType="double" isFinalResult="false"/></Output>
            <Targets><Target rescaleFactor="2" rescaleConstant="0.125"/></Targets>
            \(segments("sum"))</MiningModel></Segment>
        <Segment id="2"><True/>
          <RegressionModel functionName="classification" normalizationMethod="\(normalization)">
            <MiningSchema><MiningField name="target" usageType="target"/>
              <MiningField name="sum"/></MiningSchema>
            <RegressionTable intercept="0.5" targetCategory="yes">
              <NumericPredictor name="sum" coefficient="0.75"/></RegressionTable>
            <RegressionTable intercept="0" targetCategory="no"/>
          </RegressionModel></Segment>
      </Segmentation></MiningModel>
    """
  }

  /// The same chain without the logit.
  private static let unlinkedChain = """
    <MiningModel functionName="regression"><MiningSchema>
        <MiningField name="amount" usageType="target"/>\(fields)</MiningSchema>
      <Segmentation multipleModelMethod="modelChain">
        <Segment id="1"><True/>
          <MiningModel functionName="regression"><MiningSchema>\(fields)</MiningSchema>
            <Output><OutputField name="sum" dataType="double" isFinalResult="false"/></Output>
            <Targets><Target rescaleFactor="2" rescaleConstant="0.125"/></Targets>
            \(segments("sum"))</MiningModel></Segment>
        <Segment id="2"><True/>
          <RegressionModel functionName="regression">
            <MiningSchema><MiningField name="amount" usageType="target"/>
              <MiningField name="sum"/></MiningSchema>
            <RegressionTable intercept="0.5">
              <NumericPredictor name="sum" coefficient="0.75"/></RegressionTable>
          </RegressionModel></Segment>
      </Segmentation></MiningModel>
    """

  /// Every coalition's worth, by scoring; `inverse` undoes a link.
  private func worth(
    _ model: CompiledModel, _ result: ModelResult, _ row: [ModelMatrix.Value],
    _ background: [[ModelMatrix.Value]], inverse: (Double) -> Double = { $0 }
  ) throws -> [Double] {
    let resolved = try #require(model.resolve(result))
    var space = model.makeWorkspace()
    return (0..<8).map { coalition in
      var sum = 0.0
      for other in background {
        let mixture = (0..<3).map { coalition >> $0 & 1 == 1 ? row[$0] : other[$0] }
        model.set(mixture, &space)
        sum += model.score(&space) ? inverse(model.value(resolved, in: space)) : .nan
      }
      return sum / Double(background.count)
    }
  }

  private func check(
    _ document: String, _ result: ModelResult, rows: [[ModelMatrix.Value]] = rows,
    truth: (document: String, result: ModelResult)? = nil
  ) throws -> Attributor {
    let model = try model(document)
    let background = Array(rows.prefix(3))
    let attributor = try Attributor(model, result, background: matrix(background))
    #expect(attributor.fields == ["x", "y", "k"])
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    let plain = try truth.map { try self.model($0.document) } ?? model
    for row in rows {
      model.set(row, &space)
      _ = model.score(&space)
      let outcome = try #require(attributor.attribute(space, &room))
      let worth = try worth(plain, truth?.result ?? result, row, background)
      let expected = BruteForce.shapley(worth, players: 3)
      for player in 0..<3 {
        #expect(abs(room.attributions[player] - expected[player]) <= 1e-12, "\(row) \(player)")
      }
      #expect(abs(attributor.baseValue - worth[0]) <= 1e-12)
      #expect(abs(outcome.rawScore - worth[7]) <= 1e-12)
      #expect(abs(outcome.residual) <= 1e-12)
    }
    return attributor
  }

  @Test(arguments: ["sum", "average", "weightedAverage", "weightedSum"])
  func `sums and averages of trees are attributed by structure`(method: String) throws {
    let attributor = try check(Self.forest(method), .predictedValue)
    #expect(attributor.method == "interventional, 3 rows, exact")
    #expect(attributor.attributed == "predictedValue")
    #expect(attributor.link == nil)
  }

  @Test(arguments: ["median", "max"])
  func `other combinations are attributed by scoring every coalition`(method: String) throws {
    let attributor = try check(Self.forest(method), .predictedValue)
    #expect(attributor.method == "every coalition, 3 rows, exact")
  }

  @Test(arguments: ["sum", "average", "weightedSum"])
  func `single precision is told apart from the residual`(method: String) throws {
    let single = Self.forest(method).replacing(
      "<MiningModel ", with: "<MiningModel x-mathContext=\"float\" "
    ).replacing("<TreeModel ", with: "<TreeModel x-mathContext=\"float\" ").replacing(
      "score=\"0.25\"", with: "score=\"0.1\"")
    let model = try model(single)
    let attributor = try Attributor(model, .predictedValue, background: matrix(Self.rows))
    #expect(attributor.isSinglePrecision)
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    var largest = 0.0
    for row in Self.rows {
      model.set(row, &space)
      _ = model.score(&space)
      let outcome = try #require(attributor.attribute(space, &room))
      #expect(outcome.isAccurate)
      #expect(abs(outcome.residual) <= 1e-12)
      // The model's own score is the float sum; without the rounding it is that in double precision.
      #expect(Double(Float(outcome.rawScore)) == outcome.rawScore)
      let explained = room.attributions.reduce(attributor.baseValue, +)
      #expect(abs(outcome.rawScore - outcome.floatRounding - explained) <= 1e-12)
      largest = max(largest, abs(outcome.floatRounding))
    }
    if method == "average" { #expect(largest > 0 && largest < 1e-6) }
  }

  @Test func `what is not rounding is told`() throws {
    let model = try model(Self.linear)
    let attributor = try Attributor(model, .predictedValue, background: matrix(Self.complete))
    #expect(!attributor.isSinglePrecision)
    func outcome(_ found: Double, _ explained: Double) -> Attributor.Outcome {
      attributor.outcome(
        Attributor.Sums(found: found, exact: found, explained: explained, magnitude: 9))
    }
    #expect(outcome(4, 4 + 0.9e-11).isAccurate)
    #expect(!outcome(4, 4 + 1.1e-11).isAccurate)
    #expect(!outcome(.infinity, .infinity).isAccurate)
    let forest = try self.model(
      Self.forest("sum").replacing(
        "<MiningModel ", with: "<MiningModel x-mathContext=\"float\" "
      ).replacing("<TreeModel ", with: "<TreeModel x-mathContext=\"float\" "))
    let single = try Attributor(forest, .predictedValue, background: matrix(Self.rows))
    // Trees of at most 3, 4.5 and 2: 11 steps of 2^-24 of those and of the magnitude.
    let bound = 11 * 0x1p-24 * (single.single?.treeMagnitude ?? .nan) + 11 * 0x1p-24
    for (off, isAccurate) in [(bound * 0.99, true), (bound * 1.01, false)] {
      let outcome = single.outcome(
        Attributor.Sums(found: 2 + off, exact: 2, explained: 2, magnitude: 1))
      #expect(outcome.isAccurate == isAccurate)
    }
  }

  @Test func `a chain is attributed before its link`() throws {
    let attributor = try check(
      Self.chain("logit"), .probability("yes"), truth: (Self.unlinkedChain, .predictedValue))
    #expect(attributor.attributed == "log-odds of probability(\"yes\")")
    #expect(attributor.link == "logit")
    let unlinked = try check(Self.unlinkedChain, .predictedValue)
    #expect(unlinked.link == nil)
    let limited = try check(
      Self.chain("none"), .probability("yes"), truth: (Self.unlinkedChain, .predictedValue))
    #expect(limited.link == "limits of 0 and 1")
  }

  @Test func `of two classes, the second's attributions are the first's with the sign turned`()
    throws
  {
    let model = try model(Self.chain("logit"))
    let background = matrix(Self.rows)
    let yes = try Attributor(model, .probability("yes"), background: background)
    let no = try Attributor(model, .probability("no"), background: background)
    var space = model.makeWorkspace()
    model.set(Self.rows[1], &space)
    _ = model.score(&space)
    var yesRoom = yes.makeWorkspace()
    var noRoom = no.makeWorkspace()
    let up = try #require(yes.attribute(space, &yesRoom))
    let down = try #require(no.attribute(space, &noRoom))
    #expect(up.rawScore == -down.rawScore)
    #expect(yesRoom.attributions == noRoom.attributions.map { -$0 })
    #expect(yes.baseValue == -no.baseValue)
  }

  private static let linear = """
    <RegressionModel functionName="regression"><MiningSchema>
        <MiningField name="amount" usageType="target"/>\(fields)</MiningSchema>
      <RegressionTable intercept="2">
        <NumericPredictor name="x" coefficient="1.5"/>
        <NumericPredictor name="y" exponent="2" coefficient="-0.25"/>
        <CategoricalPredictor name="k" value="a" coefficient="0.75"/>
        <CategoricalPredictor name="k" value="b" coefficient="-2"/>
        <PredictorTerm coefficient="0.5"><FieldRef field="x"/><FieldRef field="y"/>
        </PredictorTerm>
        <PredictorTerm coefficient="0.125"><FieldRef field="x"/><FieldRef field="x"/>
          <FieldRef field="y"/></PredictorTerm>
      </RegressionTable></RegressionModel>
    """

  @Test func `linear models are attributed term by term`() throws {
    let attributor = try check(Self.linear, .predictedValue, rows: Self.complete)
    #expect(attributor.method == "interventional, 3 rows, exact")
  }

  @Test func `a plain linear model gives each field its coefficient times its distance`() throws {
    let model = try model(
      """
      <RegressionModel functionName="regression"><MiningSchema>
          <MiningField name="amount" usageType="target"/>\(Self.fields)</MiningSchema>
        <RegressionTable intercept="2"><NumericPredictor name="x" coefficient="1.5"/>
          <NumericPredictor name="y" coefficient="-4"/></RegressionTable></RegressionModel>
      """)
    let attributor = try Attributor(
      model, .predictedValue,
      background: matrix([
        [.number(1), .number(2), .missing], [.number(3), .number(4), .missing],
      ]))
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    model.set([.number(6), .number(1), .missing], &space)
    _ = model.score(&space)
    #expect(attributor.attribute(space, &room) != nil)
    // Means 2 and 3.
    #expect(room.attributions == [6, 8, 0])
    #expect(attributor.baseValue == -7)
  }

  @Test func `a missing number leaves a linear score without attributions`() throws {
    let model = try model(Self.linear)
    let attributor = try Attributor(model, .predictedValue, background: matrix(Self.complete))
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    model.set(Self.rows[2], &space)
    _ = model.score(&space)
    #expect(attributor.attribute(space, &room) == nil)
    #expect(throws: AttributionRefusal.self) {
      try Attributor(model, .predictedValue, background: matrix(Self.rows))
    }
  }

  @Test func `features that are worked out from one field are the field's`() throws {
    func document(_ expression: String) -> String {
      """
      <TreeModel functionName="regression"><MiningSchema>
          <MiningField name="amount" usageType="target"/>\(Self.fields)</MiningSchema>
        <LocalTransformations>
          <DerivedField name="d" optype="continuous" dataType="double">\(expression)</DerivedField>
        </LocalTransformations>
        <Node score="0"><True/>
          <Node score="1"><SimplePredicate field="d" operator="lessThan" value="4"/>
            <Node score="2"><SimplePredicate field="x" operator="lessThan" value="1"/></Node>
            <Node score="5"><SimplePredicate field="y" operator="lessThan" value="1"/></Node>
            <Node score="7"><True/></Node></Node>
          <Node score="-3"><True/></Node></Node></TreeModel>
      """
    }
    let square = "<Apply function=\"*\"><FieldRef field=\"x\"/><FieldRef field=\"x\"/></Apply>"
    let product = "<Apply function=\"*\"><FieldRef field=\"x\"/><FieldRef field=\"y\"/></Apply>"
    let own = try check(document(square), .predictedValue, rows: Self.complete)
    #expect(own.method == "interventional, 3 rows, exact")
    // A value of several fields is no player's; the fields' coalitions are scored instead.
    let shared = try check(document(product), .predictedValue, rows: Self.complete)
    #expect(shared.method == "every coalition, 3 rows, exact")
  }

  @Test func `record counts serve in place of a background`() throws {
    let model = try model(Self.forest("sum", counts: true))
    #expect(model.signature.attribution == .always)
    let attributor = try Attributor(model, .predictedValue, background: nil)
    #expect(attributor.method == "path-dependent, exact")
    // Each tree's leaves by their share of the records.
    let base = [0.25, 1.5, -0.5].reduce(0) { $0 + $1 * 0.1 + 3 * $1 * 0.3 } + 0.6 * 1.75
    #expect(abs(attributor.baseValue - base) <= 1e-14)
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    for row in Self.rows {
      model.set(row, &space)
      _ = model.score(&space)
      let outcome = try #require(attributor.attribute(space, &room))
      #expect(abs(outcome.residual) <= 1e-14)
    }
  }

  @Test func `without counts or background the reason is given`() throws {
    let model = try model(Self.forest("sum"))
    #expect(model.signature.attribution == .needsBackground("nodes have no recordCount"))
    do throws(AttributionRefusal) {
      _ = try Attributor(model, .predictedValue, background: nil)
      Issue.record("it was not refused")
    } catch {
      #expect(error.reason.contains("recordCount"))
    }
    let linear = try self.model(Self.linear)
    do throws(AttributionRefusal) {
      _ = try Attributor(linear, .predictedValue, background: nil)
      Issue.record("it was not refused")
    } catch {
      #expect(error.reason.contains("background"))
    }
  }
}
