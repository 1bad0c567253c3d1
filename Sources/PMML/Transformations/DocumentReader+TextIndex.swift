internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  func readTextIndex(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax.Kind {
    var index = TextIndex(
      textField: required(.textField, of: element),
      weights: choice(.localTermWeights, of: element) ?? .termFrequency,
      isCaseSensitive: boolean(.isCaseSensitive, of: element) ?? false,
      maximumDistance: integer(.maxLevenshteinDistance, of: element) ?? 0,
      countHits: choice(.countHits, of: element) ?? .allHits,
      separator: string(.wordSeparatorCharacterRE, of: element) ?? "\\s+",
      word: string(.wordRE, of: element), term: [],
      isTokenized: boolean(.tokenize, of: element) ?? true)
    if !(0...1_000).contains(index.maximumDistance) {
      report(
        "P4", "`maxLevenshteinDistance` is \(index.maximumDistance); it is 0 to 1000", at: element)
    }
    if !index.isTokenized {
      if index.maximumDistance > 0 {
        unsupported(element, "a distance is one of words, and the text is not taken as words")
      }
      if index.weights == .augmentedNormalizedTermFrequency {
        unsupported(element, "the weight counts words, and the text is not taken as words")
      }
    }
    while let child = try nextChild(of: element) {
      if child.name == .textIndexNormalization {
        index.normalizations.append(try readTextIndexNormalization(child))
      } else if let expression = try readExpression(child) {
        index.term.append(expression)
      } else {
        unexpected(child, in: element)
      }
    }
    guard index.term.count == 1 else {
      report("P3", "`TextIndex` needs one expression, its term", at: element)
      return .faulty
    }
    return .textIndex(index)
  }

  private func readTextIndexNormalization(
    _ element: Element
  ) throws(DiagnosticsError) -> TextIndexNormalization {
    textTableCount += 1
    var table = TextIndexNormalization(
      isRecursive: boolean(.recursive, of: element) ?? false,
      isCaseSensitive: boolean(.isCaseSensitive, of: element),
      maximumDistance: integer(.maxLevenshteinDistance, of: element),
      separator: string(.wordSeparatorCharacterRE, of: element),
      word: string(.wordRE, of: element), isTokenized: boolean(.tokenize, of: element),
      number: textTableCount, line: element.line)
    if let distance = table.maximumDistance, !(0...1_000).contains(distance) {
      report("P4", "`maxLevenshteinDistance` is \(distance); it is 0 to 1000", at: element)
    }
    let text = string(.inField, of: element) ?? "string"
    let replacement = string(.outField, of: element) ?? "stem"
    let isPattern = ModelCompiler.localName(string(.regexField, of: element) ?? "regex")
    while let child = try nextChild(of: element) {
      switch child.name {
      case .inlineTable:
        for row in try readInlineTable(child) {
          guard let from = row[ModelCompiler.localName(text)],
            let to = row[ModelCompiler.localName(replacement)]
          else {
            report("P18", "a row has no column `\(text)`, or no `\(replacement)`", at: child)
            continue
          }
          table.rows.append(
            TextIndexNormalization.Row(
              text: from, replacement: to,
              isPattern: row[isPattern].map { ["true", "1"].contains($0.lowercased()) } ?? false))
        }
      case .tableLocator:
        unsupported(child, "tables outside of the document are not read")
      default: unexpected(child, in: element)
      }
    }
    return table
  }
}
