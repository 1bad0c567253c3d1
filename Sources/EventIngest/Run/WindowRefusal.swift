internal import RuleLanguage
internal import SourceDiagnostics

/// Refuses rows that leave a windowed value out: it must never pass for one without events.
enum WindowRefusal {
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
