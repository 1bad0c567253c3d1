extension FindingPage {
  private static func pmml(_ text: String) -> FindingExample {
    FindingExample(.inspect, [.init(name: "model.pmml", text: text)])
  }

  private static func call(_ name: String, _ arguments: String) -> String {
    "<Apply function=\"\(name)\">\n\(arguments)\n</Apply>"
  }

  /// PMML documents: expressions, predicates and results.
  static let expressionPages = [
    FindingPage(
      "P17", "Expressions that unfold without end",
      meaning: """
        Functions are written out where they are called. Functions that call each other several \
        times double with each level.
        """,
      example: pmml(
        FindingModels.derived(
          call("f20", "  <FieldRef field=\"SIZE\"/>"),
          functions: (0...20).map { level in
            let called = level == 0 ? "+" : "f\(level - 1)"
            let argument = "<FieldRef field=\"x\"/>"
            let body =
              level == 0
              ? "<Apply function=\"+\">\(argument)\(argument)</Apply>"
              : "<Apply function=\"+\"><Apply function=\"\(called)\">\(argument)</Apply>"
                + "<Apply function=\"\(called)\">\(argument)</Apply></Apply>"
            return "<DefineFunction name=\"f\(level)\" optype=\"continuous\" dataType=\"double\">"
              + "<ParameterField name=\"x\"/>\(body)</DefineFunction>"
          }.joined(separator: "\n"))),
      mend: "Compute what is used several times in a derived field."),
    FindingPage(
      "P18", "A row without the column of results",
      meaning: "Each row of a `MapValues` names its result in `outputColumn`.",
      example: pmml(
        FindingModels.derived(
          """
          <MapValues outputColumn="index" dataType="double">
            <FieldColumnPair field="CITY" column="city"/>
            <InlineTable>
              <row><city>Buda</city><indes>1</indes></row>
            </InlineTable>
          </MapValues>
          """)),
      mend: "Correct the name of the column."),
    FindingPage(
      "P19", "A function that is not known",
      meaning: "Neither PMML's built-in functions nor the document's own have this name.",
      example: pmml(FindingModels.derived(call("sqroot", "  <FieldRef field=\"SIZE\"/>"))),
      mend: "Correct the name, or define the function."),
    FindingPage(
      "P20", "The wrong number of arguments",
      meaning: "The function takes another number of arguments.",
      example: pmml(FindingModels.derived(call("sqrt", ""))),
      mend: "Give the arguments that the function takes."),
    FindingPage(
      "P21", "A text where a number is needed",
      meaning: "Arithmetic, coefficients and distances take numbers.",
      example: pmml(
        FindingModels.derived(
          call("+", "  <FieldRef field=\"SIZE\"/>\n  <FieldRef field=\"CITY\"/>"))),
      mend: "Use a field with numbers, or map the texts to numbers."),
    FindingPage(
      "P22", "A text without an order",
      meaning: "Ordinal values are less or greater by their place in the field's list of values.",
      example: pmml(
        FindingModels.tree(
          "",
          """
          <Node score="0">
            <True/>
            <Node score="1">
              <SimplePredicate field="CITY" operator="lessThan" value="Vienna"/>
            </Node>
          </Node>
          """
        ).replacing("optype=\"categorical\"", with: "optype=\"ordinal\"")),
      mend: "Add the value to the field, in its place, or compare for equality."),
    FindingPage(
      "P23", "A default child that is not there",
      meaning: "`defaultChild` names one of the node's own children by its id.",
      example: pmml(
        FindingModels.tree(
          " missingValueStrategy=\"defaultChild\"",
          """
          <Node id="top" score="0" defaultChild="b">
            <True/>
            <Node id="a" score="1">
              <True/>
            </Node>
          </Node>
          """)),
      mend: "Name a child of the node."),
    FindingPage(
      "P24", "A segment of another kind",
      meaning: "Segments are combined into one result, so that they are of one kind with it.",
      example: pmml(
        FindingModels.document(
          """
          <MiningModel functionName="regression">
            <MiningSchema>
              <MiningField name="SIZE"/>
              <MiningField name="FORECAST" usageType="target"/>
            </MiningSchema>
            <Segmentation multipleModelMethod="average">
              <Segment>
                <True/>
                <TreeModel functionName="classification">
                  <MiningSchema>
                    <MiningField name="SIZE"/>
                  </MiningSchema>
                  <Node score="Buda">
                    <True/>
                  </Node>
                </TreeModel>
              </Segment>
            </Segmentation>
          </MiningModel>
          """)),
      mend: "Correct `functionName`, or `multipleModelMethod`."),
    FindingPage(
      "P25", "A result that this kind of model does not have",
      meaning: "Probabilities come from classifiers, affinities from clusters.",
      example: pmml(
        FindingModels.regression(
          output: "<OutputField name=\"a\" feature=\"affinity\"/>")),
      mend: "Ask for a result that `explain inspect MODEL` lists."),
  ]
}
