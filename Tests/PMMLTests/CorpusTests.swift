import PMML
import RationaleTestSupport
import TabularIO
import Testing

/// Published models with the answers of their producers; runs only where the corpus is.
@Suite struct CorpusTests {
  static let kinds = [
    "TreeModel", "MiningModel", "RegressionModel", "ClusteringModel", "GeneralRegressionModel",
    "NeuralNetwork", "SupportVectorMachineModel", "NaiveBayesModel", "NearestNeighborModel",
    "Scorecard", "RuleSetModel", "AnomalyDetectionModel", "AssociationModel",
    "BayesianNetworkModel", "GaussianProcessModel", "BaselineModel", "TimeSeriesModel",
  ]

  /// Cases that rest on what is not supported yet.
  static let refused: Set<String> = [
    // It has no version, and must then be refused.
    "dmg-jpmml-evaluator-ContrastMatrixTest"
  ]

  struct Case: CustomTestStringConvertible {
    var id: String
    var tolerance: Double
    var categorical: Set<String>
    var testDescription: String { id }
  }

  static let cases: [Case] = {
    guard SharedData.isPresent,
      let table = try? Self.read(SharedData.path("pmml-corpus/manifest.csv"))
    else { return [] }
    return table.compactMap { row in
      // Answers that are disputed, or one engine's alone, are no measure.
      guard kinds.contains(row["model"] ?? ""), let id = row["id"],
        !["disputed", "pmml4s"].contains(row["truth"] ?? "")
      else { return nil }
      let names = (row["categorical"] ?? "").filter { !"[]\"".contains($0) }
      return Case(
        id: id, tolerance: Double(row["tolerance"] ?? "") ?? 1e-6,
        categorical: Set(
          names.split(separator: ",").map { String($0.drop { $0 == " " }) }))
    }
  }()

  static func read(_ path: String) throws -> [[String: String]] {
    let reader = try RecordReader(path: path, columns: .all)
    var rows: [[String: String]] = []
    while try reader.next() == .record {
      var row: [String: String] = [:]
      for (place, name) in reader.columns.enumerated() { row[name] = reader.field(place).text }
      rows.append(row)
    }
    return rows
  }

  @Test(.enabled(if: SharedData.isPresent), arguments: cases)
  func `a published model gives the published answers`(_ entry: Case) throws {
    let folder = SharedData.path("pmml-corpus/cases/\(entry.id)/")
    if Self.refused.contains(entry.id) {
      #expect(throws: (any Error).self) { try CompiledModel(path: folder + "model.pmml") }
      return
    }
    let model = try CompiledModel(path: folder + "model.pmml")
    let input = try Self.read(folder + "input.csv")
    let expected = try Self.read(folder + "expected.csv")
    for (actual, wanted) in zip(try Self.score(model, input, count: expected.count), expected) {
      for column in model.resultColumns {
        guard let text = wanted[column.name] else { continue }
        let actual = actual?[column.name] ?? ""
        // What is missing in a list is `null` here, and empty there.
        if actual == text || actual.replacing("null", with: "\"\"") == text { continue }
        let isNumber = !entry.categorical.contains(column.name)
        let difference = Double(text).flatMap { number in
          Double(actual).map { abs($0 - number) - entry.tolerance * abs(number) }
        }
        #expect(
          isNumber && (difference ?? 1) <= entry.tolerance,
          "\(column.name): \(actual), expected \(text)")
      }
    }
  }

  /// A result for each row, or for each transaction where rows make up some.
  static func score(
    _ model: CompiledModel, _ input: [[String: String]], count: Int
  ) throws -> [[String: String]?] {
    if model.joinsRows {
      let transactions = try PMMLText.transactions(model, input)
      #expect(transactions.count == count)
      return transactions.map(\.results)
    }
    #expect(input.count == count)
    return PMMLText.score(model, input)
  }
}
