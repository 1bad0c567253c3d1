internal import SourceDiagnostics

extension ModelCompiler {
  /// Refuses what exact inference does not cover: nodes that were observed and rest on a continuous
  /// target, and nodes that rest on a continuous one that never is observed. Both would need
  /// integrals.
  func checkContinuousParents(
    _ model: BayesianNetworkModel, _ header: ModelHeader, _ network: NetworkCompiler
  ) {
    var continuous: Set<String> = []
    for node in model.nodes {
      if case .continuous = node.content { continuous.insert(node.name) }
    }
    var definitions: [String: ExpressionSyntax] = [:]
    for field in document.derivedFields + header.localTransformations
      + model.nodes.flatMap(\.derived)
    {
      definitions[field.name] = field.expression
    }
    for node in model.nodes
    where node.name == network.targetName || network.observed.contains(node.name) {
      for parent in parents(of: node, definitions).sorted() where continuous.contains(parent) {
        if parent == node.name { continue }
        if parent == network.targetName {
          reader.report(
            "P9",
            "`\(node.name)` is observed and rests on the continuous target `\(parent)`, which "
              + "exact inference does not follow: leave `\(node.name)` out of the mining schema",
            line: node.line)
        } else if !network.observed.contains(parent) {
          reader.report(
            "P9",
            "`\(node.name)` rests on the continuous `\(parent)`, which is never observed: exact "
              + "inference sums over discrete nodes only", line: node.line)
        }
      }
    }
  }

  /// The fields that a node's distribution looks at, through derived fields too.
  private func parents(
    of node: BayesianNetworkModel.Node, _ definitions: [String: ExpressionSyntax]
  ) -> Set<String> {
    var open: [String] = []
    switch node.content {
    case .discrete(let conditions):
      for condition in conditions { open += condition.parents.map(\.parent) }
    case .continuous(let conditions):
      for condition in conditions {
        open += condition.parents.map(\.parent)
        let parts: [ExpressionSyntax] =
          switch condition.outcome {
          case .normal(let mean, let variance), .lognormal(let mean, let variance):
            [mean, variance]
          case .uniform(let lower, let upper): [lower, upper]
          case .triangular(let mean, let lower, let upper): [mean, lower, upper]
          }
        open += parts.flatMap(\.fieldNames)
      }
    }
    var names: Set<String> = []
    while let name = open.popLast() {
      guard names.insert(name).inserted, let definition = definitions[name] else { continue }
      open += definition.fieldNames
    }
    return names
  }
}

extension ExpressionSyntax {
  /// The fields that it names.
  var fieldNames: [String] {
    switch kind {
    case .constant, .faulty, .textIndex, .lag, .aggregate: []
    case .fieldRef(let name, _): [name]
    case .normContinuous(let norm): [norm.field]
    case .normDiscrete(let field, _, _): [field]
    case .discretize(let discretize): [discretize.field]
    case .mapValues(let map): map.inputs.map(\.field)
    case .apply(let apply): apply.arguments.flatMap(\.fieldNames)
    }
  }
}
