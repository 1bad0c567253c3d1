internal import DataFields
internal import SourceDiagnostics

/// A continuous node while its network is compiled.
struct ContinuousDraft {
  var name: String
  /// The names of continuous nodes that it rests on, through derived fields too.
  var parentNames: Set<String>
  /// Whether all of its distributions are normal.
  var isNormal: Bool
  /// Whether each has a mean that is a sum of multiples of continuous nodes.
  var isLinear: Bool
  /// The multiples, by the names of nodes, for each combination of discrete parents.
  var coefficients: [[String: Double]?]
  var plan: BayesianNetworkPlan.ContinuousNode
  var line: Int
}

extension ModelCompiler {
  func add(
    _ node: BayesianNetworkModel.Node,
    _ conditions: [BayesianNetworkModel.Condition<BayesianNetworkModel.Distribution>],
    parents: [Int], rows: [Int], _ scope: FieldScope, _ network: inout NetworkCompiler
  ) {
    let sizes = parents.map { network.variables[$0].values.count }
    let count = sizes.reduce(1, *)
    let isObserved = !network.isHidden(node.name)
    let binding = isObserved ? lookUp(node.name, in: scope, line: node.line) : nil
    if binding?.dataType == .string {
      reader.report("P21", "`\(node.name)` is a text where a number is needed", line: node.line)
    }
    let names = ExpressionSyntax.reached(
      from: conditions.flatMap(\.outcome.parts).flatMap(\.fieldNames), network.definitions
    ).intersection(network.continuous)
    var draft = ContinuousDraft(
      name: node.name, parentNames: names,
      isNormal: conditions.allSatisfy {
        if case .normal = $0.outcome { true } else { false }
      }, isLinear: true, coefficients: Array(repeating: nil, count: count),
      plan: BayesianNetworkPlan.ContinuousNode(
        slot: binding?.slot ?? -1, parents: parents, sizes: sizes, nodeParents: [],
        distributions: Array(repeating: nil, count: count),
        linear: Array(repeating: nil, count: count)), line: node.line)
    let hidden = network.continuous.filter { network.isHidden($0) }
    for (row, condition) in zip(rows, conditions) {
      if names.isDisjoint(with: hidden) {
        draft.plan.distributions[row] = distribution(condition.outcome, scope)
      }
      if names.isEmpty { continue }
      guard
        let (form, variance) = form(
          condition.outcome, of: names, hidden: hidden, network.definitions,
          &network.formBudget)
      else {
        draft.isLinear = false
        continue
      }
      draft.coefficients[row] = form.coefficients
      func number(_ syntax: ExpressionSyntax?) -> Int {
        syntax.map { cast(compile($0, in: scope, expected: .double), to: .double) } ?? -1
      }
      draft.plan.linear[row] = BayesianNetworkPlan.Linear(
        terms: [], rest: number(form.rest), variance: number(variance))
    }
    if node.name == network.targetName { network.target = .continuous(network.nodes.count) }
    network.nodes.append(draft)
  }

  /// The mean as a sum of multiples, and the variance; nil where it is none.
  private func form(
    _ outcome: BayesianNetworkModel.Distribution, of names: Set<String>, hidden: Set<String>,
    _ definitions: [String: ExpressionSyntax], _ budget: inout Int
  ) -> (LinearForm, variance: ExpressionSyntax?)? {
    switch outcome {
    case .normal(let mean, let variance):
      // The variance may rest on what is observed only.
      let reached = variance.reachedNames(definitions)
      budget -= reached.count
      guard reached.isDisjoint(with: hidden),
        let form = LinearForm.of(mean, names, definitions, budget: &budget)
      else { return nil }
      return (form, variance)
    case .triangular(let mean, _, _):
      return LinearForm.of(mean, names, definitions, budget: &budget).map { ($0, nil) }
    case .lognormal, .uniform: return nil
    }
  }

  private func distribution(
    _ syntax: BayesianNetworkModel.Distribution, _ scope: FieldScope
  ) -> BayesianNetworkPlan.Distribution {
    func number(_ syntax: ExpressionSyntax) -> Int {
      cast(compile(syntax, in: scope, expected: .double), to: .double)
    }
    switch syntax {
    case .normal(let mean, let variance):
      return .normal(mean: number(mean), variance: number(variance))
    case .lognormal(let mean, let variance):
      return .lognormal(mean: number(mean), variance: number(variance))
    case .uniform(let lower, let upper):
      return .uniform(lower: number(lower), upper: number(upper))
    case .triangular(let mean, let lower, let upper):
      return .triangular(mean: number(mean), lower: number(lower), upper: number(upper))
    }
  }

  // MARK: Nodes that are not observed

