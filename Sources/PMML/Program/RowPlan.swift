internal import DataFields
internal import DenseKernels

/// What a unit does around its model for a single row, laid flat: fields, derived fields, outputs.
///
/// It gives the bits of ``ExpressionTable`` and ``ModelProgram/runOutput(_:_:_:)``, which do what has
/// no such form.
final class RowPlan: Sendable {
  struct Field: Sendable {
    /// The input that it comes from; -1 is the slot `source`.
    var input: Int
    var source: Int
    var slot: Int
    /// Whether a value that is there goes through as it is.
    var isPlain: Bool
    var isFloat: Bool
  }

  /// An operation on slots; an operand below zero is a number.
  struct Step: Sendable {
    var operation: ColumnSteps.Operation
    var left: Int32
    var right: Int32
    var target: Int32
    var leftNumber: Double
    var rightNumber: Double
  }

  enum Source: Sendable {
    /// Steps among ``outputSteps``.
    case steps(Range<Int>)
    case prediction
    /// A number of the unit's region.
    case region(Int)
    /// A scorecard's reason of a rank.
    case reason(rank: Int)
    /// By the output's place.
    case other
  }

  struct Output: Sendable {
    var source: Source
    var unit: Int
    var slot: Int
    /// Whether the value is rounded to single precision.
    var isFloat: Bool
  }

  let fields: [Field]
  /// nil if some derived field has no such form.
  let derived: [Step]?
  let outputs: [Output]
  let outputSteps: [Step]
  /// A scorecard's reasons, as codes.
  private let reasons: [Double]
  private let reasonRankCount: Int
  private let region: Int

  /// Makes the plans of all units, and room in the slots for what is computed on the way.
  static func makeAll(_ program: inout ModelProgram) {
    let first = program.slotCount
    var columns = 0
    program.rowPlans = program.units.map { RowPlan($0, program, free: first, &columns) }
    program.slotCount += columns
  }

  private init(
    _ unit: ModelUnit, _ program: ModelProgram, free first: Int, _ columns: inout Int
  ) {
    fields = unit.preparations.map {
      Field(
        input: $0.input ?? -1, source: $0.source, slot: $0.slot, isPlain: $0.isPlain,
        isFloat: $0.isFloat)
    }
    reasons = unit.reasonCodes.map { Double($0) }
    reasonRankCount = unit.reasonRankCount
    region = unit.region
    func steps(_ expression: Int, _ slot: Int) -> [Step]? {
      ColumnProgram(expression, of: program.expressions, into: .slot(slot), depth: 0)?
        .steps.map { Step($0, free: first, &columns) }
    }
    var derived: [Step] = []
    var isFlat = true
    for step in unit.derived where isFlat {
      let next = steps(step.expression, step.slot)
      isFlat = next != nil
      derived += next ?? []
    }
    self.derived = isFlat ? derived : nil
    var outputSteps: [Step] = []
    outputs = unit.outputs.map { output in
      var plan = Self.plan(output, program)
      if plan == nil, output.rules == nil, output.expression >= 0, Self.isExpression(output),
        let next = steps(output.expression, output.slot)
      {
        let start = outputSteps.count
        outputSteps += next
        plan = Output(
          source: .steps(start..<outputSteps.count), unit: output.unit, slot: output.slot,
          isFloat: false)
      }
      return plan
        ?? Output(source: .other, unit: output.unit, slot: output.slot, isFloat: false)
    }
    self.outputSteps = outputSteps
  }

  /// The code of the reason of a rank, of a unit that has a score.
  func reason(rank: Int, _ space: ScoringWorkspace) -> Double {
    guard rank <= reasonRankCount else { return .nan }
    let place = Int(space.confidences[region + rank - 1])
    return place < 0 ? .nan : reasons[place]
  }

  private static func isExpression(_ output: OutputStep) -> Bool {
    switch output.field.feature {
    case .predictedValue, .transformedValue, .decision: true
    default: false
    }
  }

