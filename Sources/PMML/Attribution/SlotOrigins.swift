/// Which inputs the value in a slot is worked out from.
package enum SlotOrigin: Sendable, Hashable {
  /// No input: a constant.
  case nothing
  /// One input, by position in ``ModelProgram/inputs``.
  case input(Int)
  case severalInputs
  /// A model's own result.
  case model
  /// Other rows, too.
  case otherRows

  func merged(with other: SlotOrigin) -> SlotOrigin {
    if self == other || other == .nothing { return self }
    if self == .nothing { return other }
    if self == .otherRows || other == .otherRows { return .otherRows }
    return self == .model || other == .model ? .model : .severalInputs
  }
}

extension ModelProgram {
  /// The origin of every slot.
  ///
  /// - Complexity: O(slots + expressions).
  package func slotOrigins() -> [SlotOrigin] {
    var origins = [SlotOrigin](repeating: .nothing, count: slotCount)
    trace(0, &origins)
    return origins
  }

  private func trace(_ unit: Int, _ origins: inout [SlotOrigin]) {
    let plan = units[unit]
    for preparation in plan.preparations {
      origins[preparation.slot] =
        preparation.input.map { .input($0) } ?? origins[preparation.source]
    }
    for step in plan.derived { origins[step.slot] = origin(step.expression, &origins) }
    if case .mining(let mining) = plan.content {
      for segment in mining.segments { trace(segment.unit, &origins) }
    }
    origins[plan.predictedSlot] = .model
    for output in plan.outputs { origins[output.slot] = .model }
  }

  func origin(_ expression: Int, _ origins: inout [SlotOrigin]) -> SlotOrigin {
    let node = expressions.nodes[expression]
    switch node.operation {
    case .slot(let slot): return origins[slot]
    case .lag, .aggregate: return .otherRows
    default: break
    }
    var merged = SlotOrigin.nothing
    let arguments = node.arguments.map { Int(expressions.arguments[Int($0)]) }
    if case .bind(let firstSlot) = node.operation, let body = arguments.last {
      for (place, argument) in arguments.dropLast().enumerated() {
        origins[firstSlot + place] = origin(argument, &origins)
      }
      return origin(body, &origins)
    }
    for argument in arguments { merged = merged.merged(with: origin(argument, &origins)) }
    return merged
  }
}
