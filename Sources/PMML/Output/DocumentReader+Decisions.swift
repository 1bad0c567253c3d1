internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  /// Reads what an output field may decide: the problem, and each decision with its value, how it is
  /// shown, and what it means.
  func readDecisions(
    _ element: Element, of field: OutputField
  ) throws(DiagnosticsError) -> ModelSignature.Decisions {
    var decisions = ModelSignature.Decisions(
      businessProblem: string(.businessProblem, of: element),
      description: string(.description, of: element), values: [])
    var known: Set<String> = []
    while let child = try nextChild(of: element) {
      guard child.name == .decision else {
        unexpected(child, in: element)
        continue
      }
      let decision = ModelSignature.Decisions.Decision(
        value: required(.value, of: child), displayValue: string(.displayValue, of: child),
        description: string(.description, of: child))
      if !known.insert(decision.value).inserted {
        report("P10", "the decision `\(decision.value)` is listed twice", at: child)
      }
      if let type = field.dataType, type != .string,
        ModelValueText.parse(decision.value, as: type) == nil
      {
        report(
          "P4", "the decision `\(decision.value)` is no value of the type `\(type.rawValue)`",
          at: child)
      }
      decisions.values.append(decision)
    }
    if decisions.values.isEmpty { report("P3", "`Decisions` has no `Decision`", at: element) }
    return decisions
  }

  /// Decisions belong to the feature `decision`; what its expression is seen to give is among them.
  func checkDecisions(_ field: inout OutputField, _ element: Element) {
    guard let decisions = field.decisions else { return }
    if field.feature != .decision {
      report(
        "P7",
        "the `Decisions` of output field `\(field.name)` are left out: its feature is "
          + "`\(field.feature.rawValue)`", at: element, severity: .warning)
      field.decisions = nil
      return
    }
    func normal(_ text: String) -> String {
      guard let type = field.dataType, type != .string,
        let number = ModelValueText.parse(text, as: type)
      else { return text }
      return number.description
    }
    let known = Set(decisions.values.map { normal($0.value) })
    var reported: Set<String> = []
    for outcome in field.expression?.literalOutcomes ?? []
    where !known.contains(normal(outcome)) && reported.insert(outcome).inserted {
      report(
        "P16",
        "output field `\(field.name)` may give `\(outcome)`, which is not among its `Decisions`",
        at: element, severity: .warning)
    }
  }
}

extension ExpressionSyntax {
  /// The values that it gives wherever they do not have to be computed, in the order of the document.
  var literalOutcomes: [String] {
    switch kind {
    case .constant(let text, _, let isMissing): isMissing ? [] : [text]
    case .fieldRef(_, let replacement): [replacement].compactMap { $0 }
    case .discretize(let discretize):
      discretize.bins.map(\.value)
        + [discretize.defaultValue, discretize.mapMissingTo].compactMap { $0 }
    case .mapValues(let map):
      map.rows.compactMap { $0[map.outputColumn] }
        + [map.defaultValue, map.mapMissingTo].compactMap { $0 }
    case .apply(let apply):
      (apply.function == "if" ? apply.arguments.dropFirst().flatMap(\.literalOutcomes) : [])
        + [apply.defaultValue, apply.mapMissingTo].compactMap { $0 }
    case .normContinuous, .normDiscrete, .textIndex, .lag, .aggregate, .faulty: []
    }
  }
}
