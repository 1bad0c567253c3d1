import DataFields
import PMML
import SourceDiagnostics
import Testing

/// Which result features each kind of model gives: a value, or a reason why not.
@Suite struct OutputFeatureTests {
  static let features = [
    "predictedValue", "predictedDisplayValue", "transformedValue", "decision", "probability",
    "confidence", "residual", "affinity", "entityAffinity", "clusterAffinity", "entityId",
    "clusterId", "reasonCode", "standardError", "standardDeviation", "confidenceIntervalLower",
    "confidenceIntervalUpper", "ruleValue", "antecedent", "consequent", "rule", "ruleId", "support",
    "lift", "leverage", "warning",
  ]

  /// What a model gives beside its prediction and expressions.
  static func given(_ kind: ModelKind) -> Set<String> {
    let classes: Set = ["probability", "confidence", "residual"]
    let rules: Set = [
      "ruleValue", "antecedent", "consequent", "rule", "ruleId", "support", "lift", "entityId",
      "confidence",
    ]
    return switch kind {
    case .tree, .ruleSet, .selection: classes.union(["entityId"])
    case .regressionTree: ["residual", "entityId"]
    case .logistic, .naiveBayes, .bayesianNetwork, .voting: classes
    case .regression, .generalRegression, .neuralNetwork, .supportVectorMachine,
      .anomalyDetection, .baseline:
      ["residual"]
    case .nearestNeighbor: ["residual", "affinity", "entityAffinity", "entityId"]
    case .clustering: ["affinity", "entityAffinity", "clusterAffinity", "entityId", "clusterId"]
    case .scorecard: ["residual", "reasonCode"]
    case .association: rules.union(["leverage", "affinity", "entityAffinity"])
    case .sequence: rules
    case .gaussianProcess:
      [
        "residual", "standardError", "standardDeviation", "confidenceIntervalLower",
        "confidenceIntervalUpper",
      ]
    case .timeSeries: []
    case .text: ["affinity", "entityAffinity", "entityId"]
    }
  }

  static func field(_ feature: String) -> String {
    let value = feature.hasPrefix("confidenceInterval") ? "value=\"90\"" : ""
    let body =
      feature == "transformedValue" || feature == "decision"
      ? "<Constant dataType=\"string\">told</Constant>" : ""
    return "<OutputField name=\"out\" feature=\"\(feature)\" \(value)>\(body)</OutputField>"
  }

  static func results(_ kind: ModelKind, _ text: String) throws -> [String: String]? {
    let model = try PMMLText.load(text)
    return model.joinsRows
      ? try PMMLText.transactions(model, [kind.row]).first?.results
      : try PMMLText.score(text, [kind.row])[0]
  }

