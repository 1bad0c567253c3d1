import DataFields
import ReferenceData
import SourceDiagnostics

extension Checker {
  // MARK: Files

  /// Reads a file that a ruleset names and checks its digest.
  mutating func artefact(_ syntax: FileReferenceSyntax, what: String)
    -> (ArtefactReference, [UInt8])?
  {
    let path = RulePath.resolve(syntax.path.value, from: currentFile)
    let bytes: [UInt8]
    do { bytes = try files.bytes(at: path) } catch {
      report(
        "F1", "cannot read \(what) `\(path)`", at: syntax.path.span,
        notes: error.diagnostics.map(\.message))
      return nil
    }
    let digest = Digest(of: bytes)
    guard checkDigest(syntax, is: digest, what: what) else { return nil }
    return (ArtefactReference(path: path, digest: digest), bytes)
  }

  mutating func checkDigest(_ syntax: FileReferenceSyntax, is digest: Digest, what: String) -> Bool
  {
    let file = program.sources.files[syntax.path.span.file].name
    guard let written = syntax.digest else {
      let end = syntax.path.span.range.upperBound
      report(
        "D2", "\(what) is named without its digest", at: syntax.path.span,
        notes: ["the file has sha256 \(digest)"], help: ["add   sha256 \"\(digest)\""],
        fixIts: [
          .init(
            message: "add the digest", file: file, start: end, end: end,
            replacement: " sha256 \"\(digest)\"")
        ])
      return false
    }
    guard Digest(hexadecimal: written.value) != digest else { return true }
    let isDigest = Digest(hexadecimal: written.value) != nil
    report(
      "D2",
      isDigest ? "the digest of \(what) differs" : "`\(written.value.prefix(80))` is no digest",
      at: written.span, notes: ["the file has sha256 \(digest)"],
      help: ["if the change is meant, write that digest here"],
      fixIts: [
        .init(
          message: "replace the digest", file: file, start: written.span.range.lowerBound,
          end: written.span.range.upperBound, replacement: "\"\(digest)\"")
      ])
    return false
  }

  // MARK: Units and rates

  mutating func declareUnit(_ declaration: UnitDeclaration) {
    let name = declaration.name.text
    let unit =
      declaration.isCurrency
      ? MeasurementUnit(name, minorDigits: CurrencyCodes.minorDigits(of: name))
      : MeasurementUnit(name)
    if declaration.isCurrency,
      name.utf8.count != 3 || name.utf8.contains(where: { !(65...90).contains($0) })
    {
      report(
        "N3", "`\(name)` is not a currency's code", at: declaration.name.span,
        help: ["a currency is named by its three letters (ISO 4217); other units by `unit`"])
    }
    if let earlier = scope.units[name] {
      // The same unit declared by a ruleset that is used means the same.
      if earlier.unit == unit, earlier.span.file != declaration.name.span.file { return }
      report(
        "N2", "`\(name)` is declared twice",
        at: [(declaration.name.span, "declared again"), (earlier.span, "declared here")])
      return
    }
    scopes[ruleset].units[name] = (unit, declaration.name.span)
  }

  mutating func declareRates(_ declaration: RatesDeclaration) {
    let missing = [
      (declaration.dateColumn == nil, "date       column \"...\""),
      (declaration.currencyColumn == nil, "currency   column \"...\""),
      (declaration.rateColumn == nil, "rate       column \"...\" decimal(4)"),
    ].filter(\.0).map(\.1)
    if !missing.isEmpty {
      report(
        "N1", "the rate table `\(declaration.name.text)` does not name all its columns",
        at: declaration.name.span, help: missing.map { "add   \($0)" })
    }
    let found = artefact(declaration.file, what: "the rate table")
    guard let (artefact, bytes) = found, missing.isEmpty, let date = declaration.dateColumn,
      let currency = declaration.currencyColumn, let rate = declaration.rateColumn
    else {
      declare(declaration.name, .fault)
      return
    }
    guard declare(declaration.name, .rates(program.rates.count)) else { return }
    program.rates.append(
      CheckedRates(
        name: declaration.name.text, artefact: artefact, bytes: bytes, dateColumn: date.value,
        currencyColumn: currency.value, rateColumn: rate.value,
        rateDigits: declaration.rateDigits ?? 0,
        maximumAgeInDays: declaration.maximumAgeInDays ?? 0, span: declaration.span))
  }

  // MARK: Inputs and events

