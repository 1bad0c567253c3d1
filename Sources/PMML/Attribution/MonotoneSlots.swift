internal import DataFields

/// Which values of a model move one way with one input: what is prepared from it, scaled, shifted,
/// or put through a function that never turns.
struct MonotoneSlots {
  /// The input, by position in ``ModelProgram/inputs``, and whether the value rises with it.
  struct Direction: Sendable, Hashable {
    var input: Int
    var rises: Bool
  }

  private let program: ModelProgram
  private var known: [Int: Direction] = [:]

  init(_ program: ModelProgram) {
    self.program = program
    for (place, input) in program.inputs.enumerated() {
      known[input.slot] = Direction(input: place, rises: true)
    }
    trace(0)
  }

  func direction(of slot: Int) -> Direction? { known[slot] }

  private mutating func trace(_ unit: Int) {
    for preparation in program.units[unit].preparations {
      // Values that are set apart, limits and replacements would make it turn.
      let isPlain =
        preparation.missingValues.isEmpty && preparation.outliers == .asIs
        && preparation.invalidTreatment != .asValue
        && (!preparation.checksValidity || preparation.missingReplacement.isNaN)
      let direction =
        preparation.input.map { Direction(input: $0, rises: true) } ?? known[preparation.source]
      known[preparation.slot] = isPlain ? direction : nil
    }
    for step in program.units[unit].derived { known[step.slot] = follow(step.expression) }
    if case .mining(let mining) = program.units[unit].content {
      for segment in mining.segments { trace(segment.unit) }
    }
  }

  private func follow(_ expression: Int) -> Direction? {
    let table = program.expressions
    let node = table.nodes[expression]
    let arguments = node.arguments.map { Int(table.arguments[Int($0)]) }
    switch node.operation {
    case .slot(let slot): return known[slot]
    case .cast: return arguments.first.flatMap(follow)
    case .normContinuous(let number): return normed(table.norms[number], arguments)
    case .call(let function, let mapMissing, let missingResult):
      // What stands in for a missing result lies anywhere.
      return mapMissing.isNaN && missingResult.isNaN ? called(function, arguments) : nil
    default: return nil
    }
  }

  private func normed(
    _ norm: ExpressionTable.NormPlan, _ arguments: [Int]
  ) -> Direction? {
    guard norm.outliers == .asIs, var direction = arguments.first.flatMap(follow) else {
      return nil
    }
    let pairs = zip(norm.norms, norm.norms.dropFirst())
    if pairs.allSatisfy({ $0 <= $1 }) { return direction }
    guard pairs.allSatisfy({ $0 >= $1 }) else { return nil }
    direction.rises.toggle()
    return direction
  }

  private func called(_ function: BuiltInFunction, _ arguments: [Int]) -> Direction? {
    switch function {
    case .ln, .ln1p, .log10, .exp, .expm1, .sqrt, .floor, .ceil, .round, .rint, .sinh, .tanh, .atan,
      .erf, .stdNormalCDF:
      return arguments.first.flatMap(follow)
    case .plus, .minus, .times, .divide:
      guard arguments.count == 2 else { return nil }
      return combined(function, arguments[0], arguments[1])
    default: return nil
    }
  }

  /// With a constant on one side.
  private func combined(_ function: BuiltInFunction, _ left: Int, _ right: Int) -> Direction? {
    if let constant = constant(right), var direction = follow(left) {
      switch function {
      case .plus, .minus: return direction
      default:
        if constant == 0 { return nil }
        if constant < 0 { direction.rises.toggle() }
        return direction
      }
    }
    if let constant = constant(left), var direction = follow(right) {
      switch function {
      case .plus: return direction
      case .minus: direction.rises.toggle()
      case .times:
        if constant == 0 { return nil }
        if constant < 0 { direction.rises.toggle() }
      default: return nil
      }
      return direction
    }
    return nil
  }

  private func constant(_ expression: Int) -> Double? {
    if case .constant(let number) = program.expressions.nodes[expression].operation {
      return number
    }
    return nil
  }
}

extension ModelProgram {
  /// The input that each of these slots moves one way with, by position in ``inputs``; nil where it
  /// may turn, or rests on several.
  package func monotoneInputs(of slots: [Int]) -> [Int?] {
    let directions = MonotoneSlots(self)
    return slots.map { directions.direction(of: $0)?.input }
  }
}
