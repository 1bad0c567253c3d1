extension FindingPage {
  private static func pmml(_ text: String, _ run: FindingExample.Run = .inspect) -> FindingExample {
    FindingExample(run, [.init(name: "model.pmml", text: text)])
  }

  /// PMML documents: what they hold, and in which form.
  static let modelPages = [
    FindingPage(
      "E1", "An empty XML document",
      meaning: "The file has no bytes.",
      example: pmml(""),
      mend: "Export the model again: an interrupted export leaves an empty file."),
    FindingPage(
      "E2", "XML that is not well-formed",
      meaning: "The XML parser says where it stopped and why.",
      example: pmml(
        FindingModels.regression.replacing("</MiningSchema>", with: "</Miningschema>")),
      mend: "Correct the document, or export the model again."),
    FindingPage(
      "P2", "An element that PMML does not have here",
      meaning: "The element is unknown, or stands where PMML has no place for it.",
      example: pmml(
        FindingModels.regression(
          table: "<RegressionTable intercept=\"0\"/>\n<Quantum/>")),
      mend: "Correct its name or its place; extensions belong in `Extension`."),
    FindingPage(
      "P3", "A part that must be there is not",
      meaning: "PMML requires an attribute or an element, and the document does not have it.",
      example: pmml(FindingModels.regression(table: "<!-- no table -->")),
      mend: "Add the part, or export the model again."),
    FindingPage(
      "P4", "A value that is not of its type",
      meaning:
        "An attribute or a cell should hold a number, a truth value or a date, and does not.",
      example: pmml(FindingModels.regression(table: "<RegressionTable intercept=\"0,5\"/>")),
      mend: "Write the value as PMML does: `0.5`, `true`, `2021-01-27`."),
    FindingPage(
      "P5", "A choice that is not supported",
      meaning:
        "The attribute takes one of a few words. This one is unknown, or not evaluated here.",
      example: pmml(FindingModels.regression(" normalizationMethod=\"softsign\"")),
      mend: "Use one of the words that the message lists."),
    FindingPage(
      "P6", "An unknown attribute",
      meaning: "A warning: PMML knows no such attribute of the element, and it is ignored.",
      example: pmml(FindingModels.regression(" trainedBy=\"nobody\"")),
      mend: "Correct its name; attributes of your own begin with `x-`."),
    FindingPage(
      "P7", "Something is left out",
      meaning: "A warning: the document holds more than is used.",
      example: pmml(
        FindingModels.regression.replacing(
          "</PMML>",
          with: FindingModels.regression.split(separator: "\n")
            .drop { !$0.contains("<RegressionModel") }.joined(separator: "\n"))),
      mend: "Put each model in a file of its own."),
    FindingPage(
      "P8", "No model in the document",
      meaning: "The document describes fields, and no model that uses them.",
      example: pmml(FindingModels.document("<!-- no model -->")),
      mend: "Export the model again."),
    FindingPage(
      "P9", "A part of PMML that is not supported",
      meaning: """
        It is PMML, and it is not evaluated here. It is refused, because a score without it would \
        be another one.
        """,
      example: pmml(
        FindingModels.document(
          """
          <TimeSeriesModel functionName="timeSeries" bestFit="SpectralAnalysis">
            <MiningSchema>
              <MiningField name="SIZE" usageType="supplementary"/>
            </MiningSchema>
          </TimeSeriesModel>
          """)),
      mend: "Export the model in a form that is supported: see `docs/pmml.md`."),
    FindingPage(
      "P10", "A name or an id is used twice",
      meaning: "Fields, nodes and segments are told apart by name or id.",
      example: pmml(
        FindingModels.regression(
          fields: "<DataField name=\"SIZE\" optype=\"continuous\" dataType=\"double\"/>")),
      mend: "Rename one of them."),
    FindingPage(
      "P11", "Points that do not rise",
      meaning: "`NormContinuous` joins points by lines, from the lowest to the highest.",
      example: pmml(
        FindingModels.derived(
          """
          <NormContinuous field="SIZE">
            <LinearNorm orig="250" norm="1"/>
            <LinearNorm orig="50" norm="0"/>
          </NormContinuous>
          """)),
      mend: "Sort the `LinearNorm` elements by `orig`."),
    FindingPage(
      "P12", "A model that is not meant to score",
      meaning: "The document itself says `isScorable=\"false\"`.",
      example: pmml(FindingModels.regression(" isScorable=\"false\"")),
      mend: "Use the model that is meant to score."),
    FindingPage(
      "P13", "Counts that do not agree",
      meaning: """
        An array says how many values it has, and a cluster has a coordinate for each field. Rules \
        beyond the limits that their model says they were mined with are a warning.
        """,
      example: pmml(
        FindingModels.tree(
          "",
          """
          <Node score="0">
            <True/>
            <Node score="1">
              <SimpleSetPredicate field="CITY" booleanOperator="isIn">
                <Array type="string" n="3">Buda Pest</Array>
              </SimpleSetPredicate>
            </Node>
          </Node>
          """)),
      mend: "Correct the count, or add the values that are missing."),
    FindingPage(
      "P14", "The function of a model, or the number of its tables, does not fit",
      meaning:
        "A kind of model has only some functions: a tree does not cluster. A regression has one "
        + "table, a classifier one for each class.",
      example: pmml(
        FindingModels.regression(
          table: "<RegressionTable intercept=\"0\"/>\n<RegressionTable intercept=\"1\"/>")),
      mend: "Correct `functionName`, or the tables."),
    FindingPage(
      "P15", "Definitions that rest on each other in a circle",
      meaning: "Derived fields, functions and output fields are computed one after the other.",
      example: pmml(
        FindingModels.regression(
          derived: """
            <DerivedField name="A" optype="continuous" dataType="double">
              <FieldRef field="B"/>
            </DerivedField>
            <DerivedField name="B" optype="continuous" dataType="double">
              <FieldRef field="A"/>
            </DerivedField>
            """)),
      mend: "Break the circle."),
    FindingPage(
      "P16", "A name that stands for nothing",
      meaning: """
        No field, segment or class of the document has this name. A decision that is not among the \
        `Decisions` of its field is a warning.
        """,
      example: pmml(
        FindingModels.regression(
          table: """
            <RegressionTable intercept="0">
              <NumericPredictor name="SISE" coefficient="1"/>
            </RegressionTable>
            """)),
      mend: "Correct the name, or declare the field."),
    FindingPage(
      "P26", "Not a version of PMML that is read",
      meaning:
        "Documents of PMML 3.0 to 4.4.1 are read. The namespace decides which version it is.",
      example: pmml(FindingModels.regression.replacing("PMML-4_4", with: "PMML-5_0")),
      mend: "Export the model as PMML 4.4."),
    FindingPage(
      "P27", "Instances that no process gives",
      meaning: """
        The covariances of a Gaussian process's instances are positive definite. The same point \
        twice and no noise are not.
        """,
      example: pmml(
        FindingModels.document(
          """
          <GaussianProcessModel functionName="regression">
            <MiningSchema>
              <MiningField name="SIZE"/>
              <MiningField name="FORECAST" usageType="target"/>
            </MiningSchema>
            <RadialBasisKernel noiseVariance="0"/>
            <TrainingInstances>
              <InstanceFields>
                <InstanceField field="SIZE"/>
                <InstanceField field="FORECAST"/>
              </InstanceFields>
              <InlineTable>
                <row><SIZE>50</SIZE><FORECAST>1.5</FORECAST></row>
                <row><SIZE>50</SIZE><FORECAST>1.7</FORECAST></row>
              </InlineTable>
            </TrainingInstances>
          </GaussianProcessModel>
          """)),
      mend: "Export the noise with the model, or leave one of the instances out."),
    FindingPage(
      "P40", "No attributions",
      meaning: """
        The result is no number that fields contribute to, or there are no exact attributions where only \
        those are asked for. The message says what about the model stands in the way.
        """,
      example: pmml(
        FindingModels.document(
          """
          <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2">
            <MiningSchema>
              <MiningField name="SIZE"/>
            </MiningSchema>
            <ComparisonMeasure kind="distance">
              <chebychev/>
            </ComparisonMeasure>
            <ClusteringField field="SIZE"/>
            <Cluster id="small">
              <Array type="real" n="1">10</Array>
            </Cluster>
            <Cluster id="large">
              <Array type="real" n="1">500</Array>
            </Cluster>
          </ClusteringModel>
          """), .attribute),
      mend: "`explain inspect MODEL` says on what terms attributions can be had."),
    FindingPage(
      "P41", "A model that does not give what its producer says",
      meaning: """
        The model's own verification rows (`ModelVerification`) are scored where they are asked for. A \
        number may differ by the precision of its `VerificationField`, relative to what is expected; \
        where that is within `zeroThreshold` of 0, so must the result be. Whatever is no number has to \
        be the same.
        """,
      example: pmml(
        FindingModels.document(
          """
          <RegressionModel functionName="regression">
            <MiningSchema>
              <MiningField name="SIZE"/>
              <MiningField name="FORECAST" usageType="target"/>
            </MiningSchema>
            <RegressionTable intercept="1">
              <NumericPredictor name="SIZE" coefficient="0.01"/>
            </RegressionTable>
            <ModelVerification>
              <VerificationFields>
                <VerificationField field="SIZE"/>
                <VerificationField field="FORECAST" precision="0.001"/>
              </VerificationFields>
              <InlineTable>
                <row><SIZE>100</SIZE><FORECAST>2</FORECAST></row>
                <row><SIZE>200</SIZE><FORECAST>3.01</FORECAST></row>
              </InlineTable>
            </ModelVerification>
          </RegressionModel>
          """), .verify),
      mend: "Ask the producer for rows that were made with this very model."),
  ]
}
