internal import DataFields
internal import Decisions
internal import EventIngest
internal import FileIO
internal import RuleLanguage
internal import SourceDiagnostics

/// Who moves from which outcome of a decision to which, when two versions decide on the same rows.
struct OutcomeMoves {
  struct Move: Hashable {
    var before: String
    var after: String
  }

  let decision: String
  /// How many rows each pair of outcomes has.
  private(set) var counts: [Move: Int] = [:]
  /// Whose outcome changes, in the order of the rows.
  private(set) var movers: [(subject: String, move: Move)] = []

  /// Decides on rows with both versions.
  ///
  /// - Throws: what a ruleset, the rows or the file system have against it.
  static func deciding(
    _ rows: String, asOf: CalendarDate?, before: DecisionLibrary, after: DecisionLibrary
  ) throws -> [OutcomeMoves] {
    let first = try RowDecisions.made(on: rows, asOf: asOf, by: before)
    let second = try RowDecisions.made(on: rows, asOf: asOf, by: after)
    var moves: [OutcomeMoves] = []
    for decision in before.program.decisions.map(\.name) {
      guard !moves.contains(where: { $0.decision == decision }) else { continue }
      var matrix = OutcomeMoves(decision: decision)
      let mine = first.filter { $0.decision == decision }
      let theirs = Dictionary(
        second.filter { $0.decision == decision }.map { ($0.place, $0) },
        uniquingKeysWith: { one, _ in one })
      guard !mine.isEmpty, !theirs.isEmpty else { continue }
      for one in mine {
        let move = Move(before: one.outcome, after: theirs[one.place]?.outcome ?? "not decided")
        matrix.counts[move, default: 0] += 1
        if move.before != move.after { matrix.movers.append((one.subject, move)) }
      }
      moves.append(matrix)
    }
    return moves
  }

  var befores: [String] { Set(counts.keys.map(\.before)).sorted() }
  var afters: [String] { Set(counts.keys.map(\.after)).sorted() }

  /// The matrix, and the first of those who move.
  func lines(limit: Int) -> [String] {
    let total = counts.values.reduce(0, +)
    var lines = ["Decision \(decision) on \(total) rows: \(movers.count) move (from row to column)"]
    let heads = [""] + afters
    let table = befores.map { before in
      [before]
        + afters.map { after in counts[Move(before: before, after: after)].map { "\($0)" } ?? "·" }
    }
    let widths = heads.indices.map { column in
      ([heads] + table).map { $0[column].count }.max() ?? 0
    }
    for row in [heads] + table {
      lines.append(
        "  "
          + row.enumerated().map { column, text in
            let blanks = String(repeating: " ", count: widths[column] - text.count)
            return column == 0 ? text + blanks : blanks + text
          }.joined(separator: "  "))
    }
    for (subject, move) in movers.prefix(limit) {
      lines.append("  \(subject): \(move.before) -> \(move.after)")
    }
    if movers.count > limit {
      lines.append("  and \(movers.count - limit) more (--all names them)")
    }
    return lines
  }
}
