internal import DataFields
internal import Decisions
internal import RuleLanguage

extension OutcomeMoves {
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
        matrix.add(move)
        if move.before != move.after {
          matrix.add(Mover(subject: one.subject, move: move), limit: .max)
        }
      }
      moves.append(matrix)
    }
    return moves
  }
}
