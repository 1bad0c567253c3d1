internal import Attribution
internal import DataFields
internal import PMML

/// Scores random rows with a model, and asks whether it gives the same again.
struct FuzzedModelRows {
  private let model: CompiledModel
  private let columns: [CompiledModel.ResultColumn]
  private let pools: [[String]]
  private var random: FuzzRandom
  private var space: ScoringWorkspace
  private(set) var scored = 0
  private(set) var invalid = 0
  private(set) var attributed = 0
  /// Whether rows are attributed over a background, too, which takes longer.
  private let hasBackground: Bool

  private static let texts = [
    "", "0", "1", "-1", "0.5", "5.5", "1e308", "-1e308", "1e-320", "INF", "-INF", "NaN", "1e19",
    "9223372036854775808", "-2147483649", "true", "a", "b", "x y z", "é😀", "2020-02-29", "12:00:00",
    "9999-12-31T23:59:59", "10000000000-01-01",
  ]

  init(_ model: CompiledModel, _ random: FuzzRandom, hasBackground: Bool) {
    self.model = model
    self.hasBackground = hasBackground
    self.random = random
    columns = model.resultColumns
    pools = model.inputNames.map { name in
      guard let place = model.signature.inputIndex(name) else { return [] }
      let field = model.signature.inputs[place]
      return field.categories
        + field.intervals.flatMap { [$0.lower, $0.upper].compactMap { $0?.description } }
    }
    space = model.makeWorkspace()
  }

  mutating func run() -> String? {
    var rows: [[String]] = [pools.map { _ in "" }]
    for _ in 0..<4 { rows.append(row()) }
    if let group = model.groupInput { return transaction(rows, group) }
    var expected: [[String]?] = []
    for row in rows {
      let results = score(row)
      expected.append(results)
      // A model whose results rest on the rows before gives others in a new workspace.
      if model.needsOtherRows != nil { continue }
      space = model.makeWorkspace()
      if results != score(row) { return "a row scores otherwise a second time" }
      if results != nil, attributed == 0, let fault = attribute(rows) { return fault }
    }
    return model.needsOtherRows == nil && blocks(rows) != expected
      ? "a block scores otherwise than its rows" : nil
  }

  /// The results of rows that are scored together.
  private func blocks(_ rows: [[String]]) -> [[String]?] {
    let scorer = BlockScorer(model)
    let space = scorer.makeWorkspace()
    scorer.clear(space)
    for (row, texts) in rows.enumerated() {
      for (place, text) in texts.enumerated() where !text.isEmpty {
        scorer.set(text: text, anyInput: place, row: row, in: space)
      }
    }
    scorer.score(rows.count, space)
    return rows.indices.map { row in
      scorer.isScored(row, space)
        ? columns.map { scorer.text($0.result, row: row, in: space) } : nil
    }
  }

  private mutating func row() -> [String] {
    var row: [String] = []
    for pool in pools {
      row.append(
        (pool.isEmpty || random.once(in: 3) ? random.pick(Self.texts) : random.pick(pool)) ?? "")
    }
    return row
  }

  private mutating func score(_ row: [String]) -> [String]? {
    model.clear(&space)
    for (place, text) in row.enumerated() { model.set(text: text, anyInput: place, in: &space) }
    guard model.score(&space) else {
      invalid += 1
      return nil
    }
    scored += 1
    return columns.map { model.text($0.result, in: space) }
  }

  private mutating func transaction(_ rows: [[String]], _ group: Int) -> String? {
    var transaction = Transaction()
    for row in rows {
      model.clear(&space)
      for (place, text) in row.enumerated() { model.set(text: text, anyInput: place, in: &space) }
      if !model.add(&space, to: &transaction) { invalid += 1 }
    }
    model.score(transaction, &space)
    scored += 1
    let results = columns.map { model.text($0.result, in: space) }
    model.score(transaction, &space)
    return results == columns.map { model.text($0.result, in: space) }
      ? nil : "a transaction scores otherwise a second time"
  }

  /// Attributes the row that was scored last, without a background and over the rows of this model.
  private mutating func attribute(_ rows: [[String]]) -> String? {
    let classes = model.signature.classes
    let isClassifier = model.signature.function == .classification
    let result = isClassifier ? classes.first.map { ModelResult.probability($0) } : .predictedValue
    guard let result else { return nil }
    if let attributor = try? Attributor(model, result, background: nil),
      let fault = attribute(attributor)
    {
      return fault
    }
    guard hasBackground else { return nil }
    // As few scores as sampling takes.
    let estimates = Attributor.Estimates(scoreCount: 8 * model.signature.inputs.count)
    // Rows of a background must be valid, which few random ones are.
    for row in rows {
      guard
        let attributor = try? Attributor(
          model, result, background: background(row), estimates: estimates)
      else { continue }
      return attribute(attributor)
    }
    return nil
  }

  private mutating func attribute(_ attributor: Attributor) -> String? {
    var room = attributor.makeWorkspace()
    guard let outcome = attributor.attribute(space, &room) else { return nil }
    attributed += 1
    // What is infinite adds up to nothing.
    let isFinite = outcome.residual.isFinite && outcome.tolerance.isFinite
    return isFinite && !outcome.isAccurate
      ? "attributions do not add up: \(attributor.method), \(outcome)" : nil
  }

  private func background(_ row: [String]) -> ModelMatrix {
    let inputs = model.signature.inputs
    var matrix = ModelMatrix(fields: inputs.map { ($0.name, $0.kind) })
    matrix.append(
      inputs.map { field in
        let text = model.inputNames.firstIndex(of: field.name).map { row[$0] } ?? ""
        if text.isEmpty { return .missing }
        if field.kind == .text { return .text(text) }
        return Double(text).map { .number($0) } ?? .missing
      })
    return matrix
  }
}
