import DataFields
import Testing

@testable import PMML

@Suite struct ScorecardTests {
  func card(_ attributes: String = "") -> String {
    PMMLText.document(
      ["age double", "income double", "y double"],
      """
      <Scorecard functionName="regression" initialScore="100" \(attributes)>
      \(PMMLText.schema(["age", "income"]))
      <Output><OutputField name="first" feature="reasonCode" rank="1"/>\
      <OutputField name="second" feature="reasonCode" rank="2"/>\
      <OutputField name="third" feature="reasonCode" rank="3"/></Output>
      <Characteristics>
      <Characteristic name="age" reasonCode="A" baselineScore="20">
      <Attribute partialScore="5"><SimplePredicate field="age" operator="lessThan" value="30"/>\
      </Attribute>
      <Attribute partialScore="25" reasonCode="A2"><SimplePredicate field="age" \
      operator="greaterOrEqual" value="30"/></Attribute>
      </Characteristic>
      <Characteristic name="income" reasonCode="I" baselineScore="15">
      <Attribute reasonCode="I1"><SimplePredicate field="income" operator="isMissing"/>\
      <ComplexPartialScore><Constant dataType="double">1.5</Constant></ComplexPartialScore>\
      </Attribute>
      <Attribute><True/><ComplexPartialScore><Apply function="/"><FieldRef field="income"/>\
      <Constant dataType="double">100</Constant></Apply></ComplexPartialScore></Attribute>
      </Characteristic></Characteristics></Scorecard>
      """)
  }

  @Test func `points are added to the initial score, and reasons are ranked`() throws {
    let rows = try PMMLText.score(
      card(),
      [["age": "20", "income": "500"], ["age": "40", "income": "500"], ["age": "20"]])
    // 15 points lost by age, 10 by income.
    #expect(rows[0]?["y"] == "110.0")
    #expect([rows[0]?["first"], rows[0]?["second"], rows[0]?["third"]] == ["A", "I", ""])
    // Age gains 5: it is no reason.
    #expect(rows[1]?["y"] == "130.0")
    #expect([rows[1]?["first"], rows[1]?["second"]] == ["I", ""])
    #expect(rows[2]?["y"] == "106.5")
    #expect([rows[2]?["first"], rows[2]?["second"]] == ["A", "I1"])
  }

