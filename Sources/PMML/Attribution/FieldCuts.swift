internal import DataFields
internal import TreeEnsembles

/// What a model compares the values of one input with, anywhere.
///
/// Where a list is complete, the model gives one result for all values between two neighbouring
/// cuts: it is a step function of the input.
package struct FieldCuts: Sendable {
  /// A cut just below a value, or just above it.
  package struct Cut: Sendable, Hashable {
    package var value: Double
    /// Whether the value itself lies below the cut.
    package var isAfter: Bool
    /// Whether the model rounds the input to single precision before it compares.
    package var isFloat: Bool
  }

  package fileprivate(set) var cuts: Set<Cut> = []
  /// The values that the model tells apart by being equal, of a field of categories.
  package fileprivate(set) var categories: Set<Double> = []
  /// Whether nothing else is done with the input than to compare it.
  package fileprivate(set) var isComplete = true
}

extension ModelProgram {
  /// The cuts of each input, by position in ``inputs``.
  ///
  /// - Complexity: O(nodes of the trees + fields).
  package func fieldCuts() -> [FieldCuts] {
    var builder = FieldCutsBuilder(self)
    builder.addAll()
    return builder.cuts
  }
}

private struct FieldCutsBuilder {
  let program: ModelProgram
  var cuts: [FieldCuts]
  /// For each slot the input that it holds, prepared or not; nil where it holds something else.
  private var inputOfSlot: [Int: Int] = [:]
  private let origins: [SlotOrigin]

  init(_ program: ModelProgram) {
    self.program = program
    cuts = Array(repeating: FieldCuts(), count: program.inputs.count)
    origins = program.slotOrigins()
    for (place, input) in program.inputs.enumerated() { inputOfSlot[input.slot] = place }
    trace(0)
  }

  /// Inputs keep their values through preparations; what is derived from them does not.
  private mutating func trace(_ unit: Int) {
    for preparation in program.units[unit].preparations {
      if let input = preparation.input ?? inputOfSlot[preparation.source] {
        inputOfSlot[preparation.slot] = input
      }
    }
    if case .mining(let mining) = program.units[unit].content {
      for segment in mining.segments { trace(segment.unit) }
    }
  }

  mutating func addAll() {
    for unit in program.units {
      for preparation in unit.preparations { add(preparation) }
      // What a field is worked out to is a function of it, of which nothing is known here.
      for step in unit.derived { leaveOpen(step.slot) }
      switch unit.content {
      case .tree(let plan): add(plan)
      case .forest(let forest): add(forest.trees)
      case .mining(let mining):
        for segment in mining.segments {
          if segment.predicate >= 0 {
            add(program.predicates, segment.predicate, isFloat: unit.isFloat) { $0 }
          }
          if segment.weightSlot >= 0 { leaveOpen(segment.weightSlot) }
        }
      case .regression(let regression):
        for table in regression.tables {
          for predictor in table.numeric { leaveOpen(predictor.slot) }
          for predictor in table.categorical {
            addEqual(predictor.slot, predictor.value, isFloat: false)
          }
          for slot in table.terms.flatMap(\.slots) { leaveOpen(slot) }
        }
      default:
        for input in program.inputs.indices where program.inputs[input].isActive {
          cuts[input].isComplete = false
        }
      }
    }
  }

  private mutating func leaveOpen(_ slot: Int) {
    switch origins[slot] {
    case .input(let input): cuts[input].isComplete = false
    case .severalInputs, .otherRows:
      for input in program.inputs.indices where program.inputs[input].isActive {
        cuts[input].isComplete = false
      }
    case .nothing, .model: break
    }
  }

  private mutating func add(_ preparation: FieldPreparation) {
    guard let input = inputOfSlot[preparation.slot] else { return }
    for value in preparation.missingValues + preparation.validValues + preparation.invalidValues {
      addEqual(preparation.slot, value, isFloat: preparation.isFloat)
    }
    var ends: [Double] = []
    for interval in preparation.intervals {
      ends += [interval.lower, interval.upper].compactMap(\.self)
    }
    if preparation.outliers != .asIs { ends += [preparation.low, preparation.high] }
    for end in ends where end.isFinite {
      for isAfter in [false, true] {
        cuts[input].cuts.insert(.init(value: end, isAfter: isAfter, isFloat: preparation.isFloat))
      }
    }
  }

  private mutating func add(_ plan: TreePlan) {
    let table = plan.ensemble.predicates
    for predicate in Set(plan.ensemble.predicate) {
      add(table, Int(predicate), isFloat: plan.ensemble.isFloat) { plan.featureSlots[$0] }
    }
  }

  private mutating func add(
    _ table: PredicateTable, _ predicate: Int, isFloat: Bool, slot: (Int) -> Int
  ) {
    let operation = table.operators[predicate]
    if operation.isCompound {
      for operand in table.operands(of: predicate) {
        add(table, operand, isFloat: isFloat, slot: slot)
      }
      return
    }
    guard let feature = table.features(of: predicate).first else { return }
    let slot = slot(feature)
    let threshold = table.thresholds[predicate]
    switch operation {
    case .lessThan, .greaterOrEqual: addCut(slot, threshold, isAfter: false, isFloat: isFloat)
    case .lessOrEqual, .greaterThan: addCut(slot, threshold, isAfter: true, isFloat: isFloat)
    case .equal, .notEqual: addEqual(slot, threshold, isFloat: isFloat)
    case .isIn, .isNotIn:
      for value in table.values(of: predicate) { addEqual(slot, value, isFloat: isFloat) }
    default: break
    }
  }

  private mutating func addCut(_ slot: Int, _ value: Double, isAfter: Bool, isFloat: Bool) {
    guard let input = inputOfSlot[slot] else { return leaveOpen(slot) }
    cuts[input].cuts.insert(.init(value: value, isAfter: isAfter, isFloat: isFloat))
  }

  private mutating func addEqual(_ slot: Int, _ value: Double, isFloat: Bool) {
    guard let input = inputOfSlot[slot] else { return leaveOpen(slot) }
    if program.inputs[input].field.kind == .text {
      cuts[input].categories.insert(value)
      return
    }
    for isAfter in [false, true] {
      cuts[input].cuts.insert(.init(value: value, isAfter: isAfter, isFloat: isFloat))
    }
  }
}
