internal import DataFields
internal import SourceDiagnostics

extension DocumentReader {
  func readScorecard(
    _ element: Element, _ header: ModelHeader
  ) throws(DiagnosticsError) -> ModelElement? {
    var header = header
    var model = Scorecard(
      initialScore: number(.initialScore, of: element) ?? 0,
      usesReasonCodes: boolean(.useReasonCodes, of: element) ?? true,
      algorithm: choice(.reasonCodeAlgorithm, of: element) ?? .pointsBelow,
      baselineScore: number(.baselineScore, of: element))
    while let child = try nextChild(of: element) {
      if child.name == .characteristics {
        while let characteristic = try nextChild(of: child) {
          if characteristic.name == .characteristic {
            model.characteristics.append(try readCharacteristic(characteristic))
          } else {
            unexpected(characteristic, in: child)
          }
        }
      } else if !(try readCommon(child, into: &header)) {
        unexpected(child, in: element)
      }
    }
    checkCommon(header, element)
    if header.function != .regression { report("P14", "`Scorecard` is a regression", at: element) }
    if model.characteristics.isEmpty {
      report("P3", "`Scorecard` has no `Characteristic`", at: element)
    }
    if model.usesReasonCodes { checkReasonCodes(model) }
    return ModelElement(header: header, content: .scorecard(model))
  }

  private func readCharacteristic(
    _ element: Element
  ) throws(DiagnosticsError) -> Scorecard.Characteristic {
    var characteristic = Scorecard.Characteristic(
      name: string(.name, of: element), reasonCode: string(.reasonCode, of: element),
      baselineScore: number(.baselineScore, of: element), line: element.line)
    while let child = try nextChild(of: element) {
      guard child.name == .attribute else {
        unexpected(child, in: element)
        continue
      }
      var attribute = Scorecard.Attribute(
        predicate: .alwaysFalse, reasonCode: string(.reasonCode, of: child),
        partialScore: number(.partialScore, of: child), line: child.line)
      var sawPredicate = false
      while let part = try nextChild(of: child) {
        if part.name == .complexPartialScore {
          while let expression = try nextChild(of: part) {
            if let syntax = try readExpression(expression) {
              attribute.complexPartialScore = syntax
            } else {
              unexpected(expression, in: part)
            }
          }
        } else if let predicate = try readPredicate(part) {
          attribute.predicate = predicate
          sawPredicate = true
        } else {
          unexpected(part, in: child)
        }
      }
      if !sawPredicate { report("P3", "`Attribute` has no predicate", at: child) }
      if attribute.partialScore == nil, attribute.complexPartialScore == nil {
        report("P3", "`Attribute` has neither `partialScore` nor `ComplexPartialScore`", at: child)
      }
      characteristic.attributes.append(attribute)
    }
    if characteristic.attributes.isEmpty {
      report("P3", "`Characteristic` has no `Attribute`", at: element)
    }
    return characteristic
  }

  private func checkReasonCodes(_ model: Scorecard) {
    for characteristic in model.characteristics {
      if characteristic.baselineScore == nil, model.baselineScore == nil {
        report(
          "P3", "with `useReasonCodes`, a characteristic needs a `baselineScore`",
          line: characteristic.line, path: "/PMML/Scorecard/Characteristics/Characteristic")
      }
      for attribute in characteristic.attributes
      where attribute.reasonCode == nil && characteristic.reasonCode == nil {
        report(
          "P3", "with `useReasonCodes`, an attribute or its characteristic needs a `reasonCode`",
          line: attribute.line,
          path: "/PMML/Scorecard/Characteristics/Characteristic/Attribute")
      }
    }
  }
}
