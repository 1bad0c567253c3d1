internal import DataFields
internal import ReferenceData

/// Small PMML documents for the examples.
enum FindingModels {
  /// A regression of `FORECAST` on `SIZE`.
  static let regression = document(
    """
    <RegressionModel functionName="regression">
      <MiningSchema>
        <MiningField name="SIZE"/>
        <MiningField name="FORECAST" usageType="target"/>
      </MiningSchema>
      <RegressionTable intercept="0">
        <NumericPredictor name="SIZE" coefficient="0.01"/>
      </RegressionTable>
    </RegressionModel>
    """)

  /// A ruleset's declaration of such a model as `revenue`, in the file `model.pmml`.
  static func declaration(of model: String, feeding field: String = "SIZE") -> String {
    """
    model revenue from "model.pmml" sha256 "\(Digest(of: Array(model.utf8)))" {
      feed   \(field) = firm.employees as float
      score  forecast = predictedValue in 0 ... 10
    }
    """
  }

  /// A document with the numbers `SIZE` and `FORECAST`, the texts `CITY` (`Buda`, `Pest`), and
  /// this model.
  static func document(_ model: String, fields: String = "", derived: String = "") -> String {
    let more = fields.isEmpty ? "" : indented(fields, 4) + "\n"
    let transformations =
      derived.isEmpty
      ? ""
      : "  <TransformationDictionary>\n" + indented(derived, 4) + "\n"
        + "  </TransformationDictionary>\n"
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4">
        <Header/>
        <DataDictionary>
          <DataField name="SIZE" optype="continuous" dataType="double"/>
          <DataField name="FORECAST" optype="continuous" dataType="double"/>
          <DataField name="CITY" optype="categorical" dataType="string">
            <Value value="Buda"/>
            <Value value="Pest"/>
          </DataField>

      """ + more + "  </DataDictionary>\n" + transformations + indented(model, 2) + "\n</PMML>\n"
  }

  /// A regression with these parts in place of those of ``regression``.
  static func regression(
    _ attributes: String = "", schema: String = "", output: String = "",
    table: String = "<RegressionTable intercept=\"0\"/>", fields: String = "", derived: String = ""
  ) -> String {
    let more = schema.isEmpty ? "" : "\n" + indented(schema, 4)
    let outputs =
      output.isEmpty ? "" : "\n  <Output>\n" + indented(output, 4) + "\n  </Output>"
    return document(
      """
      <RegressionModel functionName="regression"\(attributes)>
        <MiningSchema>
          <MiningField name="SIZE"/>
          <MiningField name="CITY"/>\(more)
          <MiningField name="FORECAST" usageType="target"/>
        </MiningSchema>\(outputs)
      \(indented(table, 2))
      </RegressionModel>
      """, fields: fields, derived: derived)
  }

  /// A regression with one derived field, `DERIVED`.
  static func derived(_ expression: String, type: String = "double", functions: String = "")
    -> String
  {
    let field =
      "<DerivedField name=\"DERIVED\" optype=\"continuous\" dataType=\"\(type)\">\n"
      + indented(expression, 2) + "\n</DerivedField>"
    return regression(
      table: """
        <RegressionTable intercept="0">
          <NumericPredictor name="DERIVED" coefficient="1"/>
        </RegressionTable>
        """, derived: functions.isEmpty ? field : functions + "\n" + field)
  }

  /// A tree with these attributes and nodes.
  static func tree(_ attributes: String = "", _ nodes: String) -> String {
    document(
      """
      <TreeModel functionName="regression"\(attributes)>
        <MiningSchema>
          <MiningField name="SIZE"/>
          <MiningField name="CITY"/>
          <MiningField name="FORECAST" usageType="target"/>
        </MiningSchema>
      \(indented(nodes, 2))
      </TreeModel>
      """)
  }

  private static func indented(_ text: String, _ width: Int) -> String {
    let margin = String(repeating: " ", count: width)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
  }
}
