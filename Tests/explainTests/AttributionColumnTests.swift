import RationaleTestSupport
import Testing

/// Attributions that do not add up, run as a user runs it.
@Suite struct AttributionCheckTests {
  @Test(arguments: ["csv", "jsonl"]) func `a row that does not add up is named`(format: String)
    throws
  {
    let directory = try TemporaryDirectory()
    // The second row's score is beyond what a number holds.
    let model = try directory.write(
      "m.pmml",
      """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/></MiningSchema>
      <RegressionTable intercept="1"><NumericPredictor name="x" coefficient="1e300"/>
      </RegressionTable></RegressionModel></PMML>
      """)
    let rows = try directory.write("rows.csv", "x\n2\n1e20\n3\n")
    let background = try directory.write("background.csv", "x\n1\n")
    let arguments = [
      model, "--input", rows, "--background", background, "--format", format,
    ]
    let run = try CommandLineRun(["score"] + arguments + ["--attributions"])
    #expect(run.exitCode == 1)
    #expect(run.output.split(separator: "\n").count == (format == "csv" ? 4 : 3))
    #expect(run.errors.contains("rows.csv:3: row 2: the attributions do not add up"))
    #expect(!run.errors.contains("row 1:") && !run.errors.contains("row 3:"))
    #expect(try CommandLineRun(["score", model, "--input", rows]).exitCode == 0)
    if format == "csv" {
      let importance = try CommandLineRun(
        ["importance", model, "--input", rows, "--background", background])
      #expect(importance.exitCode == 1)
      #expect(importance.errors.contains("row 2: the attributions do not add up"))
      #expect(importance.output.contains("x"))
    }
  }

  @Test func `single precision has a column of its own`() throws {
    let directory = try TemporaryDirectory()
    let model = try directory.write(
      "m.pmml",
      """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
      <RegressionModel functionName="regression" x-mathContext="float">
      <MiningSchema><MiningField name="x"/></MiningSchema>
      <RegressionTable intercept="0.1"><NumericPredictor name="x" coefficient="0.3"/>
      </RegressionTable></RegressionModel></PMML>
      """)
    let rows = try directory.write("rows.csv", "x\n2\n")
    let background = try directory.write("background.csv", "x\n1\n")
    let run = try CommandLineRun([
      "score", model, "--input", rows, "--attributions", "--background", background,
    ])
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(
      lines.first == [
        "predictedValue", "base_value", "attribution(x)", "residual", "float_rounding",
      ])
    let numbers = try #require(lines.last).compactMap { Double($0) }
    let sum = numbers[1] + numbers[2]
    #expect(abs(numbers[3]) < 1e-15 && numbers[4] != 0)
    #expect(abs(Double(Float(numbers[0])) - sum - numbers[4]) < 1e-15)
  }
}

/// The columns of attributions that are no plain sums, run as a user runs it.
@Suite struct AttributionColumnTests {
  /// A row's cells by the columns' names.
  private static func cells(_ run: CommandLineRun) -> [[String: String]] {
    let lines = run.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { line in
      Dictionary(zip(lines[0], line), uniquingKeysWith: { first, _ in first })
    }
  }

  private static func number(_ row: [String: String], _ name: String) throws -> Double {
    try #require(row[name].flatMap { Double($0) }, "\(name) of \(row)")
  }

