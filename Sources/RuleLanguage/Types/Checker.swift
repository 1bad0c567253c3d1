package import DataFields
import SourceDiagnostics

/// Resolves the names of parsed rulesets and settles their types, units, scales and missing values.
///
/// Faults are collected; what depends on a faulty definition is silent (its type is `fault`), so
/// that each cause is reported once.
package struct Checker {
  var program = CheckedProgram()
  var diagnostics: [Diagnostic] = []
  let models: any ModelCatalog
  let files: any RuleFileSource
  /// What each ruleset can name: its own declarations and those that it uses.
  var scopes: [NameScope] = []
  /// The ruleset being checked.
  var ruleset = 0
  /// Whether what is checked is fed to a model, where `as float` may stand.
  var isFeed = false
  /// What the test being checked has been given.
  var givenValues = Set<Int>()
  private var valueIndices: [ValueKey: Int] = [:]
  private var valuesIndexed = 0
  private(set) var reported = Set<SourceSpan>()
  /// How many errors were found beyond those that are reported.
  private(set) var errorsLeftOut = 0
  var hasTooManyDecisions = false

  /// How many findings one compilation reports while it checks.
  static let maximumDiagnostics = 200
  static let maximumFields = 1_000
  static let maximumLevels = 256
  static let maximumDecisions = 1_000
  static let maximumRules = 10_000
  /// How many values `in (...)` may list.
  static let maximumOptions = 10_000
  /// How many decisions and truth values may rest on each other.
  static let maximumConditionDepth = 64
  static let maximumDefinitionDepth = 256
  /// How many selections of events may narrow each other.
  static let maximumStreamDepth = 64

  package init(models: any ModelCatalog, files: any RuleFileSource) {
    self.models = models
    self.files = files
  }

  private struct ValueKey: Hashable {
    var ruleset: Int
    var name: String
  }

  /// The value of a ruleset with this name.
  mutating func valueIndex(_ name: String, of ruleset: Int) -> Int? {
    while valuesIndexed < program.values.count {
      let value = program.values[valuesIndexed]
      let key = ValueKey(ruleset: value.ruleset, name: value.name)
      if valueIndices[key] == nil { valueIndices[key] = valuesIndexed }
      valuesIndexed += 1
    }
    return valueIndices[ValueKey(ruleset: ruleset, name: name)]
  }

  /// What a name stands for.
  enum Symbol: Hashable {
    case rates(Int)
    case input(Int)
    case event(Int)
    case stream(Int)
    case value(Int)
    case scale(Int)
    case model(Int)
    case override(Int)
    case window(Int)
    /// Declared, but faulty; already reported.
    case fault
  }

  struct NameScope {
    var symbols: [String: (symbol: Symbol, span: SourceSpan)] = [:]
    var units: [String: (unit: MeasurementUnit, span: SourceSpan)] = [:]
    var reasonCodes: [String: SourceSpan] = [:]
  }

  /// Where an expression stands, which decides what its names mean.
  enum Place: Hashable {
    /// Among the values of a decision.
    case row
    /// About the fields of one event, and of an element of one of its lists.
    case event(Int, list: Int?)
  }

  var scope: NameScope {
    get { scopes[ruleset] }
    set { scopes[ruleset] = newValue }
  }

  /// The names in scope, to suggest one; none once no more faults are reported.
  var knownNames: [String] {
    // Of very many names the nearest takes long to find.
    diagnostics.count < (scope.symbols.count < 2_000 ? Self.maximumDiagnostics : 10)
      ? scope.symbols.keys.sorted() : []
  }

  var currentFile: String { program.sources.files[program.rulesets[ruleset].file].name }

  // MARK: Reports

  mutating func report(
    _ code: String, _ message: String, at span: SourceSpan, label: String = "",
    severity: Diagnostic.Severity = .error, notes: [String] = [], help: [String] = [],
    fixIts: [Diagnostic.FixIt] = []
  ) {
    report(
      code, message, at: [(span, label)], severity: severity, notes: notes, help: help,
      fixIts: fixIts)
  }

  mutating func report(
    _ code: String, _ message: String, at labels: [(span: SourceSpan, label: String)],
    connectors: [SourceSpan] = [], severity: Diagnostic.Severity = .error, notes: [String] = [],
    help: [String] = [], fixIts: [Diagnostic.FixIt] = []
  ) {
    guard let first = labels.first, reported.insert(first.span).inserted else { return }
    guard diagnostics.count < Self.maximumDiagnostics else {
      if severity == .error { errorsLeftOut += 1 }
      return
    }
    diagnostics.append(
      Diagnostic(
        code, severity, message, at: labels, connectors: connectors, in: program.sources,
        notes: notes, help: help, fixIts: fixIts))
  }

  var errorCount: Int { diagnostics.count { $0.severity == .error } }

  mutating func notRun(_ what: String, at span: SourceSpan) {
    report(
      "L1", "\(what) is not run by this version", at: span,
      help: ["it is understood, and refused rather than ignored"])
  }

  // MARK: Depth

  /// Adds a value that rests on others; conditions that stand on too many others are refused, so
  /// that nobody who follows them needs a stack without end.
  mutating func append(_ value: CheckedValue, restingOn operands: [Int], isCondition: Bool) {
    var value = value
    value.conditionDepth = operands.map { program.values[$0].conditionDepth }.max() ?? 0
    if isCondition { value.conditionDepth += 1 }
    value.definitionDepth = (operands.map { program.values[$0].definitionDepth }.max() ?? 0) + 1
    let limits = [
      (value.conditionDepth, Self.maximumConditionDepth, "decisions and conditions"),
      (value.definitionDepth, Self.maximumDefinitionDepth, "definitions"),
    ]
    for (depth, limit, what) in limits where depth == limit + 1 {
      report("X6", "\(what) rest on each other more than \(limit) deep", at: value.span)
    }
    program.values.append(value)
  }

  // MARK: Names

  /// Declares a name of the ruleset being checked.
  @discardableResult
  mutating func declare(_ name: NameSyntax, _ symbol: Symbol) -> Bool {
    if let earlier = scope.symbols[name.text], earlier.symbol != .fault || symbol == .fault {
      if symbol == .fault { return false }
      report(
        "N2", "`\(name.text)` is declared twice",
        at: [(name.span, "declared again"), (earlier.span, "declared here")])
      return false
    }
    scopes[ruleset].symbols[name.text] = (symbol, name.span)
    return true
  }

  mutating func lookUp(_ name: NameSyntax, as purpose: String) -> Symbol? {
    if let found = scope.symbols[name.text] { return found.symbol }
    reportUnknown(name, as: purpose, among: knownNames)
    return nil
  }

  mutating func reportUnknown(
    _ name: NameSyntax, as purpose: String, among names: [String]
  ) {
    // Looking for the nearest name costs more than saying that there is none.
    let near =
      diagnostics.count < Self.maximumDiagnostics
      ? NearMiss.suggestion(for: name.text, among: names) : nil
    report(
      "N1", "no \(purpose) is called `\(name.text)`", at: name.span,
      help: near.map { ["did you mean `\($0)`?"] } ?? [],
      fixIts: replacing(name.span, by: near))
  }

  mutating func reportKind(_ name: NameSyntax, is symbol: Symbol, expected: String) {
    if symbol == .fault { return }
    report(
      "N3", "`\(name.text)` is \(describe(symbol)), expected \(expected)", at: name.span)
  }

  func describe(_ symbol: Symbol) -> String {
    switch symbol {
    case .rates: "a rate table"
    case .input: "an input"
    case .event: "an event"
    case .stream: "a selection of events"
    case .value(let index):
      switch program.values[index].definition {
      case .rank: "a rank"
      case .decision: "a decision"
      case .result: "a model's result"
      case .field: "a field"
      case .let, .member: "a value"
      }
    case .scale: "a scale"
    case .model: "a model"
    case .override: "an override"
    case .window: "a window"
    case .fault: "faulty"
    }
  }

  mutating func scaleIndex(_ name: NameSyntax) -> Int? {
    guard let found = scope.symbols[name.text] else {
      let scales = scope.symbols.filter { if case .scale = $0.value.symbol { true } else { false } }
      reportUnknown(name, as: "scale", among: scales.keys.sorted())
      return nil
    }
    if case .scale(let index) = found.symbol { return index }
    reportKind(name, is: found.symbol, expected: "a scale")
    return nil
  }

  // MARK: Units

  /// The unit that a syntax names; reported and nil if a part is not declared.
  mutating func unit(_ syntax: UnitSyntax) -> MeasurementUnit? {
    var unit = MeasurementUnit.none
    var isKnown = true
    for (parts, divides) in [(syntax.numerator, false), (syntax.denominator, true)] {
      for part in parts {
        guard let found = scope.units[part.text] else {
          reportUnknownUnit(part)
          isKnown = false
          continue
        }
        unit = divides ? unit.divided(by: found.unit) : unit.multiplied(by: found.unit)
      }
    }
    return isKnown ? unit : nil
  }

  private mutating func reportUnknownUnit(_ name: NameSyntax) {
    let near = NearMiss.suggestion(for: name.text, among: scope.units.keys.sorted())
    let declaration =
      name.text.count == 3 && name.text == name.text.uppercased()
      ? "currency \(name.text)" : "unit \(name.text)"
    report(
      "N1", "no unit is called `\(name.text)`", at: name.span,
      help: [near.map { "did you mean `\($0)`?" } ?? "declare it:   \(declaration)"],
      fixIts: replacing(name.span, by: near))
  }

  /// How messages and pages name a type.
  func describe(_ type: RuleType) -> String {
    switch type {
    case .fault: return "faulty"
    case .amount(let scale, _): return "decimal(\(scale)) in the event's own currency"
    case .stream: return "events"
    case .outcomes(let type): return "a list of \(describe(.value(type)))"
    case .value(let type):
      let unit = type.unit.isNone ? "" : " \(type.unit)"
      switch type {
      case .boolean: return "bool"
      case .integer: return "int\(unit)"
      case .decimal(let scale, _): return "decimal(\(scale))\(unit)"
      case .quotient: return "quotient\(unit)"
      case .date: return "date"
      case .text: return "text"
      case .rank(let scale): return program.scales[scale].description
      case .double: return "float"
      }
    }
  }
}
