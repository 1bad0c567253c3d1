internal import DataFields
internal import TreeEnsembles

// What the nodes of trees ask, from the bytes of the document. Whatever is unusual, and all that is to be
// reported, goes the way of any other predicate.
extension ModelCompiler {
  /// Compiles what a node asks; gives the place among the predicates of the ensemble.
  func compile(
    _ test: TreeModel.Test, of model: TreeModel, into ensemble: inout TreeEnsemble,
    _ fields: TreeFields, _ scope: FieldScope
  ) -> Int {
    switch test {
    case .alwaysTrue: return ensemble.appendPredicate(.alwaysTrue)
    case .alwaysFalse: return ensemble.appendPredicate(.alwaysFalse)
    case .simple(let field, let operation, let value, _):
      guard let known = fields.field(field) else { break }
      if value.isAbsent { return ensemble.appendPredicate(operation, feature: known.number) }
      let isText = known.binding.dataType == .string
      if isText, operation != .equal, operation != .notEqual { break }
      guard let threshold = threshold(value, model, known.binding.dataType, ensemble.isFloat)
      else { break }
      return ensemble.appendPredicate(operation, feature: known.number, threshold: threshold)
    case .set(let field, let isIn, let first, let count, _):
      guard let known = fields.field(field) else { break }
      var values: [Double] = []
      values.reserveCapacity(Int(count))
      for place in Int(first)..<Int(first) + Int(count) {
        let value = threshold(
          model.setValues[place], model, known.binding.dataType, ensemble.isFloat)
        guard let value else { break }
        values.append(value)
      }
      if values.count < Int(count) { break }
      return ensemble.appendPredicate(
        isIn ? .isIn : .isNotIn, feature: known.number, values: values)
    case .other: break
    }
    let isFloat = ensemble.isFloat
    return ensemble.withPredicates { table in
      compile(
        syntax(test, of: model), into: &table, in: scope, isFloat: isFloat,
        feature: { fields.number($0) })
    }
  }

  /// What a text says as a value of a field; nil where that takes more than to read a number.
  private func threshold(
    _ value: TextPool.Place, _ model: TreeModel, _ type: ModelDataType, _ isFloat: Bool
  ) -> Double? {
    model.texts.withBytes(value) { bytes in
      switch type {
      case .string: Double(program.texts.intern(bytes))
      case .double where isFloat, .float: BinaryNumberText.float(bytes).map { Double($0) }
      case .double, .integer, .boolean: BinaryNumberText.double(bytes)
      default: nil
      }
    }
  }

  /// The test as a predicate of any other model.
  private func syntax(_ test: TreeModel.Test, of model: TreeModel) -> PredicateSyntax {
    switch test {
    case .alwaysTrue: .alwaysTrue
    case .alwaysFalse: .alwaysFalse
    case .simple(let field, let operation, let value, let line):
      .simple(
        field: reader.fieldNames.text(field), operation, value: model.texts.text(value),
        line: Int(line))
    case .set(let field, let isIn, let first, let count, let line):
      .set(
        field: reader.fieldNames.text(field), isIn: isIn,
        values: model.setValues[Int(first)..<Int(first) + Int(count)]
          .map { model.texts.text($0) ?? "" }, line: Int(line))
    case .other(let place): model.predicates[Int(place)]
    }
  }
}
