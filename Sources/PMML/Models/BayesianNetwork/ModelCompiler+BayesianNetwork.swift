internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  /// No table that scoring makes has more entries than this.
  private static var tableLimit: Int { BayesianNetworkPlan.tableLimit }
  private static var nodeLimit: Int { 4_096 }

  func compileBayesianNetwork(
    _ model: BayesianNetworkModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    guard let target, let goal = model.nodes.first(where: { $0.name == target.name }) else {
      reader.report(
        "P3", "`BayesianNetworkModel` needs a target that is one of its nodes", line: header.line)
      return
    }
    guard model.nodes.count <= Self.nodeLimit else {
      reader.report(
        "P13", "\(model.nodes.count) nodes are too many: the limit is \(Self.nodeLimit)",
        line: header.line)
      return
    }
    for node in model.nodes { for field in node.derived { scope.pending[field.name] = field } }
    var network = NetworkCompiler(targetName: target.name)
    declare(model, header, scope, &network)
    if case .discrete = goal.content {
      guard header.function == .classification else {
        reader.report("P14", "`\(goal.name)` is discrete: it is classified", line: header.line)
        return
      }
    } else if header.function == .classification {
      reader.report("P14", "`\(goal.name)` is continuous: it has no classes", line: header.line)
      return
    }
    if let variable = network.numbers[target.name] {
      program.units[unit].classes = zip(
        network.variables[variable].values, network.texts[variable]
      ).map { ClassLabel(value: $0, text: $1) }
      reserveRegion(program.units[unit].classes.count, unit: unit)
    }
    fillTables(model, header, scope, &network)
    if reader.hasErrors { return }
    checkContinuousParents(model, header, network)
    if reader.hasErrors { return }
    guard checkOrder(network, header), sortContinuousNodes(&network, header),
      let goal = network.target
    else { return }
    let plan = BayesianNetworkPlan(
      variables: network.variables, nodes: network.nodes.map(\.plan), target: goal,
      order: eliminationOrder(network, goal, header))
    program.units[unit].content = .bayesianNetwork(plan)
  }

  /// What is known of a network while it is compiled.
  struct NetworkCompiler {
    var targetName: String
    /// Fields that rows bring.
    var observed: Set<String> = []
    var variables: [BayesianNetworkPlan.Variable] = []
    var texts: [[String]] = []
    /// The place of each value.
    var places: [[Double: Int]] = []
    var types: [ModelDataType] = []
    var lines: [Int] = []
    var numbers: [String: Int] = [:]
    /// Continuous nodes, in the order of the document at first.
    var nodes: [ContinuousDraft] = []
    var target: BayesianNetworkPlan.Target?
    /// Names of continuous nodes.
    var continuous: Set<String> = []
    /// How many expressions may still be looked into to see that a mean is a sum.
    var formBudget = 1 << 20
    /// The expressions of derived fields.
    var definitions: [String: ExpressionSyntax] = [:]

    /// Whether no row ever says what a node is: the target, and what is no field of the schema.
    func isHidden(_ name: String) -> Bool { name == targetName || !observed.contains(name) }

    mutating func add(
      _ name: String, slot: Int, type: ModelDataType, values: [(Double, String)], line: Int
    ) {
      numbers[name] = variables.count
      variables.append(
        BayesianNetworkPlan.Variable(
          values: values.map(\.0), slot: slot, parents: [], factor: nil))
      texts.append(values.map(\.1))
      places.append(
        Dictionary(
          values.enumerated().map { ($1.0, $0) }, uniquingKeysWith: { first, _ in first }))
      types.append(type)
      lines.append(line)
    }
  }

  /// Finds the discrete variables: the nodes, then fields that are parents and no nodes.
  private func declare(
    _ model: BayesianNetworkModel, _ header: ModelHeader, _ scope: FieldScope,
    _ network: inout NetworkCompiler
  ) {
    var names: Set<String> = []
    network.observed = Set(header.miningSchema.filter { !$0.isTarget }.map(\.name))
    for node in model.nodes {
      if !names.insert(node.name).inserted {
        reader.report("P10", "two nodes are called `\(node.name)`", line: node.line)
      }
      guard case .discrete(let conditions) = node.content else {
        network.continuous.insert(node.name)
        continue
      }
      let field = dataFields[node.name]
      let labels = classes(
        of: field, and: conditions.flatMap { $0.outcome.map(\.value) }, line: node.line)
      if labels.isEmpty {
        reader.report("P3", "`DiscreteNode` has no values", line: node.line)
      }
      // The target's own value is what is asked for, also where a row brings it along.
      let isObserved = network.observed.contains(node.name) && node.name != network.targetName
      let slot = isObserved ? lookUp(node.name, in: scope, line: node.line)?.slot ?? -1 : -1
      network.add(
        node.name, slot: slot, type: field?.dataType ?? .string,
        values: labels.map { ($0.value, $0.text) }, line: node.line)
    }
    var mentioned: [String: [String]] = [:]
    var order: [(String, Int)] = []
    func note(_ parents: [BayesianNetworkModel.ParentValue], line: Int) {
      for parent in parents where network.numbers[parent.parent] == nil {
        if network.continuous.contains(parent.parent) {
          reader.report(
            "P21", "`\(parent.parent)` is continuous: a table cannot list its values", line: line)
          continue
        }
        if mentioned[parent.parent] == nil { order.append((parent.parent, line)) }
        mentioned[parent.parent, default: []].append(parent.value)
      }
    }
    for node in model.nodes {
      switch node.content {
      case .discrete(let conditions): for row in conditions { note(row.parents, line: row.line) }
      case .continuous(let conditions): for row in conditions { note(row.parents, line: row.line) }
      }
    }
    for (name, line) in order {
      guard let binding = lookUp(name, in: scope, line: line) else { continue }
      var values: [(Double, String)] = []
      var seen: Set<Double> = []
      for text in mentioned[name] ?? [] {
        let value = value(text, as: binding.dataType, line: line, what: "parent value")
        if seen.insert(value).inserted { values.append((value, text)) }
      }
      network.add(name, slot: binding.slot, type: binding.dataType, values: values, line: line)
    }
  }

  private func fillTables(
    _ model: BayesianNetworkModel, _ header: ModelHeader, _ scope: FieldScope,
    _ network: inout NetworkCompiler
  ) {
    for field in document.derivedFields + header.localTransformations
      + model.nodes.flatMap(\.derived)
    {
      // A field of another type is rounded, and no sum of multiples: a call of one argument is none.
      network.definitions[field.name] =
        field.dataType == .double
        ? field.expression
        : ExpressionSyntax(
          kind: .apply(
            Apply(
              function: "", mapMissingTo: nil, defaultValue: nil, invalidTreatment: nil,
              arguments: [field.expression])), line: field.line)
    }
    for node in model.nodes {
      switch node.content {
      case .discrete(let conditions):
        guard let own = network.numbers[node.name] else { continue }
        let count = network.variables[own].values.count
        guard
          let (parents, rows) = conditionTable(
            conditions.map { ($0.parents, $0.line) }, network, entries: count, line: node.line)
        else { continue }
        if parents.contains(own) {
          reader.report("P15", "node `\(node.name)` is its own parent", line: node.line)
          continue
        }
        let sizes = parents.map { network.variables[$0].values.count }
        var table = Array(repeating: 0.0, count: sizes.reduce(1, *) * count)
        for (row, condition) in zip(rows, conditions) {
          for entry in condition.outcome {
            let value = value(
              entry.value, as: network.types[own], line: entry.line, what: "value")
            guard let place = network.places[own][value] else { continue }
            table[row * count + place] = entry.probability
          }
        }
        // Written as parents, then the node; a factor has its variables rising.
        network.variables[own].parents = parents
        network.variables[own].factor = Self.sorted(parents + [own], sizes + [count], table)
      case .continuous(let conditions):
        guard
          let (parents, rows) = conditionTable(
            conditions.map { ($0.parents, $0.line) }, network, entries: 1, line: node.line)
        else { continue }
        add(node, conditions, parents: parents, rows: rows, scope, &network)
      }
    }
    if let own = network.numbers[network.targetName] { network.target = .discrete(own) }
  }

  /// The parents that conditions name, rising, and the row of each condition in a table over them.
  private func conditionTable(
    _ conditions: [([BayesianNetworkModel.ParentValue], Int)], _ network: NetworkCompiler,
    entries: Int, line: Int
  ) -> (parents: [Int], rows: [Int])? {
    let parents = Set(
      (conditions.first?.0 ?? []).compactMap { network.numbers[$0.parent] }
    ).sorted()
    let sizes = parents.map { network.variables[$0].values.count }
    var size = entries
    for count in sizes {
      size = size.multipliedReportingOverflow(by: count).overflow ? Int.max : size * count
      guard size <= Self.tableLimit else {
        reader.report(
          "P13", "a node has a table of more than \(Self.tableLimit) probabilities", line: line)
        return nil
      }
    }
    var rows: [Int] = []
    var seen: [Int: Int] = [:]
    for (values, line) in conditions {
      var places: [Int: Int] = [:]
      for entry in values {
        guard let parent = network.numbers[entry.parent] else { continue }
        let value = value(
          entry.value, as: network.types[parent], line: line, what: "parent value")
        guard let place = network.places[parent][value] else {
          reader.report(
            "P16", "`\(entry.value)` is not among the values of `\(entry.parent)`", line: line)
          return nil
        }
        places[parent] = place
      }
      guard places.keys.sorted() == parents, places.count == values.count else {
        reader.report(
          "P13", "the conditions of a node do not all name the same parents, each once",
          line: line)
        return nil
      }
      var row = 0
      for (parent, size) in zip(parents, sizes) { row = row * size + (places[parent] ?? 0) }
      if let earlier = seen.updateValue(line, forKey: row) {
        reader.report(
          "P10", "the same values of the parents are listed twice, first on line \(earlier)",
          line: line)
      }
      rows.append(row)
    }
    return (parents, rows)
  }

  /// A table with its variables in rising order.
  private static func sorted(_ variables: [Int], _ sizes: [Int], _ table: [Double]) -> Factor {
    let order = variables.indices.sorted { variables[$0] < variables[$1] }
    var strides = Array(repeating: 1, count: variables.count)
    for place in variables.indices.dropLast().reversed() {
      strides[place] = strides[place + 1] * sizes[place + 1]
    }
    var factor = Factor(
      variables: order.map { variables[$0] }, sizes: order.map { sizes[$0] }, table: [])
    for number in table.indices {
      var rest = number
      var place = 0
      for digit in order.reversed() {
        place += rest % sizes[digit] * strides[digit]
        rest /= sizes[digit]
      }
      factor.table.append(table[place])
    }
    return factor
  }

  /// A network has no circles.
  private func checkOrder(_ network: NetworkCompiler, _ header: ModelHeader) -> Bool {
    var left = network.variables.map(\.parents.count)
    var children = network.variables.map { _ in [Int]() }
    for (child, variable) in network.variables.enumerated() {
      for parent in variable.parents { children[parent].append(child) }
    }
    var ready = left.indices.filter { left[$0] == 0 }
    var done = 0
    while let variable = ready.popLast() {
      done += 1
      for child in children[variable] {
        left[child] -= 1
        if left[child] == 0 { ready.append(child) }
      }
    }
    if done == left.count { return true }
    let names = network.numbers.filter { left[$0.value] > 0 }.keys.sorted()
    reader.report(
      "P15", "nodes are each other's parents: \(names.joined(separator: ", "))", line: header.line)
    return false
  }

  /// Sums out first what makes the smallest table; reports a network that needs too large a one.
  ///
  /// Without anything observed: what is observed only makes tables smaller.
  private func eliminationOrder(
    _ network: NetworkCompiler, _ target: BayesianNetworkPlan.Target, _ header: ModelHeader
  ) -> [Int] {
    var scopes = network.variables.compactMap { $0.factor?.variables }
    // What hangs together by continuous nodes that nobody observes shares a table.
    let groups = hiddenGroups(network)
    scopes += groups.map { group in discreteParents(of: group, network) }
    let kept: [Int]
    switch target {
    case .discrete(let variable): kept = [variable]
    case .continuous(let node):
      let group = groups.first { $0.contains(node) } ?? [node]
      kept = discreteParents(of: group, network)
    }
    scopes.append(kept)
    func size(_ variables: some Sequence<Int>) -> Int {
      var size = 1
      for variable in variables where size <= Self.tableLimit {
        // A variable of one value counts as two, so that few variables share a table.
        size *= max(2, network.variables[variable].values.count)
      }
      return size
    }
    func refuse() -> [Int] {
      reader.report(
        "P13",
        "the network is too densely joined: inference needs tables of more than "
          + "\(Self.tableLimit) entries", line: header.line)
      return []
    }
    // For each variable, those that share a table with it, and itself.
    var neighbors = network.variables.indices.map { Set([$0]) }
    for scope in scopes {
      if size(scope) > Self.tableLimit { return refuse() }
      for variable in scope { neighbors[variable].formUnion(scope) }
    }
    var sizes = neighbors.map { size($0) }
    let isKept = Set(kept)
    var left = network.variables.indices.filter { !isKept.contains($0) }
    var order: [Int] = []
    while !left.isEmpty {
      var best = 0
      for place in left.indices where sizes[left[place]] < sizes[left[best]] { best = place }
      let variable = left.remove(at: best)
      if sizes[variable] > Self.tableLimit { return refuse() }
      order.append(variable)
      let clique = neighbors[variable].subtracting([variable])
      for other in clique {
        neighbors[other].formUnion(clique)
        neighbors[other].remove(variable)
        sizes[other] = size(neighbors[other])
      }
    }
    return size(kept) > Self.tableLimit ? refuse() : order + kept
  }
}
