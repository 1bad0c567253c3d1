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
  /// The ids of clusters, by position.
  let entityIds: [String]

  init(
    _ model: CompiledModel, background path: String?, covers option: String? = nil,
    interactions: Bool = false, estimates: Attributor.Estimates? = nil
  ) throws {
    hasInteractions = interactions
    entityIds = model.entityIds
    let covers = try option.map { try NodeCovers($0, for: model) }
    var background: ModelMatrix?
    if let path {
      background = try BackgroundRows.matrix(
        try ReferenceFile(path: path),
        fields: model.signature.inputs.map { ($0.name, $0.kind) })
    } else if covers == nil, Self.needsBackground(model), let averages = model.averages {
      background = averages
      StandardError.write(
        "without --background, fields are set against their averages in the model's ModelStats\n")
    }
    parts = try Self.parts(model, background: background, covers: covers, estimates: estimates)
    if let first = parts.first?.attributor, parts.count == 1 || first.kind != .exact {
      let what = parts.count == 1 ? first.attributed : "\(parts.count) classes"
      StandardError.write("attributions of \(what): \(first.method)\n")
    }
  }

  private static func needsBackground(_ model: CompiledModel) -> Bool {
    switch model.signature.attribution {
    case .needsBackground, .estimated: true
    case .always, .unsupported: false
    }
  }

  /// The results of a model that are attributed.
  ///
  /// - Parameter estimates: what stands in where there are no exact attributions; nil for nothing.
  static func parts(
    _ model: CompiledModel, background: ModelMatrix?, covers: NodeCovers? = nil,
    estimates: Attributor.Estimates? = nil
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
            attributor: try Attributor(
              model, result, background: background, covers: covers, estimates: estimates),
            label: label))
      }
      return parts
    } catch {
      throw DiagnosticsError(
        Diagnostic(
          code: "P40",
          message: "no \(estimates == nil ? "exact " : "")attributions: \(error.reason)",
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
  ///
  /// - Parameter firstRow: the number of the first row.
  func attribute(
    _ space: BlockWorkspace, rowCount: Int, firstRow: Int, _ rooms: inout [Attributor.BlockRoom]
  ) {
    for (place, part) in parts.enumerated() {
      part.attributor.attribute(
        space, rowCount: rowCount, firstKey: UInt64(firstRow), &rooms[place])
    }
  }
}