  /// Refuses what exact inference does not cover. A continuous node that is not observed is followed
  /// where what rests on it is distributed about a sum of multiples of it; beside something observed
  /// all has to be normal. Anything else would need integrals.
  func checkContinuousParents(
    _ model: BayesianNetworkModel, _ header: ModelHeader, _ network: NetworkCompiler
  ) {
    let hidden = network.continuous.filter { network.isHidden($0) }
    for node in model.nodes {
      let parents: [String] =
        switch node.content {
        case .discrete(let conditions): conditions.flatMap { $0.parents.map(\.parent) }
        case .continuous(let conditions): conditions.flatMap { $0.parents.map(\.parent) }
        }
      let isAsked = node.name == network.targetName || network.observed.contains(node.name)
      for parent in Set(parents).sorted() where isAsked && network.numbers[parent] != nil {
        guard let definition = network.definitions[parent],
          let name = definition.reachedNames(network.definitions).intersection(hidden).min()
        else { continue }
        reader.report(
          "P9",
          "`\(node.name)` rests on whether the continuous `\(name)`, which is not observed, is in "
            + "some range: exact inference does not follow that", line: node.line)
      }
    }
    let asked = askedNodes(network)
    for place in asked.sorted() {
      let node = network.nodes[place]
      guard let parent = node.parentNames.intersection(hidden).min(), !node.isLinear else {
        continue
      }
      reader.report(
        "P9",
        "`\(node.name)` rests on the continuous `\(parent)`, which is not observed, and is not "
          + "distributed about a sum of multiples of it: exact inference does not follow that",
        line: node.line)
    }
    for group in hiddenGroups(network) where group.count > 1 {
      let nodes = group.map { network.nodes[$0] }
      guard nodes.contains(where: { !network.isHidden($0.name) }),
        let other = nodes.first(where: { !$0.isNormal })
      else { continue }
      reader.report(
        "P9",
        "`\(other.name)` is not normal, and hangs together with nodes that are observed by one that "
          + "is not: exact inference does not follow that", line: other.line)
    }
  }

  /// The nodes that may bear on the answer: the target, what is observed, and what those rest on
  /// that is not.
  private func askedNodes(_ network: NetworkCompiler) -> Set<Int> {
    let places = Dictionary(
      network.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var open = network.nodes.indices.filter {
      let name = network.nodes[$0].name
      return name == network.targetName || !network.isHidden(name)
    }
    var asked = Set(open)
    while let place = open.popLast() {
      for parent in network.nodes[place].parentNames where network.isHidden(parent) {
        guard let place = places[parent], asked.insert(place).inserted else { continue }
        open.append(place)
      }
    }
    return asked
  }

  /// The nodes that may bear on the answer, parted into those that hang together by continuous nodes
  /// that never are observed.
  func hiddenGroups(_ network: NetworkCompiler) -> [[Int]] {
    let places = Dictionary(
      network.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return DisjointSets.groups(askedNodes(network).sorted()) { place in
      network.nodes[place].parentNames.filter { network.isHidden($0) }.compactMap { places[$0] }
    }
  }

  func discreteParents(of group: [Int], _ network: NetworkCompiler) -> [Int] {
    Set(group.flatMap { network.nodes[$0].plan.parents }).sorted()
  }

  /// Puts parents before their children, and numbers them; reports a circle.
  func sortContinuousNodes(_ network: inout NetworkCompiler, _ header: ModelHeader) -> Bool {
    let places = Dictionary(
      network.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let parents = network.nodes.map { $0.parentNames.compactMap { places[$0] } }
    var left = parents.map(\.count)
    var children = network.nodes.map { _ in [Int]() }
    for (child, list) in parents.enumerated() {
      for parent in list { children[parent].append(child) }
    }
    var ready = left.indices.filter { left[$0] == 0 }
    var order: [Int] = []
    while order.count < ready.count {
      let node = ready[order.count]
      order.append(node)
      for child in children[node] {
        left[child] -= 1
        if left[child] == 0 { ready.append(child) }
      }
    }
    guard order.count == left.count else {
      let names = left.indices.filter { left[$0] > 0 }.map { network.nodes[$0].name }.sorted()
      reader.report(
        "P15", "nodes are each other's parents: \(names.joined(separator: ", "))",
        line: header.line)
      return false
    }
    var numbers: [String: Int] = [:]
    for (number, place) in order.enumerated() { numbers[network.nodes[place].name] = number }
    var nodes = order.map { network.nodes[$0] }
    for place in nodes.indices {
      nodes[place].plan.nodeParents = nodes[place].parentNames.compactMap { numbers[$0] }.sorted()
      for (row, coefficients) in nodes[place].coefficients.enumerated() {
        nodes[place].plan.linear[row]?.terms = (coefficients ?? [:]).compactMap {
          name, coefficient in
          numbers[name].map { BayesianNetworkPlan.Term(node: $0, coefficient: coefficient) }
        }.sorted { $0.node < $1.node }
      }
    }
    network.nodes = nodes
    if case .continuous = network.target, let number = numbers[network.targetName] {
      network.target = .continuous(number)
    }
    return true
  }
}

extension BayesianNetworkModel.Distribution {
  fileprivate var parts: [ExpressionSyntax] {
    switch self {
    case .normal(let mean, let variance), .lognormal(let mean, let variance): [mean, variance]
    case .uniform(let lower, let upper): [lower, upper]
    case .triangular(let mean, let lower, let upper): [mean, lower, upper]
    }
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
