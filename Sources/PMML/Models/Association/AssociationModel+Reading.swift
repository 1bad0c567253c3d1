internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readAssociationModel(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = AssociationModel()
    model.limits = readAssociationLimits(element)
    while let child = try nextChild(of: element) {
      switch child.name {
      case .item: model.items.append(readItem(child))
      case .itemset: model.itemsets.append(try readItemset(child))
      case .associationRule:
        model.rules.append(
          AssociationModel.Rule(
            id: string(.id, of: child), antecedent: required(.antecedent, of: child),
            consequent: required(.consequent, of: child),
            measures: RuleMeasures(
              support: requiredNumber(.support, of: child),
              confidence: requiredNumber(.confidence, of: child),
              lift: number(.lift, of: child) ?? .nan,
              leverage: number(.leverage, of: child) ?? .nan,
              affinity: number(.affinity, of: child) ?? .nan),
            line: child.line))
      default:
        if !(try readCommon(child, into: &header)) { unexpected(child, in: element) }
      }
    }
    checkCommon(header, element)
    if header.function != .associationRules {
      report("P14", "`AssociationModel` gives association rules", at: element)
    }
    header.miningSchema = Self.withActiveItems(header.miningSchema)
    return ModelElement(header: header, content: .association(model))
  }

  func readItem(_ element: Element) -> AssociationModel.Item {
    AssociationModel.Item(
      id: required(.id, of: element), value: required(.value, of: element),
      field: string(.field, of: element), category: string(.category, of: element),
      line: element.line)
  }

  func readItemset(_ element: Element) throws(DiagnosticsError) -> AssociationModel.Itemset {
    var itemset = AssociationModel.Itemset(id: required(.id, of: element), line: element.line)
    let count = integer(.numberOfItems, of: element)
    while let child = try nextChild(of: element) {
      if child.name == .itemRef {
        itemset.items.append(required(.itemRef, of: child))
      } else {
        unexpected(child, in: element)
      }
    }
    if let count, count != itemset.items.count {
      report(
        "P13", "`Itemset` says numberOfItems=\(count), and holds \(itemset.items.count) items",
        at: element)
    }
    return itemset
  }

  /// Before PMML 4.1 the field of the items had the usage `predicted`.
  static func withActiveItems(_ fields: [MiningField]) -> [MiningField] {
    if fields.contains(where: { $0.usage == .active }) { return fields }
    return fields.map { field in
      var field = field
      if field.isTarget { field.usage = .active }
      return field
    }
  }
}