  mutating func declareRecord(_ declaration: RecordDeclaration) {
    var record = CheckedRecord(
      name: declaration.name.text, ruleset: ruleset, source: declaration.source.value, fields: [],
      key: -1, time: nil, input: nil, span: declaration.span)
    guard declaration.isWhole else {
      declare(declaration.name, .fault)
      return
    }
    guard declaration.fields.count <= Self.maximumFields else {
      report(
        "X7", "a record has at most \(Self.maximumFields) fields", at: declaration.name.span)
      declare(declaration.name, .fault)
      return
    }
    var names: [String: SourceSpan] = [:]
    var columns: [String: SourceSpan] = [:]
    for syntax in declaration.fields {
      if let earlier = names[syntax.name.text] {
        report(
          "N2", "`\(syntax.name.text)` is declared twice",
          at: [(syntax.name.span, "declared again"), (earlier, "declared here")])
        continue
      }
      names[syntax.name.text] = syntax.name.span
      if case .list = syntax.type.kind {
        let column = syntax.column?.value ?? syntax.name.text
        if let earlier = columns[column] {
          report(
            "N2", "two fields read the column `\(column)`", at: [(syntax.span, ""), (earlier, "")])
        }
        columns[column] = syntax.span
        if !declaration.isEvent { notRun("a list in an input", at: syntax.type.span) }
        if syntax.isKey || syntax.isTime || syntax.domain != nil || syntax.currencyField != nil
          || syntax.missing != nil || !syntax.missingTexts.isEmpty || syntax.actionability != nil
          || syntax.maskKeeping != nil
        {
          report(
            "X5", "a list has a `column` and no other attribute", at: syntax.name.span,
            help: ["its elements' fields have them"])
        }
        continue
      }
      let field = field(syntax, of: declaration)
      if let earlier = columns[field.column] {
        report(
          "N2", "two fields read the column `\(field.column)`",
          at: [(syntax.span, ""), (earlier, "")], severity: .error)
      }
      columns[field.column] = syntax.span
      if syntax.isKey {
        if record.key >= 0 {
          report(
            "N2", "a second key", at: syntax.name.span, help: ["a record has one key"])
        }
        record.key = record.fields.count
      }
      if syntax.isTime {
        if record.time != nil { report("N2", "a second time", at: syntax.name.span) }
        if !declaration.isEvent {
          report("X5", "an input has no `time`", at: syntax.name.span)
        }
        if field.type != .value(.date), field.type != .fault {
          report(
            "Y1", "the time of an event is a date", at: syntax.type.span,
            label: describe(field.type))
        }
        record.time = record.fields.count
      }
      record.fields.append(field)
    }
    if declaration.isEvent {
      declareElements(of: declaration, in: &record)
      declareEvent(declaration, record)
    } else {
      declareInput(declaration, record)
    }
  }

  private mutating func declareInput(_ declaration: RecordDeclaration, _ record: CheckedRecord) {
    if record.key < 0 {
      report(
        "N1", "the input `\(record.name)` has no key", at: declaration.name.span,
        help: ["mark the field that names the subject with `key`"])
    }
    let isFaulty = record.key < 0
    let input = program.inputs.count
    guard declare(declaration.name, isFaulty ? .fault : .input(input)), !isFaulty else { return }
    program.inputs.append(record)
    for (index, field) in record.fields.enumerated() {
      var bounds = field.bounds
      if case .value(let constant) = field.missing { bounds.include(constant.number) }
      program.values.append(
        CheckedValue(
          name: "\(record.name).\(field.name)", ruleset: ruleset, type: field.type,
          definition: .field(input: input, field: index), bounds: bounds,
          missing: field.missing, isMasked: field.maskKeeping != nil, span: field.span))
    }
  }

