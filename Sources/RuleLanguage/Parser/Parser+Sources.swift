import DataFields
import SourceDiagnostics

extension Parser {
  mutating func rates() throws(Failure) -> RatesDeclaration {
    let start = token
    advance()
    let name = try name("the rate table's name")
    try expectWord("from")
    let file = try fileReference("the rates")
    var rates = RatesDeclaration(id: newID(), name: name, file: file, span: span(from: start))
    try lines(of: "the rate table") { (parser) throws(Failure) in
      try parser.ratesLine(&rates)
    }
    return rates
  }

  private mutating func ratesLine(_ rates: inout RatesDeclaration) throws(Failure) {
    let word = token.kind == .name ? text(token) : ""
    guard ["date", "currency", "rate", "previous"].contains(word) else {
      throw unexpected("expected `date`, `currency`, `rate` or `previous`")
    }
    advance()
    if word == "previous" {
      try expectWord("within")
      rates.maximumAgeInDays = try days("a number of days")
      return
    }
    try expectWord("column")
    let column = try quoted("the column's name in quotes")
    switch word {
    case "date": rates.dateColumn = column
    case "currency": rates.currencyColumn = column
    default:
      rates.rateColumn = column
      try expectWord("decimal")
      rates.rateDigits = try decimalDigits()
    }
  }

  private mutating func decimalDigits() throws(Failure) -> Int {
    _ = try expect(.leftParenthesis, "`(` and the digits after the point")
    let digits = try smallNumber("a number of digits", in: 0...18)
    _ = try expect(.rightParenthesis, "`)`")
    return digits
  }

  mutating func record() throws(Failure) -> RecordDeclaration {
    let start = token
    let isEvent = isWord("event")
    advance()
    let name = try name(isEvent ? "the event's name" : "the input's name")
    try expectWord("from")
    let source = try quoted("the source's name in quotes")
    var subject: SubjectSyntax?
    if isEvent {
      try expectWord("by")
      let field = try self.name("the field that names the subject")
      _ = try expect(.equal, "`=` and the key of an input")
      subject = SubjectSyntax(field: field, key: try sum())
    }
    var record = RecordDeclaration(
      id: newID(), name: name, source: source, subject: subject, fields: [], isEvent: isEvent,
      span: span(from: start))
    record.isWhole = try lines(of: isEvent ? "the event" : "the input") {
      (parser) throws(Failure) in
      record.fields.append(try parser.field())
    }
    return record
  }

  /// A name with a type after it, where an attribute or a unit could stand as well.
  private var startsField: Bool {
    token.kind == .name && peek(1).kind == .name && Self.typeWords.contains(text(peek(1)))
  }

  static let typeWords: Set<String> = [
    "text", "code", "date", "bool", "boolean", "int", "decimal", "list",
  ]

  /// The fields of the elements of a list, on one line or on several.
  private mutating func elementFields() throws(Failure) -> [FieldDeclaration] {
    let open = try expect(.leftBrace, "`{` and the fields of an element, or a type")
    var fields: [FieldDeclaration] = []
    while take(.rightBrace) == nil {
      if isAtEnd {
        report("X5", "the `{` of the list is not closed", span(open))
        throw Failure()
      }
      fields.append(try field(isElement: true))
    }
    return fields
  }

  private mutating func field(isElement: Bool = false) throws(Failure) -> FieldDeclaration {
    let start = token
    let name = try name("a field's name")
    let type = try fieldType()
    var field = FieldDeclaration(id: newID(), name: name, type: type, span: span(from: start))
    while !isAtEnd {
      let place = index
      if isElement {
        _ = take(.comma)
        if startsField || token.kind == .rightBrace { break }
      }
      try attribute(of: &field)
      _ = take(.comma)
      if index == place { break }
    }
    field.span = span(from: start)
    return field
  }