  @Test func `pointsAbove turns the differences around`() throws {
    let row = try PMMLText.score(
      card(#"reasonCodeAlgorithm="pointsAbove""#), [["age": "40", "income": "500"]])[0]
    #expect([row?["first"], row?["second"]] == ["A2", ""])
  }

  @Test func `without an attribute that holds there is no score`() throws {
    #expect(try PMMLText.score(card(), [["income": "500"]])[0]?["y"] == "")
  }

  @Test func `faults are told with their codes`() {
    #expect(PMMLText.faults(card().replacing(#" baselineScore="15""#, with: "")) == ["P3"])
    #expect(PMMLText.faults(card().replacing(#" reasonCode="I""#, with: "")) == ["P3"])
    #expect(PMMLText.faults(card().replacing(#"partialScore="5""#, with: "")) == ["P3"])
  }

  // MARK: Tables

  /// Characteristics over one field each: edges that touch, sets, compounds, gaps and missing values.
  ///
  /// - Parameter reasons: whether attributes have reasons of their own.
  private func tabled(_ attributes: String = "", reasons: Bool = true) -> String {
    func simple(_ field: String, _ operation: String, _ value: String? = nil) -> String {
      let value = value.map { " value=\"\($0)\"" } ?? ""
      return "<SimplePredicate field=\"\(field)\" operator=\"\(operation)\"\(value)/>"
    }
    func compound(_ operation: String, _ parts: String...) -> String {
      "<CompoundPredicate booleanOperator=\"\(operation)\">\(parts.joined())</CompoundPredicate>"
    }
    func attribute(_ points: String, _ predicate: String, _ reason: String = "") -> String {
      let reason = reason.isEmpty || !reasons ? "" : " reasonCode=\"\(reason)\""
      return "<Attribute partialScore=\"\(points)\"\(reason)>\(predicate)</Attribute>"
    }
    func characteristic(_ reason: String, _ baseline: String, _ attributes: String...) -> String {
      "<Characteristic reasonCode=\"\(reason)\" baselineScore=\"\(baseline)\">"
        + attributes.joined() + "</Characteristic>"
    }
    let next = "\((1.5).nextUp)"
    return PMMLText.document(
      ["a double", "b double", "c string u v w", "d float", "y double"],
      """
      <Scorecard functionName="regression" initialScore="0.1" \(attributes)>
      \(PMMLText.schema(["a", "b", "c", "d"]))
      <Output>\((1...7).map { "<OutputField name=\"r\($0)\" feature=\"reasonCode\" rank=\"\($0)\"/>" }
        .joined())</Output>
      <Characteristics>
      \(characteristic(
        "A", "10.3",
        attribute("1.1", simple("a", "lessThan", "-0.0")),
        attribute("2.2", simple("a", "equal", "0"), "A2"),
        attribute("3.3", compound("and", simple("a", "greaterThan", "0"), simple("a", "lessThan", "1.5"))),
        attribute("10.3", simple("a", "equal", "1.5")),
        attribute("5.7", simple("a", "equal", next), "A2"),
        attribute("0.3", compound("or", simple("a", "isMissing"), simple("a", "greaterOrEqual", "7")))))
      \(characteristic(
        "B", "10.3",
        attribute("4.4", compound("xor", simple("b", "lessOrEqual", "2"), simple("b", "notEqual", "1"))),
        attribute("8.1", compound("surrogate", simple("b", "greaterThan", "5"), simple("b", "isMissing"))),
        attribute("12.5", "<True/>", "B2")))
      \(characteristic(
        "C", "7",
        attribute(
          "7", "<SimpleSetPredicate field=\"c\" booleanOperator=\"isIn\"><Array type=\"string\">u w</Array>"
            + "</SimpleSetPredicate>"),
        attribute(
          "6.5", "<SimpleSetPredicate field=\"c\" booleanOperator=\"isNotIn\"><Array type=\"string\">u x</Array>"
            + "</SimpleSetPredicate>", "A"),
        attribute("0", simple("c", "isMissing"))))
      \(characteristic(
        "D", "2", attribute("-3.25", simple("d", "lessThan", "0.1")),
        attribute("2", "<False/>"), attribute("1e-9", simple("d", "isNotMissing")),
        attribute("0", "<True/>", "Z")))
      \(characteristic("E", "1", attribute("1", "<True/>")))
      </Characteristics></Scorecard>
      """)
  }

  private static let values: [[String]] = [
    [
      "", "-1e300", "-1", "-0.0", "0", "5e-324", "1", "\((1.5).nextDown)", "1.5", "\((1.5).nextUp)",
      "2",
      "\((7.0).nextDown)", "7", "1e300", "INF", "-INF",
    ],
    ["", "0.5", "1", "\((1.0).nextUp)", "2", "\((2.0).nextUp)", "4", "5", "5.1"],
    ["", "u", "v", "w"],
    ["", "0.1", "0.0999", "0.10000001", "-1", "3"],
  ]

  @Test(arguments: ["", #"reasonCodeAlgorithm="pointsAbove""#, #"useReasonCodes="false""#])
  func `tables give what the predicates do`(attributes: String) throws {
    for reasons in [true, false] { try expectTables(attributes, reasons: reasons) }
  }

  private func expectTables(_ attributes: String, reasons: Bool) throws {
    let model = try PMMLText.load(tabled(attributes, reasons: reasons))
    guard case .scorecard(let plan) = model.program.units[0].content else {
      Issue.record("no scorecard")
      return
    }
    let isUniform = !reasons || attributes.contains("false")
    #expect(plan.tables.map { ($0.kernels != nil) == isUniform } == true)
    guard case .scorecard = BlockScorer(model).plans[0] else {
      Issue.record("the scorecard is not done in columns")
      return
    }
    var rows: [[String: String]] = []
    for a in Self.values[0] {
      for b in Self.values[1] {
        for c in Self.values[2] {
          for d in Self.values[3] { rows.append(["a": a, "b": b, "c": c, "d": d]) }
        }
      }
    }
    // Rows against blocks; then against the predicates and a plain sort.
    let scored = PMMLText.score(model, rows)
    var space = model.makeWorkspace()
    var scores = 0
    for (row, results) in zip(rows, scored) {
      model.clear(&space)
      for (place, name) in model.inputNames.enumerated() {
        model.set(text: row[name] ?? "", anyInput: place, in: &space)
      }
      #expect(model.score(&space) == (results != nil))
      guard results != nil else { continue }
      let (score, hasScore) = (space.predicted[0], space.hasRegion[0])
      let ranks = (1...7).map { model.program.reason(0, rank: $0, &space) }
      let region = model.program.units[0].region
      let numbers = Array(space.region[region..<region + plan.reasonCount])
      space.predicted[0] = .nan
      space.hasRegion[0] = false
      model.program.runPredicates(plan, 0, &space)
      #expect(space.predicted[0].bitPattern == score.bitPattern)
      #expect(space.hasRegion[0] == hasScore)
      guard hasScore else { continue }
      scores += 1
      #expect(
        numbers.map(\.bitPattern)
          == space.region[region..<region + plan.reasonCount].map(\.bitPattern))
      let order = numbers.indices.filter { numbers[$0] >= 0 }
        .sorted { numbers[$0] == numbers[$1] ? $0 < $1 : numbers[$0] > numbers[$1] }
      let codes = model.program.units[0].reasonCodes
      for rank in 1...7 {
        let expected = rank <= order.count ? Double(codes[order[rank - 1]]) : .nan
        #expect(ranks[rank - 1].bitPattern == expected.bitPattern)
      }
    }
    #expect(scores > 1_000)
  }

  @Test func `reasons beyond the ranks that are kept are sorted`() throws {
    let characteristics = (0..<20).map { place in
      """
      <Characteristic reasonCode="R\(place)" baselineScore="\(place % 5)">
      <Attribute partialScore="0"><True/></Attribute></Characteristic>
      """
    }
    let row = try PMMLText.score(
      PMMLText.document(
        ["a double", "y double"],
        """
        <Scorecard functionName="regression">\(PMMLText.schema(["a"]))
        <Output>\((1...21).map { "<OutputField name=\"r\($0)\" feature=\"reasonCode\" rank=\"\($0)\"/>" }
          .joined())</Output>
        <Characteristics>\(characteristics.joined())</Characteristics></Scorecard>
        """), [[:]])[0]
    let order = (0..<20).sorted { $0 % 5 == $1 % 5 ? $0 < $1 : $0 % 5 > $1 % 5 }
    for rank in 1...20 { #expect(row?["r\(rank)"] == "R\(order[rank - 1])") }
    #expect(row?["r21"] == "")
  }
}
