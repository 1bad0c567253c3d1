import DataFields
import Decisions
import RuleLanguage

/// How the facts of traces go over into a row of other rules.
///
/// A fact goes over where both rules define it alike, down to columns, events and rate tables,
/// whatever they call it. What was supplied in place of a derived value goes over by its name, as a
/// column of `--rows` does.
struct FactTransfer: Sendable {
  struct Move: Sendable {
    var from: Int
    var to: Int
    var isText: Bool
    /// Only where the value was supplied.
    var isForSupplied: Bool
    /// Whether both rules take the same range: what lay outside it has left no value.
    var hasSameRange: Bool
    /// The decision whose outcome it is, among those of the other rules; -1 for a fact.
    var outcomeOf: Int
  }

  /// For each decision of the recorded rules, what its traces tell.
  let moves: [[Move]]

  init(from recorded: DecisionLibrary, to other: DecisionLibrary) {
    let mine = Side(recorded.program)
    let theirs = Side(other.program)
    // Several rulesets may read the same column each for itself.
    var byDefinition: [String: [Int]] = [:]
    for slot in theirs.given.sorted() {
      byDefinition[theirs.definitions.withoutStandIn[slot], default: []].append(slot)
    }
    moves = recorded.schemas.map { schema in
      schema.fieldSlots.flatMap { slot -> [Move] in
        Self.moves(of: slot, mine, theirs, byDefinition)
      }
    }
  }

  private static func moves(
    of slot: Int, _ mine: Side, _ theirs: Side, _ byDefinition: [String: [Int]]
  ) -> [Move] {
    let declared = mine.program.code.layout.slots[slot]
    var isText = false
    if case .text = declared.type { isText = true }
    func move(_ other: Int, isForSupplied: Bool = false, outcomeOf: Int = -1) -> Move {
      Move(
        from: slot, to: other, isText: isText, isForSupplied: isForSupplied,
        hasSameRange: mine.range(of: slot) == theirs.range(of: other), outcomeOf: outcomeOf)
    }
    var moves: [Move] = []
    if mine.given.contains(slot),
      let others = byDefinition[mine.definitions.withoutStandIn[slot]]
    {
      moves += others.map { move($0) }
    } else if let other = theirs.letSlot(named: declared.name),
      theirs.type(of: other) == mine.type(of: slot)
    {
      moves.append(move(other, isForSupplied: true))
    }
    if let index = mine.program.decisions.firstIndex(where: { $0.slot == slot }),
      !mine.program.decisions[index].collectsList,
      let other = theirs.program.decisions.firstIndex(where: {
        $0.name == mine.program.decisions[index].name && !$0.collectsList
      }),
      theirs.type(of: theirs.program.decisions[other].slot) == mine.type(of: slot)
    {
      moves.append(move(theirs.program.decisions[other].slot, outcomeOf: other))
    }
    return moves
  }

  /// What is asked of one of the two programs.
  private struct Side {
    let program: Program
    let definitions: ValueDefinitions
    let given: Set<Int>

    init(_ program: Program) {
      self.program = program
      definitions = ValueDefinitions(program)
      given = SlotRoles(program).given
    }

    func letSlot(named name: String) -> Int? {
      name.isEmpty ? nil : program.lets.first { $0.name == name }?.slot
    }

    /// A type without the program's own numbering of scales.
    func type(of slot: Int) -> String {
      switch program.code.layout.slots[slot].type {
      case .rank(let scale): "\(program.scales[scale].levels)"
      case let type: "\(type)"
      }
    }

    func range(of slot: Int) -> [Quotient?] {
      if let plan = program.lets.first(where: { $0.slot == slot }) {
        return [plan.lowerBound, plan.upperBound]
      }
      let field = program.inputs.flatMap(\.fields).first { $0.slot == slot }
      return [field?.lowerBound.map { Quotient($0) }, field?.upperBound.map { Quotient($0) }]
    }
  }
}
