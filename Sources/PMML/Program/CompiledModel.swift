package import DataFields
internal import FileIO
package import SourceDiagnostics
internal import TreeEnsembles
internal import XMLReading

/// A model that was read from PMML and can be scored.
///
///     let model = try CompiledModel(path: "models/premium.pmml")
///     var space = model.makeWorkspace()
///     model.set(number: 230, input: 0, in: &space)
///     if model.score(&space) { print(model.number(slot, in: space)) }
///
/// Immutable and shared by any number of tasks, each with a workspace of its own. Names are
/// resolved once: `signature.inputIndex(_:)` for inputs, ``resolve(_:)`` for results.
package struct CompiledModel: Sendable {
  package let signature: ModelSignature
  package let program: ModelProgram
  /// Remarks that do not keep the model from scoring.
  package let warnings: [Diagnostic]
  /// The positions of the signature's inputs among the program's.
  package let activeInputs: [Int]
  /// The version of PMML that the document is read as.
  package let version: String
  /// The average row of the training data, as the document's `ModelStats` has it: something to
  /// attribute against. nil where it does not say enough.
  package let averages: ModelMatrix?
  /// The rows that say what the model gives, where they were asked for.
  let verification: VerificationPlan?

  /// Reads and checks a PMML file.
  ///
  /// - Parameter verification: whether the rows that the producer added to show what the model gives
  ///   are kept, or have to come out.
  /// - Throws: every fault found in it.
  package init(
    path: String, verification: VerificationUse = .passedOver
  ) throws(DiagnosticsError) {
    let source = try FileSource(path: path)
    try self.init(name: path, source: source.next, verification, digest: source.digest)
  }

  /// Reads and checks a PMML document that is in memory.
  package init(
    name: String, bytes: [UInt8], verification: VerificationUse = .passedOver
  ) throws(DiagnosticsError) {
    let source = BytesSource(bytes)
    try self.init(name: name, source: source.next, verification, digest: source.digest)
  }

  private init(
    name: String, source: @escaping XMLReader.Source, _ use: VerificationUse,
    digest: () -> Digest
  ) throws(DiagnosticsError) {
    let reader = DocumentReader(
      xml: XMLReader(name: name, vocabulary: .pmml, source: source),
      keepsVerification: use != .passedOver)
    let document: DocumentSyntax?
    do throws(DiagnosticsError) {
      document = try reader.readDocument()
    } catch {
      throw DiagnosticsError(
        reader.diagnostics.filter { $0.severity == .error } + error.diagnostics)
    }
    guard let document else {
      throw DiagnosticsError(reader.diagnostics.filter { $0.severity == .error })
    }
    let compiler = ModelCompiler(document: document, reader: reader)
    var program = compiler.compile()
    let verification = document.model.header.verification.map {
      VerificationPlan($0, program, reader)
    }
    if reader.hasErrors {
      throw DiagnosticsError(reader.diagnostics.filter { $0.severity == .error })
    }
    RowPlan.makeAll(&program)
    self.program = program
    self.verification = verification
    self.version = document.version
    warnings = reader.diagnostics
    activeInputs = program.inputs.indices.filter { program.inputs[$0].isActive }
    var signature = program.signature(
      path: name, digest: digest(), document: document, active: activeInputs)
    averages = signature.averages(document.model.header.statistics)
    signature.hasAverages = averages != nil
    signature.takesCovers = program.takesCovers
    self.signature = signature
    if use == .required {
      let faults = verificationFaults()
      if !faults.isEmpty { throw DiagnosticsError(faults) }
    }
  }

  /// The ids of the entities that the model chooses among: clusters, instances, nodes, rules.
  package var entityIds: [String] {
    program.units[0].entityCodes.map { $0 < 0 ? "" : program.texts.text($0) }
  }

  package func makeWorkspace() -> ScoringWorkspace { ScoringWorkspace(program) }

  // MARK: Inputs (positions of `signature.inputs`)

  /// Makes every input missing.
  package func clear(_ space: inout ScoringWorkspace) {
    for place in space.inputs.indices {
      space.inputs[place] = .nan
      space.unparsable[place] = false
    }
    // Texts that rows brought along are forgotten now and then, so that memory stays flat.
    space.clearCount &+= 1
    if space.clearCount % 64 == 0, space.texts.count > program.texts.count + 65_536 {
      space.texts = program.texts
    }
  }

  package func set(number: Double, input: Int, in space: inout ScoringWorkspace) {
    space.inputs[activeInputs[input]] = number
    space.unparsable[activeInputs[input]] = false
  }

  package func setMissing(input: Int, in space: inout ScoringWorkspace) {
    set(number: .nan, input: input, in: &space)
  }

  /// What an input was set to: a number or a text's code; NaN is missing.
  package func input(_ input: Int, in space: ScoringWorkspace) -> Double {
    space.inputs[activeInputs[input]]
  }

  /// Sets an input from text, by the field's type; the empty text is missing.
  package func set(text: String, input: Int, in space: inout ScoringWorkspace) {
    set(text: text, anyInput: activeInputs[input], in: &space)
  }

  /// As ``set(text:input:in:)``, by position in ``ModelProgram/inputs``: targets among them.
  package func set(text: String, anyInput place: Int, in space: inout ScoringWorkspace) {
    space.unparsable[place] = false
    if text.isEmpty {
      space.inputs[place] = .nan
      return
    }
    let type = program.inputs[place].field.dataType
    if type == .string {
      space.inputs[place] = Double(space.texts.intern(text))
    } else if let number = ModelValueText.parse(text, as: type) {
      space.inputs[place] = number
    } else {
      space.inputs[place] = .nan
      space.unparsable[place] = !(XMLNumber.double(text)?.isNaN ?? false)
    }
  }

  /// As ``set(text:anyInput:in:)-(String,_,_)``, from well-formed UTF-8: most numbers and all texts
  /// become no `String` on the way.
  package func set(
    text bytes: Span<UInt8>, anyInput place: Int, in space: inout ScoringWorkspace
  ) {
    space.unparsable[place] = false
    if bytes.isEmpty {
      space.inputs[place] = .nan
      return
    }
    let number: Double? =
      switch program.inputs[place].field.dataType {
      case .string: Double(space.texts.intern(bytes))
      case .double: BinaryNumberText.double(bytes)
      case .float: BinaryNumberText.float(bytes).map { Double($0) }
      case .integer: BinaryNumberText.double(bytes).flatMap { $0 == $0.rounded() ? $0 : nil }
      default: nil
      }
    if let number {
      space.inputs[place] = number
    } else {
      let text = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      set(text: text, anyInput: place, in: &space)
    }
  }

  /// Sets an input to what it is in another workspace of the model.
  package func copy(
    input: Int, from other: ScoringWorkspace, into space: inout ScoringWorkspace
  ) {
    let place = activeInputs[input]
    let value = other.inputs[place]
    space.unparsable[place] = other.unparsable[place]
    if program.inputs[place].field.dataType == .string, !value.isNaN,
      Int(value) >= program.texts.count
    {
      // A text that the model does not know has a code of its own in each workspace.
      space.inputs[place] = Double(space.texts.intern(other.texts.text(Int32(value))))
    } else {
      space.inputs[place] = value
    }
  }

  // MARK: Scoring and results

  /// Scores the inputs that were set.
  ///
  /// - Returns: false if a value is invalid and the model says to give no result then;
  ///   ``ScoringWorkspace/invalidInput`` says which.
  package func score(_ space: inout ScoringWorkspace) -> Bool { program.run(&space) }

  /// A result with its name resolved.
  package struct ResolvedResult: Sendable, Hashable {
    enum Source: Hashable {
      case slot(Int)
      /// The first of these slots that holds a value.
      case firstOf([Int])
      case probability(Int)
      case confidence(Int)
      case entity
      case affinity
    }

    let source: Source
    /// Whether the value is a text's code.
    package let kind: ModelValueKind
    package let dataType: ModelDataType
  }

  /// Resolves a result; nil if the model does not give it.
  package func resolve(_ result: ModelResult) -> ResolvedResult? {
    let top = program.units[0]
    switch result {
    case .predictedValue:
      return ResolvedResult(
        source: .slot(top.predictedSlot), kind: top.predictsText ? .text : .number,
        dataType: top.predictedType)
    case .probability(let label), .confidence(let label):
      guard top.function == .classification,
        let place = top.classes.firstIndex(where: { $0.text == label })
      else { return nil }
      let source: ResolvedResult.Source =
        if case .probability = result { .probability(place) } else { .confidence(place) }
      return ResolvedResult(source: source, kind: .number, dataType: .double)
    case .cluster, .entityId:
      if top.entityCodes.isEmpty { return nil }
      if case .cluster = result, top.function != .clustering { return nil }
      return ResolvedResult(source: .entity, kind: .text, dataType: .string)
    case .affinity:
      guard top.function == .clustering else { return nil }
      return ResolvedResult(source: .affinity, kind: .number, dataType: .double)
    case .outputField(let name):
      guard let output = program.givenOutputs.first(where: { $0.step.field.name == name })
      else { return nil }
      return Self.resolved(output.step, output.slots)
    }
  }

  static func resolved(_ step: OutputStep, _ slots: [Int]) -> ResolvedResult {
    ResolvedResult(
      source: slots.count == 1 ? .slot(slots[0]) : .firstOf(slots), kind: step.dataType.kind,
      dataType: step.dataType)
  }

  /// The value of a result after scoring: a number or a text's code; NaN is missing.
  package func value(_ result: ResolvedResult, in space: ScoringWorkspace) -> Double {
    let top = program.units[0].region
    switch result.source {
    case .slot(let slot): return space.slots[slot]
    case .firstOf(let slots):
      for slot in slots where !space.slots[slot].isNaN { return space.slots[slot] }
      return .nan
    case .probability(let place): return space.hasRegion[0] ? space.region[top + place] : .nan
    case .confidence(let place):
      return space.hasRegion[0] ? space.confidences[top + place] : .nan
    case .entity:
      let entity = Int(space.entity[0])
      let codes = program.units[0].entityCodes
      return codes.indices.contains(entity) ? Double(codes[entity]) : .nan
    case .affinity:
      let entity = Int(space.entity[0])
      return space.hasRegion[0] && entity >= 0 ? space.region[top + entity] : .nan
    }
  }

  /// The text of a result after scoring, as a table shows it; empty if it is missing.
  package func text(_ result: ResolvedResult, in space: ScoringWorkspace) -> String {
    ExpressionTable.text(value(result, in: space), result.dataType, space.texts)
  }

  /// Appends what ``text(_:in:)`` gives.
  package func appendText(
    of result: ResolvedResult, in space: ScoringWorkspace, to bytes: inout [UInt8]
  ) {
    ExpressionTable.append(value(result, in: space), result.dataType, space.texts, to: &bytes)
  }
}
