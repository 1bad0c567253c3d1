internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  func readSequenceModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = SequenceModel()
    while let child = try nextChild(of: element) {
      switch child.name {
      case .constraints: readConstraints(child, into: &model)
      case .item: model.items.append(readItem(child))
      case .itemset: model.itemsets.append(try readItemset(child))
      case .setPredicate:
        var predicate = SequenceModel.SetPredicate(
          id: required(.id, of: child), field: required(.field, of: child), values: [],
          line: child.line)
        while let array = try nextChild(of: child) {
          if array.name == .array {
            predicate.values = try readArray(array)
          } else {
            unexpected(array, in: child)
          }
        }
        model.predicates.append(predicate)
      case .sequence: model.sequences.append(try readSequence(child))
      case .sequenceRule: model.rules.append(try readSequenceRule(child))
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function != .sequences {
      report("P14", "`SequenceModel` gives sequences", at: element)
    }
    header.miningSchema = Self.withActiveItems(header.miningSchema)
    if !header.miningSchema.contains(where: { $0.usage == .group }) {
      report(
        "P3", "`SequenceModel` needs a mining field with `usageType=\"group\"`", at: element)
    }
    return ModelElement(header: header, content: .sequence(model))
  }

  private func readConstraints(_ element: Element, into model: inout SequenceModel) {
    model.limits = readRuleLimits(element)
    model.separation = SequenceModel.Separation(
      minimum: number(.minimumItemsetSeparationTime, of: element) ?? 0,
      maximum: number(.maximumItemsetSeparationTime, of: element) ?? .infinity)
    model.ruleSeparation = SequenceModel.Separation(
      minimum: number(.minimumAntConsSeparationTime, of: element) ?? 0,
      maximum: number(.maximumAntConsSeparationTime, of: element) ?? .infinity)
    model.total = SequenceModel.Separation(
      minimum: number(.minimumTotalSequenceTime, of: element) ?? 0,
      maximum: number(.maximumTotalSequenceTime, of: element) ?? .infinity)
    for (separation, name) in [
      (model.separation, "ItemsetSeparationTime"), (model.ruleSeparation, "AntConsSeparationTime"),
      (model.total, "TotalSequenceTime"),
    ] where !(separation.minimum >= 0 && separation.minimum <= separation.maximum) {
      report(
        "P4",
        "`minimum\(name)` is \(separation.minimum), and `maximum\(name)` is "
          + "\(separation.maximum): no rule can be kept to", at: element)
    }
  }

  private func readSequence(_ element: Element) throws(DiagnosticsError) -> SequenceModel.Sequence {
    var sequence = SequenceModel.Sequence(id: required(.id, of: element), line: element.line)
    var delimiter: SequenceModel.Delimiter?
    while let child = try nextChild(of: element) {
      switch child.name {
      case .delimiter: delimiter = readDelimiter(child)
      case .setReference:
        if !sequence.steps.isEmpty, delimiter == nil {
          report("P3", "a `Delimiter` is missing between two sets", at: child)
        }
        sequence.steps.append(
          SequenceModel.Step(
            set: required(.setId, of: child), delimiter: sequence.steps.isEmpty ? nil : delimiter,
            line: child.line))
        delimiter = nil
      // How long it took while the model was trained.
      case .time: continue
      default: unexpected(child, in: element)
      }
    }
    if sequence.steps.isEmpty { report("P3", "`Sequence` has no `SetReference`", at: element) }
    return sequence
  }

  private func readSequenceRule(_ element: Element) throws(DiagnosticsError) -> SequenceModel.Rule {
    var rule = SequenceModel.Rule(
      id: required(.id, of: element),
      measures: RuleMeasures(
        support: requiredNumber(.support, of: element),
        confidence: requiredNumber(.confidence, of: element),
        lift: number(.lift, of: element) ?? .nan),
      line: element.line)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .antecedentSequence: rule.antecedent = try readSequenceReference(child)
      case .consequentSequence: rule.consequent = try readSequenceReference(child)
      case .delimiter: rule.delimiter = readDelimiter(child)
      case .time: continue
      default: unexpected(child, in: element)
      }
    }
    if rule.delimiter == nil { report("P3", "`SequenceRule` has no `Delimiter`", at: element) }
    return rule
  }

  private func readSequenceReference(_ element: Element) throws(DiagnosticsError) -> String {
    var id: String?
    while let child = try nextChild(of: element) {
      switch child.name {
      case .sequenceReference: id = required(.seqId, of: child)
      case .time: continue
      default: unexpected(child, in: element)
      }
    }
    if id == nil {
      report("P3", "`\(xml.elementName(element.event))` has no `SequenceReference`", at: element)
    }
    return id ?? ""
  }

  private func readDelimiter(_ element: Element) -> SequenceModel.Delimiter {
    SequenceModel.Delimiter(
      window: requiredChoice(.delimiter, of: element) ?? .acrossTimeWindows,
      gap: requiredChoice(.gap, of: element) ?? .unknown)
  }
}
