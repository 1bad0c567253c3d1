internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readTransformations(
    _ element: Element
  ) throws(DiagnosticsError) -> ([DerivedField], [DefineFunction]) {
    var fields: [DerivedField] = []
    var functions: [DefineFunction] = []
    var names: [String: Int] = [:]
    while let child = try nextChild(of: element) {
      switch child.name {
      case .derivedField:
        let field = try readDerivedField(child)
        if let earlier = names.updateValue(child.line, forKey: field.name) {
          report(
            "P10", "derived field `\(field.name)` is declared twice, first on line \(earlier)",
            at: child)
        }
        fields.append(field)
      case .defineFunction: functions.append(try readDefineFunction(child))
      default: unexpected(child, in: element)
      }
    }
    return (fields, functions)
  }

  /// - Parameter isNamed: a derived field within a model element needs no name.
  func readDerivedField(
    _ element: Element, isNamed: Bool = true
  ) throws(DiagnosticsError) -> DerivedField {
    var field = DerivedField(
      name: isNamed ? required(.name, of: element) : string(.name, of: element) ?? "",
      opType: requiredChoice(.optype, of: element) ?? .continuous,
      dataType: dataType(of: element) ?? .double,
      expression: ExpressionSyntax(kind: .faulty, line: element.line), values: [],
      line: element.line)
    var sawExpression = false
    while let child = try nextChild(of: element) {
      if child.name == .value {
        field.values.append(readValue(child))
      } else if let expression = try readExpression(child) {
        field.expression = expression
        sawExpression = true
      } else {
        unexpected(child, in: element)
      }
    }
    if !sawExpression { report("P3", "`DerivedField` has no expression", at: element) }
    return field
  }

  /// The data type of a derived field, which RapidMiner writes as `datatype`.
  private func dataType(of element: Element) -> ModelDataType? {
    guard string(.dataType, of: element) == nil, string(.misspeltDataType, of: element) != nil
    else { return requiredChoice(.dataType, of: element) }
    report("P6", "`datatype` is read as `dataType`", at: element, severity: .warning)
    return choice(.misspeltDataType, of: element)
  }

  private func readDefineFunction(_ element: Element) throws(DiagnosticsError) -> DefineFunction {
    var function = DefineFunction(
      name: required(.name, of: element), dataType: choice(.dataType, of: element),
      parameters: [], body: ExpressionSyntax(kind: .faulty, line: element.line),
      line: element.line)
    while let child = try nextChild(of: element) {
      if child.name == .parameterField {
        function.parameters.append(
          DefineFunction.Parameter(
            name: required(.name, of: child), dataType: choice(.dataType, of: child)))
      } else if let expression = try readExpression(child) {
        function.body = expression
      } else {
        unexpected(child, in: element)
      }
    }
    return function
  }

  /// Reads an expression; nil if the element is none.
  func readExpression(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax? {
    let kind: ExpressionSyntax.Kind
    switch element.name {
    case .constant:
      let dataType: ModelDataType? = choice(.dataType, of: element)
      let isMissing = boolean(.missing, of: element) ?? false
      kind = .constant(text: try text(of: element), dataType: dataType, isMissing: isMissing)
    case .fieldRef:
      kind = .fieldRef(
        required(.field, of: element), mapMissingTo: string(.mapMissingTo, of: element))
    case .normContinuous: kind = try readNormContinuous(element)
    case .normDiscrete:
      kind = .normDiscrete(
        field: required(.field, of: element), value: required(.value, of: element),
        mapMissingTo: number(.mapMissingTo, of: element))
    case .discretize: kind = try readDiscretize(element)
    case .mapValues: kind = try readMapValues(element)
    case .apply: kind = try readApply(element)
    case .textIndex: kind = try readTextIndex(element)
    case .lag: kind = try readLag(element)
    case .aggregate: kind = try readAggregate(element)
    default: return nil
    }
    return ExpressionSyntax(kind: kind, line: element.line)
  }

  private func readNormContinuous(
    _ element: Element
  ) throws(DiagnosticsError) -> ExpressionSyntax.Kind {
    var norm = NormContinuous(
      field: required(.field, of: element), mapMissingTo: number(.mapMissingTo, of: element),
      outliers: choice(.outliers, of: element) ?? .asIs, points: [])
    while let child = try nextChild(of: element) {
      guard child.name == .linearNorm else {
        unexpected(child, in: element)
        continue
      }
      let point = (
        orig: requiredNumber(.orig, of: child), norm: requiredNumber(.norm, of: child)
      )
      if let last = norm.points.last, last.orig >= point.orig {
        report("P11", "`LinearNorm` elements do not rise by `orig`", at: child)
      }
      norm.points.append(point)
    }
    if norm.points.count < 2 {
      report("P3", "`NormContinuous` needs at least two `LinearNorm` elements", at: element)
      return .faulty
    }
    return .normContinuous(norm)
  }

  private func readDiscretize(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax.Kind
  {
    var discretize = Discretize(
      field: required(.field, of: element), mapMissingTo: string(.mapMissingTo, of: element),
      defaultValue: string(.defaultValue, of: element), dataType: choice(.dataType, of: element),
      bins: [])
    while let child = try nextChild(of: element) {
      guard child.name == .discretizeBin else {
        unexpected(child, in: element)
        continue
      }
      let value = required(.binValue, of: child)
      while let interval = try nextChild(of: child) {
        if interval.name == .interval {
          discretize.bins.append(Discretize.Bin(interval: readInterval(interval), value: value))
        } else {
          unexpected(interval, in: child)
        }
      }
    }
    return .discretize(discretize)
  }

  private func readMapValues(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax.Kind {
    var map = MapValues(
      inputs: [], outputColumn: required(.outputColumn, of: element),
      mapMissingTo: string(.mapMissingTo, of: element),
      defaultValue: string(.defaultValue, of: element), dataType: choice(.dataType, of: element),
      rows: [])
    while let child = try nextChild(of: element) {
      switch child.name {
      case .fieldColumnPair:
        map.inputs.append(
          MapValues.Input(field: required(.field, of: child), column: required(.column, of: child))
        )
      case .inlineTable: map.rows = try readInlineTable(child)
      default: unexpected(child, in: element)
      }
    }
    return .mapValues(map)
  }

  func readInlineTable(_ element: Element) throws(DiagnosticsError) -> [[String: String]] {
    var rows: [[String: String]] = []
    while let (row, name) = try nextCell(of: element) {
      guard name == "row" else { continue }
      var cells: [String: String] = [:]
      while let (cell, column) = try nextCell(of: row) {
        cells[column] = try text(of: cell)
      }
      rows.append(cells)
    }
    return rows
  }

  private func readApply(_ element: Element) throws(DiagnosticsError) -> ExpressionSyntax.Kind {
    var apply = Apply(
      function: required(.function, of: element),
      mapMissingTo: string(.mapMissingTo, of: element),
      defaultValue: string(.defaultValue, of: element),
      invalidTreatment: string(.invalidValueTreatment, of: element), arguments: [])
    while let child = try nextChild(of: element) {
      if let argument = try readExpression(child) {
        apply.arguments.append(argument)
      } else {
        unexpected(child, in: element)
      }
    }
    return .apply(apply)
  }
}
