internal import RuleLanguage
internal import SourceDiagnostics

/// Refuses what windows would be needed for: an aggregate over a window that nobody maintains must
/// never pass for one without events.
enum WindowRefusal {
  /// For rulesets whose events are to be taken in.
  static func check(_ program: Program) throws(DiagnosticsError) {
    let names = program.lets.filter { plan in
      plan.aggregate.map { program.aggregates[$0].window != nil } ?? false
    }.map { "`\($0.name)`" }
    if names.isEmpty { return }
    throw DiagnosticsError(
      Diagnostic(
        code: "L1", message: "windows are not run on events by this version",
        notes: ["over a window: \(names.joined(separator: ", "))"],
        help: ["supply the values as columns of   explain decide --rows FILE"]))
  }

  /// For rows that supply some values to some decisions.
  static func check(
    _ program: Program, decisions: [Int], supplied: Set<Int>, rows: String
  ) throws(DiagnosticsError) {
    for plan in program.lets where !supplied.contains(plan.slot) {
      guard let aggregate = plan.aggregate, program.aggregates[aggregate].window != nil,
        decisions.contains(where: { program.decisions[$0].evidence.contains(plan.slot) })
      else { continue }
      throw DiagnosticsError(
        Diagnostic(
          code: "L1", message: "`\(plan.name)` runs over a window, and no column supplies it",
          file: rows, help: ["add a column   \(plan.name)"]))
    }
  }
}
