internal import DataFields

/// A rule set laid flat, in the order of the document.
package final class RuleSetPlan: Sendable {
  struct Rule: Sendable {
    /// Positions in ``ModelProgram/predicates``; all must hold.
    var predicates: [Int]
    /// Position among the unit's classes.
    var position: Int
    var confidence: Double
    var weight: Double
  }

  let criterion: RuleSetModel.Criterion
  let rules: [Rule]
  /// Position of the class where no rule fires; -1 if there is none.
  let defaultPosition: Int
  let defaultConfidence: Double

  init(
    criterion: RuleSetModel.Criterion, rules: [Rule], defaultPosition: Int,
    defaultConfidence: Double
  ) {
    self.criterion = criterion
    self.rules = rules
    self.defaultPosition = defaultPosition
    self.defaultConfidence = defaultConfidence
  }
}
