import DataFields
import Decisions
import Explanations
import RationaleTestSupport
import ReferenceData
import RuleLanguage

/// Decisions for tests: the published one, and random ones of rules, ranks and trees together.
enum HybridSamples {
  static let day = CalendarDate(year: 2021, month: 1, day: 27)

  /// Customer 334628087 by the published rules.
  static func customer() throws -> DecidedCase {
    let library = try DecisionLibrary(rules: [ProjectFiles.path("rules/invoice-profile.rules")])
    let layout = library.program.code.layout
    func slot(_ name: String) throws -> Int {
      try layout.slot(named: name) ?? { throw Missing(name: name) }()
    }
    var texts = library.program.texts
    return DecidedCase(
      library: library, decision: 0,
      given: [
        (try slot("enterprise.id"), Quotient(Int128(texts.intern("334628087")))),
        (try slot("enterprise.employees"), Quotient(4)),
        (try slot("average"), Quotient(28_579_297_600, over: 230)),
        (try slot("currencies"), Quotient(1)),
      ], asOf: day)
  }

  struct Missing: Error { let name: String }

  /// A random ruleset over inputs `e.f0`, `e.f1` ... in 0 ... `top`, with a boosted model of them.
  struct Shape {
    var facts = 4
    var top = 5
    var trees = 4
    var depth = 3
    /// Whether a value is worked out from two inputs.
    var hasQuotient = false
    /// Whether the model's score is one of a logistic link.
    var isLogistic = false
  }

  static func library(
    _ shape: Shape, in directory: TemporaryDirectory, _ random: inout SeededGenerator
  ) throws -> DecisionLibrary {
    let model = pmml(shape, &random)
    _ = try directory.write("m.pmml", model)
    let digest = Digest(of: Array(model.utf8))
    let fields = (0..<shape.facts).map { "  f\($0) int in 0 ... \(shape.top)" }
    let feeds = (0..<shape.facts).map { "x\($0) = e.f\($0) as float" }
    let cut = Int.random(in: 1...max(1, shape.top - 1), using: &random)
    let quotient = shape.hasQuotient ? "let ratio = e.f0 / (e.f1 + 1)" : ""
    let ranked = shape.hasQuotient ? "ratio" : "e.f1"
    let range = shape.isLogistic ? "0 ... 1" : "-1000 ... 1000"
    let cuts = shape.isLogistic ? ("0.35", "0.65") : ("-0.5", "0.75")
    let result = shape.isLogistic ? "probability(\"1\")" : "predictedValue"
    let text = """
      ruleset sample version 1 {
        owner "Tests"
      }
      input e from "s" {
        id text key
      \(fields.joined(separator: "\n"))
      }
      \(quotient)
      model m from "m.pmml" sha256 "\(digest)" {
        feed  \(feeds.joined(separator: ", "))
        score s = \(result) in \(range)
      }
      scale Band: Low < Middle < High
      rank band: Band by m.s {
        Low below \(cuts.0)
        Middle up to \(cuts.1)
        High otherwise
      }
      rank size: Band by \(ranked) {
        Low below \(cut)
        Middle below \(cut + 1)
        High otherwise
      }
      decision d: text hit first {
        rule same  reason D-1 "" when band == size then "same"
        rule above reason D-2 "" when band > size and e.f0 < \(cut) then "above"
        rule odd   reason D-3 "" when not (m.s < 0.6) and e.f0 >= \(cut + 1) then "odd"
        otherwise  reason D-4 "" then "rest"
      }
      """
    return try DecisionLibrary(rules: [try directory.write("s.rules", text)])
  }

  /// A case of random values.
  static func decided(
    _ library: DecisionLibrary, _ shape: Shape, _ random: inout SeededGenerator
  ) -> DecidedCase {
    let layout = library.program.code.layout
    return DecidedCase(
      library: library, decision: 0,
      given: (0..<shape.facts).map { fact in
        (
          layout.slot(named: "e.f\(fact)") ?? 0,
          Quotient(Int128(Int.random(in: 0...shape.top, using: &random)))
        )
      }, asOf: day)
  }

