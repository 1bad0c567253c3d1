internal import DataFields
internal import SourceDiagnostics
internal import TextPatterns
internal import TreeEnsembles

/// Resolves a document's names and lays it flat.
///
/// Faults are reported to the reader, beside those found while reading.
final class ModelCompiler {
  let reader: DocumentReader
  let document: DocumentSyntax
  var program = ModelProgram()
  var dataFields: [String: DataField] = [:]
  var functions: [String: DefineFunction] = [:]
  var functionStack: [String] = []
  let topScope = FieldScope(parent: nil)
  // Units of segments by id, within the mining model that is being compiled.
  var segmentUnits: [String: Int] = [:]
  /// Regular expressions by their text; nil for a faulty one.
  var patterns: [String: TextPattern?] = [:]
  /// Numbers of tokenizers by their settings.
  var tokenizerNumbers: [[String]: Int] = [:]
  /// Tables of texts by their numbers; nil for a faulty one.
  var textNormalizations: [Int: TextNormalizationPlan?] = [:]
  static let expressionLimit = 1_000_000
  /// How deep the expression that is being compiled is nested, by way of derived fields and
  /// functions too.
  var expressionDepth = 0
  /// Past it the stack of a thread might not do, here and in scoring.
  static let depthLimit = 500
  /// Class numbers of all segments together; a block of rows has them 64 times.
  static let regionLimit = 1 << 18

  init(document: DocumentSyntax, reader: DocumentReader) {
    self.document = document
    self.reader = reader
    for field in document.dataFields where dataFields[field.name] == nil {
      dataFields[field.name] = field
    }
    for function in document.functions { functions[function.name] = function }
  }

  /// The program; worth nothing if the reader has errors.
  func compile() -> ModelProgram {
    checkFunctionCycles()
    for field in document.derivedFields { topScope.pending[field.name] = field }
    program.units.append(placeholder(document.model))
    compileUnit(document.model, unit: 0, scope: topScope, inheritedTarget: nil)
    checkAggregates()
    return program
  }

  func newSlot() -> Int {
    program.slotCount += 1
    return program.slotCount - 1
  }

  func code(_ text: String) -> Double { Double(program.texts.intern(text)) }

  func placeholder(_ element: ModelElement) -> ModelUnit {
    ModelUnit(
      element: element.header.element, function: element.header.function,
      isFloat: element.header.isFloat,
      content: .mining(
        MiningPlan(
          method: .sum, segments: [], missingPrediction: .continue, missingThreshold: 1)))
  }

  /// A text as a value of a type; reports what is not one.
  func value(_ text: String, as type: ModelDataType, line: Int, what: String) -> Double {
    if type == .string { return code(text) }
    if let number = ModelValueText.parse(text, as: type) { return number }
    // Thresholds of integer fields are often halfway between two integers.
    if type == .integer, let number = XMLNumber.double(text), !number.isNaN { return number }
    reader.report("P4", "\(what) `\(text)` is not of type \(type.rawValue)", line: line)
    return .nan
  }

  // MARK: Names

  /// What a name stands for; reports a name that stands for nothing.
  ///
  /// - Parameter isQuiet: the name is looked up again later, and reported then.
  func lookUp(
    _ name: String, in scope: FieldScope, line: Int, isQuiet: Bool = false
  ) -> FieldBinding? {
    var place: FieldScope? = scope
    while let current = place {
      if let binding = current.known(name) {
        if current !== scope { scope.inherit(binding, as: name) }
        return binding
      }
      if current.inProgress.contains(name) {
        let cycle = (current.inProgress.drop { $0 != name } + [name]).joined(separator: " -> ")
        reader.report("P15", "derived fields form a cycle: \(cycle)", line: line)
        // A second report of the same cycle would help nobody.
        current.bindings[name] = FieldBinding(slot: 0, dataType: .double, opType: .continuous)
        return nil
      }
      if let field = current.pending.removeValue(forKey: name) {
        return compileDerivedField(field, in: current)
      }
      place = current.parent
    }
    if let field = dataFields[name] {
      // Not in the mining schema of the model, and yet used: an input all the same.
      return bindInput(field, mining: nil)
    }
    if isQuiet { return nil }
    let near = NearMiss.suggestion(for: name, among: scope.visibleNames)
    reader.report(
      "P16", "unknown field `\(name)`" + (near.map { "; did you mean `\($0)`?" } ?? ""), line: line)
    return nil
  }

  private func compileDerivedField(
    _ field: DerivedField, in scope: FieldScope
  ) -> FieldBinding? {
    scope.inProgress.append(field.name)
    let raw = compile(field.expression, in: scope, expected: field.dataType)
    scope.inProgress.removeAll { $0 == field.name }
    let expression = cast(raw, to: field.dataType)
    let binding = FieldBinding(
      slot: newSlot(), dataType: field.dataType, opType: field.opType, values: field.values)
    scope.bindings[field.name] = binding
    scope.derived.append(DerivedStep(slot: binding.slot, expression: expression))
    return binding
  }

