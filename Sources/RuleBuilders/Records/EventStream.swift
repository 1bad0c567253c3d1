/// Events about subjects, all of one kind or a selection of them, bound to the service's records.
///
/// A field is an expression over single events, by the name of the property that it is bound to;
/// aggregates make values of it: `invoice.payable.sum()`.
@dynamicMemberLookup
public struct EventStream<Record: Sendable>: RulesetComponent {
  package let name: String
  package let source: String
  let fields: [RecordField<Record>]
  let names: FieldNames
  /// Which of the events; nil is all of them.
  var condition: String?
  var declared: Declaration?

  /// Its declaration; a selection without a name has none, and says so in the text.
  public var declarations: [Declaration] { [declared ?? Declaration(.text, text, nil)] }

  var text: String { Spelling.name(name) + (condition.map { " where \($0)" } ?? "") }

  /// The field that is bound to a property.
  public subscript<Content: FieldValue>(
    dynamicMember path: KeyPath<Record, Content>
  ) -> RuleExpression<EventScope<Record>, Content.FieldKind> { self[path] }

  /// The field that is bound to a property, also where this type has a member of that name.
  public subscript<Content: FieldValue>(
    path: KeyPath<Record, Content>
  ) -> RuleExpression<EventScope<Record>, Content.FieldKind> {
    RuleExpression(
      "\(Spelling.name(name)).\(names[path])", .primary, fields: names, condition: condition)
  }

  /// The events for which a condition holds.
  public func `where`(
    _ condition: (EventFields<Record>) -> RuleExpression<EventScope<Record>, Bool>
  ) -> Self {
    let condition = condition(EventFields(names: names))
    var selection = self
    selection.declared = nil
    selection.condition =
      self.condition.map { "(\($0)) and \(condition.operand(.not))" } ?? condition.text
    return selection
  }
}

/// A kind of event, and its declaration.
public typealias Event<Record: Sendable> = EventStream<Record>

extension EventStream {
  /// - Parameters:
  ///   - source: names where its records come from.
  ///   - subject: the property that names the subject.
  ///   - input: what is known of the subjects.
  ///   - fields: one of them is the event's time.
  public init<Key: FieldValue, Known>(
    _ name: String, of record: Record.Type = Record.self, from source: String,
    by subject: KeyPath<Record, Key>, in input: Input<Known>, fileID: String = #fileID,
    line: Int = #line, @FieldsBuilder<Record> fields: () -> [RecordField<Record>]
  ) {
    let fields = fields()
    let names = FieldNames(fields)
    let head =
      "event \(Spelling.name(name)) from \(Spelling.quoted(source)) by \(names[subject]) = "
      + input.key
    self.init(
      name: name, source: source, fields: fields, names: names,
      declared: Declaration(
        .record, block: head, fields.map { BuiltLine($0.text(names), $0.place) },
        BuildPlace(fileID, line)))
  }
}

/// A selection of events with a name, and its declaration: `let kept = invoice where payable >= 0`.
public typealias Selection<Record: Sendable> = EventStream<Record>

extension EventStream {
  /// Names a selection of events.
  public init(
    _ name: String, _ events: Self, fileID: String = #fileID, line: Int = #line
  ) {
    self.init(
      name: name, source: events.source, fields: events.fields, names: events.names,
      declared: Declaration(
        .value, "let \(Spelling.name(name)) = \(events.text)", BuildPlace(fileID, line)))
  }
}

/// The fields of an event, in conditions on it.
@dynamicMemberLookup
public struct EventFields<Record: Sendable>: Sendable {
  let names: FieldNames

  /// The field that is bound to a property.
  public subscript<Content: FieldValue>(
    dynamicMember path: KeyPath<Record, Content>
  ) -> RuleExpression<EventScope<Record>, Content.FieldKind> {
    RuleExpression(names[path], .primary, fields: names)
  }
}
