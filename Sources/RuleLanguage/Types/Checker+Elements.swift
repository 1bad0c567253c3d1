import DataFields
import SourceDiagnostics

/// Lists in events: `items list of { ... }`, whose elements `each` gives one by one.
extension Checker {
  /// The elements of a list as a stream: `each invoice.items`, `each kept.items`.
  mutating func elementStream(_ parts: [NameSyntax], _ span: SourceSpan) -> Int? {
    guard parts.count == 2, let head = parts.first, let name = parts.last else {
      report(
        "Y6", "`each` takes an event's field that is a list", at: span,
        help: ["for example   each invoice.items"])
      return nil
    }
    let reference = ExpressionSyntax(
      id: NodeID(0), kind: .reference([head]), span: head.span)
    guard let base = streamIndex(reference) else { return nil }
    let stream = program.streams[base]
    let record = program.events[stream.event]
    guard stream.list == nil else {
      report("Y6", "these are elements already", at: head.span)
      return nil
    }
    guard let list = record.lists.firstIndex(where: { $0.name == name.text }) else {
      if record.ownFields.contains(where: { $0.name == name.text }) {
        report("Y6", "`\(name.text)` is no list", at: name.span)
      } else {
        reportUnknown(
          name, as: "list of `\(record.name)`", among: record.lists.map(\.name))
      }
      return nil
    }
    if let known = program.streams.firstIndex(where: {
      $0.event == stream.event && $0.list == list && $0.condition == stream.condition
    }) {
      return known
    }
    program.streams.append(
      CheckedStream(
        name: "each \(record.name).\(name.text)", event: stream.event, list: list,
        depth: stream.depth, condition: stream.condition))
    return program.streams.count - 1
  }

  /// `each invoice.items.quantity` within an aggregate over these elements.
  mutating func eachReference(
    _ parts: [NameSyntax], _ syntax: ExpressionSyntax, in place: Place
  ) -> CheckedExpression {
    guard case .event(let event, let list?) = place, let name = parts.dropFirst().first else {
      report(
        "Y6", "`each` stands in a `let` or inside an aggregate", at: syntax.span,
        help: ["for example   let items = each invoice.items"])
      return fault(syntax)
    }
    let record = program.events[event]
    guard record.lists[list].name == name.text else {
      report("Y6", "an aggregate runs over the elements of one list", at: syntax.span)
      return fault(syntax)
    }
    let field = parts.count > 2 ? parts[2].text : ""
    if parts.count <= 3, let index = record.elementField(named: field, of: list) {
      return make(.eventField(index), record.fields[index].type, syntax)
    }
    reportUnknown(
      parts.count > 2 ? parts[2] : name, as: "field of `\(name.text)`",
      among: record.names(of: list))
    return fault(syntax)
  }

  /// Whether `count distinct(each invoice.tags)` can be meant: elements without fields.
  func isListOfValues(_ event: Int, _ list: Int?) -> Bool {
    list.map { program.events[event].lists[$0].isOfValues } ?? false
  }

  /// Adds the fields of the elements of an event's lists behind its own.
  mutating func declareElements(of declaration: RecordDeclaration, in record: inout CheckedRecord) {
    for syntax in declaration.fields {
      guard case .list(let elements) = syntax.type.kind else { continue }
      let first = record.fields.count
      var names: [String: SourceSpan] = [:]
      var columns: [String: SourceSpan] = [:]
      for element in elements {
        if let earlier = names[element.name.text] {
          report(
            "N2", "`\(element.name.text)` is declared twice",
            at: [(element.name.span, "declared again"), (earlier, "declared here")])
          continue
        }
        names[element.name.text] = element.name.span
        if case .list = element.type.kind {
          notRun("a list within a list", at: element.type.span)
          continue
        }
        if element.isKey || element.isTime {
          report(
            "X5", "an element has no \(element.isKey ? "key" : "time") of its own",
            at: element.name.span)
        }
        var field = field(element, of: declaration)
        if let earlier = columns[field.column] {
          report(
            "N2", "two fields read the column `\(field.column)`",
            at: [(element.span, ""), (earlier, "")])
        }
        columns[field.column] = element.span
        // A value has no name but its list's.
        field.name =
          field.name.isEmpty ? syntax.name.text : "\(syntax.name.text).\(field.name)"
        record.fields.append(field)
      }
      if elements.isEmpty {
        report("X5", "the elements of the list have no field", at: syntax.type.span)
      }
      guard record.fields.count <= Self.maximumFields else {
        report(
          "X7", "a record has at most \(Self.maximumFields) fields", at: syntax.name.span)
        return
      }
      record.lists.append(
        CheckedListField(
          name: syntax.name.text, column: syntax.column?.value ?? syntax.name.text,
          fields: first..<record.fields.count,
          isOfValues: elements.count == 1 && elements[0].name.text.isEmpty))
    }
  }
}

extension CheckedRecord {
  /// The fields that are not those of elements.
  var ownFields: ArraySlice<CheckedField> {
    fields[..<(lists.first?.fields.lowerBound ?? fields.count)]
  }

  /// A field by the name that a condition gives it: of an element of the list in hand, or of the
  /// event.
  func field(named name: String, of list: Int?) -> Int? {
    list.flatMap { elementField(named: name, of: $0) } ?? ownFields.firstIndex { $0.name == name }
  }

  func elementField(named name: String, of list: Int) -> Int? {
    if lists[list].isOfValues {
      return name.isEmpty || name == lists[list].name ? lists[list].fields.first : nil
    }
    let full = "\(lists[list].name).\(name)"
    return lists[list].fields.first { fields[$0].name == full }
  }

  /// The names that a condition may use.
  func names(of list: Int?) -> [String] {
    let elements = list.map { list in
      lists[list].isOfValues
        ? [lists[list].name]
        : fields[lists[list].fields].map {
          String($0.name.dropFirst(lists[list].name.utf8.count + 1))
        }
    }
    return (elements ?? []) + ownFields.map(\.name)
  }
}
