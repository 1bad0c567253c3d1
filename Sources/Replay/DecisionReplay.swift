import DataFields
import DecisionTrace
import Decisions
import RuleLanguage

/// How one decision of a library is made again from the bodies of its traces.
///
/// A class, so that it is taken hold of with one reference for each trace.
final class DecisionReplay: Sendable {
  /// Index of the program's decision.
  let decision: Int
  let schema: DecisionSchema
  let fields: [RestoredField]
  let given: GivenFacts
  let steps: [Int]
  /// When its ruleset is in effect.
  let period: EffectivePeriod

  /// - Parameter needs: those of all the program's decisions.
  init(_ library: DecisionLibrary, decision index: Int, needs: [DecisionNeeds], roles: SlotRoles) {
    let program = library.program
    let schema = library.schemas[index]
    let slots = schema.fieldSlots
    let recorded = Set(slots.compactMap { roles.decision[$0] })
    // A body holds what its decision rests on; what another needs beside that is in that one's.
    let route = DecisionRoute(
      to: index, needs: needs, known: roles.given.intersection(slots), recorded: recorded)
    let taken = route?.recorded ?? []
    let lets = Set(program.lets.map(\.slot))
    func use(_ slot: Int) -> RestoredField.Use {
      if roles.given.contains(slot) { return .always }
      if let other = roles.decision[slot] { return taken.contains(other) ? .always : .never }
      return lets.contains(slot) ? .ifSupplied : .never
    }
    decision = index
    self.schema = schema
    fields = zip(slots, schema.fieldForms).map { slot, form in
      RestoredField(slot: slot, form: form, words: program.words(ofSlot: slot), use: use(slot))
    }
    given = GivenFacts(
      program, slots: slots,
      outcomes: slots.filter { roles.decision[$0].map(taken.contains) ?? false })
    steps = route?.steps ?? program.decisions[index].steps
    period = program.rulesets[program.decisions[index].ruleset].period
  }
}

extension Program {
  /// The words that values of a slot's type have.
  func words(ofSlot slot: Int) -> ClosedRange<Int128> {
    switch code.layout.slots[slot].type {
    case .boolean: 0...1
    case .date: Int128(Int32.min)...Int128(Int32.max)
    case .rank(let scale): 0...Int128(max(0, scales[scale].levels.count - 1))
    case .integer, .decimal, .quotient, .text, .double: Int128.min...Int128.max
    }
  }
}