  /// An output that is a number of the workspace.
  private static func plan(_ output: OutputStep, _ program: ModelProgram) -> Output? {
    let source = program.units[output.unit]
    if output.rules != nil { return nil }
    let from: ModelDataType
    let place: Source
    switch output.field.feature {
    case .predictedValue:
      guard output.expression < 0, output.field.rank <= 1 else { return nil }
      (from, place) = (source.predictedType, .prediction)
    case .probability:
      guard output.position >= 0 else { return nil }
      (from, place) = (.double, .region(source.region + output.position))
    case .affinity, .entityAffinity, .clusterAffinity:
      guard case .clustering = source.content, output.position >= 0 else { return nil }
      (from, place) = (.double, .region(source.region + output.position))
    case .reasonCode:
      guard (1...ReasonRanking.rankLimit).contains(output.field.rank) else { return nil }
      (from, place) = (.string, .reason(rank: output.field.rank))
    default: return nil
    }
    let to = output.dataType
    let isNumeric = BlockExpressions.isNumeric(from)
    guard from == to || isNumeric && (to == .double || to == .float) else { return nil }
    return Output(
      source: place, unit: output.unit, slot: output.slot, isFloat: from != to && to == .float)
  }
}

extension RowPlan.Step {
  fileprivate init(_ step: ColumnProgram.Step, free first: Int, _ columns: inout Int) {
    operation = step.operation
    (leftNumber, rightNumber) = (0, 0)
    var most = columns
    func place(_ operand: ColumnProgram.Operand, _ number: inout Double) -> Int32 {
      switch operand {
      case .number(let value):
        number = value
        return -1
      case .slot(let slot): return Int32(slot)
      case .column(let column):
        most = max(most, column + 1)
        return Int32(first + column)
      }
    }
    var none = 0.0
    left = place(step.left, &leftNumber)
    right = place(step.right, &rightNumber)
    target = place(step.target, &none)
    columns = most
  }

  @inline(__always)
  func run(_ slots: UnsafeMutablePointer<Double>) {
    let x = left < 0 ? leftNumber : slots[Int(left)]
    let y = right < 0 ? rightNumber : slots[Int(right)]
    let result: Double
    switch operation {
    case .copy: result = x
    case .add: result = x + y
    case .subtract: result = x - y
    case .multiply: result = x * y
    case .divide: result = y == 0 ? .nan : x / y
    case .single: result = Double(Float(x))
    case .indicator: result = x.isNaN ? x : x == y ? 1 : 0
    case .replaceMissing: result = x.isNaN ? y : x
    }
    slots[Int(target)] = result
  }
}

extension ModelProgram {
  /// Treats the fields of a unit; the place of one that is invalid, or nil.
  func prepareFields(_ unit: Int, _ plan: RowPlan, _ space: inout ScoringWorkspace) -> Int? {
    for place in plan.fields.indices {
      let field = plan.fields[place]
      let value = field.input >= 0 ? space.inputs[field.input] : space.slots[field.source]
      // Of a text that is no number, the value is missing.
      if field.isPlain, !value.isNaN {
        space.slots[field.slot] = field.isFloat ? Double(Float(value)) : value
      } else if !prepare(unit, place, &space) {
        return place
      }
    }
    return nil
  }

  func run(_ steps: [RowPlan.Step], _ range: Range<Int>, _ space: inout ScoringWorkspace) {
    space.slots.withUnsafeMutableBufferPointer { slots in
      guard let slots = slots.baseAddress else { return }
      for place in range { steps[place].run(slots) }
    }
  }

  func runOutputs(_ unit: Int, _ space: inout ScoringWorkspace) {
    let plan = rowPlans[unit]
    for place in plan.outputs.indices {
      let output = plan.outputs[place]
      var value: Double
      switch output.source {
      case .steps(let range):
        run(plan.outputSteps, range, &space)
        continue
      case .prediction: value = space.predicted[output.unit]
      case .region(let number): value = space.hasRegion[output.unit] ? space.region[number] : .nan
      case .reason(let rank):
        value =
          space.hasRegion[output.unit]
          ? rowPlans[output.unit].reason(rank: rank, space) : .nan
      case .other:
        runOutput(unit, place, &space)
        continue
      }
      if output.isFloat { value = Double(Float(value)) }
      space.slots[output.slot] = value
    }
  }
}
