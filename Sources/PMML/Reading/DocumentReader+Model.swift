internal import DataFields
internal import SourceDiagnostics
internal import TreeEnsembles
internal import XMLReading

extension DocumentReader {
  /// Reads a model element, a segment's or the document's; nil if its kind is not supported.
  func readModel(_ element: Element) throws(DiagnosticsError) -> ModelElement? {
    warnOfUnknownAttributes(element)
    let name = xml.elementName(element.event)
    enum MathContext: String, CaseIterable { case float, double }
    let header = ModelHeader(
      element: name, name: string(.modelName, of: element),
      function: requiredChoice(.functionName, of: element) ?? .regression,
      isFloat: choice(.mathContext, of: element, as: MathContext.self) == .float,
      line: element.line)
    if boolean(.isScorable, of: element) == false {
      report("P12", "the model says `isScorable=\"false\"`: it is not meant to score", at: element)
    }
    switch element.name {
    case .treeModel: return try readTreeModel(element, header)
    case .miningModel: return try readMiningModel(element, header)
    case .regressionModel: return try readRegressionModel(element, header)
    case .clusteringModel: return try readClusteringModel(element, header)
    case .generalRegressionModel: return try readGeneralRegressionModel(element, header)
    case .neuralNetwork: return try readNeuralNetwork(element, header)
    case .supportVectorMachineModel: return try readSupportVectorMachineModel(element, header)
    case .naiveBayesModel: return try readNaiveBayesModel(element, header)
    case .nearestNeighborModel: return try readNearestNeighborModel(element, header)
    case .scorecard: return try readScorecard(element, header)
    case .ruleSetModel: return try readRuleSetModel(element, header)
    case .anomalyDetectionModel: return try readAnomalyDetectionModel(element, header)
    case .associationModel: return try readAssociationModel(element, header)
    case .bayesianNetworkModel: return try readBayesianNetworkModel(element, header)
    case .gaussianProcessModel: return try readGaussianProcessModel(element, header)
    case .baselineModel: return try readBaselineModel(element, header)
    case .timeSeriesModel: return try readTimeSeriesModel(element, header)
    case .sequenceModel: return try readSequenceModel(element, header)
    case .textModel: return try readTextModel(element, header)
    default:
      unsupported(element, "this kind of model is not scored")
      return nil
    }
  }

  /// Reads a child that all kinds of models share; false if it is not one.
  func readCommon(
    _ child: Element, into header: inout ModelHeader
  ) throws(DiagnosticsError) -> Bool {
    switch child.name {
    case .miningSchema: header.miningSchema = try readMiningSchema(child)
    case .localTransformations:
      header.localTransformations = try readTransformations(child).0
    case .output: header.outputs += try readOutput(child)
    case .resultField where header.isEmbedded:
      if let field = try readOutputField(child) { header.outputs.append(field) }
    case .targets: header.targets = try readTargets(child)
    case .modelVerification:
      // The model of the document stands two elements deep; segments are verified by it.
      if keepsVerification, child.depth == 3 {
        header.verification = try readModelVerification(child)
      }
    case .modelStats:
      if child.depth == 3 { header.statistics = try readModelStats(child) }
    case .modelExplanation: break
    default: return false
    }
    return true
  }

  func checkCommon(_ header: ModelHeader, _ element: Element) {
    if header.miningSchema.isEmpty, !header.isEmbedded {
      report("P3", "`\(header.element)` has no `MiningSchema`", at: element)
    }
  }

  private func readOutput(_ element: Element) throws(DiagnosticsError) -> [OutputField] {
    var fields: [OutputField] = []
    while let child = try nextChild(of: element) {
      guard child.name == .outputField else {
        unexpected(child, in: element)
        continue
      }
      if let field = try readOutputField(child) { fields.append(field) }
    }
    return fields
  }

