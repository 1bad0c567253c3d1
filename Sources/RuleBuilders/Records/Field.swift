/// The declared type of a field, for values that `Stored` says.
public struct FieldType<Stored: Sendable>: Sendable {
  let text: String
}

extension FieldType where Stored == StoredInteger {
  /// A whole number without unit.
  public static var int: Self { Self(text: "int") }
  /// A whole number in a unit.
  public static func int(_ unit: RuleUnit) -> Self { Self(text: "int \(unit.text)") }
}

extension FieldType where Stored == StoredDecimal {
  /// A decimal of so many digits after the point, without unit.
  public static func decimal(_ digits: Int) -> Self { Self(text: "decimal(\(digits))") }
  /// A decimal in a unit.
  public static func decimal(_ digits: Int, _ unit: RuleUnit) -> Self {
    Self(text: "decimal(\(digits)) \(unit.text)")
  }
}

extension FieldType where Stored == StoredText {
  /// Any text.
  public static var text: Self { Self(text: "text") }
  /// A text out of a code list, such as a currency's.
  public static var code: Self { Self(text: "code") }
}

extension FieldType where Stored == StoredDate {
  /// A day.
  public static var date: Self { Self(text: "date") }
}

extension FieldType where Stored == StoredTruth {
  /// A truth value.
  public static var bool: Self { Self(text: "bool") }
}

/// A field of an input or an event, bound to a property of the service's record.
///
/// A property that does not fit the declared type does not compile:
///
/// ```swift
/// Field(\.employees, "employees", .int(person)).column("SIZE").in(1...1_000_000)
/// ```
public struct Field<Record: Sendable, Content: FieldValue>: Sendable {
  let path: any KeyPath<Record, Content> & Sendable
  let name: String
  let type: FieldType<Content.Stored>
  let place: BuildPlace
  /// The column that it reads; its own name if nil.
  var column: String?
  var range: String?
  var currency: (any AnyKeyPath & Sendable)?
  var isKey = false
  var marks: [String] = []
  var missing = ""
  var actionability = ""

  public init(
    _ path: any KeyPath<Record, Content> & Sendable, _ name: String,
    _ type: FieldType<Content.Stored>, fileID: String = #fileID, line: Int = #line
  ) {
    self.path = path
    self.name = name
    self.type = type
    place = BuildPlace(fileID, line)
  }

  /// Names the CSV column or JSON key where it is not the field's name.
  public func column(_ name: String) -> Self { with { $0.column = name } }

  /// Bounds its values; what lies outside refuses the decision, or makes an event a dead letter.
  public func `in`(_ range: RuleRange<Content.FieldKind>) -> Self
  where Content.FieldKind: MeasuredType { with { $0.range = range.text } }

  /// Makes it an amount in the currency that another field of the event names.
  public func `in`<Code: FieldValue>(
    currencyOf path: any KeyPath<Record, Code> & Sendable
  ) -> Self where Content.Stored == StoredDecimal, Code.Stored == StoredText {
    with { $0.currency = path }
  }

  /// Makes it the key, which names the subject.
  public func key() -> Self { marked("key") { $0.isKey = true } }

  /// Makes it the event's own time.
  public func time() -> Self where Content.Stored == StoredDate { marked("time") }

  /// Says that it belongs to a person and must be erasable.
  public func personal() -> Self { marked("personal") }

  /// Shows no more than its last characters on a page.
  public func masked(keep count: Int = 0) -> Self {
    marked(count == 0 ? "masked" : "masked keep \(count)")
  }

  /// Says which changes a counterfactual may propose, in multiples of a step.
  public func actionable(
    _ choice: ActionabilityChoice, step: Value<Content.FieldKind>? = nil
  ) -> Self {
    with {
      $0.actionability = " actionable \(choice.rawValue)"
      if let step { $0.actionability += " step \(step.text)" }
    }
  }

  private func with(_ change: (inout Self) -> Void) -> Self {
    var field = self
    change(&field)
    return field
  }

  private func marked(_ mark: String, _ change: (inout Self) -> Void = { _ in }) -> Self {
    with {
      $0.marks.append(mark)
      change(&$0)
    }
  }
}

extension Field where Content: ExpressibleByNilLiteral {
  /// Says what holds where it is missing.
  public func missing(_ policy: MissingPolicy<Content.FieldKind>) -> Self {
    with { $0.missing += " missing \(policy.text)" }
  }

  /// Lists texts of a source that mean that it is missing.
  public func missing(as first: String, _ others: String...) -> Self {
    let texts = ([first] + others).map(Spelling.quoted).joined(separator: ", ")
    return with { $0.missing += " missing as \(texts)" }
  }
}

/// A field whose property's type is forgotten; ``FieldsBuilder`` makes them.
public struct RecordField<Record: Sendable>: Sendable {
  let path: any AnyKeyPath & Sendable
  let name: String
  let column: String
  let isKey: Bool
  let place: BuildPlace
  let content: @Sendable (Record) -> FieldContent
  /// The declaration, given the names of the record's fields.
  let text: @Sendable (FieldNames) -> String

  init<Content>(_ field: Field<Record, Content>) {
    let path = field.path
    self.path = path
    name = field.name
    column = field.column ?? field.name
    isKey = field.isKey
    place = field.place
    content = { $0[keyPath: path].fieldContent }
    text = { names in
      var text = "\(Spelling.name(field.name)) \(field.type.text)"
      if let column = field.column { text += " column \(Spelling.quoted(column))" }
      if let currency = field.currency { text += " in \(names[currency])" }
      if let range = field.range { text += " in \(range)" }
      if !field.marks.isEmpty { text += " " + field.marks.joined(separator: ", ") }
      return text + field.missing + field.actionability
    }
  }
}

/// Collects the fields of an input or an event.
@resultBuilder public enum FieldsBuilder<Record: Sendable> {
  public static func buildExpression<Content>(
    _ field: Field<Record, Content>
  ) -> [RecordField<Record>] { [RecordField(field)] }

  public static func buildBlock(_ parts: [RecordField<Record>]...) -> [RecordField<Record>] {
    parts.flatMap { $0 }
  }
  public static func buildOptional(_ part: [RecordField<Record>]?) -> [RecordField<Record>] {
    part ?? []
  }
  public static func buildEither(first part: [RecordField<Record>]) -> [RecordField<Record>] {
    part
  }
  public static func buildEither(second part: [RecordField<Record>]) -> [RecordField<Record>] {
    part
  }
}

/// The names of a record's fields, by the key paths of the properties that they are bound to.
struct FieldNames: Sendable {
  private let entries: [(path: any AnyKeyPath & Sendable, name: String)]

  init<Record>(_ fields: [RecordField<Record>]) {
    entries = fields.map { ($0.path, Spelling.name($0.name)) }
  }

  /// The field's name. For a property that no field is bound to it is the property's, of which the
  /// checker then says that there is no such field.
  subscript(path: AnyKeyPath) -> String {
    for entry in entries where (entry.path as AnyKeyPath) == path { return entry.name }
    let property = "\(path)".split(separator: ".").last.map(String.init) ?? ""
    return Spelling.name(property.filter { $0 != "?" && $0 != "!" })
  }
}
