internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  func readBayesianNetworkModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = BayesianNetworkModel()
    while let child = try nextChild(of: element) {
      if child.name == .bayesianNetworkNodes {
        while let node = try nextChild(of: child) {
          switch node.name {
          case .discreteNode: model.nodes.append(try readDiscreteNode(node))
          case .continuousNode: model.nodes.append(try readContinuousNode(node))
          default: unexpected(node, in: child)
          }
        }
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if model.nodes.isEmpty { report("P3", "`BayesianNetworkModel` has no nodes", at: element) }
    return ModelElement(header: header, content: .bayesianNetwork(model))
  }

  private func readDiscreteNode(
    _ element: Element
  ) throws(DiagnosticsError) -> BayesianNetworkModel.Node {
    var node = BayesianNetworkModel.Node(
      name: required(.name, of: element), derived: [], content: .discrete([]), line: element.line)
    var conditions: [BayesianNetworkModel.Condition<[BayesianNetworkModel.ValueProbability]>] = []
    // Probabilities without a condition: of a node without parents.
    var marginal: [BayesianNetworkModel.ValueProbability] = []
    while let child = try nextChild(of: element) {
      switch child.name {
      case .derivedField: node.derived.append(try readDerivedField(child))
      case .valueProbability: marginal.append(readValueProbability(child))
      case .discreteConditionalProbability:
        var condition = BayesianNetworkModel.Condition(
          parents: [], outcome: [BayesianNetworkModel.ValueProbability](), line: child.line)
        while let part = try nextChild(of: child) {
          switch part.name {
          case .parentValue: condition.parents.append(readParentValue(part))
          case .valueProbability: condition.outcome.append(readValueProbability(part))
          default: unexpected(part, in: child)
          }
        }
        conditions.append(condition)
      default: unexpected(child, in: element)
      }
    }
    if !marginal.isEmpty {
      conditions.append(
        BayesianNetworkModel.Condition(parents: [], outcome: marginal, line: element.line))
    }
    if conditions.isEmpty { report("P3", "`DiscreteNode` has no probabilities", at: element) }
    node.content = .discrete(conditions)
    return node
  }

  private func readContinuousNode(
    _ element: Element
  ) throws(DiagnosticsError) -> BayesianNetworkModel.Node {
    var node = BayesianNetworkModel.Node(
      name: required(.name, of: element), derived: [], content: .continuous([]),
      line: element.line)
    var conditions: [BayesianNetworkModel.Condition<BayesianNetworkModel.Distribution>] = []
    func add(
      _ distributions: [BayesianNetworkModel.Distribution],
      _ parents: [BayesianNetworkModel.ParentValue], at place: Element
    ) {
      if distributions.count > 1 {
        report(
          "P9",
          "several distributions for the same parents are not supported: they have no weights",
          at: place)
      }
      guard let distribution = distributions.first else { return }
      conditions.append(
        BayesianNetworkModel.Condition(
          parents: parents, outcome: distribution, line: place.line))
    }
    var marginal: [BayesianNetworkModel.Distribution] = []
    while let child = try nextChild(of: element) {
      switch child.name {
      case .derivedField: node.derived.append(try readDerivedField(child))
      case .continuousDistribution:
        if let distribution = try readContinuousDistribution(child) {
          marginal.append(distribution)
        }
      case .continuousConditionalProbability:
        var parents: [BayesianNetworkModel.ParentValue] = []
        var distributions: [BayesianNetworkModel.Distribution] = []
        while let part = try nextChild(of: child) {
          switch part.name {
          case .parentValue: parents.append(readParentValue(part))
          case .continuousDistribution:
            if let distribution = try readContinuousDistribution(part) {
              distributions.append(distribution)
            }
          default: unexpected(part, in: child)
          }
        }
        add(distributions, parents, at: child)
      default: unexpected(child, in: element)
      }
    }
    add(marginal, [], at: element)
    if conditions.isEmpty { report("P3", "`ContinuousNode` has no distribution", at: element) }
    node.content = .continuous(conditions)
    return node
  }

  private func readParentValue(_ element: Element) -> BayesianNetworkModel.ParentValue {
    BayesianNetworkModel.ParentValue(
      parent: required(.parent, of: element), value: required(.value, of: element))
  }

  private func readValueProbability(_ element: Element) -> BayesianNetworkModel.ValueProbability {
    let value = BayesianNetworkModel.ValueProbability(
      value: required(.value, of: element), probability: requiredNumber(.probability, of: element),
      line: element.line)
    if !(0...1).contains(value.probability) {
      report("P4", "`probability` is \(value.probability); it is from 0 to 1", at: element)
    }
    return value
  }

  private func readContinuousDistribution(
    _ element: Element
  ) throws(DiagnosticsError) -> BayesianNetworkModel.Distribution? {
    var distribution: BayesianNetworkModel.Distribution?
    while let child = try nextChild(of: element) {
      guard
        [
          .normalDistributionForBN, .lognormalDistributionForBN, .uniformDistributionForBN,
          .triangularDistributionForBN,
        ].contains(child.name)
      else {
        unexpected(child, in: element)
        continue
      }
      var parts: [ElementName: ExpressionSyntax] = [:]
      while let part = try nextChild(of: child) {
        guard let name = part.name, [.mean, .variance, .lower, .upper].contains(name) else {
          unexpected(part, in: child)
          continue
        }
        while let inner = try nextChild(of: part) {
          if let expression = try readExpression(inner) {
            parts[name] = expression
          } else {
            unexpected(inner, in: part)
          }
        }
      }
      func part(_ name: ElementName) -> ExpressionSyntax {
        if let expression = parts[name] { return expression }
        report(
          "P3", "`\(xml.elementName(child.event))` has no `\(name.rawValue)`", at: child)
        return ExpressionSyntax(kind: .faulty, line: child.line)
      }
      distribution =
        switch child.name {
        case .normalDistributionForBN: .normal(mean: part(.mean), variance: part(.variance))
        case .lognormalDistributionForBN: .lognormal(mean: part(.mean), variance: part(.variance))
        case .uniformDistributionForBN: .uniform(lower: part(.lower), upper: part(.upper))
        default: .triangular(mean: part(.mean), lower: part(.lower), upper: part(.upper))
        }
    }
    if distribution == nil {
      report("P3", "`ContinuousDistribution` has no distribution", at: element)
    }
    return distribution
  }
}
