internal import DataFields
internal import Decisions
internal import RuleLanguage
internal import StreamFeatures
internal import TabularIO

// The engine and the state are large values in properties of a lane. A method that does not mutate
// would be called on a copy, which retains and releases every array in them; a mutating one works
// in place. So what a lane asks for each event goes through the mutating methods here.

extension DecisionEngine {
  /// How a decision that has just been made ended: whether it was decided, and its outcome as a
  /// text's code.
  mutating func ending(of decision: Int) -> (isDecided: Bool, outcome: Int32?) {
    (workspace.results[decision].status == .decided, outcomeCode(of: decision))
  }

  /// Reads an input's field into the row.
  mutating func read(
    _ plan: FieldPlan, _ field: RecordField, scales: [RankScale]
  ) -> FieldPlan.Reading {
    plan.read(field, into: &workspace.row, texts: &texts, scales: scales)
  }

  /// Reads the text of a supplied value into a slot.
  mutating func readSupplied(
    _ type: ValueType, _ text: Span<UInt8>, slot: Int, scales: [RankScale]
  ) throws(ValueFault) {
    try type.read(
      text, into: slot, of: &workspace.row, texts: &texts, scales: scales, origin: .supplied)
  }

  /// Marks a supplied value that lies outside its bounds: no decision may rest on it.
  mutating func refuse(_ slot: Int, below lower: Quotient?, above upper: Quotient?) {
    workspace.row.refuseSupplied(slot, below: lower, above: upper)
  }
}

extension KeyedState {
  mutating func knownPlace(of code: Int32) -> Int? { place(of: code) }

  mutating func fillInPlace(_ row: inout RuleRow, for place: Int, at time: Int64) {
    fill(&row, for: place, at: time)
  }

  mutating func outcome(of decision: Int, for place: Int) -> Int32? {
    previousOutcome(of: decision, for: place)
  }

  /// How many events contributed to what is known of a subject, and the head of their chain.
  mutating func lineage(for place: Int) -> (length: Int, head: Digest?) {
    let length = lineageLength(for: place)
    return (length, length > 0 ? lineageHead(for: place) : nil)
  }
}
