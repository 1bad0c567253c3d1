import DataFields
package import SourceDiagnostics

/// One check of a decision, on the table of its combinations.
///
/// Each finding has a witness; the findings of one check come in the order of the combinations.
package protocol DecisionAnalysis: Sendable {
  func findings(in table: CombinationTable) -> [Diagnostic]
}

/// Where findings are reported, and what they all say.
package struct FindingReport: Sendable {
  private let program: Program
  private let plan: DecisionPlan

  package init(_ program: Program, decision: Int) {
    self.program = program
    plan = program.decisions[decision]
  }

  init(_ program: Program, _ plan: DecisionPlan) {
    self.program = program
    self.plan = plan
  }

  package init(_ table: CombinationTable) {
    self.init(table.question.program, decision: table.question.decision)
  }

  /// A finding about the decision as a whole: its place, without an excerpt.
  package func onDecision(
    _ code: String, _ severity: Diagnostic.Severity, _ message: String, notes: [String] = [],
    help: [String] = []
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      code: code, severity: severity, message: message, file: path, notes: notes, help: help)
    diagnostic.position = SourcePosition(line: plan.line, column: 1)
    if let span = span(line: plan.line, "decision"), let file {
      diagnostic.position = program.sources.files[file].position(at: span.range.lowerBound)
      diagnostic.ranges = [Diagnostic.MarkedRange(span, in: program.sources)]
    }
    return diagnostic
  }

  /// A finding about rules of the decision (by number, `otherwise` after the last), each marked.
  package func onRules(
    _ code: String, _ severity: Diagnostic.Severity, _ message: String,
    _ rules: [(number: Int, label: String)], notes: [String] = [], help: [String] = []
  ) -> Diagnostic {
    onLines(
      code, severity, message,
      rules.map { number, label in
        let rule = self.rule(number)
        return (rule.line, Self.isRow(rule) ? "" : mark(rule), label)
      }, notes: notes, help: help)
  }

  /// A finding about lines of the ruleset; on each, `mark` is what the carets stand below (the whole
  /// line if it is empty).
  package func onLines(
    _ code: String, _ severity: Diagnostic.Severity, _ message: String,
    _ lines: [(line: Int, mark: String, label: String)], notes: [String] = [],
    help: [String] = []
  ) -> Diagnostic {
    let labels = lines.compactMap { line, mark, label in
      span(line: line, mark).map { (span: $0, label: label) }
    }
    guard labels.count == lines.count, !labels.isEmpty else {
      // No source at hand: the place alone.
      var diagnostic = Diagnostic(
        code: code, severity: severity, message: message, file: path, notes: notes, help: help)
      diagnostic.position = lines.first.map { SourcePosition(line: $0.line, column: 1) }
      return diagnostic
    }
    return Diagnostic(
      code, severity, message, at: labels, in: program.sources, notes: notes, help: help)
  }

  /// How a message calls a rule: its name, or `row 3`.
  package func name(_ number: Int) -> String {
    let rule = rule(number)
    return Self.isRow(rule) ? rule.name : "`\(rule.name)`"
  }

  /// Several rules: "`a`, `b` and `c`".
  package func names(_ numbers: [Int]) -> String {
    let names = numbers.map(name)
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  package func rule(_ number: Int) -> RulePlan {
    let index = plan.rules.lowerBound + number
    return program.rules[
      number < plan.rules.count ? index : plan.otherwise ?? plan.rules.lowerBound]
  }

  /// What a rule gives: `"Steady Customers"`.
  package func outcome(_ number: Int) -> String {
    let slot = rule(number).outcome
    guard slot < program.code.layout.constantCount else { return "a computed value" }
    return ValueSpelling(program).bare(program.code.layout.constants[slot], slot: slot)
  }

  package static func isRow(_ rule: RulePlan) -> Bool { rule.name.hasPrefix("row ") }

  private func mark(_ rule: RulePlan) -> String {
    rule.condition == nil && rule.name == "otherwise" ? "otherwise" : "rule \(rule.name)"
  }

  private var path: String { program.rulesets[plan.ruleset].path }

  private var file: Int? { program.sources.files.firstIndex { $0.name == path } }

  /// The lines of the decision's file.
  package func line(_ number: Int) -> String? {
    guard let file, number >= 1, number <= program.sources.files[file].lineCount else {
      return nil
    }
    return String(decoding: program.sources.files[file].lineBytes(number), as: UTF8.self)
  }

  /// Where `mark` stands on a line, else the whole line without indent, comment and trailing blanks.
  private func span(line: Int, _ mark: String) -> SourceSpan? {
    guard let file else { return nil }
    let bytes = program.sources.files[file].lineBytes(line)
    guard !bytes.isEmpty else { return nil }
    let wanted = Array(mark.utf8)
    if !wanted.isEmpty, bytes.count >= wanted.count {
      for start in bytes.startIndex...(bytes.endIndex - wanted.count)
      where bytes[start..<(start + wanted.count)].elementsEqual(wanted) {
        return SourceSpan(file: file, range: start..<(start + wanted.count))
      }
    }
    let blanks: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t")]
    var end = bytes.endIndex
    for index in bytes.indices.dropLast()
    where bytes[index] == UInt8(ascii: "/") && bytes[index + 1] == UInt8(ascii: "/") {
      end = index
      break
    }
    while end > bytes.startIndex, blanks.contains(bytes[end - 1]) { end -= 1 }
    var start = bytes.startIndex
    while start < end, blanks.contains(bytes[start]) { start += 1 }
    return start < end ? SourceSpan(file: file, range: start..<end) : nil
  }
}
