import DataFields
import PMML
import SourceDiagnostics
import Testing

/// Small documents, and a table of scores from them.
enum PMMLText {
  /// A document with these data fields (`x double`, `c string a b`) around the rest.
  static func document(_ fields: [String], transformations: String = "", _ model: String) -> String
  {
    let dictionary = fields.map { field -> String in
      let words = field.split(separator: " ").map(String.init)
      let isText = words[1] == "string" || words.count > 2
      let values = words.dropFirst(2).map { "<Value value=\"\($0)\"/>" }.joined()
      return "<DataField name=\"\(words[0])\" optype=\"\(isText ? "categorical" : "continuous")\" "
        + "dataType=\"\(words[1])\">\(values)</DataField>"
    }.joined(separator: "\n")
    return """
      <PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/>
      <DataDictionary>\(dictionary)</DataDictionary>
      \(transformations)
      \(model)
      </PMML>
      """
  }

  static func schema(_ active: [String], target: String? = "y") -> String {
    "<MiningSchema>" + active.map { "<MiningField name=\"\($0)\"/>" }.joined()
      + (target.map { "<MiningField name=\"\($0)\" usageType=\"target\"/>" } ?? "")
      + "</MiningSchema>"
  }

  static func load(_ text: String) throws(DiagnosticsError) -> CompiledModel {
    try CompiledModel(name: "test.pmml", bytes: Array(text.utf8))
  }

  /// The codes of the faults that a document is refused for.
  static func faults(_ text: String) -> [String] {
    do {
      _ = try load(text)
      return []
    } catch { return error.diagnostics.map(\.code) }
  }

  /// The texts of every result, for rows of input texts by field; nil for a row that is invalid.
  static func score(_ text: String, _ rows: [[String: String]]) throws -> [[String: String]?] {
    let model = try load(text)
    return score(model, rows)
  }

  /// The same of a model that was loaded. Rows that are scored in blocks must give the same texts,
  /// and the same bits of each class.
  static func score(_ model: CompiledModel, _ rows: [[String: String]]) -> [[String: String]?] {
    var space = model.makeWorkspace()
    let classes = model.signature.classes.compactMap { model.resolve(.probability($0)) }
    var numbers: [[UInt64]] = []
    let results = rows.map { row -> [String: String]? in
      model.clear(&space)
      for (place, name) in model.inputNames.enumerated() {
        if let value = row[name] { model.set(text: value, anyInput: place, in: &space) }
      }
      let isScored = model.score(&space)
      numbers.append(isScored ? classes.map { model.value($0, in: space).bitPattern } : [])
      guard isScored else { return nil }
      return Dictionary(
        uniqueKeysWithValues: model.resultColumns.map {
          ($0.name, model.text($0.result, in: space))
        })
    }
    if model.needsOtherRows == nil {
      let blocks = scoreBlocks(model, rows, classes)
      #expect(blocks.map(\.results) == results)
      #expect(blocks.map(\.numbers) == numbers)
    }
    return results
  }

  private static func scoreBlocks(
    _ model: CompiledModel, _ rows: [[String: String]], _ classes: [CompiledModel.ResolvedResult]
  ) -> [(results: [String: String]?, numbers: [UInt64])] {
    let scorer = BlockScorer(model)
    let space = scorer.makeWorkspace()
    var scored: [(results: [String: String]?, numbers: [UInt64])] = []
    for start in stride(from: 0, to: rows.count, by: BlockWorkspace.rowCount) {
      let block = rows[start..<min(start + BlockWorkspace.rowCount, rows.count)]
      scorer.clear(space)
      setInputs(of: Array(block), scorer, model, space)
      scorer.score(block.count, space)
      for row in 0..<block.count {
        guard scorer.isScored(row, space) else {
          scored.append((nil, []))
          continue
        }
        var results: [String: String] = [:]
        for column in model.resultColumns {
          var bytes: [UInt8] = []
          let value = scorer.value(column.result, row: row, in: space)
          scorer.appendText(of: value, column.result.dataType, in: space, to: &bytes)
          let text = scorer.text(column.result, row: row, in: space)
          #expect(String(decoding: bytes, as: UTF8.self) == text)
          results[column.name] = text
        }
        scored.append((results, classes.map { scorer.value($0, row: row, in: space).bitPattern }))
      }
    }
    return scored
  }

  /// Sets the inputs of a block from bytes, which must come to what texts do.
  private static func setInputs(
    of rows: [[String: String]], _ scorer: BlockScorer, _ model: CompiledModel,
    _ space: BlockWorkspace
  ) {
    let names = model.inputNames
    var bytes: [UInt8] = []
    var ranges: [TextRange] = []
    for row in rows {
      for name in names {
        let text = row[name]?.utf8
        ranges.append(
          TextRange(start: Int32(bytes.count), count: text.map { Int32($0.count) } ?? -1))
        bytes += text.map { Array($0) } ?? []
      }
    }
    bytes.withUnsafeBufferPointer { bytes in
      ranges.withUnsafeBufferPointer { ranges in
        for input in names.indices {
          scorer.set(
            texts: bytes, UnsafeBufferPointer(rebasing: ranges[input...]), stride: names.count,
            anyInput: input, in: space)
        }
      }
    }
  }

  /// The texts of every result, for the transactions of rows, in the order of their first rows.
  static func scoreTransactions(
    _ text: String, _ rows: [[String: String]]
  ) throws -> [[String: String]] {
    try transactions(try load(text), rows).map { $0.results ?? [:] }
  }

  /// As ``scoreTransactions(_:_:)``, of a model that was loaded; nil for one that is invalid.
  static func transactions(
    _ model: CompiledModel, _ rows: [[String: String]]
  ) throws -> [(group: String, results: [String: String]?)] {
    let group = model.groupInput.map { model.inputNames[$0] }
    var space = model.makeWorkspace()
    var names: [String] = []
    var transactions: [String: (Transaction, isValid: Bool)] = [:]
    for row in rows {
      model.clear(&space)
      for (place, name) in model.inputNames.enumerated() {
        model.set(text: row[name] ?? "", anyInput: place, in: &space)
      }
      let name = group.flatMap { row[$0] } ?? ""
      if name.isEmpty, model.passesOverRowsWithoutGroup { continue }
      if transactions[name] == nil { names.append(name) }
      var (transaction, isValid) = transactions[name] ?? (Transaction(), true)
      if !model.add(&space, to: &transaction) { isValid = false }
      transactions[name] = (transaction, isValid)
    }
    return names.map { name in
      guard let (transaction, isValid) = transactions[name], isValid else { return (name, nil) }
      model.score(transaction, &space)
      var results: [String: String] = [:]
      for column in model.resultColumns {
        results[column.name] = model.text(column.result, in: space)
      }
      return (name, results)
    }
  }

  /// A regression that gives out one transformed value, `result`.
  static func expression(_ fields: [String], _ expression: String) -> String {
    let names = fields.map { String($0.prefix { $0 != " " }) }
    return document(
      fields + ["y double"],
      """
      <RegressionModel functionName="regression">\(schema(names))
      <Output><OutputField name="result" feature="transformedValue">\(expression)</OutputField></Output>
      <RegressionTable intercept="0"/></RegressionModel>
      """)
  }
}
