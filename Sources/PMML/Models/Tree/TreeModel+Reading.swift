internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles
internal import XMLReading

extension DocumentReader {
  func readTreeModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = TreeModel(
      missingValueStrategy: choice(.missingValueStrategy, of: element) ?? .none,
      noTrueChildStrategy: choice(.noTrueChildStrategy, of: element) ?? .returnNullPrediction,
      missingValuePenalty: number(.missingValuePenalty, of: element) ?? 1)
    while let child = try nextChild(of: element) {
      if child.name == .node {
        if !model.nodes.isEmpty { unexpected(child, in: element) }
        try readNode(child, parent: -1, isFloat: header.isFloat, into: &model)
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    model.gatherDistributions()
    checkCommon(header, element)
    if model.nodes.isEmpty { report("P3", "`\(header.element)` has no `Node`", at: element) }
    return model.embedded.isEmpty
      ? ModelElement(header: header, content: .tree(model))
      : selection(by: model, header, at: element)
  }

  private func readNode(
    _ element: Element, parent: Int, isFloat: Bool, into model: inout TreeModel
  ) throws(DiagnosticsError) {
    warnOfUnknownAttributes(element)
    let position = model.nodes.count
    model.nodes.append(
      TreeModel.Node(
        id: text(.id, of: element, into: &model.texts),
        score: text(.score, of: element, into: &model.texts),
        defaultChild: text(.defaultChild, of: element, into: &model.texts),
        recordCount: number(.recordCount, of: element) ?? .nan,
        parent: Int32(parent), line: element.event.line))
    var sawPredicate = false
    while let child = try nextChild(of: element) {
      switch child.name {
      case .node: try readNode(child, parent: position, isFloat: isFloat, into: &model)
      case .scoreDistribution: readDistribution(child, of: position, into: &model)
      case .partition: continue
      case .regression, .decisionTree:
        if let embedded = try readEmbeddedModel(child, isFloat: isFloat) {
          model.embedded.append((position, embedded))
        }
      default:
        if let test = try readTest(child, into: &model) {
          model.nodes[position].test = test
          sawPredicate = true
        } else {
          unexpected(child, in: element)
        }
      }
    }
    if !sawPredicate {
      let name = model.texts.text(model.nodes[position].id).map { " `\($0)`" } ?? ""
      report("P3", "`Node`\(name) has no predicate", at: element)
    }
  }

  private func readDistribution(
    _ element: Element, of node: Int, into model: inout TreeModel
  ) {
    var value = text(.value, of: element, into: &model.texts)
    if value.isAbsent { value = model.texts.append(required(.value, of: element)) }
    model.append(
      TreeModel.ScoreDistribution(
        value: value, recordCount: requiredNumber(.recordCount, of: element),
        confidence: number(.confidence, of: element) ?? .nan,
        probability: number(.probability, of: element) ?? .nan, node: Int32(node)))
  }

  /// An attribute's text, put into the pool.
  private func text(
    _ name: AttributeName, of element: Element, into texts: inout TextPool
  ) -> TextPool.Place {
    var place = TextPool.Place.absent
    _ = xml.withAttribute(name.number, of: element.event) { place = texts.append($0) }
    return place
  }

  // MARK: Tests

  /// Reads what a node asks; nil if the element is no predicate.
  private func readTest(
    _ element: Element, into model: inout TreeModel
  ) throws(DiagnosticsError) -> TreeModel.Test? {
    switch element.name {
    case .isTrue: return .alwaysTrue
    case .isFalse: return .alwaysFalse
    case .simplePredicate:
      if let test = simpleTest(element, into: &model) { return test }
    case .simpleSetPredicate:
      if let test = try readSetTest(element, into: &model) { return test }
    default: break
    }
    guard let predicate = try readPredicate(element) else { return nil }
    if case .alwaysFalse = predicate { return .alwaysFalse }
    model.predicates.append(predicate)
    return .other(Int32(model.predicates.count - 1))
  }

  /// A predicate that has all that it needs; nil if something is to be said of it.
  private func simpleTest(_ element: Element, into model: inout TreeModel) -> TreeModel.Test? {
    guard let field = fieldName(of: element) else { return nil }
    var operation: PredicateOperator?
    _ = xml.withAttribute(AttributeName.operation.number, of: element.event) {
      operation = PredicateOperator(comparison: $0)
    }
    guard let operation else { return nil }
    let asksForValue = operation != .isMissing && operation != .isNotMissing
    let value = asksForValue ? text(.value, of: element, into: &model.texts) : .absent
    if asksForValue, value.isAbsent { return nil }
    return .simple(field: field, operation, value: value, line: element.event.line)
  }

  /// The same of a set; its values are read either way.
  private func readSetTest(
    _ element: Element, into model: inout TreeModel
  ) throws(DiagnosticsError) -> TreeModel.Test? {
    guard let field = fieldName(of: element) else { return nil }
    var isIn: Bool?
    _ = xml.withAttribute(AttributeName.booleanOperator.number, of: element.event) {
      isIn = $0.equals("isIn") ? true : $0.equals("isNotIn") ? false : nil
    }
    guard let isIn else { return nil }
    let first = model.setValues.count
    while let child = try nextChild(of: element) {
      guard child.name == .array else {
        unexpected(child, in: element)
        continue
      }
      // Of several arrays, the last one counts.
      model.setValues.removeLast(model.setValues.count - first)
      try readArray(child) { model.setValues.append(model.texts.append($0)) }
    }
    return .set(
      field: field, isIn: isIn, first: Int32(first), count: Int32(model.setValues.count - first),
      line: element.event.line)
  }

  /// The code of the name of a predicate's field; nil where it says none.
  private func fieldName(of element: Element) -> Int32? {
    var code: Int32?
    _ = xml.withAttribute(AttributeName.field.number, of: element.event) {
      code = fieldNames.intern($0)
    }
    return code
  }
}

extension PredicateOperator {
  /// A comparison by its name in PMML.
  fileprivate init?(comparison name: Span<UInt8>) {
    let candidate: (PredicateOperator, StaticString)
    switch name.count {
    case 5: candidate = (.equal, "equal")
    case 8 where name[0] == UInt8(ascii: "l"): candidate = (.lessThan, "lessThan")
    case 8: candidate = (.notEqual, "notEqual")
    case 9: candidate = (.isMissing, "isMissing")
    case 11 where name[0] == UInt8(ascii: "l"): candidate = (.lessOrEqual, "lessOrEqual")
    case 11: candidate = (.greaterThan, "greaterThan")
    case 12: candidate = (.isNotMissing, "isNotMissing")
    case 14: candidate = (.greaterOrEqual, "greaterOrEqual")
    default: return nil
    }
    guard name.equals(candidate.1) else { return nil }
    self = candidate.0
  }
}

extension Span<UInt8> {
  /// Whether these are the bytes of an ASCII text.
  fileprivate func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { other in
      for place in indices where self[place] != other[place] { return false }
      return true
    }
  }
}
