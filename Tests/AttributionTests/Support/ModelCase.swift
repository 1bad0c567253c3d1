import DataFields
import PMML
import RationaleTestSupport
import Testing

@testable import Attribution

/// A model over numbers `x0`, `x1`, ... and, last, a category `k` of `a`, `b` and `c`, with random rows
/// for it.
struct ModelCase {
  let model: CompiledModel
  let fieldCount: Int
  let rows: [[ModelMatrix.Value]]
  let background: [[ModelMatrix.Value]]

  /// - Parameters:
  ///   - numbers: how many numeric fields there are beside the category.
  ///   - body: the model element, which lists the fields by ``miningFields(_:)``.
  init(
    numbers: Int, seed: UInt64, rowCount: Int = 3, backgroundCount: Int = 3, body: String
  ) throws {
    let fields = (0..<numbers).map {
      "<DataField name=\"x\($0)\" optype=\"continuous\" dataType=\"double\"/>"
    }
    let text = """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
        <DataDictionary>\(fields.joined())
          <DataField name="k" optype="categorical" dataType="string"/>
          <DataField name="target" optype="categorical" dataType="string">
            <Value value="no"/><Value value="yes"/></DataField>
          <DataField name="three" optype="categorical" dataType="string">
            <Value value="p"/><Value value="q"/><Value value="r"/></DataField>
          <DataField name="amount" optype="continuous" dataType="double"/>
        </DataDictionary>\(body)</PMML>
      """
    model = try CompiledModel(name: "test.pmml", bytes: Array(text.utf8))
    fieldCount = numbers + 1
    var random = SeededGenerator(seed: seed)
    func row() -> [ModelMatrix.Value] {
      let values = (0..<numbers).map { _ in
        ModelMatrix.Value.number(Double(Int.random(in: -8...8, using: &random)) / 4)
      }
      return values + [.text(["a", "b", "c"].randomElement(using: &random) ?? "a")]
    }
    rows = (0..<rowCount).map { _ in row() }
    background = (0..<backgroundCount).map { _ in row() }
  }

  static func miningFields(_ numbers: Int, target: String) -> String {
    let fields = (0..<numbers).map { "<MiningField name=\"x\($0)\"/>" }
    return "<MiningSchema><MiningField name=\"\(target)\" usageType=\"target\"/>\(fields.joined())"
      + "<MiningField name=\"k\"/></MiningSchema>"
  }

  var matrix: ModelMatrix {
    var matrix = ModelMatrix(
      fields: (0..<fieldCount - 1).map { ("x\($0)", .number) } + [("k", .text)])
    for row in background { matrix.append(row) }
    return matrix
  }

  func set(_ values: [ModelMatrix.Value], _ space: inout ScoringWorkspace) {
    model.set(values, &space)
  }

  /// The row's numbers, and its category.
  static func parts(_ row: [ModelMatrix.Value]) -> (numbers: [Double], category: String) {
    var numbers: [Double] = []
    var category = ""
    for value in row {
      switch value {
      case .number(let number): numbers.append(number)
      case .text(let text): category = text
      case .missing: numbers.append(.nan)
      }
    }
    return (numbers, category)
  }

  /// Every coalition's worth by the definition.
  ///
  /// - Parameter score: the raw score of a row.
  func worth(
    _ row: [ModelMatrix.Value], _ score: ([ModelMatrix.Value]) -> Double
  ) -> [Double] {
    (0..<1 << fieldCount).map { coalition in
      var sum = 0.0
      for other in background {
        sum += score((0..<fieldCount).map { coalition >> $0 & 1 == 1 ? row[$0] : other[$0] })
      }
      return sum / Double(background.count)
    }
  }

  /// Compares the attributions of all rows with the definition, and blocks with single rows.
  func check(
    _ attributor: Attributor, tolerance: Double = 1e-12, _ score: ([ModelMatrix.Value]) -> Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var space = model.makeWorkspace()
    var room = attributor.makeWorkspace()
    let scorer = BlockScorer(model)
    let block = scorer.makeWorkspace()
    var blockRoom = attributor.makeBlockRoom()
    for row in rows {
      let worth = worth(row, score)
      let expected = BruteForce.shapley(worth, players: fieldCount)
      set(row, &space)
      #expect(model.score(&space))
      let outcome = try #require(
        attributor.attribute(space, &room), sourceLocation: sourceLocation)
      for player in 0..<fieldCount {
        #expect(
          abs(room.attributions[player] - expected[player]) <= tolerance,
          "field \(player) of \(row)", sourceLocation: sourceLocation)
      }
      #expect(abs(attributor.baseValue - worth[0]) <= tolerance, sourceLocation: sourceLocation)
      #expect(
        abs(outcome.rawScore - (worth.last ?? .nan)) <= tolerance, sourceLocation: sourceLocation)
      #expect(abs(outcome.residual) <= tolerance, sourceLocation: sourceLocation)
      scorer.clear(block)
      block.takeTexts(of: space)
      for input in row.indices {
        scorer.set(number: model.input(input, in: space), input: input, row: 7, in: block)
      }
      scorer.score(8, block)
      attributor.attribute(block, rowCount: 8, &blockRoom)
      #expect(blockRoom.outcomes[7] == outcome, sourceLocation: sourceLocation)
      for player in 0..<fieldCount {
        #expect(
          blockRoom.attributions[player * 64 + 7] == room.attributions[player],
          sourceLocation: sourceLocation)
      }
    }
  }
}

extension CompiledModel {
  /// Sets the inputs to the values of a row, in the order of the signature.
  func set(_ values: [ModelMatrix.Value], _ space: inout ScoringWorkspace) {
    clear(&space)
    for (input, value) in values.enumerated() {
      switch value {
      case .missing: setMissing(input: input, in: &space)
      case .number(let number): set(number: number, input: input, in: &space)
      case .text(let text): set(text: text, input: input, in: &space)
      }
    }
  }
}
