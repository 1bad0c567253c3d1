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

  let parts: [Part]
  let hasInteractions: Bool

  init(
    _ model: CompiledModel, background path: String?, covers option: String? = nil,
    interactions: Bool = false
  ) throws {
    hasInteractions = interactions
    let covers = try option.map { try NodeCovers($0, for: model) }
    var background: ModelMatrix?
    if let path {
      background = try BackgroundRows.matrix(
        try ReferenceFile(path: path),
        fields: model.signature.inputs.map { ($0.name, $0.kind) })
    } else if covers == nil, case .needsBackground = model.signature.attribution,
      let averages = model.averages
    {
      background = averages
      StandardError.write(
        "without --background, fields are set against their averages in the model's ModelStats\n")
    }
    parts = try Self.parts(model, background: background, covers: covers)
    if let first = parts.first, parts.count == 1 {
      StandardError.write(
        "attributions of \(first.attributor.attributed): \(first.attributor.method)\n")
    }
  }

  /// The results of a model that are attributed.
  static func parts(
    _ model: CompiledModel, background: ModelMatrix?, covers: NodeCovers? = nil
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
          Part(
            attributor: try Attributor(model, result, background: background, covers: covers),
            label: label))
      }
      return parts
    } catch {
      throw DiagnosticsError(
        Diagnostic(
          code: "P40", message: "no exact attributions: \(error.reason)",
          file: model.signature.path))
    }
  }

  /// - Throws: why there are no interactions.
  func makeBlockRooms() throws(DiagnosticsError) -> [Attributor.BlockRoom] {
    do throws(AttributionRefusal) {
      var rooms: [Attributor.BlockRoom] = []
      for part in parts {
        rooms.append(
          hasInteractions
            ? try part.attributor.makeInteractionRoom() : part.attributor.makeBlockRoom())
      }
      return rooms
    } catch {
      throw DiagnosticsError(Diagnostic(code: "P40", message: "no interactions: \(error.reason)"))
    }
  }

  func makeWorkspaces() -> [Attributor.Workspace] { parts.map { $0.attributor.makeWorkspace() } }

  /// Attributes the rows of a block that was just scored.
  func attribute(_ space: BlockWorkspace, rowCount: Int, _ rooms: inout [Attributor.BlockRoom]) {
    for (place, part) in parts.enumerated() {
      part.attributor.attribute(space, rowCount: rowCount, &rooms[place])
    }
  }
}
