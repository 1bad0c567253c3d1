internal import DataFields
internal import DenseKernels

/// What a unit does around its model, with the places of its columns in one workspace; that keeps it,
/// and tasks that score at once share no object here.
final class UnitColumns {
  /// A part of what is done, in order.
  enum Piece {
    case steps(ColumnSteps)
    case expression(Int, slot: Int)
    /// A scorecard's reasons of a rank.
    case reasons(rank: Int, unit: Int, slot: Int)
    case cast(slot: Int, from: ModelDataType, to: ModelDataType)
  }

  /// Fields that are taken as they are, and the inputs that they come from.
  let copies = ColumnSteps()
  private(set) var copiedInputs: [Int] = []
  /// Every field with its place among the unit's preparations.
  let fields: [(place: Int, field: BlockSteps.Field)]
  private(set) var derived: [Piece] = []
  private(set) var outputs: [Piece] = []
  /// A network's inputs into the first columns; nil if some are no operations on columns.
  private(set) var inputs: ColumnSteps?
  let region: Int
  /// What is predicted where a class or a cluster wins, one number each.
  let winners: UnsafeMutablePointer<Double>
  let winnerCount: Int
  /// A scorecard's reasons as codes.
  let reasons: UnsafeMutablePointer<Double>
  let reasonRankCount: Int

  init(_ number: Int, _ steps: BlockSteps, _ program: ModelProgram, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    let unit = program.units[number]
    func memory(_ values: [Double]) -> UnsafeMutablePointer<Double> {
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: values.count + 1)
      memory.initialize(repeating: .nan, count: values.count + 1)
      for (place, value) in values.enumerated() { memory[place] = value }
      return memory
    }
    let isClustering = unit.function == .clustering
    let winning = isClustering ? unit.entityCodes.map { Double($0) } : unit.classes.map(\.value)
    winners = memory(winning)
    winnerCount = winning.count
    reasons = memory(unit.reasonCodes.map { Double($0) })
    reasonRankCount = unit.reasonRankCount
    region = unit.region
    fields = steps.fields.enumerated().map { ($0, $1) }
    for field in steps.fields where field.isUnchanged {
      let source =
        field.input >= 0 ? space.inputs + field.input * rows : space.slots + field.source * rows
      copies.append(
        field.isFloat ? .single : .copy, .column(source), into: space.slots + field.slot * rows)
      if field.input >= 0 { copiedInputs.append(field.input) }
    }
    derived = steps.derived.map { Self.piece($0, space) }
    outputs = Self.pieces(steps.outputs, space)
    if case .neuralNetwork(let network) = unit.content {
      inputs = Self.inputs(of: network, program, space)
    }
  }

  deinit {
    winners.deallocate()
    reasons.deallocate()
  }

  private static func piece(_ derived: BlockSteps.Derived, _ space: BlockWorkspace) -> Piece {
    switch derived {
    case .program(let program):
      let steps = ColumnSteps()
      program.append(to: steps, space)
      return .steps(steps)
    case .expression(let expression, let slot): return .expression(expression, slot: slot)
    }
  }

  private static func pieces(_ outputs: [BlockSteps.Output], _ space: BlockWorkspace) -> [Piece] {
    let rows = BlockWorkspace.rowCount
    var pieces: [Piece] = []
    // One after another they are a single list of steps.
    func steps() -> ColumnSteps {
      if case .steps(let steps) = pieces.last { return steps }
      let steps = ColumnSteps()
      pieces.append(.steps(steps))
      return steps
    }
    for output in outputs {
      let values = space.slots + output.slot * rows
      switch output.source {
      case .expression(.program(let program)): program.append(to: steps(), space)
      case .expression(.expression(let expression, let slot)):
        pieces.append(.expression(expression, slot: slot))
      case .prediction:
        steps().append(.copy, .column(space.predicted + output.unit * rows), into: values)
      case .region(let place):
        steps().append(
          space.region + place * rows, where: space.hasRegion + output.unit, into: values)
      case .reason(let rank):
        pieces.append(.reasons(rank: rank, unit: output.unit, slot: output.slot))
      }
      let isNumeric = BlockExpressions.isNumeric(output.from)
      if output.from == output.to || isNumeric && output.to == .double { continue }
      if isNumeric, output.to == .float {
        steps().append(.single, .column(values), into: values)
      } else {
        pieces.append(.cast(slot: output.slot, from: output.from, to: output.to))
      }
    }
    return pieces
  }

  private static func inputs(
    of network: NeuralNetworkPlan, _ program: ModelProgram, _ space: BlockWorkspace
  ) -> ColumnSteps? {
    let steps = ColumnSteps()
    for (place, input) in network.inputs.enumerated() {
      guard
        let next = ColumnProgram(
          input, of: program.expressions, into: .column(place), depth: place)
      else { return nil }
      next.append(to: steps, space)
    }
    return steps
  }
}
