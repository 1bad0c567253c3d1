internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  /// Compiles an expression; where a text says how to read it, as the expected type.
  func compile(
    _ syntax: ExpressionSyntax, in scope: FieldScope, expected: ModelDataType?
  ) -> Int {
    if program.expressions.nodes.count > Self.expressionLimit {
      reader.report(
        "P17", "expressions unfold to more than \(Self.expressionLimit) operations",
        line: syntax.line)
      return program.expressions.append(.constant(.nan), .double)
    }
    expressionDepth += 1
    defer { expressionDepth -= 1 }
    if expressionDepth > Self.depthLimit {
      reader.report(
        "P17",
        "expressions are nested more than \(Self.depthLimit) deep, "
          + "by way of derived fields and functions", line: syntax.line)
      return program.expressions.append(.constant(.nan), .double)
    }
    switch syntax.kind {
    case .faulty: return program.expressions.append(.constant(.nan), expected ?? .double)
    case .constant(let text, let dataType, let isMissing):
      return constant(text, dataType, isMissing: isMissing, line: syntax.line)
    case .fieldRef(let name, let mapMissingTo):
      guard let binding = lookUp(name, in: scope, line: syntax.line) else {
        return program.expressions.append(.constant(.nan), .double)
      }
      let node = program.expressions.append(.slot(binding.slot), binding.dataType)
      guard let mapMissingTo else { return node }
      let replacement = value(
        mapMissingTo, as: binding.dataType, line: syntax.line, what: "`mapMissingTo`")
      return program.expressions.append(
        .replaceMissing(replacement), binding.dataType, [node])
    case .normContinuous(let norm): return compile(norm, in: scope, line: syntax.line)
    case .normDiscrete(let field, let text, let mapMissingTo):
      guard let binding = lookUp(field, in: scope, line: syntax.line) else {
        return program.expressions.append(.constant(.nan), .double)
      }
      let wanted = value(text, as: binding.dataType, line: syntax.line, what: "value")
      let node = program.expressions.append(.slot(binding.slot), binding.dataType)
      let indicator = program.expressions.append(.indicator(wanted), .double, [node])
      guard let mapMissingTo else { return indicator }
      return program.expressions.append(.replaceMissing(mapMissingTo), .double, [indicator])
    case .discretize(let discretize):
      return compile(discretize, in: scope, expected: expected, line: syntax.line)
    case .mapValues(let map):
      return compile(map, in: scope, expected: expected, line: syntax.line)
    case .textIndex(let index): return compile(index, in: scope, line: syntax.line)
    case .lag(let lag): return compile(lag, in: scope, line: syntax.line)
    case .aggregate(let aggregate): return compile(aggregate, in: scope, line: syntax.line)
    case .apply(let apply):
      return compile(apply, in: scope, expected: expected, line: syntax.line)
    }
  }

  /// Adds a conversion where the types differ.
  func cast(_ node: Int, to type: ModelDataType) -> Int {
    let from = program.expressions.dataType(node)
    if from == type { return node }
    return program.expressions.append(.cast(from: from, to: type), type, [node])
  }

  private func constant(
    _ text: String, _ dataType: ModelDataType?, isMissing: Bool, line: Int
  ) -> Int {
    let type: ModelDataType =
      dataType
      ?? (ModelValueText.parse(text, as: .integer) != nil && !text.contains(".")
        ? .integer : XMLNumber.double(text) != nil ? .double : .string)
    // What is not a number is a missing value everywhere.
    let isNaN = (type == .double || type == .float) && XMLNumber.double(text)?.isNaN == true
    if isMissing || isNaN { return program.expressions.append(.constant(.nan), type) }
    return program.expressions.append(
      .constant(value(text, as: type, line: line, what: "constant")), type)
  }

  private func compile(_ norm: NormContinuous, in scope: FieldScope, line: Int) -> Int {
    guard let binding = lookUp(norm.field, in: scope, line: line) else {
      return program.expressions.append(.constant(.nan), .double)
    }
    checkIsNumber(binding, norm.field, line: line)
    let node = program.expressions.append(.slot(binding.slot), binding.dataType)
    program.expressions.norms.append(
      ExpressionTable.NormPlan(
        origs: norm.points.map(\.orig), norms: norm.points.map(\.norm), outliers: norm.outliers,
        mapMissingTo: norm.mapMissingTo ?? .nan))
    return program.expressions.append(
      .normContinuous(program.expressions.norms.count - 1), .double, [node])
  }

  private func checkIsNumber(_ binding: FieldBinding, _ name: String, line: Int) {
    guard binding.dataType == .string else { return }
    reader.report("P21", "`\(name)` is a text where a number is needed", line: line)
  }

  private func compile(
    _ discretize: Discretize, in scope: FieldScope, expected: ModelDataType?, line: Int
  ) -> Int {
    guard let binding = lookUp(discretize.field, in: scope, line: line) else {
      return program.expressions.append(.constant(.nan), .double)
    }
    checkIsNumber(binding, discretize.field, line: line)
    let type = discretize.dataType ?? expected ?? .string
    func read(_ text: String?) -> Double {
      text.map { value($0, as: type, line: line, what: "value") } ?? .nan
    }
    let node = program.expressions.append(.slot(binding.slot), binding.dataType)
    program.expressions.discretizers.append(
      ExpressionTable.DiscretizePlan(
        intervals: discretize.bins.map(\.interval), values: discretize.bins.map { read($0.value) },
        mapMissingTo: read(discretize.mapMissingTo), defaultValue: read(discretize.defaultValue)))
    return program.expressions.append(
      .discretize(program.expressions.discretizers.count - 1), type, [node])
  }

  /// A column's name without a namespace prefix, as the cells of a row are known.
  static func localName(_ name: String) -> String {
    guard let colon = name.lastIndex(of: ":") else { return name }
    return String(name[name.index(after: colon)...])
  }

  private func compile(
    _ map: MapValues, in scope: FieldScope, expected: ModelDataType?, line: Int
  ) -> Int {
    let type = map.dataType ?? expected ?? .string
    var nodes: [Int] = []
    var types: [ModelDataType] = []
    for input in map.inputs {
      guard let binding = lookUp(input.field, in: scope, line: line) else { continue }
      nodes.append(program.expressions.append(.slot(binding.slot), binding.dataType))
      types.append(binding.dataType)
    }
    func read(_ text: String?) -> Double {
      text.map { value($0, as: type, line: line, what: "value") } ?? .nan
    }
    var plan = ExpressionTable.MapPlan(
      keys: [], values: [], mapMissingTo: read(map.mapMissingTo),
      defaultValue: read(map.defaultValue))
    for row in map.rows where nodes.count == map.inputs.count {
      guard let output = row[Self.localName(map.outputColumn)] else {
        reader.report("P18", "a row has no column `\(map.outputColumn)`", line: line)
        break
      }
      for (input, type) in zip(map.inputs, types) {
        guard let cell = row[Self.localName(input.column)] else {
          // A cell that is left out matches nothing.
          plan.keys.append(.nan)
          continue
        }
        plan.keys.append(value(cell, as: type, line: line, what: "cell"))
      }
      plan.values.append(read(output))
    }
    program.expressions.maps.append(plan)
    return program.expressions.append(
      .mapValues(program.expressions.maps.count - 1), type, nodes)
  }
}
