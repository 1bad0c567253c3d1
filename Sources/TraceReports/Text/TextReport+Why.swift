import DecisionTrace

extension TextReport {
  /// The reason in one or two sentences; if the default decided, that is said.
  mutating func writeWhy() {
    page.blank()
    var label = StyledText(" ") + text("Why", .heading)
    for sentence in sentences() {
      page.paragraph(sentence, indent: 7, label: label)
      label = StyledText()
    }
  }

  private func sentences() -> [StyledText] {
    switch trace.result {
    case .decided: trace.contributingRules.flatMap(decided) + overridden()
    case .refused(let refusal, let field, let rules): [refused(refusal, field, rules)]
    }
  }

  private func decided(_ number: Int) -> [StyledText] {
    let rule = trace.rules[number].schema
    var sentences: [StyledText] = []
    let reason = trace.reason(ofRule: number)
    if !reason.text.isEmpty {
      sentences.append(text(reason.text) + code(reason.code))
    }
    if rule.isOtherwise {
      sentences.append(
        text("No explicit rule covers \(facts()): the default (`otherwise`) decided.", .notice)
          + (sentences.isEmpty ? code(rule.reasonCode) : StyledText()))
    } else if sentences.isEmpty {
      sentences.append(text("Rule `\(rule.name)` held: \(rule.text).") + code(rule.reasonCode))
    }
    return sentences
  }

  private func overridden() -> [StyledText] { trace.override.map { [override($0)] } ?? [] }

  /// What the rules of the decision looked at, with its values, in the order in which they do.
  private func facts() -> String {
    var operands: [TraceSchema.Operand] = []
    for clause in trace.rules.flatMap(\.schema.clauses) {
      for operand in [clause.left, clause.right]
      where operand != .unnamed && !operands.contains(operand) {
        operands.append(operand)
      }
    }
    let facts = operands.map { operand in
      switch operand {
      case .rank(let index): "\(trace.ranks[index].schema.name) \(level(trace.ranks[index]))"
      case .field(let index): "\(trace.values[index].field.name) \(trace.values[index].reportText)"
      case .unnamed: ""
      }
    }
    // More than a line of them explains nothing; the sections below have them all.
    return facts.isEmpty || facts.count > 6 ? "this case" : facts.joined(separator: ", ")
  }

  private func override(_ record: Trace.OverrideRecord) -> StyledText {
    var sentence = "Override `\(record.schema.name)`"
    if !record.schema.authority.isEmpty { sentence += " by \(record.schema.authority)" }
    if let until = record.schema.until { sentence += ", in force until \(until)," }
    sentence += " replaced `\(record.replaced.reportText)`"
    sentence += record.schema.text.isEmpty ? "." : ": \(record.schema.text)."
    return text(sentence, .notice) + code(record.schema.reasonCode)
  }

  private func refused(
    _ refusal: Trace.Refusal, _ field: String?, _ rules: [Int]
  ) -> StyledText {
    let name = field.map { "`\($0)`" } ?? "a value"
    let names = rules.map { "`\(trace.rules[$0].schema.name)`" }.joined(separator: " and ")
    let why =
      switch refusal {
      case .missing: "\(name) is missing."
      case .outOfRange: "\(name) is outside its declared range."
      case .overflow: "\(name) is too large to compute exactly."
      case .conflict: "rules \(names) both hold, with different outcomes."
      case .noRule: "no rule holds, and there is no default."
      case .dependsOnRefused: "\(name), on which it rests, was refused."
      case .notScored: "the model could not score the row for \(name)."
      }
    let stands =
      trace.previousOutcome.map { " The previous outcome stands: \($0)." } ?? ""
    return text("Refused: \(why)\(stands)")
  }

  func code(_ code: String?) -> StyledText {
    guard let code else { return StyledText() }
    return text("  [\(code)]", .faint)
  }

  func level(_ rank: Trace.Rank) -> String {
    rank.level.map { rank.schema.levels[$0] } ?? "missing"
  }
}
