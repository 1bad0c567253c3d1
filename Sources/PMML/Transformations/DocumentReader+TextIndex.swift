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
      word: string(.wordRE, of: element), term: [])
    if !(0...1_000).contains(index.maximumDistance) {
      report(
        "P4", "`maxLevenshteinDistance` is \(index.maximumDistance); it is 0 to 1000", at: element)
    }
    if boolean(.tokenize, of: element) == false {
      unsupported(element, "a text is searched word by word only")
    }
    while let child = try nextChild(of: element) {
      if child.name == .textIndexNormalization {
        unsupported(child, "texts are not normalised by a table")
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
}
