package import SourceDiagnostics
import ThresholdCells

/// S1: how many of the combinations end in `otherwise`.
package struct ShareAnalysis: DecisionAnalysis {
  /// Whether the combinations are listed, and not only counted.
  package var isListing: Bool
  /// So many are listed; they are counted beyond.
  package static let limit = 1_000

  package init(isListing: Bool = false) { self.isListing = isListing }

  package func findings(in table: CombinationTable) -> [Diagnostic] {
    guard table.question.plan.otherwise != nil else { return [] }
    let members = table.results.indices.filter {
      table.results[$0] == .decided(table.rules.count)
    }
    guard !members.isEmpty else { return [] }
    let total = table.results.count { $0 != .refused }
    let text = QuestionText(table.question)
    var notes: [String] = []
    if isListing {
      notes = members.prefix(Self.limit).map { text.ranks(table.space.cells($0)) }
      if members.count > Self.limit { notes.append("and \(members.count - Self.limit) more") }
    }
    return [
      FindingWording(table.question).share("\(members.count)", of: "\(total)", listed: notes)
    ]
  }
}
