package import DecisionTrace

/// What the clause that decided a rule compared, with its values: `amount L ≠ size S`.
package enum ClauseText {
  /// - Parameter held: whether the clause held; if it failed, the comparison is turned round.
  package static func text(
    _ clause: TraceSchema.Clause, held: Bool, in trace: Trace
  ) -> String {
    guard let symbol = symbols[clause.symbol] else {
      return held ? clause.text : "not: \(clause.text)"
    }
    let sides = sides(clause)
    guard let left = operand(clause.left, written: sides?.left, in: trace),
      let right = operand(clause.right, written: sides?.right, in: trace)
    else { return held ? clause.text : "not: \(clause.text)" }
    return "\(left) \(held ? symbol.held : symbol.failed) \(right)"
  }

  private static let symbols: [String: (held: String, failed: String)] = [
    "==": ("=", "≠"), "!=": ("≠", "="), "<": ("<", "≥"), "<=": ("≤", ">"), ">": (">", "≤"),
    ">=": ("≥", "<"), "in": ("in", "not in"), "not in": ("not in", "in"),
  ]

  private static func operand(
    _ operand: TraceSchema.Operand, written: String?, in trace: Trace
  ) -> String? {
    switch operand {
    case .unnamed:
      return written
    case .rank(let index):
      guard trace.ranks.indices.contains(index) else { return nil }
      let rank = trace.ranks[index]
      return "\(rank.schema.name) \(rank.level.map { rank.schema.levels[$0] } ?? "missing")"
    case .field(let index):
      guard trace.values.indices.contains(index) else { return nil }
      let value = trace.values[index]
      return "\(value.field.name) \(value.reportText)"
    }
  }

  /// The two sides of a comparison as the ruleset writes them.
  private static func sides(_ clause: TraceSchema.Clause) -> (left: String, right: String)? {
    let words = clause.text.split(separator: " ")
    let symbol = clause.symbol.split(separator: " ")
    guard let place = words.indices.first(where: { words[$0...].starts(with: symbol) }) else {
      return nil
    }
    let left = words[..<place].joined(separator: " ")
    let right = words[(place + symbol.count)...].joined(separator: " ")
    return left.isEmpty || right.isEmpty ? nil : (left, right)
  }
}
