internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileNearestNeighbor(
    _ model: NearestNeighborModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    var fields: [ClusteringPlan.Field] = []
    var bindings: [FieldBinding] = []
    for input in model.inputs {
      guard let binding = lookUp(input.field, in: scope, line: input.line) else { continue }
      let compare = input.compare ?? model.measure.compare
      if binding.dataType == .string, compare == .absDiff || compare == .gaussSim {
        reader.report(
          "P21", "`\(input.field)` is a text, which `\(compare.rawValue)` cannot compare",
          line: input.line)
      }
      bindings.append(binding)
      fields.append(
        ClusteringPlan.Field(
          slot: binding.slot, weight: input.weight, missingWeight: 1, compare: compare,
          similarityScale: 1))
    }
    let points = instancePoints(model, scope, bindings)
    if reader.hasErrors { return }
    let columns = Dictionary(
      model.training.fields.map { ($0.field, Self.localName($0.column)) },
      uniquingKeysWith: { first, _ in first })
    let ids = model.training.rows.enumerated().map { place, row in
      model.instanceIdField.flatMap { row[columns[$0] ?? $0] } ?? String(place + 1)
    }
    program.units[unit].entityCodes = ids.map { Int32(code($0)) }
    let targets = compileTargets(model, header, unit, target, columns)
    let plan = NearestNeighborPlan(
      model,
      instances: ClusteringPlan(
        measure: model.measure, fields: fields, centers: points,
        clusterCount: model.training.rows.count),
      targets: targets)
    program.units[unit].content = .nearestNeighbor(plan)
    // Votes by class, then the neighbours, then how near each is.
    reserveRegion(program.units[unit].classes.count + 2 * plan.neighborCount, unit: unit)
  }

  /// The coordinates of each instance: those in the table, or derived from them as a row's are.
  private func instancePoints(
    _ model: NearestNeighborModel, _ scope: FieldScope, _ bindings: [FieldBinding]
  ) -> [Double] {
    let names = Set(model.inputs.map(\.field))
    let fields = model.training.fields.filter {
      !model.training.isTransformed || names.contains($0.field)
    }
    var known: [(binding: FieldBinding, field: TrainingInstances.Field)] = []
    for field in fields {
      // Targets and ids are no part of the distance.
      if let binding = lookUp(field.field, in: scope, line: field.line, isQuiet: true) {
        known.append((binding, field))
      }
    }
    let given = Set(known.map(\.binding.slot))
    if model.training.isTransformed {
      for (input, binding) in zip(model.inputs, bindings) where !given.contains(binding.slot) {
        reader.report(
          "P16", "the instances have no column for `\(input.field)`", line: input.line)
      }
    }
    var steps = topScope.derived
    if scope !== topScope { steps += scope.derived }
    steps.removeAll { given.contains($0.slot) }
    var space = ScoringWorkspace(program)
    var points: [Double] = []
    points.reserveCapacity(model.training.rows.count * bindings.count)
    for row in model.training.rows {
      for slot in space.slots.indices { space.slots[slot] = .nan }
      for (binding, field) in known {
        guard let text = row[Self.localName(field.column)], !text.isEmpty else { continue }
        space.slots[binding.slot] = value(
          text, as: binding.dataType, line: field.line, what: "instance value")
      }
      space.texts = program.texts
      for step in steps {
        space.slots[step.slot] = program.expressions.evaluate(step.expression, &space)
      }
      program.texts = space.texts
      for binding in bindings { points.append(space.slots[binding.slot]) }
    }
    return points
  }

  private func compileTargets(
    _ model: NearestNeighborModel, _ header: ModelHeader, _ unit: Int, _ target: DataField?,
    _ columns: [String: String]
  ) -> [NearestNeighborPlan.Target] {
    var targets: [NearestNeighborPlan.Target] = []
    for mining in header.miningSchema where mining.isTarget {
      guard let field = dataFields[mining.name] else { continue }
      guard let column = columns[mining.name] else {
        reader.report(
          "P16", "the instances have no column for the target `\(mining.name)`",
          line: mining.line)
        continue
      }
      let texts = model.training.rows.map { $0[column] ?? "" }
      let values = texts.map { text in
        text.isEmpty
          ? Double.nan
          : value(text, as: field.dataType, line: mining.line, what: "target value")
      }
      let isContinuous = field.opType == .continuous
      let isOwn = field.name == target?.name
      if isOwn {
        program.units[unit].predictedType =
          isContinuous ? (header.isFloat ? .float : .double) : field.dataType
        if !isContinuous {
          program.units[unit].classes = classes(
            of: field, and: texts.filter { !$0.isEmpty }, line: mining.line)
        }
      }
      let slot = isOwn ? -1 : newSlot()
      if !isOwn {
        program.units[unit].furtherTargets.append(
          ModelUnit.FurtherTarget(
            name: field.name, slot: slot, dataType: isContinuous ? .double : field.dataType))
      }
      targets.append(
        NearestNeighborPlan.Target(
          slot: slot, isContinuous: isContinuous, values: values,
          preference: isContinuous ? [] : preference(values, texts)))
    }
    return targets
  }

  /// "Of tied categories the one with the largest number of cases wins, then the lexically lowest."
  private func preference(_ values: [Double], _ texts: [String]) -> [Double] {
    var counts: [Double: (count: Int, text: String)] = [:]
    for (value, text) in zip(values, texts) where !value.isNaN {
      counts[value, default: (0, text)].count += 1
    }
    return counts.sorted { ($1.value.count, $0.value.text) < ($0.value.count, $1.value.text) }
      .map(\.key)
  }
}
