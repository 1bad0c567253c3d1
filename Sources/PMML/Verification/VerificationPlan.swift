internal import DataFields
internal import SourceDiagnostics

/// Verification rows with their names resolved.
struct VerificationPlan: Sendable {
  struct Given: Sendable {
    var input: Int
    var column: String
  }

  struct Expected: Sendable {
    var name: String
    var column: String
    var tolerance: VerificationTolerance
  }

  var given: [Given] = []
  var expected: [Expected] = []
  var rows: [ModelVerification.Row]

  /// Resolves the fields; reports those that stand for nothing.
  init(_ verification: ModelVerification, _ program: ModelProgram, _ reader: DocumentReader) {
    rows = verification.rows
    let outputs = Set(program.givenOutputs.map(\.step.field.name))
    let inputs = Dictionary(
      program.inputs.enumerated().map { ($0.element.field.name, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let targets = Set(program.inputs.filter(\.isTarget).map(\.field.name))
    // "If there exist VerificationField elements that refer to OutputField elements, then any
    // VerificationField element that refers to a MiningField element whose usageType is predicted
    // should be ignored, because they are considered to represent a dependent variable from the
    // training data set, not an expected output."
    let namesOutputs = verification.fields.contains { outputs.contains($0.name) }
    for field in verification.fields {
      let isOutput = outputs.contains(field.name)
      let isTarget = targets.contains(field.name)
      if let input = inputs[field.name], !isOutput {
        // A target is read for a residual.
        given.append(Given(input: input, column: field.column))
      }
      if isOutput || (isTarget && !namesOutputs) {
        expected.append(
          Expected(name: field.name, column: field.column, tolerance: field.tolerance))
      } else if inputs[field.name] == nil, !Self.isLeftOut(field.name, reader) {
        reader.report(
          "P16", "verification field `\(field.name)` is neither a field nor an output field",
          line: field.line)
      }
    }
  }

  /// An output field with a feature of somebody's own is left out, and so is what is expected of it.
  private static func isLeftOut(_ name: String, _ reader: DocumentReader) -> Bool {
    reader.foreignOutputs.contains(name)
  }
}