  private mutating func fieldType() throws(Failure) -> FieldTypeSyntax {
    let start = token
    guard start.kind == .name, !isAtEnd else { throw unexpected("expected a type") }
    let kind: FieldTypeSyntax.Kind
    let word = text(start)
    switch word {
    case "text": kind = .text
    case "code": kind = .code
    case "date": kind = .date
    case "bool", "boolean": kind = .boolean
    case "int": kind = .integer
    case "decimal":
      advance()
      let digits = try decimalDigits()
      let unit = startsField ? nil : unit()
      return FieldTypeSyntax(
        kind: .decimal(digits: digits), unit: unit, span: span(from: start))
    case "list":
      advance()
      try expectWord("of")
      let fields: [FieldDeclaration]
      if token.kind == .name, !isAtEnd {
        let element = token
        let type = try nested { (parser) throws(Failure) in try parser.fieldType() }
        let name = NameSyntax(text: "", span: span(element))
        fields = [FieldDeclaration(id: newID(), name: name, type: type, span: span(from: element))]
      } else {
        fields = try nested { (parser) throws(Failure) in try parser.elementFields() }
      }
      return FieldTypeSyntax(kind: .list(fields), unit: nil, span: span(from: start))
    default:
      let types = ["text", "code", "date", "bool", "int", "decimal", "list"]
      let near = NearMiss.suggestion(for: word, among: types)
      throw unexpected(
        "expected a type",
        help: near == nil ? ["the types are \(types.joined(separator: ", "))"] : [], near: near)
    }
    advance()
    let unit = kind == .integer && !startsField ? unit() : nil
    return FieldTypeSyntax(kind: kind, unit: unit, span: span(from: start))
  }

  private mutating func attribute(of field: inout FieldDeclaration) throws(Failure) {
    let start = token
    let word = token.kind == .name ? text(token) : ""
    switch word {
    case "column":
      advance()
      field.column = try quoted("the column's name in quotes")
    case "key":
      advance()
      field.isKey = true
    case "time":
      advance()
      field.isTime = true
    case "personal":
      advance()
      field.isPersonal = true
    case "masked":
      advance()
      field.maskKeeping = 0
      if takeWord("keep") != nil {
        field.maskKeeping = try smallNumber("a number of characters", in: 0...64)
      }
      field.maskSpan = span(from: start)
    case "in":
      advance()
      if token.kind == .name, peek(1).kind != .closedRange, peek(1).kind != .halfOpenRange {
        field.currencyField = try name("the field with the currency")
      } else {
        field.domain = try range()
      }
    case "missing":
      advance()
      if takeWord("as") != nil {
        field.missingTexts.append(try quoted("a text that means missing, in quotes"))
        while token.kind == .comma, peek(1).kind == .string {
          advance()
          field.missingTexts.append(try quoted("a text that means missing, in quotes"))
        }
      } else {
        field.missing = try missingPolicy(start)
      }
    case "actionable", "step":
      field.actionability = try actionability(after: field.actionability)
    default:
      let words = [
        "column", "key", "time", "personal", "masked", "in", "missing", "actionable", "step",
      ]
      let near = NearMiss.suggestion(for: word, among: words)
      throw unexpected(
        "expected \(words.joined(separator: ", "))", near: near)
    }
  }

  /// `refuse` or a value, after `missing`.
  mutating func missingPolicy(_ start: Token) throws(Failure) -> MissingSyntax {
    if takeWord("refuse") != nil { return .refuse(span(from: start)) }
    return .value(try sum())
  }

  /// `actionable increase`, `step 1`.
  mutating func actionability(after before: ActionabilitySyntax?) throws(Failure)
    -> ActionabilitySyntax
  {
    let start = token
    var result =
      before ?? ActionabilitySyntax(direction: nil, step: nil, span: span(start))
    if takeWord("actionable") != nil {
      let word = token.kind == .name ? text(token) : ""
      guard let direction = Actionability(rawValue: word) else {
        throw unexpected("expected `no`, `yes`, `increase` or `decrease`")
      }
      advance()
      result.direction = direction
    } else {
      advance()
      let number = token
      let (value, _) = try plainNumber("the step")
      let unit = unit()
      result.step = NumberSyntax(value: value, unit: unit, span: span(from: number))
    }
    result.span = before.map { $0.span.union(span(from: start)) } ?? span(from: start)
    return result
  }
}
