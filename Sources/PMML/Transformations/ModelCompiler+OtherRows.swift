internal import DataFields
internal import SourceDiagnostics

/// Expressions that look at other rows.
extension ModelCompiler {
  func compile(_ lag: Lag, in scope: FieldScope, line: Int) -> Int {
    let nothing = program.expressions.append(.constant(.nan), .double)
    guard isOutsideFunctions("Lag", line: line),
      let binding = lookUp(lag.field, in: scope, line: line)
    else { return nothing }
    if lag.aggregate != .none, binding.dataType == .string {
      reader.report("P21", "`\(lag.field)` is a text where a number is needed", line: line)
    }
    var blocks: [KeptField] = []
    for name in lag.blocks {
      guard let block = lookUp(name, in: scope, line: line) else { return nothing }
      blocks.append(KeptField(slot: block.slot, dataType: block.dataType))
    }
    program.expressions.lags.append(
      LagPlan(
        field: KeptField(slot: binding.slot, dataType: binding.dataType), count: lag.count,
        aggregate: lag.aggregate, blocks: blocks))
    return program.expressions.append(
      .lag(program.expressions.lags.count - 1),
      lag.aggregate == .none ? binding.dataType : .double)
  }

  func compile(_ aggregate: Aggregate, in scope: FieldScope, line: Int) -> Int {
    let nothing = program.expressions.append(.constant(.nan), .double)
    guard isOutsideFunctions("Aggregate", line: line),
      let binding = lookUp(aggregate.field, in: scope, line: line)
    else { return nothing }
    if topScope.bindings[aggregate.field]?.slot != binding.slot {
      reader.report(
        "P9", "`\(aggregate.field)` is aggregated within a segment, which is not supported",
        line: line)
    }
    let isNumeric = aggregate.function != .count && aggregate.function != .multiset
    if isNumeric, binding.dataType == .string {
      reader.report("P21", "`\(aggregate.field)` is a text where a number is needed", line: line)
    }
    var groupInput = -1
    if let name = aggregate.groupField {
      guard let group = lookUp(name, in: scope, line: line) else { return nothing }
      guard let input = program.inputs.firstIndex(where: { $0.slot == group.slot }) else {
        reader.report("P9", "rows are grouped by a field of the data, not by `\(name)`", line: line)
        return nothing
      }
      program.inputs[input].isActive = true
      groupInput = input
    }
    program.expressions.aggregates.append(
      AggregatePlan(
        field: KeptField(slot: binding.slot, dataType: binding.dataType),
        function: aggregate.function, groupInput: groupInput, line: line))
    let type: ModelDataType =
      switch aggregate.function {
      case .count: .integer
      case .sum, .average: .double
      case .min, .max: binding.dataType
      case .multiset: .string
      }
    return program.expressions.append(.aggregate(program.expressions.aggregates.count - 1), type)
  }

  /// A function is called as often as the document likes: it has no row before.
  private func isOutsideFunctions(_ element: String, line: Int) -> Bool {
    if functionStack.isEmpty { return true }
    reader.report("P9", "`\(element)` within a function is not supported", line: line)
    return false
  }

  /// Looks at the aggregates together, once all of them are known, and finds the inputs that go into
  /// them.
  func checkAggregates() {
    guard let first = program.expressions.aggregates.first else { return }
    switch program.units[0].content {
    case .association, .sequence:
      reader.report(
        "P9", "a model of rules joins rows by itself; aggregates beside it are not supported",
        line: first.line)
    default: break
    }
    if !program.expressions.lags.isEmpty {
      reader.report("P9", "`Aggregate` beside `Lag` is not supported", line: first.line)
    }
    for plan in program.expressions.aggregates {
      if plan.groupInput != first.groupInput {
        reader.report(
          "P9", "aggregates with different values of `groupField` are not supported",
          line: plan.line)
      }
      var seen: Set<Int> = []
      if !findInputs(of: plan.field.slot, &seen) {
        reader.report("P9", "an aggregate of aggregates is not supported", line: plan.line)
      }
    }
  }

  /// Notes the inputs that a slot rests on; false if it rests on an aggregate.
  private func findInputs(of slot: Int, _ seen: inout Set<Int>) -> Bool {
    guard seen.insert(slot).inserted else { return true }
    for preparation in program.units[0].preparations where preparation.slot == slot {
      if let input = preparation.input { program.aggregatedInputs.insert(input) }
    }
    guard let step = topScope.derived.first(where: { $0.slot == slot }) else { return true }
    var isPlain = true
    var pending = [step.expression]
    while let place = pending.popLast() {
      let node = program.expressions.nodes[place]
      switch node.operation {
      case .slot(let source): if !findInputs(of: source, &seen) { isPlain = false }
      case .aggregate: isPlain = false
      default: break
      }
      pending += node.arguments.map { Int(program.expressions.arguments[Int($0)]) }
    }
    return isPlain
  }
}
