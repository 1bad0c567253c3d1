internal import TabularIO

/// What is known of each subject, bound to the service's records of it.
///
/// A field is an expression by the name of the property that it is bound to: `enterprise.employees`.
@dynamicMemberLookup
public struct Input<Record: Sendable>: RulesetComponent {
  package let name: String
  package let source: String
  let fields: [RecordField<Record>]
  let names: FieldNames
  public let declarations: [Declaration]

  /// - Parameters:
  ///   - source: names where its records come from, as `explain decide --input SOURCE=FILE` does.
  ///   - fields: one of them is the key.
  public init(
    _ name: String, of record: Record.Type = Record.self, from source: String,
    fileID: String = #fileID, line: Int = #line,
    @FieldsBuilder<Record> fields: () -> [RecordField<Record>]
  ) {
    let fields = fields()
    let names = FieldNames(fields)
    self.name = name
    self.source = source
    self.fields = fields
    self.names = names
    declarations = [
      Declaration(
        .record, block: "input \(Spelling.name(name)) from \(Spelling.quoted(source))",
        fields.map { BuiltLine($0.text(names), $0.place) }, BuildPlace(fileID, line))
    ]
  }

  /// The field that is bound to a property.
  public subscript<Content: FieldValue>(
    dynamicMember path: KeyPath<Record, Content>
  ) -> Value<Content.FieldKind> { self[path] }

  /// The field that is bound to a property, also where this type has a member of that name.
  public subscript<Content: FieldValue>(
    path: KeyPath<Record, Content>
  ) -> Value<Content.FieldKind> {
    Value("\(Spelling.name(name)).\(names[path])", .primary)
  }

  /// The subject's key: `enterprise.id`.
  var key: String {
    Spelling.path(name, fields.first(where: \.isKey)?.name ?? "key")
  }
}

/// A record as a line of JSON, with the columns as keys.
func jsonLine<Record>(_ fields: [RecordField<Record>], of record: Record) -> [UInt8] {
  var json = JSONText()
  json.beginObject()
  for field in fields {
    json.key(field.column)
    switch field.content(record) {
    case .text(let text): json.string(text)
    case .integer(let number): json.integer(number)
    case .truth(let truth): json.boolean(truth)
    case .missing: json.null()
    }
  }
  json.endObject()
  json.endLine()
  return json.bytes
}