  /// Compiles derived fields that nothing uses, so that their faults are found; they do not run.
  func checkUnusedDerivedFields(of scope: FieldScope) {
    let used = scope.derived
    let lagCount = program.expressions.lags.count
    let aggregateCount = program.expressions.aggregates.count
    for name in scope.pending.keys.sorted() {
      guard let field = scope.pending.removeValue(forKey: name) else { continue }
      _ = compileDerivedField(field, in: scope)
    }
    scope.derived = used
    program.expressions.lags.removeLast(program.expressions.lags.count - lagCount)
    program.expressions.aggregates.removeLast(
      program.expressions.aggregates.count - aggregateCount)
  }

  // MARK: Fields

  func bindInput(_ field: DataField, mining: MiningField?) -> FieldBinding {
    let binding = FieldBinding(
      slot: newSlot(), dataType: field.dataType, opType: field.opType, values: field.values)
    topScope.bindings[field.name] = binding
    let isTarget = mining?.isTarget ?? false
    program.inputs.append(
      InputPlan(
        field: ModelField(
          name: field.name, dataType: field.dataType, opType: field.opType,
          categories: field.values.filter { $0.property == .valid }.map(\.text),
          intervals: field.intervals, replacesMissing: mining?.missingReplacement != nil,
          importance: mining?.importance),
        slot: binding.slot, isTarget: isTarget,
        isActive: (mining?.usage ?? .supplementary) == .active))
    if !isTarget {
      program.units[0].preparations.append(
        preparation(
          field, mining, input: program.inputs.count - 1, source: binding.slot,
          slot: binding.slot, checksValidity: true))
    }
    return binding
  }

  /// Binds the fields of a mining schema and gives its target, if it has one.
  func bindMiningSchema(
    _ header: ModelHeader, unit: Int, scope: FieldScope
  ) -> (DataField?, MiningField?) {
    var target: (DataField?, MiningField?) = (nil, nil)
    for mining in header.miningSchema {
      if mining.isTarget, target.1 == nil { target = (dataFields[mining.name], mining) }
      if unit == 0 {
        guard let field = dataFields[mining.name] else {
          if mining.isTarget, header.function == .clustering { continue }
          reader.report(
            "P16", "mining field `\(mining.name)` is not in the data dictionary",
            line: mining.line)
          continue
        }
        if topScope.bindings[mining.name] == nil { _ = bindInput(field, mining: mining) }
        continue
      }
      if mining.isTarget { continue }
      guard let outer = lookUp(mining.name, in: scope, line: mining.line) else { continue }
      let isTreated =
        mining.outliers != .asIs || mining.missingReplacement != nil
        || mining.missingTreatment == .returnInvalid
      guard isTreated else { continue }
      let slot = newSlot()
      var binding = outer
      binding.slot = slot
      scope.bindings[mining.name] = binding
      let field = DataField(
        name: mining.name, opType: outer.opType, dataType: outer.dataType, line: mining.line)
      program.units[unit].preparations.append(
        preparation(
          field, mining, input: nil, source: outer.slot, slot: slot, checksValidity: false))
    }
    return target
  }

  private func preparation(
    _ field: DataField, _ mining: MiningField?, input: Int?, source: Int, slot: Int,
    checksValidity: Bool
  ) -> FieldPreparation {
    func values(_ property: FieldValue.Property) -> [Double] {
      var list: [Double] = []
      for value in field.values where value.property == property {
        if field.dataType == .string {
          list.append(code(value.text))
        } else if let number = ModelValueText.parse(value.text, as: field.dataType) {
          list.append(number)
        }
      }
      return list.sorted()
    }
    func replacement(_ text: String?) -> Double {
      guard let text else { return .nan }
      return value(
        text, as: field.dataType, line: mining?.line ?? field.line, what: "replacement value")
    }
    return FieldPreparation(
      input: input, source: source, slot: slot, missingValues: values(.missing),
      validValues: values(.valid), invalidValues: values(.invalid), intervals: field.intervals,
      checksValidity: checksValidity, invalidTreatment: mining?.invalidTreatment ?? .returnInvalid,
      invalidReplacement: replacement(mining?.invalidReplacement),
      outliers: mining?.outliers ?? .asIs, low: mining?.lowValue ?? -.infinity,
      high: mining?.highValue ?? .infinity,
      missingReplacement: replacement(mining?.missingReplacement),
      missingIsInvalid: mining?.missingTreatment == .returnInvalid,
      isFloat: field.dataType == .float)
  }
}
