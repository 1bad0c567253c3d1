internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compile(
    _ apply: Apply, in scope: FieldScope, expected: ModelDataType?, line: Int
  ) -> Int {
    if let function = functions[apply.function] {
      return compile(call: function, apply, in: scope, line: line)
    }
    guard let function = BuiltInFunction(rawValue: apply.function) else {
      let known = BuiltInFunction.allCases.map(\.rawValue) + functions.keys.sorted()
      let near = NearMiss.suggestion(for: apply.function, among: known)
      reader.report(
        "P19",
        "function `\(apply.function)` is not known or not supported"
          + (near.map { "; did you mean `\($0)`?" } ?? ""), line: line)
      return program.expressions.append(.constant(.nan), .double)
    }
    if !function.arity.contains(apply.arguments.count) {
      let arity = function.arity
      let takes =
        arity.lowerBound == arity.upperBound
        ? "\(arity.lowerBound)"
        : arity.upperBound == Int.max
          ? "at least \(arity.lowerBound)" : "\(arity.lowerBound) to \(arity.upperBound)"
      reader.report(
        "P20", "`\(function.rawValue)` takes \(takes) arguments, not \(apply.arguments.count)",
        line: line)
      return program.expressions.append(.constant(.nan), .double)
    }
    var arguments = apply.arguments.map { compile($0, in: scope, expected: nil) }
    if function.hasPattern {
      return compile(patternCall: function, apply, arguments, line: line)
    }
    if function == .isValid || function == .isNotValid, let valid = validity(arguments[0]) {
      return function == .isValid
        ? valid
        : program.expressions.append(
          .call(.not, mapMissing: .nan, missingResult: .nan), .boolean, [valid])
    }
    if function.isComparison { unify(&arguments, apply.arguments, line: line) }
    let type = resultType(function, arguments)
    if function == .if, type == .string {
      for place in arguments.indices.dropFirst() {
        arguments[place] = cast(arguments[place], to: type)
      }
    }
    checkKinds(function, arguments, line: line)
    func read(_ text: String?, _ what: String) -> Double {
      text.map { value($0, as: type, line: line, what: what) } ?? .nan
    }
    return program.expressions.append(
      .call(
        function, mapMissing: read(apply.mapMissingTo, "`mapMissingTo`"),
        missingResult: read(apply.defaultValue, "`defaultValue`")), type, arguments)
  }

  /// Whether an input is valid, where the model takes invalid values as they are; nil where a value
  /// that is there is valid.
  private func validity(_ argument: Int) -> Int? {
    guard case .slot(let slot) = program.expressions.nodes[argument].operation,
      let field = program.units[0].preparations.first(where: {
        $0.slot == slot && $0.input != nil && $0.invalidTreatment == .asIs
      })
    else { return nil }
    program.expressions.validities.append(field)
    return program.expressions.append(
      .isValid(program.expressions.validities.count - 1), .boolean, [argument])
  }

  /// Text beside numbers: a constant is read as what it is compared with.
  private func unify(_ arguments: inout [Int], _ syntax: [ExpressionSyntax], line: Int) {
    let texts = arguments.map { program.expressions.isText($0) }
    guard texts.contains(true), texts.contains(false) else { return }
    let fields = arguments.indices.filter {
      if case .constant = syntax[$0].kind { return false }
      return true
    }
    let type = fields.first.map { program.expressions.dataType(arguments[$0]) } ?? .string
    for place in arguments.indices {
      if case .constant(let text, _, let isMissing) = syntax[place].kind, !isMissing {
        arguments[place] = program.expressions.append(
          .constant(value(text, as: type, line: line, what: "constant")), type)
      } else {
        arguments[place] = cast(arguments[place], to: type)
      }
    }
  }

  private func checkKinds(_ function: BuiltInFunction, _ arguments: [Int], line: Int) {
    if function.isComparison || function.isTextual || function == .if { return }
    switch function {
    case .isMissing, .isNotMissing, .isValid, .isNotValid: return
    default: break
    }
    for argument in arguments where program.expressions.isText(argument) {
      reader.report("P21", "`\(function.rawValue)` takes numbers, not texts", line: line)
      return
    }
  }

  private func resultType(_ function: BuiltInFunction, _ arguments: [Int]) -> ModelDataType {
    let types = arguments.map { program.expressions.dataType($0) }
    func numeric(_ types: ArraySlice<ModelDataType>) -> ModelDataType {
      if types.contains(.string) { return .string }
      if types.contains(.double) { return .double }
      if types.contains(.float) { return types.allSatisfy { $0 == .float } ? .float : .double }
      if types.allSatisfy({ $0 == .boolean }), !types.isEmpty { return .boolean }
      return .integer
    }
    switch function {
    case .plus, .minus, .times, .divide, .min, .max, .sum, .product, .abs, .modulo:
      let type = numeric(types[...])
      return type == .boolean || type == .float ? .double : type
    case .if: return numeric(types.dropFirst())
    case .floor, .ceil, .round, .threshold, .stringLength, .dateDaysSinceYear,
      .dateSecondsSinceYear, .dateSecondsSinceMidnight:
      return .integer
    case .uppercase, .lowercase, .substring, .trimBlanks, .concat: return .string
    case .isMissing, .isNotMissing, .isValid, .isNotValid, .equal, .notEqual, .lessThan,
      .lessOrEqual, .greaterThan, .greaterOrEqual, .and, .or, .not, .isIn, .isNotIn:
      return .boolean
    default: return .double
    }
  }

  /// Functions of a pattern: it is compiled with the model, so it is a constant.
  private func compile(
    patternCall function: BuiltInFunction, _ apply: Apply, _ arguments: [Int], line: Int
  ) -> Int {
    let type: ModelDataType = function == .matches ? .boolean : .string
    guard let text = constantText(apply.arguments[1]) else {
      reader.report(
        "P9", "the pattern of `\(function.rawValue)` is a constant, or it is not supported",
        line: line)
      return program.expressions.append(.constant(.nan), type)
    }
    let call =
      switch function {
      case .formatNumber: compile(numberFormat: text, arguments[0], line: line)
      case .formatDatetime: compile(dateTimeFormat: text, arguments[0], line: line)
      default: compile(textCall: function, text, apply, arguments[0], line: line)
      }
    guard var node = call else { return program.expressions.append(.constant(.nan), type) }
    if let text = apply.mapMissingTo ?? apply.defaultValue {
      let replacement = value(text, as: type, line: line, what: "`mapMissingTo`")
      node = program.expressions.append(.replaceMissing(replacement), type, [node])
    }
    return node
  }

  private func compile(
    textCall function: BuiltInFunction, _ text: String, _ apply: Apply, _ argument: Int, line: Int
  ) -> Int? {
    guard let pattern = pattern(text, line: line) else { return nil }
    var operation = ExpressionTable.Operation.matches(pattern)
    if function == .replace {
      guard let replacement = constantText(apply.arguments[2]) else {
        reader.report(
          "P9", "the replacement of `replace` is a constant, or it is not supported", line: line)
        return nil
      }
      operation = .replace(pattern, by: replacement)
    }
    let type: ModelDataType = function == .matches ? .boolean : .string
    return program.expressions.append(operation, type, [cast(argument, to: .string)])
  }

  private func compile(numberFormat text: String, _ argument: Int, line: Int) -> Int? {
    if program.expressions.isText(argument) {
      reader.report("P21", "`formatNumber` takes numbers, not texts", line: line)
      return nil
    }
    do throws(NumberPattern.Fault) {
      program.expressions.numberPatterns.append(try NumberPattern(text))
    } catch {
      reader.report("P4", "`\(text)` does not format a number: \(error.reason)", line: line)
      return nil
    }
    return program.expressions.append(
      .formatNumber(program.expressions.numberPatterns.count - 1), .string, [argument])
  }

  private func compile(dateTimeFormat text: String, _ argument: Int, line: Int) -> Int? {
    let type = program.expressions.dataType(argument)
    guard ModelValueText.seconds(0, type) != nil else {
      reader.report(
        "P21", "`formatDatetime` takes a date or a time, not a value of type \(type.rawValue)",
        line: line)
      return nil
    }
    do throws(DateTimePattern.Fault) {
      let pattern = try DateTimePattern(text)
      if pattern.showsDate, type == .time || type == .timeSeconds {
        throw DateTimePattern.Fault(reason: "it asks for a date, and the value is a time of day")
      }
      program.expressions.dateTimePatterns.append(pattern)
    } catch {
      reader.report("P4", "`\(text)` does not format a time: \(error.reason)", line: line)
      return nil
    }
    return program.expressions.append(
      .formatDatetime(program.expressions.dateTimePatterns.count - 1), .string, [argument])
  }

  private func constantText(_ syntax: ExpressionSyntax) -> String? {
    guard case .constant(let text, _, let isMissing) = syntax.kind, !isMissing else { return nil }
    return text
  }

  // MARK: Functions that the document defines

  /// A call of the document's own function: its body, with the parameters in slots of their own.
  private func compile(
    call function: DefineFunction, _ apply: Apply, in scope: FieldScope, line: Int
  ) -> Int {
    if functionStack.contains(function.name) {
      return program.expressions.append(.constant(.nan), .double)
    }
    guard apply.arguments.count == function.parameters.count else {
      reader.report(
        "P20",
        "`\(function.name)` takes \(function.parameters.count) arguments, not "
          + "\(apply.arguments.count)", line: line)
      return program.expressions.append(.constant(.nan), .double)
    }
    // Parameters hide everything else: a body sees only them.
    let inner = FieldScope(parent: nil)
    var arguments: [Int] = []
    let firstSlot = program.slotCount
    program.slotCount += function.parameters.count
    for (place, parameter) in function.parameters.enumerated() {
      var node = compile(apply.arguments[place], in: scope, expected: parameter.dataType)
      if let type = parameter.dataType { node = cast(node, to: type) }
      arguments.append(node)
      inner.bindings[parameter.name] = FieldBinding(
        slot: firstSlot + place, dataType: program.expressions.dataType(node),
        opType: .continuous)
    }
    functionStack.append(function.name)
    var body = compile(function.body, in: inner, expected: function.dataType)
    functionStack.removeLast()
    if let type = function.dataType { body = cast(body, to: type) }
    let type = program.expressions.dataType(body)
    let node = program.expressions.append(.bind(firstSlot: firstSlot), type, arguments + [body])
    guard let mapMissingTo = apply.mapMissingTo ?? apply.defaultValue else { return node }
    let replacement = value(mapMissingTo, as: type, line: line, what: "`mapMissingTo`")
    return program.expressions.append(.replaceMissing(replacement), type, [node])
  }

  /// Functions must not call themselves, directly or through others.
  func checkFunctionCycles() {
    var done: Set<String> = []
    var stack: [String] = []
    func visit(_ name: String) {
      guard let function = functions[name], !done.contains(name) else { return }
      if stack.contains(name) {
        let cycle = (stack.drop { $0 != name } + [name]).joined(separator: " -> ")
        reader.report("P15", "functions call each other: \(cycle)", line: function.line)
        return
      }
      // What is nested deeper is refused where it is compiled.
      if stack.count > Self.depthLimit { return }
      stack.append(name)
      for callee in calls(of: function.body) { visit(callee) }
      stack.removeLast()
      done.insert(name)
    }
    for name in functions.keys.sorted() { visit(name) }
  }

  private func calls(of syntax: ExpressionSyntax) -> [String] {
    if case .textIndex(let index) = syntax.kind { return index.term.flatMap { calls(of: $0) } }
    guard case .apply(let apply) = syntax.kind else { return [] }
    return [apply.function] + apply.arguments.flatMap { calls(of: $0) }
  }
}