  @Test(arguments: ModelKind.allCases)
  func `a feature has a value, or the model is refused with a reason`(_ kind: ModelKind) throws {
    let always: Set = ["predictedValue", "predictedDisplayValue", "transformedValue", "decision"]
    for feature in Self.features {
      let text = kind.document(Self.field(feature))
      if always.contains(feature) || Self.given(kind).contains(feature) {
        let value = try Self.results(kind, text)?["out"]
        // A sequence rule has no leverage or affinity: the value is there where the model has it.
        #expect(value?.isEmpty == false, "\(feature)")
      } else if kind == .sequence, ["leverage", "affinity", "entityAffinity"].contains(feature) {
        #expect(try Self.results(kind, text)?["out"] == "", "\(feature)")
      } else {
        #expect(
          PMMLText.faults(text) == [feature == "warning" ? "P5" : "P25"], "\(feature)")
      }
    }
  }

  @Test func `classes are ranked by probability`() throws {
    let ranked = """
      <OutputField name="second" rank="2"/>
      <OutputField name="p2" feature="probability" rank="2"/>
      <OutputField name="third" rank="3"/>
      """
    let row = try Self.results(.tree, ModelKind.tree.document(ranked))
    #expect(row?["second"] == "no")
    #expect(row?["p2"] == "0.25")
    #expect(row?["third"] == "")
    #expect(
      PMMLText.faults(ModelKind.regression.document("<OutputField name=\"o\" rank=\"2\"/>"))
        == ["P9"])
    #expect(
      PMMLText.faults(ModelKind.tree.document("<OutputField name=\"o\" rank=\"0\"/>")) == ["P4"])
  }

  @Test func `a residual of a class is what its probability lacks`() throws {
    let fields = """
      <OutputField name="own" feature="residual"/>
      <OutputField name="yes" feature="residual" value="yes"/>
      <OutputField name="no" feature="residual" value="no"/>
      """
    let text = ModelKind.tree.document(fields)
    let rows = try PMMLText.score(
      text, [["x": "1", "y": "yes"], ["x": "1", "y": "no"], ["x": "1"]])
    #expect(rows.map { $0?["own"] } == ["0.25", "-0.75", ""])
    #expect(rows.map { $0?["yes"] } == ["0.25", "-0.75", ""])
    #expect(rows.map { $0?["no"] } == ["-0.25", "0.75", ""])
  }

  @Test func `an interval of a Gaussian process is as wide as its deviation says`() throws {
    let fields = ["confidenceIntervalLower", "confidenceIntervalUpper", "standardDeviation"]
      .map {
        Self.field($0).replacing("\"out\"", with: "\"\($0)\"")
      }
    let row = try Self.results(
      .gaussianProcess, ModelKind.gaussianProcess.document(fields.joined()))
    func number(_ name: String) throws -> Double { try #require(row?[name].flatMap(Double.init)) }
    let (mean, deviation) = (try number("y"), try number("standardDeviation"))
    // 1.6448536269514722 deviations leave 5 % to either side.
    let half = 1.6448536269514722 * deviation
    #expect(abs(try number("confidenceIntervalUpper") - (mean + half)) < 1e-12)
    #expect(abs(try number("confidenceIntervalLower") - (mean - half)) < 1e-12)
  }

  @Test func `the entity of a selection is its segment`() throws {
    let text = ModelKind.selection.document(Self.field("entityId"))
    #expect(try Self.results(.selection, text)?["out"] == "first")
  }

  /// Of each kind of model, on what terms it has attributions: none, over a background, or always.
  static let reasons: [(ModelKind, String)] = [
    (.regression, "background: the model does not say what its fields are on average"),
    (.generalRegression, "background: the model does not say what its fields are on average"),
    (.clustering, "always"),
    (.association, "none: it scores transactions of several rows"),
    (.sequence, "none: it scores transactions of several rows"),
    (
      .bayesianNetwork,
      "background: a `BayesianNetworkModel` is neither a sum nor a product over fields; "
        + "each coalition of its 1 fields is scored"
    ),
    (
      .gaussianProcess,
      "background: a `GaussianProcessModel` is neither a sum nor a product over fields; "
        + "each coalition of its 1 fields is scored"
    ),
    (.baseline, "none: its result rests on the rows before"),
    (
      .timeSeries,
      "none: a forecast rests on the series that the model holds, not on fields of a row"
    ),
    (.text, "none: a document is chosen by its likeness, which is not a sum of parts"),
  ]

  @Test func `inspection says on what terms a model is attributed`() throws {
    for (kind, expected) in Self.reasons {
      let said =
        switch try PMMLText.load(kind.document()).signature.attribution {
        case .always: "always"
        case .needsBackground(let reason): "background: \(reason)"
        case .estimated(let reason): "estimates: \(reason)"
        case .unsupported(let reason): "none: \(reason)"
        }
      #expect(said == expected, "\(kind)")
    }
    // Each row of such a model is a transaction, and yet there is no number.
    let rows = ModelKind.association.document().replacing(" usageType=\"group\"", with: "")
    #expect(
      try PMMLText.load(rows).signature.attribution
        == .unsupported(
          "rules are chosen by the items that are there; what they give is no number"))
  }

  /// A regression that decides, by its own prediction, what to do.
  private func decision(
    _ decisions: String, feature: String = "decision", type: String = "string",
    yes: String = "call", no: String = "wait"
  ) -> String {
    PMMLText.document(
      ["x double", "y double"],
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <Output><OutputField name="p" feature="predictedValue"/>
      <OutputField name="d" feature="\(feature)" dataType="\(type)">\(decisions)
      <Apply function="if"><Apply function="greaterThan"><FieldRef field="p"/>
      <Constant dataType="double">1</Constant></Apply><Constant>\(yes)</Constant>
      <Constant>\(no)</Constant></Apply></OutputField></Output>
      <RegressionTable intercept="0"><NumericPredictor name="x" coefficient="1"/></RegressionTable>
      </RegressionModel>
      """)
  }

  @Test func `decisions are listed with what they mean, and checked`() throws {
    let list = """
      <Decisions businessProblem="Whom to call?"><Decision value="call" displayValue="Call"/>\
      <Decision value="wait" description="for a month"/></Decisions>
      """
    let model = try PMMLText.load(decision(list))
    #expect(model.warnings.isEmpty)
    let decisions = try #require(model.signature.outputs.last?.decisions)
    #expect(decisions.businessProblem == "Whom to call?")
    #expect(decisions.values.map(\.value) == ["call", "wait"])
    #expect(decisions.values.map(\.displayValue) == ["Call", nil])
    #expect(decisions.values.map(\.description) == [nil, "for a month"])
    let rows = PMMLText.score(model, [["x": "2"], ["x": "1"], [:]])
    #expect(rows.map { $0?["d"] } == ["call", "wait", ""])
    // What is given and not listed is a warning: the list says nothing about how it is decided.
    let other = try PMMLText.load(decision(list, no: "drop"))
    #expect(other.warnings.map(\.code) == ["P16"])
    #expect(PMMLText.score(other, [["x": "0"]])[0]?["d"] == "drop")
    // Numbers are compared as numbers.
    let numbers = "<Decisions><Decision value=\"1\"/><Decision value=\"0\"/></Decisions>"
    #expect(
      try PMMLText.load(decision(numbers, type: "double", yes: "1.0", no: "0.0")).warnings.isEmpty)
    let elsewhere = try PMMLText.load(decision(list, feature: "transformedValue"))
    #expect(elsewhere.warnings.map(\.code) == ["P7"])
    #expect(elsewhere.signature.outputs.last?.decisions == nil)
  }

  @Test(arguments: [
    ("<Decisions/>", "P3"), ("<Decisions><Decision/></Decisions>", "P3"),
    ("<Decisions><Decision value=\"1\"/><Decision value=\"1\"/></Decisions>", "P10"),
    ("<Decisions><Decision value=\"much\"/></Decisions>", "P4"),
    ("<Decisions><Value value=\"1\"/></Decisions>", "P2"),
  ])
  func `a faulty list of decisions is refused`(_ list: String, _ code: String) {
    let faults = PMMLText.faults(decision(list, type: "double", yes: "1", no: "1"))
    #expect(faults.first == code)
  }
}
