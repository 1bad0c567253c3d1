import DataFields
import ReferenceData
import SourceDiagnostics

/// What the attributions of a model's scores are set against.
extension Checker {
  /// - Returns: nil after a report of a file that cannot be used.
  mutating func expectation(
    _ syntax: ExplanationSyntax, _ signature: ModelSignature
  ) -> ModelPlan.Explanation.Expectation? {
    if case .unsupported(let why) = signature.attribution {
      report("D3", "this model has no exact attributions", at: syntax.span, notes: [why])
    }
    switch syntax.expectation {
    case nil:
      if let why = needsBackground(signature) {
        report(
          "D3", "attributions of this model need a background", at: syntax.span, notes: [why],
          help: remedies(signature))
      }
      return .recordCounts
    case .recordCounts(let span):
      if !signature.takesCovers {
        checkTakesCovers(signature, at: span)
      } else if case .needsBackground(let why) = signature.attribution {
        report(
          "D3", "the model does not hold record counts to go by", at: span, notes: [why],
          help: remedies(signature))
      }
      return .recordCounts
    case .background(let file):
      return artefact(file, what: "the background").map { .background($0.0) }
    case .modelStats(let span):
      if !signature.hasAverages {
        report(
          "D3", "the model's `ModelStats` do not say what every field is on average", at: span,
          help: ["name rows instead:   against background \"rows.csv\" sha256 \"...\""])
      }
      return .modelStats
    case .covers(let file):
      guard let (artefact, bytes) = artefact(file, what: "the file of covers") else { return nil }
      checkCovers(file, artefact, bytes, signature)
      return .covers(artefact)
    case .uniformBranches(let span):
      checkTakesCovers(signature, at: span)
      return .uniformBranches
    }
  }

  private func needsBackground(_ signature: ModelSignature) -> String? {
    switch signature.attribution {
    case .needsBackground(let why), .estimated(let why): why
    case .always, .unsupported: nil
    }
  }

  private func remedies(_ signature: ModelSignature) -> [String] {
    var remedies = ["add   against background \"rows.csv\" sha256 \"...\""]
    if signature.hasAverages {
      remedies.append(
        "add   against background ModelStats   for the averages of the training data")
    }
    if signature.takesCovers {
      remedies.append(
        "add   against covers \"covers.csv\" sha256 \"...\"   for rows that `explain calibrate` counts"
      )
    }
    return remedies
  }

  private mutating func checkTakesCovers(_ signature: ModelSignature, at span: SourceSpan) {
    // A model without attributions has been reported.
    if case .unsupported = signature.attribution { return }
    if signature.takesCovers { return }
    report(
      "D3", "attributions of this model do not go by record counts", at: span,
      help: ["name rows instead:   against background \"rows.csv\" sha256 \"...\""])
  }

  private mutating func checkCovers(
    _ syntax: FileReferenceSyntax, _ artefact: ArtefactReference, _ bytes: [UInt8],
    _ signature: ModelSignature
  ) {
    checkTakesCovers(signature, at: syntax.path.span)
    do throws(DiagnosticsError) {
      let rows = try CoverRows(ReferenceFile(path: artefact.path, bytes: bytes))
      if rows.model != signature.digest.hexadecimal {
        report(
          "D3", "the covers were counted for another model", at: syntax.path.span,
          notes: ["they name sha256 \(rows.model)"],
          help: ["count again:   explain calibrate \(signature.path) --background rows.csv"])
      }
    } catch {
      report(
        "D3", "the covers cannot be read", at: syntax.path.span,
        notes: error.diagnostics.prefix(3).map(\.message))
    }
  }
}
