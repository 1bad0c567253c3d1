import DataFields
import SourceDiagnostics

extension Checker {
  /// A definition whose place in the order depends on what it names.
  private enum Definition {
    case value(LetDeclaration)
    case rank(RankDeclaration)
    case model(ModelDeclaration)
    case decision(DecisionDeclaration)
    case override(OverrideDeclaration)

    var name: NameSyntax {
      switch self {
      case .value(let declaration): declaration.name
      case .rank(let declaration): declaration.name
      case .model(let declaration): declaration.name
      case .decision(let declaration): declaration.name
      case .override(let declaration): declaration.name
      }
    }

    /// The names that it may rest on; names of other things are harmless.
    var heads: [NameSyntax] {
      switch self {
      case .value(let declaration): return declaration.value.heads
      case .rank(let declaration): return declaration.value.heads
      case .model(let declaration): return declaration.feeds.flatMap(\.value.heads)
      case .decision(let declaration):
        var heads = declaration.rules.flatMap(\.condition.heads)
        if let table = declaration.table {
          heads += table.inputs.flatMap(\.heads)
          heads += table.rows.flatMap(\.tests).flatMap(\.heads)
        }
        return heads + reasonNames(declaration)
      case .override(let declaration):
        return (declaration.condition?.heads ?? []) + (declaration.target.map { [$0] } ?? [])
      }
    }

    private func reasonNames(_ declaration: DecisionDeclaration) -> [NameSyntax] {
      let reasons =
        declaration.rules.map(\.reason) + [declaration.otherwise?.reason]
        + declaration.reasonTexts.map { $0 }
      return reasons.compactMap { $0?.text }.flatMap { text in
        text.value.split(separator: "{").dropFirst().compactMap { part in
          part.split(separator: "}", maxSplits: 1).first?.split(separator: ".").first.map {
            NameSyntax(text: String($0), span: text.span)
          }
        }
      }
    }
  }

  /// Checks one parsed ruleset; the rulesets that it uses have been checked before.
  ///
  /// - Parameter used: their indices in the program, with the place of each `use`.
  mutating func check(
    _ syntax: RuleFileSyntax, header: CheckedRuleset, using used: [(index: Int, span: SourceSpan)]
  ) {
    ruleset = program.rulesets.count
    var header = header
    header.visible.insert(ruleset)
    for (index, _) in used { header.visible.formUnion(program.rulesets[index].visible) }
    program.rulesets.append(header)
    scopes.append(NameScope())
    for (index, span) in used { importNames(of: index, at: span) }
    if let background = syntax.header?.background,
      let (artefact, _) = artefact(background, what: "the background")
    {
      program.rulesets[ruleset].background = artefact
    }
    declareSources(syntax)
    define(syntax)
    for declaration in syntax.declarations {
      switch declaration {
      case .test(let test): checkTest(test)
      case .testTable(let table): checkTestTable(table)
      case .property(let property): checkProperty(property)
      case .examples(let examples): checkExamples(examples)
      default: break
      }
    }
  }

  private mutating func importNames(of index: Int, at span: SourceSpan) {
    let other = scopes[index]
    for (name, entry) in other.symbols.sorted(by: { $0.key < $1.key }) {
      if let earlier = scope.symbols[name] {
        if earlier.symbol == entry.symbol { continue }
        report("N2", "`\(name)` is declared by two of the rulesets that are used", at: span)
        continue
      }
      scopes[ruleset].symbols[name] = entry
    }
    for (name, entry) in other.units { scopes[ruleset].units[name] = entry }
    for (code, place) in other.reasonCodes { scopes[ruleset].reasonCodes[code] = place }
  }

  private mutating func declareSources(_ syntax: RuleFileSyntax) {
    for name in syntax.faultyNames {
      declare(name, .fault)
      if scope.units[name.text] == nil {
        scopes[ruleset].units[name.text] = (MeasurementUnit.none, name.span)
      }
    }
    // Units first: fields name them, and order in the file is free.
    for case .unit(let unit) in syntax.declarations { declareUnit(unit) }
    for case .scale(let scale) in syntax.declarations { declareScale(scale) }
    for case .align(let align) in syntax.declarations { declareAlignment(align) }
    for case .rates(let rates) in syntax.declarations { declareRates(rates) }
    for case .window(let window) in syntax.declarations { declareWindow(window) }
    for case .record(let record) in syntax.declarations where !record.isEvent {
      declareRecord(record)
    }
    for case .record(let record) in syntax.declarations where record.isEvent {
      declareRecord(record)
    }
  }

  private mutating func define(_ syntax: RuleFileSyntax) {
    let definitions: [Definition] = syntax.declarations.compactMap { declaration in
      switch declaration {
      case .value(let value): .value(value)
      case .rank(let rank): .rank(rank)
      case .model(let model): .model(model)
      case .decision(let decision): .decision(decision)
      case .override(let override): .override(override)
      default: nil
      }
    }
    var indices: [String: Int] = [:]
    var overrides: [String: [Int]] = [:]
    for (index, definition) in definitions.enumerated() {
      if case .override(let override) = definition {
        if let target = override.target { overrides[target.text, default: []].append(index) }
      } else if indices[definition.name.text] == nil {
        indices[definition.name.text] = index
      }
    }
    let dependencies = definitions.enumerated().map { index, definition -> [Int] in
      var found: [Int] = []
      for head in definition.heads {
        if let target = indices[head.text] { found.append(target) }
        // Who reads a decision reads what its overrides made of it.
        if case .override = definition { continue }
        found += overrides[head.text] ?? []
      }
      return found
    }
    let sorted = DefinitionOrder(dependencies: dependencies)
    var cyclic = Set<Int>()
    for cycle in sorted.cycles {
      cyclic.formUnion(cycle)
      let names = cycle.map { definitions[$0].name }
      guard let first = names.first else { continue }
      let path = (names.map(\.text) + [first.text]).map { "`\($0)`" }
      report(
        "N4", "`\(first.text)` rests on itself", at: names.prefix(10).map { ($0.span, "") },
        notes: [path.prefix(20).joined(separator: " rests on ")])
    }
    for index in cyclic.sorted() { declare(definitions[index].name, .fault) }
    for index in sorted.order where !cyclic.contains(index) {
      switch definitions[index] {
      case .value(let declaration): checkLet(declaration)
      case .rank(let declaration): checkRank(declaration)
      case .model(let declaration): checkModel(declaration)
      case .decision(let declaration): checkDecision(declaration)
      case .override(let declaration): checkOverride(declaration)
      }
    }
  }
}

extension UnaryTestSyntax {
  /// The first names of all references in it.
  var heads: [NameSyntax] {
    switch kind {
    case .any, .fault: []
    case .equals(let value), .compares(_, let value): value.heads
    case .within(let range): range.lower.heads + range.upper.heads
    case .oneOf(let tests): tests.flatMap(\.heads)
    }
  }
}
