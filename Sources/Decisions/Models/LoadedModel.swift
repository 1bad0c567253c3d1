import Attribution
package import DataFields
package import PMML
import ReferenceData
package import RuleLanguage
package import SourceDiagnostics

/// A model that a ruleset names, with its feeds and results resolved to slots.
package struct LoadedModel: Sendable {
  package private(set) var plan: ModelPlan
  package let model: CompiledModel
  package let feeds: [Feed]
  package let results: [(result: CompiledModel.ResolvedResult, slot: Int)]
  /// How the first numeric result is attributed; nil if the ruleset does not ask for it.
  let attributor: Attributor?
  /// For each of the attributor's fields, the feed that fills it; nil for a field that is not fed.
  let feedOfField: [Int?]
  /// How attributions are computed, and what they add up to; empty without any.
  package var method: String { attributor?.method ?? "" }
  package var attributed: String { attributor?.attributed ?? "" }

  /// One value's way from the rule row into the model: the only place where exact numbers become
  /// floating point.
  package struct Feed: Sendable {
    package enum Crossing: Sendable {
      /// The nearest double, or float where the model's field is one, of the exact value; the
      /// number is the value's digits after the point.
      case double(digits: Int)
      case float(digits: Int)
      /// A double as it stands: another model's score.
      case score
      case text

      /// Whether the value is rounded to single precision at once.
      package var isFloat: Bool {
        if case .float = self { true } else { false }
      }
    }

    /// Position among the signature's inputs.
    package let input: Int
    package let slot: Int
    package let crossing: Crossing
  }

  /// - Throws: `DiagnosticsError` if the model has not the fields or results that the plan names;
  ///   the rule checker has said so before.
  package init(
    _ plan: ModelPlan, model: CompiledModel, program: Program, files: any RuleFileSource
  ) throws(DiagnosticsError) {
    self.plan = plan
    self.model = model
    var feeds: [Feed] = []
    for feed in plan.feeds {
      guard let input = model.signature.inputIndex(feed.field) else {
        throw DiagnosticsError(
          Diagnostic(
            code: "D3", message: "model `\(plan.name)` has no field `\(feed.field)`",
            file: plan.artefact.path))
      }
      let type = program.code.layout.slots[feed.slot].type
      let isFloat = model.signature.inputs[input].dataType == .float
      let crossing: Feed.Crossing =
        switch type {
        case .text: .text
        case .double: .score
        default: isFloat ? .float(digits: type.scale) : .double(digits: type.scale)
        }
      feeds.append(Feed(input: input, slot: feed.slot, crossing: crossing))
    }
    self.feeds = feeds
    var results: [(CompiledModel.ResolvedResult, Int)] = []
    for score in plan.scores {
      guard let result = model.resolve(score.result) else {
        throw DiagnosticsError(
          Diagnostic(
            code: "D3", message: "model `\(plan.name)` does not give \(score.result)",
            file: plan.artefact.path))
      }
      results.append((result, score.slot))
    }
    self.results = results
    attributor = try Self.attributor(plan, model, files)
    feedOfField = model.signature.inputs.map { field in
      plan.feeds.firstIndex { $0.field == field.name }
    }
  }

  /// The same model, with every attribution in a trace, whatever the ruleset keeps of them.
  func keepingAllAttributions() -> LoadedModel {
    var copy = self
    copy.plan.explanation?.top = .max
    copy.plan.explanation?.isOnRead = false
    return copy
  }

  private static func attributor(
    _ plan: ModelPlan, _ model: CompiledModel, _ files: any RuleFileSource
  ) throws(DiagnosticsError) -> Attributor? {
    guard let explanation = plan.explanation,
      let score = plan.scores.first(where: { model.signature.kind(of: $0.result) == .number })
    else { return nil }
    var background: ModelMatrix?
    var covers: NodeCovers?
    switch explanation.expectation {
    case .recordCounts: break
    case .background(let reference):
      background = try BackgroundRows.matrix(
        try file(reference, files),
        fields: model.signature.inputs.map { ($0.name, $0.kind) })
    case .modelStats: background = model.averages
    case .covers(let reference):
      let rows = try CoverRows(try file(reference, files))
      // The checker has seen that they were counted for this model.
      covers = NodeCovers(source: .rows(rows.rowCount), trees: rows.trees)
    case .uniformBranches: covers = NodeCovers(uniformFor: model)
    }
    do throws(AttributionRefusal) {
      return try Attributor(
        model, score.result, background: background, covers: covers,
        estimates: explanation.method == .shapley ? Attributor.Estimates() : nil)
    } catch {
      throw DiagnosticsError(
        Diagnostic(
          code: "D3", message: "the attributions of model `\(plan.name)` cannot be computed",
          file: plan.artefact.path, notes: [error.reason]))
    }
  }
}

extension LoadedModel {
  /// A file that the rules name, as it was when they were checked.
  private static func file(
    _ reference: ArtefactReference, _ files: any RuleFileSource
  ) throws(DiagnosticsError) -> ReferenceFile {
    let file = ReferenceFile(path: reference.path, bytes: try files.bytes(at: reference.path))
    guard file.digest == reference.digest else {
      throw DiagnosticsError(
        Diagnostic(
          code: "D2", message: "`\(reference.path)` changed while the rules were loaded",
          file: reference.path))
    }
    return file
  }
}

extension LoadedModel.Feed {
  /// The value that the model is fed; nil if it is missing or not a number.
  package func number(_ row: RuleRow) -> Double? {
    guard row.isPresent(slot) else { return nil }
    switch crossing {
    case .double(let digits): return exact(row, digits)?.nearestDouble
    case .float(let digits): return exact(row, digits).map { Double($0.nearestFloat) }
    case .score: return Double(bitPattern: UInt64(truncatingIfNeeded: row.value(slot)))
    case .text: return nil
    }
  }

  private func exact(_ row: RuleRow, _ digits: Int) -> Quotient? {
    guard digits > 0 else { return row.quotient(slot) }
    guard let denominator = ExactArithmetic.scaled(row.denominator(slot), byDigits: digits) else {
      return nil
    }
    return Quotient(row.value(slot), over: denominator)
  }
}