  /// An `OutputField`, or the `ResultField` of an embedded model; nil if it is left out.
  private func readOutputField(_ child: Element) throws(DiagnosticsError) -> OutputField? {
    warnOfUnknownAttributes(child)
    let given = string(.feature, of: child)
    // A feature of somebody's own (`x-report`) is not needed for the others.
    let isForeign = given?.hasPrefix("x-") == true
    let feature: OutputField.Feature? =
      given == nil ? .predictedValue : isForeign ? nil : choice(.feature, of: child)
    var field = OutputField(
      name: required(.name, of: child), displayName: string(.displayName, of: child),
      opType: choice(.optype, of: child), dataType: choice(.dataType, of: child),
      targetField: string(.targetField, of: child), feature: feature ?? .predictedValue,
      value: string(.value, of: child), rank: integer(.rank, of: child) ?? 1,
      segmentId: string(.segmentId, of: child),
      isFinalResult: boolean(.isFinalResult, of: child) ?? true, expression: nil,
      decisions: nil, isMultiValued: boolean(.isMultiValued, of: child) ?? false,
      ruleFeature: choice(.ruleFeature, of: child) ?? .consequent,
      algorithm: choice(.algorithm, of: child) ?? .exclusiveRecommendation,
      rankBasis: choice(.rankBasis, of: child) ?? .confidence,
      rankOrder: choice(.rankOrder, of: child) ?? .descending, line: child.line)
    while let part = try nextChild(of: child) {
      if part.name == .value { continue }
      if part.name == .decisions {
        field.decisions = try readDecisions(part, of: field)
      } else if let expression = try readExpression(part) {
        field.expression = expression
      } else {
        unexpected(part, in: child)
      }
    }
    checkDecisions(&field, child)
    if isForeign {
      foreignOutputs.insert(field.name)
      report(
        "P7",
        "output field `\(field.name)` is left out: `\(given ?? "")` is not a feature of "
          + "PMML", at: child, severity: .warning)
      return nil
    }
    return feature == nil ? nil : field
  }

  private func readTargets(_ element: Element) throws(DiagnosticsError) -> [Target] {
    var targets: [Target] = []
    while let child = try nextChild(of: element) {
      guard child.name == .target else {
        unexpected(child, in: element)
        continue
      }
      warnOfUnknownAttributes(child)
      var target = Target(
        field: string(.field, of: child), minimum: number(.min, of: child),
        maximum: number(.max, of: child), rescaleConstant: number(.rescaleConstant, of: child) ?? 0,
        rescaleFactor: number(.rescaleFactor, of: child) ?? 1,
        castInteger: choice(.castInteger, of: child), values: [])
      while let value = try nextChild(of: child) {
        guard value.name == .targetValue else {
          unexpected(value, in: child)
          continue
        }
        target.values.append(
          Target.TargetValue(
            value: string(.value, of: value), displayValue: string(.displayValue, of: value),
            priorProbability: number(.priorProbability, of: value),
            defaultValue: number(.defaultValue, of: value)))
      }
      targets.append(target)
    }
    return targets
  }

  // MARK: Predicates

  /// Reads a predicate; nil if the element is none.
  func readPredicate(_ element: Element) throws(DiagnosticsError) -> PredicateSyntax? {
    switch element.name {
    case .isTrue: return .alwaysTrue
    case .isFalse: return .alwaysFalse
    case .simplePredicate: return readSimplePredicate(element)
    case .simpleSetPredicate:
      enum Membership: String, CaseIterable { case isIn, isNotIn }
      let field = required(.field, of: element)
      let membership: Membership? = requiredChoice(.booleanOperator, of: element)
      var values: [String] = []
      while let child = try nextChild(of: element) {
        if child.name == .array {
          values = try readArray(child)
        } else {
          unexpected(child, in: element)
        }
      }
      return .set(field: field, isIn: membership != .isNotIn, values: values, line: element.line)
    case .compoundPredicate:
      enum Connective: String, CaseIterable { case and, or, xor, surrogate }
      let connective: Connective = requiredChoice(.booleanOperator, of: element) ?? .and
      var operands: [PredicateSyntax] = []
      while let child = try nextChild(of: element) {
        if let operand = try readPredicate(child) {
          operands.append(operand)
        } else {
          unexpected(child, in: element)
        }
      }
      if operands.count < 2 {
        report("P3", "`CompoundPredicate` needs at least two predicates", at: element)
      }
      let operation: PredicateOperator =
        switch connective {
        case .and: .and
        case .or: .or
        case .xor: .xor
        case .surrogate: .surrogate
        }
      return .compound(operation, operands)
    default: return nil
    }
  }

