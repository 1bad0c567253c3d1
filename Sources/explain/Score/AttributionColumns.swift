internal import Attribution
internal import DataFields
internal import PMML
internal import ReferenceData
internal import SourceDiagnostics

/// The columns that `explain score --attributions` adds.
struct AttributionColumns: Sendable {
  struct Part: Sendable {
    let attributor: Attributor
    /// Of several classes, the one that is attributed.
    let label: String?
  }

  private let parts: [Part]

  init(_ model: CompiledModel, background path: String?) throws {
    var background: ModelMatrix?
    if let path {
      background = try BackgroundRows.matrix(
        try ReferenceFile(path: path),
        fields: model.signature.inputs.map { ($0.name, $0.kind) })
    } else if case .needsBackground = model.signature.attribution, let averages = model.averages {
      background = averages
      StandardError.write(
        "without --background, fields are set against their averages in the model's ModelStats\n")
    }
    parts = try Self.parts(model, background: background)
    if let first = parts.first, parts.count == 1 {
      StandardError.write(
        "attributions of \(first.attributor.attributed): \(first.attributor.method)\n")
    }
  }

  /// The results of a model that are attributed.
  static func parts(
    _ model: CompiledModel, background: ModelMatrix?
  ) throws(DiagnosticsError) -> [Part] {
    let classes = model.signature.classes
    let results: [(ModelResult, String?)] =
      model.signature.function != .classification
      ? [(.predictedValue, nil)]
      : classes.count == 2
        ? [(.probability(classes[1]), nil)] : classes.map { (.probability($0), $0) }
    do throws(AttributionRefusal) {
      var parts: [Part] = []
      for (result, label) in results {
        parts.append(
          Part(attributor: try Attributor(model, result, background: background), label: label))
      }
      return parts
    } catch {
      throw DiagnosticsError(
        Diagnostic(
          code: "P40", message: "no exact attributions: \(error.reason)",
          file: model.signature.path))
    }
  }

  func makeWorkspaces() -> [Attributor.Workspace] { parts.map { $0.attributor.makeWorkspace() } }

  var names: [String] {
    var names: [String] = []
    for part in parts {
      names.append("base_value" + (part.label.map { "(\($0))" } ?? ""))
      let start = "attribution(" + (part.label.map { "\($0)," } ?? "")
      for field in part.attributor.fields { names.append("\(start)\(field))") }
    }
    return names
  }

  /// Gives the values of a row's columns, in order; nil where there is nothing to attribute.
  func values(
    _ scored: ScoringWorkspace?, _ rooms: inout [Attributor.Workspace],
    _ take: (Double?) -> Void
  ) {
    for (place, part) in parts.enumerated() {
      guard let scored, part.attributor.attribute(scored, &rooms[place]) != nil else {
        for _ in 0...part.attributor.fields.count { take(nil) }
        continue
      }
      take(part.attributor.baseValue)
      for value in rooms[place].attributions { take(value) }
    }
  }
}
