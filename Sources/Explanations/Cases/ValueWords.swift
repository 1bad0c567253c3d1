package import DataFields
package import DecisionTrace
package import RuleLanguage

/// What slots hold, as a trace would say it.
package struct ValueWords: Sendable {
  private let scales: [RankScale]
  private let texts: TextInterner

  package init(scales: [RankScale], texts: TextInterner) {
    self.scales = scales
    self.texts = texts
  }

  package func content(_ value: Quotient, _ type: ValueType) -> Trace.Content {
    switch type {
    case .boolean: .boolean(value.numerator != 0)
    case .integer, .decimal, .quotient:
      .number(value, scale: type.scale, digits: type.printedDigits, unit: type.unit)
    case .date: .date(CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: value.numerator)))
    case .text: .text(text(value.numerator))
    case .rank(let scale): .text(level(value.numerator, of: scale))
    case .double: .double(Double(bitPattern: UInt64(truncatingIfNeeded: value.numerator)))
    }
  }

  private func text(_ word: Int128) -> String {
    guard word >= 0, word < Int128(texts.count) else { return "any other text" }
    return texts.text(Int32(word))
  }

  private func level(_ word: Int128, of scale: Int) -> String {
    let levels = scales[scale].levels
    return word >= 0 && word < Int128(levels.count) ? levels[Int(word)] : "level \(word)"
  }

  /// The outcomes of a case, as a page prints them.
  package func outcome(_ result: CaseResult, _ type: ValueType) -> String {
    switch result {
    case .decided(let words):
      words.map { content($0, type).displayText }.joined(separator: ", ")
    case .refused: "refused"
    }
  }
}
