import DataFields
import Testing

@testable import PMML

/// What is done around a model for single rows is what the table of expressions does.
@Suite struct RowPlanTests {
  private static let expressions = [
    #"<FieldRef field="x"/>"#, #"<FieldRef field="x" mapMissingTo="3"/>"#,
    #"<NormDiscrete field="c" value="u"/>"#, #"<Constant dataType="double">2.5</Constant>"#,
    apply("+", #"<FieldRef field="x"/>"#, #"<FieldRef field="z"/>"#),
    apply(
      "/", apply("-", #"<FieldRef field="x"/>"#, "<Constant>1.5</Constant>"),
      #"<FieldRef field="z"/>"#),
    apply(
      "*", apply("+", #"<FieldRef field="z"/>"#, #"<FieldRef field="x"/>"#),
      apply("-", #"<FieldRef field="z"/>"#, #"<FieldRef field="d0" mapMissingTo="-1"/>"#)),
    apply(
      "/", "<Constant>1</Constant>", apply("-", #"<FieldRef field="x"/>"#, "<Constant>2</Constant>")
    ),
  ]

  private static func apply(_ function: String, _ arguments: String...) -> String {
    "<Apply function=\"\(function)\">\(arguments.joined())</Apply>"
  }

  private static func model(_ type: String) -> String {
    let derived = expressions.enumerated().map { place, expression in
      "<DerivedField name=\"d\(place)\" optype=\"continuous\" dataType=\"\(type)\">\(expression)"
        + "</DerivedField>"
    }.joined()
    let outputs = expressions.indices.map {
      "<OutputField name=\"o\($0)\" optype=\"continuous\" dataType=\"float\" "
        + "feature=\"transformedValue\"><FieldRef field=\"d\($0)\"/></OutputField>"
    }.joined()
    return PMMLText.document(
      ["x double", "z double", "c string u v", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x", "z", "c"]))
      <Output>\(outputs)</Output><LocalTransformations>\(derived)</LocalTransformations>
      <RegressionTable intercept="0.1"><NumericPredictor name="d5" coefficient="2"/></RegressionTable>
      </RegressionModel>
      """)
  }

  @Test(arguments: ["double", "float"])
  func `derived fields have the bits of their expressions`(type: String) throws {
    let model = try PMMLText.load(Self.model(type))
    let plan = try #require(model.program.rowPlans.first)
    #expect(plan.derived != nil)
    #expect(
      plan.outputs.allSatisfy { if case .steps = $0.source { true } else { false } })
    let numbers = ["", "0", "-0.0", "2", "1e300", "-1e300", "INF", "0.1", "1e-310", "16777217"]
    var rows: [[String: String]] = []
    for x in numbers {
      for z in numbers { for c in ["", "u", "v"] { rows.append(["x": x, "z": z, "c": c]) } }
    }
    // Blocks against rows, then rows against the expressions.
    _ = PMMLText.score(model, rows)
    var space = model.makeWorkspace()
    for row in rows {
      model.clear(&space)
      for (place, name) in model.inputNames.enumerated() {
        model.set(text: row[name] ?? "", anyInput: place, in: &space)
      }
      let isScored = model.score(&space)
      #expect(isScored)
      for step in model.program.units[0].derived {
        let slot = space.slots[step.slot]
        let value = model.program.expressions.evaluate(step.expression, &space)
        #expect(
          slot.bitPattern == value.bitPattern || slot.isNaN && value.isNaN,
          "slot \(step.slot) \(row)")
      }
      for output in model.program.units[0].outputs {
        let slot = space.slots[output.slot]
        let value = model.program.expressions.evaluate(output.expression, &space)
        #expect(slot.bitPattern == value.bitPattern || slot.isNaN && value.isNaN)
      }
    }
  }
}
