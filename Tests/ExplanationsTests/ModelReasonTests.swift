import DataFields
import Decisions
import Explanations
import RationaleTestSupport
import ReferenceData
import RuleLanguage
import Testing

/// Reasons of decisions by linear models and clusters, against every completion of a grid.
@Suite struct ModelReasonTests {
  private static func rules(
    _ model: String, score: String, condition: String, facts: Int, top: Int
  ) -> String {
    let fields = (0..<facts).map { "  f\($0) int in 0 ... \(top)" }
    let feeds = (0..<facts).map { "x\($0) = e.f\($0) as float" }
    return """
      ruleset sample version 1 {
        owner "Tests"
      }
      input e from "s" {
        id text key
      \(fields.joined(separator: "\n"))
      }
      model m from "m.pmml" sha256 "\(Digest(of: Array(model.utf8)))" {
        feed  \(feeds.joined(separator: ", "))
        \(score)
      }
      decision d: text hit first {
        rule yes reason D-1 "" when \(condition) then "yes"
        otherwise reason D-2 "" then "no"
      }
      """
  }

  private func check(
    _ library: DecisionLibrary, facts: Int, top: Int, _ random: inout SeededGenerator, _ seed: Int
  ) throws {
    var shape = HybridSamples.Shape()
    shape.facts = facts
    shape.top = top
    for _ in 0..<4 {
      let decided = HybridSamples.decided(library, shape, &random)
      let cells = CellDecision(decided.overQuantities())
      let slots = decided.facts.map(\.slot)
      let brute = BruteForce(decided, top: top)
      let reasons = SufficientReasons(cells)
      let original = Set(
        reasons.reason.facts.compactMap { slots.firstIndex(of: cells.decided.facts[$0].slot) })
      #expect(reasons.reason.isProved, "seed \(seed)")
      #expect(brute.entails(original), "seed \(seed)")
      if reasons.reason.isMinimal { #expect(brute.reasons().contains(original), "seed \(seed)") }
      // What is proved holds for values between the cells' own as well.
      let check = ReasonCheck(
        cells, facts: reasons.reason.facts, regions: reasons.reason.cells, completions: 300,
        seed: UInt64(seed))
      #expect(check.violations == 0, "seed \(seed)")
      minimal += reasons.reason.isMinimal ? 1 : 0
      total += 1
    }
  }

  private final class Count {
    var value = 0
  }

  private let minimalCount = Count()
  private let totalCount = Count()
  private var minimal: Int {
    get { minimalCount.value }
    nonmutating set { minimalCount.value = newValue }
  }
  private var total: Int {
    get { totalCount.value }
    nonmutating set { totalCount.value = newValue }
  }

  @Test func `linear scores: the smallest sets, proved`() throws {
    for seed in 0..<12 {
      var random = SeededGenerator(seed: UInt64(40 + seed))
      let facts = 4
      let names = (0..<facts).map { "x\($0)" }
      let coefficients = names.map { _ in Double(Int.random(in: -12...12, using: &random)) / 4 }
      let model =
        "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"><Header/><DataDictionary>"
        + names.map { "<DataField name=\"\($0)\" optype=\"continuous\" dataType=\"double\"/>" }
        .joined() + "</DataDictionary><RegressionModel functionName=\"regression\"><MiningSchema>"
        + names.map { "<MiningField name=\"\($0)\"/>" }.joined()
        + "</MiningSchema><RegressionTable intercept=\"0.5\">"
        + zip(names, coefficients).map {
          "<NumericPredictor name=\"\($0)\" coefficient=\"\($1)\"/>"
        }.joined() + "</RegressionTable></RegressionModel></PMML>"
      let directory = try TemporaryDirectory()
      _ = try directory.write("m.pmml", model)
      let cut = Double(Int.random(in: -8...8, using: &random)) / 2 + 0.13
      let library = try DecisionLibrary(rules: [
        try directory.write(
          "s.rules",
          Self.rules(
            model, score: "score s = predictedValue in -1000 ... 1000",
            condition: cut < 0 ? "m.s > -\(-cut)" : "m.s > \(cut)", facts: facts, top: 4))
      ])
      try check(library, facts: facts, top: 4, &random, seed)
    }
    #expect(minimal == total)
  }

  @Test func `clusters, of fields that are scaled first`() throws {
    for seed in 0..<12 {
      var random = SeededGenerator(seed: UInt64(140 + seed))
      let facts = 3
      let names = (0..<facts).map { "x\($0)" }
      let measure = seed % 2 == 0 ? "squaredEuclidean" : "cityBlock"
      let derived = names.map { name in
        "<DerivedField name=\"d\(name)\" optype=\"continuous\" dataType=\"double\"><Apply"
          + " function=\"/\"><Apply function=\"-\"><Apply function=\"ln1p\"><FieldRef"
          + " field=\"\(name)\"/></Apply><Constant dataType=\"double\">0.75</Constant></Apply>"
          + "<Constant dataType=\"double\">-0.5</Constant></Apply></DerivedField>"
      }
      let clusters = (0..<4).map { cluster -> String in
        let center = names.map { _ in "\(Double(Int.random(in: -12...8, using: &random)) / 5)" }
        return "<Cluster id=\"c\(cluster)\"><Array n=\"\(facts)\" type=\"real\">"
          + center.joined(separator: " ") + "</Array></Cluster>"
      }
      let model =
        "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"><Header/><DataDictionary>"
        + names.map { "<DataField name=\"\($0)\" optype=\"continuous\" dataType=\"double\"/>" }
        .joined() + "</DataDictionary><ClusteringModel functionName=\"clustering\""
        + " modelClass=\"centerBased\" numberOfClusters=\"4\"><MiningSchema>"
        + names.map { "<MiningField name=\"\($0)\"/>" }.joined()
        + "</MiningSchema><LocalTransformations>" + derived.joined()
        + "</LocalTransformations><ComparisonMeasure kind=\"distance\"><\(measure)/>"
        + "</ComparisonMeasure>"
        + names.map { "<ClusteringField field=\"d\($0)\" compareFunction=\"absDiff\"/>" }.joined()
        + clusters.joined() + "</ClusteringModel></PMML>"
      let directory = try TemporaryDirectory()
      _ = try directory.write("m.pmml", model)
      let library = try DecisionLibrary(rules: [
        try directory.write(
          "s.rules",
          Self.rules(
            model, score: "label c = cluster", condition: "m.c == \"c1\" or m.c == \"c2\"",
            facts: facts, top: 6))
      ])
      try check(library, facts: facts, top: 6, &random, seed)
    }
    // Within a cell a cluster's border may not be told; most are.
    #expect(minimal * 10 >= total * 7, "\(minimal) of \(total)")
  }
}

/// Where a model computes with a fact, the nearest flip is not a threshold of anything.
@Suite struct SmoothFlipTests {
  @Test func `the nearest whole number that ends otherwise is found by halving`() throws {
    let model = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>
      <DataField name="x" optype="continuous" dataType="double"/></DataDictionary>
      <RegressionModel functionName="regression"><MiningSchema><MiningField name="x"/>
      </MiningSchema><RegressionTable intercept="1"><NumericPredictor name="x"
      coefficient="0.01"/></RegressionTable></RegressionModel></PMML>
      """
    let directory = try TemporaryDirectory()
    _ = try directory.write("m.pmml", model)
    let library = try DecisionLibraryText.library(
      """
      ruleset smooth version 1 {
        owner "Tests"
      }
      input e from "s" {
        id text key
        n int in 0 ... 100_000
      }
      model m from "m.pmml" sha256 "\(Digest(of: Array(model.utf8)))" {
        feed  x = e.n as float
        score s = predictedValue in -1000 ... 10_000
      }
      decision d: text hit first {
        rule high reason D-1 "" when m.s >= 5.555 then "high"
        otherwise reason D-2 "" then "low"
      }
      """, in: directory)
    // 1 + 0.01 x 456 = 5.56 is the first that is not below.
    for (own, expected) in [(7, 456), (90_000, 455)] {
      let search = CounterfactualSearch(try DecisionLibraryText.decided(library, ["e.n": own]))
      #expect(!search.singleDoubts.isEmpty)
      #expect(search.singles.map { $0.changes[0].value } == [Quotient(Int128(expected))])
    }
  }
}
