import DataFields
import SourceDiagnostics

extension Checker {
  mutating func checkModel(_ declaration: ModelDeclaration) {
    let path = RulePath.resolve(declaration.file.path.value, from: currentFile)
    var signature: ModelSignature?
    do { signature = try models.signature(ofModelAt: path) } catch {
      report(
        "F1", "cannot load the model `\(path)`", at: declaration.file.path.span,
        notes: error.diagnostics.prefix(5).map(\.message))
    }
    if let found = signature, !checkDigest(declaration.file, is: found.digest, what: "the model") {
      signature = nil
    }
    var feeds: [CheckedModel.Feed] = []
    var fed: [String: SourceSpan] = [:]
    for feed in declaration.feeds {
      if let earlier = fed[feed.field.text] {
        report(
          "N2", "`\(feed.field.text)` is fed twice",
          at: [(feed.field.span, "again"), (earlier, "here")])
      }
      fed[feed.field.text] = feed.field.span
      if let checked = self.feed(feed, signature) { feeds.append(checked) }
    }
    guard let signature else {
      declare(declaration.name, .fault)
      return
    }
    let unfed = signature.inputs.filter { fed[$0.name] == nil && !$0.replacesMissing }
    if !unfed.isEmpty {
      report(
        "D3",
        "the model is not fed " + unfed.map { "`\($0.name)`" }.joined(separator: ", "),
        at: declaration.name.span,
        help: unfed.prefix(3).map { "add   feed \($0.name) = ..." })
    }
    let explanation = explanation(declaration, signature)
    guard declare(declaration.name, .model(program.models.count)) else { return }
    let index = program.models.count
    program.models.append(
      CheckedModel(
        name: declaration.name.text, ruleset: ruleset,
        artefact: ArtefactReference(path: path, digest: signature.digest), feeds: feeds,
        results: [], explanation: explanation, span: declaration.name.span))
    for (place, result) in declaration.results.enumerated() {
      modelResult(result, place, of: index, signature)
    }
    program.order.append(.model(index))
  }

  private mutating func feed(_ syntax: FeedSyntax, _ signature: ModelSignature?)
    -> CheckedModel.Feed?
  {
    isFeed = true
    let value = check(syntax.value, in: .row)
    isFeed = false
    guard let signature else { return nil }
    guard let index = signature.inputIndex(syntax.field.text) else {
      let names = signature.inputs.map(\.name)
      let near = NearMiss.suggestion(for: syntax.field.text, among: names)
      report(
        "D3", "the model has no field `\(syntax.field.text)`", at: syntax.field.span,
        help: [
          near.map { "did you mean `\($0)`?" }
            ?? "its fields are \(names.prefix(20).joined(separator: ", "))"
        ], fixIts: replacing(syntax.field.span, by: near))
      return nil
    }
    guard value.type != .fault else { return nil }
    let field = signature.inputs[index]
    switch (field.kind, value.type) {
    case (.number, .value(.double)), (.text, .value(.text)), (.number, .value(.boolean)): break
    case (.number, _) where value.type.isNumber:
      let end = value.span.range.upperBound
      report(
        "Y1", "a number crosses into a model by `as float`", at: value.span,
        label: describe(value.type), help: ["write   \(text(value.span)) as float"],
        fixIts: [
          .init(
            message: "add `as float`", file: program.sources.files[value.span.file].name,
            start: end, end: end, replacement: " as float")
        ])
      return nil
    default:
      report(
        "Y1", "the model's field `\(field.name)` is \(field.dataType.rawValue)", at: value.span,
        label: describe(value.type))
      return nil
    }
    requireNonZeroDivisors(value)
    return CheckedModel.Feed(field: field.name, value: value)
  }

  private mutating func modelResult(
    _ syntax: ModelResultSyntax, _ place: Int, of model: Int, _ signature: ModelSignature
  ) {
    guard let result = result(syntax) else { return }
    guard let kind = signature.kind(of: result) else {
      let names = signature.results.map(\.description)
      let near = NearMiss.suggestion(for: result.description, among: names)
      report(
        "D3", "the model gives no `\(result)`", at: syntax.result.span,
        help: [
          near.map { "did you mean `\($0)`?" }
            ?? "it gives \(names.prefix(12).joined(separator: ", "))"
        ])
      return
    }
    if (kind == .text) != syntax.isLabel {
      report(
        "Y1", kind == .text ? "a text is a `label`" : "a number is a `score`",
        at: syntax.result.span)
      return
    }
    let type: RuleType = kind == .text ? .value(.text) : .value(.double)
    var range = ValueBounds()
    // A probability lies between 0 and 1, unless the ruleset knows better.
    if case .probability = result { range = ValueBounds(lower: Quotient(0), upper: Quotient(1)) }
    if let domain = syntax.domain { range = bounds(domain, of: type) }
    let full = "\(program.models[model].name).\(syntax.name.text)"
    if valueIndex(full, of: ruleset) != nil {
      report("N2", "`\(syntax.name.text)` is declared twice", at: syntax.name.span)
      return
    }
    program.models[model].results.append(
      .init(
        value: program.values.count, result: result, lower: range.lower?.nearestDouble,
        upper: range.upper?.nearestDouble))
    append(
      CheckedValue(
        name: full, ruleset: ruleset, type: type,
        definition: .result(model: model, index: program.models[model].results.count - 1),
        bounds: range, missing: .refuse, span: syntax.name.span),
      restingOn: program.models[model].feeds.flatMap(\.value.values), isCondition: false)
  }

  private mutating func result(_ syntax: ModelResultSyntax) -> ModelResult? {
    let argument = syntax.argument?.value
    switch (syntax.result.text, argument) {
    case ("predictedValue", nil): return .predictedValue
    case ("cluster", nil): return .cluster
    case ("entityId", nil): return .entityId
    case ("affinity", nil): return .affinity
    case ("probability", let label?): return .probability(label)
    case ("confidence", let label?): return .confidence(label)
    case ("output", let name?): return .outputField(name)
    default:
      let names = [
        "predictedValue", "probability", "confidence", "cluster", "entityId", "affinity", "output",
      ]
      let near = NearMiss.suggestion(for: syntax.result.text, among: names)
      report(
        "D3", "`\(syntax.result.text)` is no result of a model", at: syntax.result.span,
        help: [
          near.map { "did you mean `\($0)`?" }
            ?? "the results are predictedValue, probability(\"class\"), confidence(\"class\"), "
            + "cluster, entityId, affinity, output(\"field\")"
        ], fixIts: replacing(syntax.result.span, by: near))
      return nil
    }
  }

  private mutating func explanation(_ declaration: ModelDeclaration, _ signature: ModelSignature)
    -> ModelPlan.Explanation?
  {
    guard let syntax = declaration.explanation else { return nil }
    let written = syntax.method.map(\.text).joined(separator: " ")
    guard let method = ModelPlan.Explanation.Method(rawValue: written) else {
      report(
        "N1", "no method of attribution is called `\(written)`",
        at: syntax.method.first?.span ?? syntax.span,
        help: ["the methods are `tree shap`, `linear` and `shapley`"])
      return nil
    }
    if method != .shapley, case .estimated(let why) = signature.attribution {
      report(
        "D3", "this model has no exact attributions", at: syntax.span, notes: [why],
        help: ["write   explain by shapley   for estimates, which the trace names as such"])
      return nil
    }
    guard let expectation = expectation(syntax, signature) else { return nil }
    return ModelPlan.Explanation(
      method: method, top: syntax.top ?? 5, expectation: expectation,
      isOnRead: syntax.onRead != nil)
  }
}