  private func readSimplePredicate(_ element: Element) -> PredicateSyntax {
    enum Operator: String, CaseIterable {
      case equal, notEqual, lessThan, lessOrEqual, greaterThan, greaterOrEqual
      case isMissing, isNotMissing
    }
    let field = required(.field, of: element)
    guard let named: Operator = requiredChoice(.operation, of: element) else {
      return .alwaysFalse
    }
    let operation: PredicateOperator =
      switch named {
      case .equal: .equal
      case .notEqual: .notEqual
      case .lessThan: .lessThan
      case .lessOrEqual: .lessOrEqual
      case .greaterThan: .greaterThan
      case .greaterOrEqual: .greaterOrEqual
      case .isMissing: .isMissing
      case .isNotMissing: .isNotMissing
      }
    let asksForValue = operation != .isMissing && operation != .isNotMissing
    let value = string(.value, of: element)
    if asksForValue, value == nil {
      report(
        "P3", "`SimplePredicate@value` is required for `\(named.rawValue)`", at: element)
    }
    return .simple(field: field, operation, value: asksForValue ? value : nil, line: element.line)
  }

  /// The elements of an `Array`: separated by white space, quoted where they hold some.
  func readArray(_ element: Element) throws(DiagnosticsError) -> [String] {
    var values: [String] = []
    try readArray(element) { bytes in
      values.append(bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
    }
    return values
  }

  /// Lends the bytes of one element after another.
  func readArray(
    _ element: Element, _ body: (Span<UInt8>) -> Void
  ) throws(DiagnosticsError) {
    let declared = integer(.n, of: element)
    let count = Self.forEachElement(of: try bytes(of: element), body)
    check(declared, count, element)
  }

  @inline(__always)
  private static func forEachElement(of text: [UInt8], _ body: (Span<UInt8>) -> Void) -> Int {
    let span = text.span
    var count = 0
    var place = 0
    while place < span.count {
      if span[place] <= 0x20 {
        place += 1
        continue
      }
      if span[place] == UInt8(ascii: "\"") {
        var value: [UInt8] = []
        place += 1
        while place < span.count, span[place] != UInt8(ascii: "\"") {
          // `\"` is a quote inside a quoted value.
          if span[place] == UInt8(ascii: "\\"), place + 1 < span.count,
            span[place + 1] == UInt8(ascii: "\"")
          {
            place += 1
          }
          value.append(span[place])
          place += 1
        }
        place += 1
        body(value.span)
      } else {
        let start = place
        place = wordEnd(span, from: place)
        body(span.extracting(start..<place))
      }
      count += 1
    }
    return count
  }

  /// The elements of an `Array` of numbers.
  func readNumberArray(_ element: Element) throws(DiagnosticsError) -> [Double] {
    let declared = integer(.n, of: element)
    let bytes = try bytes(of: element)
    var numbers: [Double] = []
    if let declared, declared > 0 { numbers.reserveCapacity(min(declared, bytes.count / 2 + 1)) }
    _ = Self.forEachElement(of: bytes) { bytes in
      let number = XMLNumber.double(bytes) ?? .nan
      numbers.append(number.isNaN ? noNumber(bytes, element) : number)
    }
    check(declared, numbers.count, element)
    return numbers
  }

  /// The place of the first white space from a place on, or the end.
  private static func wordEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var place = start
    // Eight bytes at a time: one below 0x21 borrows from its highest bit, and so may bytes after it.
    while place + 8 <= bytes.count {
      let raw = bytes.bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
      let word = UInt64(littleEndian: raw)
      let low = (word &- 0x2121_2121_2121_2121) & ~word & 0x8080_8080_8080_8080
      if low != 0 { return place + low.trailingZeroBitCount / 8 }
      place += 8
    }
    while place < bytes.count, bytes[place] > 0x20 { place += 1 }
    return place
  }

  private func noNumber(_ bytes: Span<UInt8>, _ element: Element) -> Double {
    let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    report("P4", "`\(text)` in `Array` is not a number", at: element)
    return 0
  }

  private func check(_ declared: Int?, _ count: Int, _ element: Element) {
    if let declared, declared != count {
      report("P13", "`Array` says n=\(declared), and holds \(count) values", at: element)
    }
  }
}
