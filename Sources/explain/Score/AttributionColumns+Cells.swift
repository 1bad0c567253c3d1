internal import Attribution
internal import PMML

/// One cell of a row's attributions.
enum AttributionCell: Sendable, Hashable {
  case empty
  case number(Double)
  case count(Int)
  case text(String)
}

extension AttributionColumns {
  /// The names of the columns, in order.
  var names: [String] {
    var names: [String] = []
    for part in parts {
      let own = part.label.map { "(\($0))" } ?? ""
      names.append("base_value\(own)")
      let start = part.label.map { "\($0)," } ?? ""
      for field in part.attributor.fields { names.append("attribution(\(start)\(field))") }
      if part.attributor.kind == .sampled {
        for field in part.attributor.fields { names.append("attribution_error(\(start)\(field))") }
      }
      if hasInteractions {
        for (first, second) in Self.pairs(part.attributor.fields) {
          names.append("interaction(\(start)\(first),\(second))")
        }
      }
      names.append("residual\(own)")
      if part.attributor.isSinglePrecision { names.append("float_rounding\(own)") }
      if part.attributor.kind != .exact { names.append("evaluations\(own)") }
      if part.attributor.isOfClusters { names.append("runner_up") }
    }
    return names
  }

  /// The cells of a row of a block, in the order of ``names``.
  func cells(_ row: Int, of rooms: [Attributor.BlockRoom], into cells: inout [AttributionCell]) {
    cells.removeAll(keepingCapacity: true)
    let rows = BlockWorkspace.rowCount
    for (place, part) in parts.enumerated() {
      let outcome = rooms[place].outcomes[row]
      let fields = part.attributor.fields.indices
      func add(_ value: Double) { cells.append(outcome == nil ? .empty : AttributionCell(value)) }
      add(part.attributor.baseValue)
      for field in fields { add(rooms[place].attributions[field * rows + row]) }
      if part.attributor.kind == .sampled {
        for field in fields { add(rooms[place].errors[field * rows + row]) }
      }
      if hasInteractions {
        for (first, second) in Self.pairs(fields) {
          add(rooms[place].interactions[(first * fields.count + second) * rows + row])
        }
      }
      close(part, outcome, &cells)
    }
  }

  /// The cells of a row that was scored by itself, or without one of a row that has no score.
  func cells(
    _ scored: ScoringWorkspace?, _ rooms: inout [Attributor.Workspace],
    into cells: inout [AttributionCell]
  ) {
    cells.removeAll(keepingCapacity: true)
    for (place, part) in parts.enumerated() {
      let outcome = scored.flatMap { part.attributor.attribute($0, &rooms[place]) }
      func add(_ value: Double) { cells.append(outcome == nil ? .empty : AttributionCell(value)) }
      add(part.attributor.baseValue)
      for value in rooms[place].attributions { add(value) }
      for error in rooms[place].errors { add(error) }
      // Interactions are worked out in blocks alone.
      if hasInteractions {
        for _ in Self.pairs(part.attributor.fields) { cells.append(.empty) }
      }
      close(part, outcome, &cells)
    }
  }

  private func close(
    _ part: Part, _ outcome: Attributor.Outcome?, _ cells: inout [AttributionCell]
  ) {
    cells.append(outcome.map { AttributionCell($0.residual) } ?? .empty)
    if part.attributor.isSinglePrecision {
      cells.append(outcome.map { AttributionCell($0.floatRounding) } ?? .empty)
    }
    if part.attributor.kind != .exact {
      cells.append(outcome.map { .count($0.evaluationCount) } ?? .empty)
    }
    if part.attributor.isOfClusters {
      let runnerUp = outcome?.runnerUp ?? -1
      cells.append(
        entityIds.indices.contains(runnerUp) ? .text(entityIds[runnerUp]) : .empty)
    }
  }

  private static func pairs<List: RandomAccessCollection>(
    _ list: List
  ) -> [(List.Element, List.Element)] {
    list.enumerated().flatMap { place, first in list.dropFirst(place + 1).map { (first, $0) } }
  }
}

extension AttributionCell {
  fileprivate init(_ value: Double) { self = value.isNaN ? .empty : .number(value) }
}

/// A row whose base value and attributions do not add up, which is never rounding.
struct AttributionFault: Sendable, Hashable {
  /// The row of the block.
  var row: Int
  var reason: String

  init?(_ row: Int, _ part: AttributionColumns.Part, _ outcome: Attributor.Outcome?) {
    guard let outcome, !outcome.isAccurate else { return nil }
    self.row = row
    let what = part.label.map { " of `\($0)`" } ?? ""
    if outcome.residual.magnitude <= outcome.tolerance {
      reason =
        "single precision puts \(outcome.floatRounding) between the raw score\(what) and the sum; "
        + "rounding is at most \(outcome.floatTolerance)"
    } else {
      reason =
        "the attributions\(what) do not add up: the residual is \(outcome.residual); "
        + "rounding is at most \(outcome.tolerance)"
    }
  }
}

extension AttributionColumns {
  /// The first rows of an attributed block that do not add up.
  static func faults(
    _ parts: [Part], _ rooms: [Attributor.BlockRoom], rowCount: Int
  ) -> [AttributionFault] {
    var faults: [AttributionFault] = []
    for (part, room) in zip(parts, rooms) {
      for row in 0..<rowCount {
        if let fault = AttributionFault(row, part, room.outcomes[row]) { faults.append(fault) }
      }
    }
    return faults
  }
}
