import DataFields
import PMML
import RationaleTestSupport
import Testing

/// The models of this project score as their trainers do.
@Suite struct TrainerTests {
  func table(_ name: String) throws -> (header: [String], rows: [[String]]) {
    let lines = try ProjectFiles.lines(ProjectFiles.path("Tests/PMMLTests/Fixtures/" + name))
      .filter { !$0.isEmpty }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    return (try #require(lines.first), Array(lines.dropFirst()))
  }

  func scores(_ name: String) throws -> [(actual: [String: String], expected: [String: String])] {
    let model = try CompiledModel(path: ProjectFiles.path("models/\(name).pmml"))
    let input = try table(name + ".input.csv")
    let expected = try table(name + ".expected.csv")
    #expect(input.rows.count == expected.rows.count)
    var space = model.makeWorkspace()
    return zip(input.rows, expected.rows).map { row, wanted in
      model.clear(&space)
      for (column, text) in zip(input.header, row) {
        if let place = model.signature.inputIndex(column) {
          model.set(text: text, input: place, in: &space)
        }
      }
      #expect(model.score(&space))
      var results: [String: String] = [:]
      for column in model.resultColumns {
        results[column.name] = model.text(column.result, in: space)
      }
      return (results, Dictionary(uniqueKeysWithValues: zip(expected.header, wanted)))
    }
  }

  @Test func `the classifier gives the trainer's own numbers, to the last digit`() throws {
    let pairs = try scores("premium")
    #expect(pairs.count >= 50)
    for (actual, expected) in pairs {
      #expect(actual["PREMIUM"] == expected["PREMIUM"])
      #expect(actual["probability(0)"] == expected["probability(0)"])
      #expect(actual["probability(1)"] == expected["probability(1)"])
    }
  }

  @Test func `the clusters are the trainer's, and their distances within 1e-12`() throws {
    let pairs = try scores("segments")
    #expect(pairs.count >= 50)
    for (actual, expected) in pairs {
      #expect(actual["cluster"] == expected["cluster"])
      for (name, text) in expected where name != "cluster" {
        let distance = try #require(Double(text))
        let own = try #require(actual[name].flatMap(Double.init))
        #expect(abs(own - distance) <= 1e-12 * (1 + distance))
      }
    }
  }

  @Test func `the signature says what the classifier takes and gives`() throws {
    let model = try CompiledModel(path: ProjectFiles.path("models/premium.pmml"))
    let signature = model.signature
    #expect(signature.inputs.map(\.name) == ["INVOICE_COUNT", "SIZE", "CURRENCIES"])
    #expect(signature.inputs.allSatisfy { $0.dataType == .float })
    #expect(signature.classes == ["0", "1"])
    #expect(signature.kind(of: .probability("1")) == .number)
    #expect(signature.kind(of: .probability("2")) == nil)
    #expect(model.resolve(.probability("2")) == nil)
    #expect(signature.target?.name == "PREMIUM")
  }

  @Test func `scoring again, and with another workspace, gives the same bits`() throws {
    let model = try CompiledModel(path: ProjectFiles.path("models/premium.pmml"))
    let result = try #require(model.resolve(.probability("1")))
    var first = model.makeWorkspace()
    var second = model.makeWorkspace()
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let row = (0..<3).map { _ in Double(generator.next() % 300) }
      for (place, number) in row.enumerated() {
        model.set(number: number, input: place, in: &first)
        model.set(number: number, input: place, in: &second)
      }
      #expect(model.score(&first))
      let value = model.value(result, in: first)
      #expect(model.score(&first))
      #expect(model.score(&second))
      #expect(model.value(result, in: first).bitPattern == value.bitPattern)
      #expect(model.value(result, in: second).bitPattern == value.bitPattern)
      #expect(value > 0 && value < 1)
    }
  }
}
