internal import DataFields
internal import DecisionTrace
internal import PopulationViews
internal import SourceDiagnostics
internal import TabularIO

/// The traces of one decision as rows of cohorts: its ranks, and what it rests on that has no rank.
struct DecisionRows {
  private enum Source {
    case rank(Int)
    case field(Int)
  }

  let schema: TraceSchema
  /// Fields that are left out, since they are about persons and no cut point of a ruleset says more
  /// of them.
  private(set) var hiddenFields: [String] = []
  private(set) var rows = CohortRows()
  private var sources: [Source] = []
  /// The record and element that each row comes from, rising.
  private var places: [(record: Int, element: Int)] = []

  /// - Parameter fields: the ranks and fields that are taken; empty for all.
  init(_ schema: TraceSchema, fields wanted: [String]) throws {
    self.schema = schema
    let ranked = Set(schema.ranks.map(\.field))
    func isWanted(_ name: String) -> Bool { wanted.isEmpty || wanted.contains(name) }
    for (place, rank) in schema.ranks.enumerated() where isWanted(rank.name) {
      rows.addRank(rank, of: schema.fields[rank.field])
      sources.append(.rank(place))
    }
    for (place, field) in schema.fields.enumerated() where !ranked.contains(place) {
      if !isWanted(field.name) || field.kind == .key { continue }
      if case .rank = field.type { continue }
      if field.isPersonal || field.maskKeeps != nil {
        hiddenFields.append(field.name)
        continue
      }
      rows.addField(field.name, field.type)
      sources.append(.field(place))
    }
    let known = schema.ranks.map(\.name) + schema.fields.map(\.name)
    for name in wanted where !known.contains(name) {
      let near = NearMiss.suggestion(for: name, among: known)
      throw CommandFailure(
        message: "the decision rests on no `\(name)`", help: near.map { "did you mean `\($0)`?" })
    }
  }

  /// Adds the trace of a row; one without an outcome belongs to no cohort.
  mutating func add(_ trace: Trace) throws {
    var outcome: String?
    if case .decided(let content, _) = trace.result { outcome = content.plainText }
    let cells = sources.map { source -> CohortRows.Cell in
      switch source {
      case .rank(let place): trace.ranks[place].level.map { .level($0) } ?? .missing
      case .field(let place): trace.values[place].content.map { .content($0) } ?? .missing
      }
    }
    places.append((trace.id.record, trace.id.index))
    guard rows.add(cells, group: outcome) else {
      throw CommandFailure(
        message: "the decision has more than \(CohortRows.groupLimit) outcomes on these rows")
    }
  }

  /// Sums up a column of the file that the rows come from.
  mutating func sum(column: String, of path: String) throws {
    let reader = try RecordReader(path: path, columns: .named([column]))
    var row = 0
    while row < places.count {
      switch try reader.next() {
      case .atEnd, .stopped: return
      case .fault: continue
      case .record:
        // Rows that are dead letters have no trace.
        guard places[row].record == reader.recordNumber,
          places[row].element == reader.elementIndex
        else { continue }
        rows.sum(reader.field(0).bytes.span, row: row)
        row += 1
      }
    }
  }
}
