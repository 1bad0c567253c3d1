/// Who moves from which outcome of a decision to which, when two versions decide on the same facts.
struct OutcomeMoves {
  struct Move: Hashable {
    var before: String
    var after: String
  }

  struct Mover {
    var subject: String
    var move: Move
    /// The trace that holds the facts; nil of rows.
    var number: Int?
    /// What the versions make of the facts that differs: ranks, values, rules.
    var reasons: [String] = []
  }

  /// What the versions decided on.
  enum Facts: String {
    case rows, subjects, traces
  }

  let decision: String
  var facts = Facts.rows
  /// How many rows each pair of outcomes has.
  private(set) var counts: [Move: Int] = [:]
  /// How many move, and the first of them, in the order of the rows.
  private(set) var moved = 0
  private(set) var movers: [Mover] = []
  /// How many move for which reason; beyond a limit for `others`.
  private(set) var causes: [String: Int] = [:]
  /// How many were not decided by one version, and why not.
  private(set) var undecided: [String: Int] = [:]
  /// How many were recorded by other rules than the old version.
  var recordedOtherwise = 0

  init(decision: String, facts: Facts = .rows) {
    self.decision = decision
    self.facts = facts
  }

  /// Distinct causes and reasons that are told apart: a bound on memory.
  private static let distinct = 1_000

  /// Counts a row.
  mutating func add(_ move: Move) { counts[move, default: 0] += 1 }

  /// Counts somebody whose outcome changes; those beyond the limit are not named.
  mutating func add(_ mover: Mover, limit: Int, cause: String? = nil) {
    moved += 1
    if movers.count < limit { movers.append(mover) }
    if let cause { Self.count(cause, in: &causes) }
  }

  /// Counts somebody of whom not enough is known.
  mutating func addUndecided(_ reason: String) { Self.count(reason, in: &undecided) }

  private static func count(_ text: String, in counts: inout [String: Int]) {
    let key = counts[text] != nil || counts.count < distinct ? text : "other reasons"
    counts[key, default: 0] += 1
  }

  var befores: [String] { Set(counts.keys.map(\.before)).sorted() }
  var afters: [String] { Set(counts.keys.map(\.after)).sorted() }

  /// Causes or reasons, the most frequent first.
  static func byCount(_ counts: [String: Int]) -> [(text: String, count: Int)] {
    counts.map { ($0.key, $0.value) }.sorted { ($1.count, $0.text) < ($0.count, $1.text) }
  }

  /// The matrix, what moved them, and the first of those who move.
  func lines(limit: Int) -> [String] {
    let total = counts.values.reduce(0, +)
    var lines = ["Decision \(decision) on \(total) \(facts): \(moved) move (from row to column)"]
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
    for (text, count) in Self.byCount(causes).prefix(limit) {
      lines.append("  \(count) by \(text)")
    }
    for mover in movers.prefix(limit) {
      let place = mover.number.map { " (#\($0))" } ?? ""
      lines.append("  \(mover.subject)\(place): \(mover.move.before) -> \(mover.move.after)")
      lines += mover.reasons.map { "    \($0)" }
    }
    if moved > min(limit, movers.count) {
      lines.append("  and \(moved - min(limit, movers.count)) more (--all names them)")
    }
    for (text, count) in Self.byCount(undecided) {
      lines.append("  \(count) not compared: \(text)")
    }
    if recordedOtherwise > 0 {
      lines.append("  \(recordedOtherwise) were recorded by other rules than the old version")
    }
    return lines
  }
}