  /// Trees whose scores add up, in the manner of a boosting library.
  private static func pmml(_ shape: Shape, _ random: inout SeededGenerator) -> String {
    let names = (0..<shape.facts).map { "x\($0)" }
    let data = names.map {
      "<DataField name=\"\($0)\" optype=\"continuous\" dataType=\"double\"/>"
    }.joined()
    let schema =
      "<MiningSchema>" + names.map { "<MiningField name=\"\($0)\"/>" }.joined() + "</MiningSchema>"
    let segments = (0..<shape.trees).map { _ in
      "<Segment><True/><TreeModel functionName=\"regression\" splitCharacteristic=\"binarySplit\">"
        + schema + node("<True/>", shape.depth, shape, &random) + "</TreeModel></Segment>"
    }.joined()
    let sum =
      "<MiningModel functionName=\"regression\">" + schema
      + (shape.isLogistic
        ? "<Output><OutputField name=\"raw\" optype=\"continuous\" dataType=\"double\""
          + " isFinalResult=\"false\"/></Output>" : "")
      + "<Segmentation multipleModelMethod=\"sum\">" + segments + "</Segmentation></MiningModel>"
    let model =
      !shape.isLogistic
      ? sum
      : "<MiningModel functionName=\"classification\">" + schema
        + "<Segmentation multipleModelMethod=\"modelChain\"><Segment><True/>\(sum)</Segment>"
        + "<Segment><True/><RegressionModel functionName=\"classification\""
        + " normalizationMethod=\"logit\"><MiningSchema><MiningField name=\"y\""
        + " usageType=\"target\"/><MiningField name=\"raw\"/></MiningSchema>"
        + "<RegressionTable intercept=\"0\" targetCategory=\"1\"><NumericPredictor name=\"raw\""
        + " coefficient=\"1\"/></RegressionTable><RegressionTable intercept=\"0\""
        + " targetCategory=\"0\"/></RegressionModel></Segment></Segmentation></MiningModel>"
    let target =
      shape.isLogistic
      ? "<DataField name=\"y\" optype=\"categorical\" dataType=\"string\"><Value value=\"0\"/>"
        + "<Value value=\"1\"/></DataField>" : ""
    let whole =
      shape.isLogistic
      ? model.replacingFirst(
        "<MiningModel functionName=\"classification\"><MiningSchema>",
        by: "<MiningModel functionName=\"classification\"><MiningSchema>"
          + "<MiningField name=\"y\" usageType=\"target\"/>")
      : model
    return "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\"><Header/><DataDictionary>"
      + data + target + "</DataDictionary>" + whole + "</PMML>"
  }

  private static func node(
    _ predicate: String, _ depth: Int, _ shape: Shape, _ random: inout SeededGenerator
  ) -> String {
    guard depth > 0, Int.random(in: 0..<6, using: &random) > 0 else {
      let score = Double(Int.random(in: -8...8, using: &random)) / 8
      return "<Node score=\"\(score)\">\(predicate)</Node>"
    }
    let field = "x\(Int.random(in: 0..<shape.facts, using: &random))"
    let threshold = Double(Int.random(in: 0...(2 * shape.top), using: &random)) / 2
    let isStrict = Bool.random(using: &random)
    let (below, above) =
      isStrict ? ("lessThan", "greaterOrEqual") : ("lessOrEqual", "greaterThan")
    func test(_ operation: String) -> String {
      "<SimplePredicate field=\"\(field)\" operator=\"\(operation)\" value=\"\(threshold)\"/>"
    }
    return "<Node>\(predicate)" + node(test(below), depth - 1, shape, &random)
      + node(test(above), depth - 1, shape, &random) + "</Node>"
  }
}

extension String {
  fileprivate func replacingFirst(_ part: String, by other: String) -> String {
    guard let range = firstRange(of: part) else { return self }
    return replacingCharacters(in: range, with: other)
  }

  private func replacingCharacters(in range: Range<String.Index>, with other: String) -> String {
    String(self[..<range.lowerBound]) + other + String(self[range.upperBound...])
  }
}

/// Every point of a case's integer facts, decided by the engine: the truth that searches are held
/// against.
struct BruteForce {
  let decided: DecidedCase
  let top: Int
  private(set) var results: [CaseResult] = []

  init(_ decided: DecidedCase, top: Int) {
    self.decided = decided
    self.top = top
    var evaluator = decided.makeEvaluator()
    let count = decided.facts.indices.reduce(1) { product, _ in product * (top + 1) }
    for point in 0..<count {
      results.append(
        evaluator.result(
          of: values(of: point).enumerated().map {
            FactChange(fact: $0.offset, value: Quotient(Int128($0.element)))
          }))
    }
  }

  func values(of point: Int) -> [Int] {
    var rest = point
    return decided.facts.indices.map { _ in
      defer { rest /= top + 1 }
      return rest % (top + 1)
    }
  }

  /// Whether every point agrees that has these facts as the case has them.
  func entails(_ kept: Set<Int>) -> Bool {
    let own = decided.facts.map { Int($0.value?.numerator ?? -1) }
    return results.indices.allSatisfy { point in
      let values = values(of: point)
      return kept.contains { values[$0] != own[$0] } || results[point] == decided.result
    }
  }

  /// Every subset-minimal set that entails.
  func reasons() -> Set<Set<Int>> {
    var found: [Set<Int>] = []
    let facts = Array(decided.facts.indices)
    let subsets = (0..<(1 << facts.count)).sorted {
      $0.nonzeroBitCount < $1.nonzeroBitCount
    }
    for subset in subsets {
      let kept = Set(facts.filter { subset >> $0 & 1 != 0 })
      if found.contains(where: { $0.isSubset(of: kept) }) { continue }
      if entails(kept) { found.append(kept) }
    }
    return Set(found)
  }
}
