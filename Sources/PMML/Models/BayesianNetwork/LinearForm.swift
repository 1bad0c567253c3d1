internal import DataFields
internal import SourceDiagnostics

/// An expression as a sum of multiples of fields, and of a rest that looks at none of them.
struct LinearForm {
  var coefficients: [String: Double] = [:]
  /// nil is 0.
  var rest: ExpressionSyntax?

  /// nil where the expression is no such sum, as far as can be seen without computing it.
  ///
  /// - Parameters:
  ///   - names: the fields that are summed.
  ///   - definitions: of derived fields.
  ///   - depth: how many expressions this one stands in; a derived field may rest on itself.
  ///   - budget: how many expressions may still be looked into: derived fields may rest on each
  ///     other over and over.
  static func of(
    _ syntax: ExpressionSyntax, _ names: Set<String>, _ definitions: [String: ExpressionSyntax],
    depth: Int = 0, budget: inout Int
  ) -> LinearForm? {
    budget -= 1
    guard budget >= 0, depth < depthLimit else { return nil }
    let reached = syntax.reachedNames(definitions)
    budget -= reached.count
    if reached.isDisjoint(with: names) { return LinearForm(rest: syntax) }
    switch syntax.kind {
    case .fieldRef(let name, mapMissingTo: nil):
      if names.contains(name) { return LinearForm(coefficients: [name: 1]) }
      return definitions[name].flatMap {
        of($0, names, definitions, depth: depth + 1, budget: &budget)
      }
    case .apply(let apply):
      guard apply.mapMissingTo == nil, apply.defaultValue == nil, apply.arguments.count == 2 else {
        return nil
      }
      return sum(
        apply, names, definitions, line: syntax.line, depth: depth + 1, budget: &budget)
    default: return nil
    }
  }

  private static let depthLimit = 500

  private static func sum(
    _ apply: Apply, _ names: Set<String>, _ definitions: [String: ExpressionSyntax], line: Int,
    depth: Int, budget: inout Int
  ) -> LinearForm? {
    let (left, right) = (apply.arguments[0], apply.arguments[1])
    switch apply.function {
    case "+", "-":
      guard var form = of(left, names, definitions, depth: depth, budget: &budget),
        let second = of(right, names, definitions, depth: depth, budget: &budget)
      else { return nil }
      let sign = apply.function == "+" ? 1.0 : -1.0
      for (name, coefficient) in second.coefficients {
        form.coefficients[name, default: 0] += sign * coefficient
      }
      form.rest = join(apply.function, form.rest, second.rest, line: line)
      return form
    case "*":
      if let factor = left.literalNumber {
        return of(right, names, definitions, depth: depth, budget: &budget)?.scaled(factor) {
          .call("*", left, $0, line: line)
        }
      }
      guard let factor = right.literalNumber else { return nil }
      return of(left, names, definitions, depth: depth, budget: &budget)?.scaled(factor) {
        .call("*", $0, right, line: line)
      }
    case "/":
      guard let divisor = right.literalNumber, divisor != 0 else { return nil }
      var form = of(left, names, definitions, depth: depth, budget: &budget)?.scaled(1) {
        .call("/", $0, right, line: line)
      }
      for name in form?.coefficients.keys.sorted() ?? [] {
        form?.coefficients[name]? /= divisor
      }
      return form
    default: return nil
    }
  }

  private static func join(
    _ function: String, _ first: ExpressionSyntax?, _ second: ExpressionSyntax?, line: Int
  ) -> ExpressionSyntax? {
    guard let second else { return first }
    let zero = ExpressionSyntax(
      kind: .constant(text: "0", dataType: .double, isMissing: false), line: line)
    if first == nil, function == "+" { return second }
    return .call(function, first ?? zero, second, line: line)
  }

  private func scaled(
    _ factor: Double, _ rest: (ExpressionSyntax) -> ExpressionSyntax
  ) -> LinearForm {
    LinearForm(coefficients: coefficients.mapValues { $0 * factor }, rest: self.rest.map(rest))
  }
}

extension ExpressionSyntax {
  fileprivate static func call(
    _ function: String, _ first: ExpressionSyntax, _ second: ExpressionSyntax, line: Int
  ) -> ExpressionSyntax {
    ExpressionSyntax(
      kind: .apply(
        Apply(
          function: function, mapMissingTo: nil, defaultValue: nil, invalidTreatment: nil,
          arguments: [first, second])), line: line)
  }

  /// A number that is written as such.
  fileprivate var literalNumber: Double? {
    guard case .constant(let text, let type, false) = kind, type != .string else { return nil }
    return XMLNumber.double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  /// The fields that it names, itself or through derived fields.
  func reachedNames(_ definitions: [String: ExpressionSyntax]) -> Set<String> {
    Self.reached(from: fieldNames, definitions)
  }

  /// These fields, and those that they rest on.
  static func reached(
    from names: [String], _ definitions: [String: ExpressionSyntax]
  ) -> Set<String> {
    var open = names
    var reached: Set<String> = []
    while let name = open.popLast() {
      guard reached.insert(name).inserted, let definition = definitions[name] else { continue }
      open += definition.fieldNames
    }
    return reached
  }
}
