internal import DataFields
internal import DenseKernels

/// What a unit does for a block of rows around its model, laid flat: fields, derived fields, outputs.
struct BlockSteps: Sendable {
  /// A field before the unit uses it.
  struct Field: Sendable {
    /// The input that it comes from; -1 is the slot `source`.
    var input: Int
    var source: Int
    var slot: Int
    /// Whether values are taken as they are, missing ones among them, if every text was a number.
    var isUnchanged: Bool
    var isFloat: Bool
  }

  enum Derived: Sendable {
    case program(ColumnProgram)
    case expression(Int, slot: Int)
  }

  /// A result, which is a column of its own; cast where the types differ.
  struct Output: Sendable {
    enum Source: Sendable {
      case expression(Derived)
      case prediction
      /// A number of the unit's region.
      case region(Int)
      /// A scorecard's reason of a rank.
      case reason(rank: Int)
    }

    var source: Source
    var unit: Int
    var slot: Int
    var from: ModelDataType
    var to: ModelDataType
  }

  let fields: [Field]
  let derived: [Derived]
  let outputs: [Output]

  init(_ unit: ModelUnit, _ program: ModelProgram) {
    func derived(_ expression: Int, _ slot: Int) -> Derived {
      ColumnProgram(expression, of: program.expressions, into: .slot(slot), depth: 0).map {
        .program($0)
      } ?? .expression(expression, slot: slot)
    }
    fields = unit.preparations.map { plan in
      Field(
        input: plan.input ?? -1, source: plan.source, slot: plan.slot,
        isUnchanged: plan.isPlain && !plan.missingIsInvalid && plan.missingReplacement.isNaN,
        isFloat: plan.isFloat)
    }
    self.derived = unit.derived.reduce(into: []) { all, step in
      let next = derived(step.expression, step.slot)
      // One after another they are a single program.
      if case .program(var program) = all.last, case .program(let more) = next {
        program.append(more)
        all[all.count - 1] = .program(program)
      } else {
        all.append(next)
      }
    }
    outputs = unit.outputs.map { output in
      let source = program.units[output.unit]
      switch output.field.feature {
      case .probability, .affinity, .entityAffinity, .clusterAffinity:
        return Output(
          source: .region(source.region + output.position), unit: output.unit, slot: output.slot,
          from: .double, to: output.dataType)
      case .reasonCode:
        return Output(
          source: .reason(rank: output.field.rank), unit: output.unit, slot: output.slot,
          from: .string, to: output.dataType)
      default:
        let isExpression = output.expression >= 0
        return Output(
          source: isExpression
            ? .expression(derived(output.expression, output.slot)) : .prediction,
          unit: output.unit, slot: output.slot,
          from: isExpression ? output.dataType : source.predictedType, to: output.dataType)
      }
    }
  }
}

extension BlockScorer {
  func run(_ piece: UnitColumns.Piece, _ space: BlockWorkspace) {
    let rows = BlockWorkspace.rowCount
    switch piece {
    case .steps(let steps): steps.run()
    case .expression(let expression, let slot):
      expressions.evaluate(expression, space, into: 0)
      (space.slots + slot * rows).update(from: space.columns, count: rows)
    case .reasons(let rank, let unit, let slot):
      writeReasons(rank, unit, to: space.slots + slot * rows, space)
    case .cast(let slot, let from, let to):
      let values = space.slots + slot * rows
      for row in 0..<rows where !values[row].isNaN {
        values[row] = ExpressionTable.cast(values[row], from, to, &space.row.texts)
      }
    }
  }

  /// Treats the fields of a unit.
  func prepare(_ columns: UnitColumns, _ unit: Int, _ count: Int, _ space: BlockWorkspace) {
    var unparsable: UInt64 = 0
    for input in columns.copiedInputs { unparsable |= space.unparsable[input] }
    if unparsable == 0 { columns.copies.run() }
    for (place, field) in columns.fields where unparsable != 0 || !field.isUnchanged {
      prepare(field, unit, place, count, space)
    }
  }

  /// Treats the field at a place of the unit's preparations, row by row.
  private func prepare(
    _ field: BlockSteps.Field, _ unit: Int, _ place: Int, _ count: Int, _ space: BlockWorkspace
  ) {
    let rows = BlockWorkspace.rowCount
    let source =
      field.input >= 0 ? space.inputs + field.input * rows : space.slots + field.source * rows
    let target = space.slots + field.slot * rows
    let unparsable = field.input >= 0 ? space.unparsable[field.input] : 0
    let plan = model.program.units[unit].preparations[place]
    let isPlain = plan.isPlain
    for row in 0..<count {
      var value = source[row]
      let isUnparsable = unparsable >> UInt64(row) & 1 != 0
      if isPlain, !value.isNaN, !isUnparsable {
        if plan.isFloat { value = Double(Float(value)) }
      } else if !plan.treat(&value, isUnparsable: isUnparsable) {
        space.markInvalid(row, plan.input ?? 0)
      }
      target[row] = value
    }
  }
}
