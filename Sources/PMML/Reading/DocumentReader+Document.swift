internal import DataFields
internal import SourceDiagnostics
internal import XMLReading

extension DocumentReader {
  /// Reads a whole document; nil if it is so faulty that there is nothing to compile.
  ///
  /// The first model element is the model; any further one is ignored with a warning.
  func readDocument() throws(DiagnosticsError) -> DocumentSyntax? {
    guard let root = try nextChild(of: nil), root.name == .pmml else {
      report("P26", "the root element is not `PMML`")
      return nil
    }
    guard let version = checkVersion(root) else { return nil }
    var fields: [DataField]?
    var derived: [DerivedField] = []
    var functions: [DefineFunction] = []
    var model: ModelElement?
    var sawModel = false
    while let child = try nextChild(of: root) {
      switch child.name {
      case .header, .miningBuildTask: continue
      case .dataDictionary: fields = try readDataDictionary(child)
      case .transformationDictionary:
        (derived, functions) = try readTransformations(child)
      case .treeModel, .miningModel, .regressionModel, .clusteringModel, .anomalyDetectionModel,
        .generalRegressionModel, .naiveBayesModel, .nearestNeighborModel, .neuralNetwork,
        .ruleSetModel, .scorecard, .supportVectorMachineModel, .associationModel,
        .bayesianNetworkModel, .baselineModel, .gaussianProcessModel, .sequenceModel,
        .textModel, .timeSeriesModel:
        if sawModel {
          report(
            "P7", "the document has several models; the first is used", at: child,
            severity: .warning)
          continue
        }
        sawModel = true
        model = try readModel(child)
      default: unexpected(child, in: root)
      }
    }
    // The document is well-formed to its end only if the reader reaches it.
    while try nextChild(of: nil) != nil {}
    if fields == nil { report("P3", "the document has no `DataDictionary`", at: root) }
    if !sawModel { report("P8", "the document has no model", at: root) }
    guard let model, let fields else { return nil }
    return DocumentSyntax(
      version: version, dataFields: fields, derivedFields: derived, functions: functions,
      model: model)
  }

  private static let namespaces: [String: String] = [
    "http://www.dmg.org/PMML-3_0": "3.0", "http://www.dmg.org/PMML-3_1": "3.1",
    "http://www.dmg.org/PMML-3_2": "3.2", "http://www.dmg.org/PMML-4_0": "4.0",
    "http://www.dmg.org/PMML-4_1": "4.1", "http://www.dmg.org/PMML-4_2": "4.2",
    "http://www.dmg.org/PMML-4_3": "4.3", "http://www.dmg.org/PMML-4_4": "4.4",
  ]

  /// The namespace decides the version; without a namespace, the attribute does.
  private func checkVersion(_ root: Element) -> String? {
    guard let attribute = string(.version, of: root) else {
      _ = required(.version, of: root)
      return nil
    }
    guard attribute == "4.4.1" || Self.namespaces.values.contains(attribute) else {
      report(
        "P26", "PMML version `\(attribute)` is not supported", at: root,
        help: ["supported are 3.0 to 4.4.1"])
      return nil
    }
    guard let namespace = xml.rootNamespace else {
      report(
        "P26", "the document has no namespace; it is read as version \(attribute)", at: root,
        severity: .warning)
      return attribute
    }
    guard let version = Self.namespaces[namespace] else {
      report(
        "P26", "`\(namespace)` is not a namespace of PMML that is supported", at: root,
        help: ["supported are `http://www.dmg.org/PMML-3_0` to `http://www.dmg.org/PMML-4_4`"])
      return nil
    }
    if !attribute.hasPrefix(version) {
      report(
        "P26",
        "version `\(attribute)` does not fit the namespace, which says \(version); "
          + "the namespace decides", at: root, severity: .warning)
    }
    return version
  }

  func readDataDictionary(_ element: Element) throws(DiagnosticsError) -> [DataField] {
    var fields: [DataField] = []
    var lines: [String: Int] = [:]
    while let child = try nextChild(of: element) {
      switch child.name {
      case .dataField:
        let field = try readDataField(child)
        if let earlier = lines.updateValue(child.line, forKey: field.name), !field.name.isEmpty {
          report(
            "P10", "field `\(field.name)` is declared twice, first on line \(earlier)", at: child)
        }
        fields.append(field)
      case .taxonomy: continue
      default: unexpected(child, in: element)
      }
    }
    return fields
  }

  private func readDataField(_ element: Element) throws(DiagnosticsError) -> DataField {
    warnOfUnknownAttributes(element)
    var field = DataField(
      name: required(.name, of: element),
      opType: requiredChoice(.optype, of: element) ?? .continuous,
      dataType: requiredChoice(.dataType, of: element) ?? .double, line: element.line)
    if boolean(.isCyclic, of: element) == true {
      report("P9", "a cyclic field is not supported", at: element)
    }
    while let child = try nextChild(of: element) {
      switch child.name {
      case .value: field.values.append(readValue(child))
      case .interval: field.intervals.append(readInterval(child))
      default: unexpected(child, in: element)
      }
    }
    return field
  }

  func readValue(_ element: Element) -> FieldValue {
    FieldValue(
      text: required(.value, of: element), displayText: string(.displayValue, of: element),
      property: choice(.property, of: element) ?? .valid)
  }

  func readInterval(_ element: Element) -> ModelInterval {
    enum Closure: String, CaseIterable { case openOpen, openClosed, closedOpen, closedClosed }
    let closure: Closure = requiredChoice(.closure, of: element) ?? .closedClosed
    return ModelInterval(
      lower: number(.leftMargin, of: element), upper: number(.rightMargin, of: element),
      includesLower: closure == .closedOpen || closure == .closedClosed,
      includesUpper: closure == .openClosed || closure == .closedClosed)
  }

  func readMiningSchema(_ element: Element) throws(DiagnosticsError) -> [MiningField] {
    var fields: [MiningField] = []
    var lines: [String: Int] = [:]
    while let child = try nextChild(of: element) {
      guard child.name == .miningField else {
        unexpected(child, in: element)
        continue
      }
      warnOfUnknownAttributes(child)
      let name = required(.name, of: child)
      if let earlier = lines.updateValue(child.line, forKey: name), !name.isEmpty {
        report("P10", "mining field `\(name)` appears twice, first on line \(earlier)", at: child)
      }
      let outliers: MiningField.Outliers = choice(.outliers, of: child) ?? .asIs
      let field = MiningField(
        name: name, usage: choice(.usageType, of: child) ?? .active,
        importance: number(.importance, of: child), outliers: outliers,
        lowValue: number(.lowValue, of: child), highValue: number(.highValue, of: child),
        missingReplacement: string(.missingValueReplacement, of: child),
        missingTreatment: choice(.missingValueTreatment, of: child),
        invalidTreatment: choice(.invalidValueTreatment, of: child) ?? .returnInvalid,
        invalidReplacement: string(.invalidValueReplacement, of: child), line: child.line)
      if outliers != .asIs, field.lowValue == nil, field.highValue == nil {
        report("P3", "`outliers` needs `lowValue` or `highValue`", at: child)
      }
      fields.append(field)
    }
    return fields
  }
}