  /// Two rules over the first two of 14 fields.
  private static let rules: String = {
    let fields = (0..<14).map {
      "<DataField name=\"x\($0)\" optype=\"continuous\" dataType=\"double\"/>"
    }
    let mining = (0..<14).map { "<MiningField name=\"x\($0)\"/>" }
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary>\(fields.joined())<DataField name="y" optype="categorical" dataType="string">
      <Value value="no"/><Value value="yes"/></DataField></DataDictionary>
      <RuleSetModel functionName="classification"><MiningSchema>\(mining.joined())
      <MiningField name="y" usageType="target"/></MiningSchema>
      <RuleSet defaultScore="no" defaultConfidence="0.5"><RuleSelectionMethod criterion="weightedMax"/>
      <SimpleRule id="1" score="yes" weight="2" confidence="0.875">
      <SimplePredicate field="x0" operator="greaterThan" value="0"/></SimpleRule>
      <SimpleRule id="2" score="no" weight="1" confidence="0.75">
      <SimplePredicate field="x1" operator="greaterThan" value="0"/></SimpleRule>
      </RuleSet></RuleSetModel></PMML>
      """
  }()

  private static func table(_ rows: Int, seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    let names = (0..<14).map { "x\($0)" }.joined(separator: ",")
    let lines = (0..<rows).map { _ in
      (0..<14).map { _ in "\(Double(Int.random(in: -4...4, using: &random)) / 2)" }
        .joined(separator: ",")
    }
    return ([names] + lines).joined(separator: "\n") + "\n"
  }

  @Test func `a rule set of many fields is sampled, with intervals, and named so`() throws {
    let directory = try TemporaryDirectory()
    let model = try directory.write("m.pmml", Self.rules)
    // Two blocks and a row that cannot be read between them.
    let rows = try directory.write("rows.csv", Self.table(70, seed: 1) + "1,2\n")
    let background = try directory.write("background.csv", Self.table(5, seed: 2))
    let arguments = [
      "score", model, "--input", rows, "--attributions", "--background", background,
      "--samples", "150",
    ]
    let run = try CommandLineRun(arguments)
    #expect(run.exitCode == 0)
    #expect(
      run.errors.contains("probability(\"yes\"): sampled, 150 scores a row, 5 rows, 95 % intervals")
    )
    let cells = Self.cells(run)
    #expect(cells.count == 71)
    for row in cells.dropLast() {
      var sum = try Self.number(row, "base_value")
      for field in 0..<14 { sum += try Self.number(row, "attribution(x\(field))") }
      let residual = try Self.number(row, "residual")
      #expect(try Self.number(row, "evaluations") <= 150)
      // Fields that no rule asks for do nothing; the others have an interval or hold for certain.
      for field in 2..<14 {
        #expect(try abs(Self.number(row, "attribution(x\(field))")) < 1e-15)
        #expect(try Self.number(row, "attribution_error(x\(field))") < 1e-15)
      }
      #expect(abs(residual) < 1e-12 && sum.isFinite)
      #expect(try Self.number(row, "attribution_error(x0)") >= 0)
    }
    #expect(cells.last?["base_value"] == "" && cells.last?["evaluations"] == "")
    // Threads and form change nothing; another row number draws otherwise.
    #expect(try CommandLineRun(arguments + ["--threads", "2"]).output == run.output)
    let json = try CommandLineRun(arguments + ["--format", "jsonl"])
    let line = try #require(json.output.split(separator: "\n").first)
    #expect(line.contains("\"evaluations\":") && line.contains("\"attribution_error(x0)\":"))
    let few = try CommandLineRun(arguments.dropLast() + ["20"])
    #expect(few.exitCode == 1 && few.errors.contains("takes at least 112 scores a row, not 20"))
    let inspected = try CommandLineRun(["inspect", model])
    #expect(inspected.output.contains("estimates with intervals or residuals, over a background"))
    let form = try CommandLineRun(["inspect", model, "--format", "json"])
    #expect(form.output.contains("\"support\":\"estimated\""))
    #expect(
      try CommandLineRun(["score", model, "--input", rows, "--samples", "150"]).exitCode == 64)
  }

  @Test func `a network of many fields has integrated gradients, and no intervals`() throws {
    let directory = try TemporaryDirectory()
    let inputs = (0..<14).map {
      "<NeuralInput id=\"\($0)\"><DerivedField optype=\"continuous\" dataType=\"double\">"
        + "<FieldRef field=\"x\($0)\"/></DerivedField></NeuralInput>"
    }
    let connections = (0..<14).map { "<Con from=\"\($0)\" weight=\"\($0 - 6)\"/>" }
    let fields = (0..<14).map {
      "<DataField name=\"x\($0)\" optype=\"continuous\" dataType=\"double\"/>"
    }
    let mining = (0..<14).map { "<MiningField name=\"x\($0)\"/>" }
    let model = try directory.write(
      "m.pmml",
      """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary>\(fields.joined())<DataField name="y" optype="continuous" dataType="double"/>
      </DataDictionary><NeuralNetwork functionName="regression" activationFunction="rectifier">
      <MiningSchema>\(mining.joined())<MiningField name="y" usageType="target"/></MiningSchema>
      <NeuralInputs>\(inputs.joined())</NeuralInputs>
      <NeuralLayer><Neuron id="h" bias="0.5">\(connections.joined())</Neuron></NeuralLayer>
      <NeuralLayer activationFunction="identity"><Neuron id="o"><Con from="h" weight="2"/></Neuron>
      </NeuralLayer><NeuralOutputs><NeuralOutput outputNeuron="o"><DerivedField optype="continuous"
      dataType="double"><FieldRef field="y"/></DerivedField></NeuralOutput></NeuralOutputs>
      </NeuralNetwork></PMML>
      """)
    let rows = try directory.write("rows.csv", Self.table(20, seed: 3))
    let background = try directory.write("background.csv", Self.table(4, seed: 4))
    let run = try CommandLineRun([
      "score", model, "--input", rows, "--attributions", "--background", background,
    ])
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("integrated gradients, piece by piece, from the mean of 4 rows"))
    #expect(!run.errors.contains("exact"))
    for row in Self.cells(run) {
      #expect(row["attribution_error(x0)"] == nil)
      var sum = try Self.number(row, "base_value")
      for field in 0..<14 { sum += try Self.number(row, "attribution(x\(field))") }
      #expect(try abs(sum - Self.number(row, "y")) < 1e-12)
      #expect(try [1, 2].contains(Self.number(row, "evaluations")))
      #expect(try abs(Self.number(row, "residual")) < 1e-12)
    }
  }

  @Test func `the runner-up of a cluster is named`() throws {
    let directory = try TemporaryDirectory()
    let clusters = [("near", "1 0"), ("far", "9 0"), ("other", "1 5")].map {
      "<Cluster id=\"\($0)\"><Array type=\"real\" n=\"2\">\($1)</Array></Cluster>"
    }
    let model = try directory.write(
      "m.pmml",
      """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary><DataField name="x" optype="continuous" dataType="double"/>
      <DataField name="y" optype="continuous" dataType="double"/></DataDictionary>
      <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="3">
      <MiningSchema><MiningField name="x"/><MiningField name="y"/></MiningSchema>
      <ComparisonMeasure kind="distance"><squaredEuclidean/></ComparisonMeasure>
      <ClusteringField field="x"/><ClusteringField field="y"/>\(clusters.joined())
      </ClusteringModel></PMML>
      """)
    let rows = try directory.write("rows.csv", "x,y\n1,1\n4,-1\n,\n")
    let run = try CommandLineRun(["score", model, "--input", rows, "--attributions"])
    #expect(
      run.output == """
        predictedValue,base_value,attribution(x),attribution(y),residual,runner_up
        near,0.0,0.0,15.0,0.0,other
        near,0.0,16.0,0.0,0.0,far
        ,,,,,

        """)
  }

  @Test(.enabled(if: SharedData.isPresent))
  func `reason codes and contributions of a scorecard stand side by side`() throws {
    let folder = SharedData.path("pmml-corpus/cases/hw-score-below")
    let rows = "\(folder)/input.csv"
    let run = try CommandLineRun([
      "score", "\(folder)/model.pmml", "--input", rows, "--attributions", "--background", rows,
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    let cells = Self.cells(run)
    // By the rule of the specification: 40 - 3, 27 - 12, 19.5 - 10 points below the baselines.
    #expect(["rc1", "rc2", "rc3"].map { cells[0][$0] } == ["RC1", "RC2", "RC3"])
    // By Shapley: the points less their means, 14.8, 8.8 and 6.1, which come to 39.7 with the 10.
    #expect(try abs(Self.number(cells[0], "base_value") - 39.7) < 1e-12)
    for (field, expected) in [("age", 3 - 14.8), ("job", 12 - 8.8), ("inc", 10 - 6.1)] {
      #expect(try abs(Self.number(cells[0], "attribution(\(field))") - expected) < 1e-12)
    }
    // The job of the fourth row took most away, and is the second reason only: its baseline is lower.
    #expect(cells[3]["rc1"] == "RC1" && cells[3]["rc2"] == "RC2")
    #expect(
      try Self.number(cells[3], "attribution(job)") < Self.number(cells[3], "attribution(age)"))
    for row in cells {
      let parts = try ["base_value", "attribution(age)", "attribution(job)", "attribution(inc)"]
        .map { try Self.number(row, $0) }
      #expect(try abs(parts.reduce(0, +) - Self.number(row, "y_out")) < 1e-12)
    }
  }
}
