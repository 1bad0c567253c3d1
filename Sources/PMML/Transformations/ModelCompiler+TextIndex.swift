internal import DataFields
internal import SourceDiagnostics
internal import TextPatterns

extension ModelCompiler {
  func compile(_ index: TextIndex, in scope: FieldScope, line: Int) -> Int {
    guard let binding = lookUp(index.textField, in: scope, line: line), let term = index.term.first
    else { return program.expressions.append(.constant(.nan), .double) }
    let text = cast(
      program.expressions.append(.slot(binding.slot), binding.dataType), to: .string)
    let wanted = cast(compile(term, in: scope, expected: .string), to: .string)
    guard let separator = pattern(index.separator, line: line) else {
      return program.expressions.append(.constant(.nan), .double)
    }
    let settings = [
      index.separator, index.word ?? "", index.isCaseSensitive.description,
      index.isTokenized.description,
      index.normalizations.map { String($0.number) }.joined(separator: ","),
    ]
    let number = tokenizerNumbers[settings] ?? tokenizerNumbers.count
    tokenizerNumbers[settings] = number
    program.expressions.textIndices.append(
      TextIndexPlan(
        tokenizer: Tokenizer(
          separator: separator, word: index.word.flatMap { pattern($0, line: line) },
          isCaseSensitive: index.isCaseSensitive, number: number),
        normalizations: normalizations(index, line: line), isTokenized: index.isTokenized,
        weights: index.weights, maximumDistance: index.maximumDistance,
        countHits: index.countHits))
    return program.expressions.append(
      .textIndex(program.expressions.textIndices.count - 1), .double, [text, wanted])
  }

  /// A regular expression; reports what is wrong with it.
  func pattern(_ text: String, line: Int) -> TextPattern? {
    if let known = patterns[text] { return known }
    do {
      // Python's and Java's flag for Unicode, which patterns here always are.
      let pattern = try TextPattern(
        Self.perlPattern(text.hasPrefix("(?u)") ? String(text.dropFirst(4)) : text))
      patterns[text] = pattern
      return pattern
    } catch {
      // Told once, however often the pattern is used.
      patterns[text] = .some(nil)
      reader.report(
        "P4", "`\(text)` is not a regular expression: \(error.message), at \(error.offset + 1)",
        line: line)
      return nil
    }
  }
}