  private mutating func declareEvent(_ declaration: RecordDeclaration, _ record: CheckedRecord) {
    var record = record
    var isFaulty = false
    guard let subject = declaration.subject else { return }
    if let key = record.field(named: subject.field.text, of: nil) {
      record.key = key
    } else {
      reportUnknown(
        subject.field, as: "field of `\(record.name)`", among: record.names(of: nil))
      isFaulty = true
    }
    if case .reference(let parts) = subject.key.kind, parts.count == 2 {
      switch scope.symbols[parts[0].text]?.symbol {
      case .input(let input):
        let key = program.inputs[input].fields[program.inputs[input].key]
        if key.name != parts[1].text {
          report(
            "N3", "`\(parts[1].text)` is not the key of `\(parts[0].text)`", at: parts[1].span,
            help: ["its key is `\(key.name)`"])
          isFaulty = true
        } else if record.key >= 0, record.fields[record.key].type != key.type,
          record.fields[record.key].type != .fault, key.type != .fault
        {
          report(
            "Y1", "the subject's field and the key have different types",
            at: [
              (subject.field.span, describe(record.fields[record.key].type)),
              (subject.key.span, describe(key.type)),
            ])
        }
        record.input = input
      case .fault: isFaulty = true
      case nil:
        reportUnknown(
          parts[0], as: "input",
          among: program.inputs.filter { $0.ruleset == ruleset }.map(\.name))
        isFaulty = true
      case let other?:
        reportKind(parts[0], is: other, expected: "an input")
        isFaulty = true
      }
    } else {
      report(
        "X5", "expected the key of an input, as in `by party = enterprise.id`",
        at: subject.key.span)
      isFaulty = true
    }
    guard declare(declaration.name, isFaulty ? .fault : .event(program.events.count)), !isFaulty
    else { return }
    if record.time == nil {
      report(
        "N1", "the event `\(record.name)` has no time", at: declaration.name.span,
        help: ["mark the date on which it happened with `time`"])
    }
    program.events.append(record)
    program.streams.append(
      CheckedStream(name: record.name, event: program.events.count - 1, condition: nil))
  }

  mutating func field(_ syntax: FieldDeclaration, of record: RecordDeclaration)
    -> CheckedField
  {
    var field = CheckedField(
      name: syntax.name.text, column: syntax.column?.value ?? syntax.name.text, type: .fault,
      bounds: ValueBounds(), missing: .refuse, missingTexts: syntax.missingTexts.map(\.value),
      isPersonal: syntax.isPersonal || syntax.isKey, maskKeeping: syntax.maskKeeping,
      actionability: syntax.isKey ? .no : .yes, step: nil, span: syntax.name.span)
    let declared = syntax.type.unit.map { unit($0) } ?? MeasurementUnit.none
    switch syntax.type.kind {
    case .text, .code: field.type = .value(.text)
    case .date: field.type = .value(.date)
    case .boolean: field.type = .value(.boolean)
    case .integer: if let declared { field.type = .value(.integer(declared)) }
    case .decimal(let digits):
      if let declared { field.type = .value(.decimal(scale: digits, declared)) }
      if let name = syntax.currencyField {
        field.type = amountType(digits, name, syntax, record)
      }
    case .list: break
    case .fault: break
    }
    if syntax.currencyField != nil, field.type.valueType != nil {
      report(
        "Y2", "only a decimal without a unit is an amount in another field's currency",
        at: syntax.type.span)
    }
    if let domain = syntax.domain { field.bounds = bounds(domain, of: field.type) }
    if let missing = syntax.missing {
      switch missing {
      case .refuse: break
      case .value(let value):
        if let constant = ownConstant(value, of: field.type) { field.missing = .value(constant) }
      }
      if record.isEvent {
        report(
          "Y7", "an event's field has no `missing`", at: missing.span,
          help: ["an event without it is a dead letter, with the reason"])
      }
    }
    apply(syntax.actionability, to: &field, isKey: syntax.isKey)
    return field
  }

  private mutating func amountType(
    _ digits: Int, _ name: NameSyntax, _ syntax: FieldDeclaration, _ record: RecordDeclaration
  ) -> RuleType {
    guard record.isEvent else {
      report("Y2", "only an event has amounts in the currency of another field", at: name.span)
      return .fault
    }
    if syntax.type.unit != nil {
      report("Y2", "the amount has a unit already", at: name.span)
      return .fault
    }
    let own = record.fields.filter { if case .list = $0.type.kind { false } else { true } }
    guard let index = own.firstIndex(where: { $0.name.text == name.text }) else {
      reportUnknown(name, as: "field of `\(record.name.text)`", among: own.map(\.name.text))
      return .fault
    }
    switch own[index].type.kind {
    case .code, .text: return .amount(scale: digits, currencyField: index)
    default:
      report(
        "Y1", "the field with the currency is a code", at: [(name.span, "")])
      return .fault
    }
  }

  private mutating func apply(
    _ syntax: ActionabilitySyntax?, to field: inout CheckedField, isKey: Bool
  ) {
    guard let syntax else { return }
    if let direction = syntax.direction {
      field.actionability = direction
      if isKey, direction != .no {
        report("Y1", "a key cannot be changed", at: syntax.span)
      }
    }
    if let step = syntax.step {
      let expression = ExpressionSyntax(id: NodeID(0), kind: .number(step), span: step.span)
      field.step = ownConstant(expression, of: field.type)
    }
  }
}
