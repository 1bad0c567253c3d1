import DataFields
import RuleLanguage

/// What a decision is given before anything is derived, and in which states and from which origins
/// the engine takes it.
///
/// A value that stands in for a missing one is given again by the rules. What the engine is never
/// given is not there, so that a decision on it comes out otherwise than was recorded.
struct GivenFacts: Sendable {
  private let inputs: [FieldPlan]
  private let aggregates: [LetPlan]
  /// Lets that are computed, unless they were supplied.
  private let derived: [LetPlan]
  /// Outcomes of other decisions.
  private let outcomes: [Int]

  /// - Parameters:
  ///   - slots: those that may hold something.
  ///   - outcomes: those of other decisions that are taken as they are.
  init(_ program: Program, slots: [Int], outcomes: [Int]) {
    let slots = Set(slots)
    inputs = program.inputs.flatMap(\.fields).filter { slots.contains($0.slot) }
    let lets = program.lets.filter { slots.contains($0.slot) }
    aggregates = lets.filter { $0.aggregate != nil }
    derived = lets.filter { $0.aggregate == nil }
    self.outcomes = outcomes
  }

  func settle(_ row: inout RuleRow) {
    for index in inputs.indices { settle(inputs[index], &row) }
    for index in aggregates.indices { settle(aggregate: aggregates[index], &row) }
    for index in derived.indices { settle(derived: derived[index], &row) }
    for slot in outcomes {
      let state = row.state(slot)
      let isPossible = row.origin(slot) == .derived && (state == .present || state == .missing)
      if !isPossible { Self.forget(slot, &row) }
    }
  }

  private func settle(_ plan: FieldPlan, _ row: inout RuleRow) {
    switch (row.state(plan.slot), row.origin(plan.slot)) {
    case (.present, .input): plan.bound(&row)
    case (.present, .defaulted), (.missing, .input): _ = plan.readMissing(into: &row)
    case (.outOfRange, .input) where plan.lowerBound != nil || plan.upperBound != nil: break
    // A subject without a record.
    case (.missing, .derived): break
    default: Self.forget(plan.slot, &row)
    }
  }

  private func settle(aggregate plan: LetPlan, _ row: inout RuleRow) {
    switch (row.state(plan.slot), row.origin(plan.slot)) {
    case (.present, .events), (.missing, .events), (.overflow, .events): break
    case (.present, .supplied):
      row.refuseSupplied(plan.slot, below: plan.lowerBound, above: plan.upperBound)
    // Its range is part of the steps, and leaves nothing but the mark.
    case (.outOfRange, .derived), (.outOfRange, .supplied): break
    case (.present, .defaulted): row.mark(plan.slot, .missing, origin: .events)
    // Rows that do not supply it.
    case (.missing, .derived): break
    default: Self.forget(plan.slot, &row)
    }
  }

  private func settle(derived plan: LetPlan, _ row: inout RuleRow) {
    guard row.origin(plan.slot) == .supplied else { return Self.forget(plan.slot, &row) }
    switch row.state(plan.slot) {
    case .present: row.refuseSupplied(plan.slot, below: plan.lowerBound, above: plan.upperBound)
    case .outOfRange: break
    case .missing, .overflow: Self.forget(plan.slot, &row)
    }
  }

  private static func forget(_ slot: Int, _ row: inout RuleRow) {
    row.mark(slot, .missing, origin: .derived)
  }
}
