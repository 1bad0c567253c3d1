internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileSupportVectorMachine(
    _ model: SupportVectorMachineModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    let isClassification = header.function == .classification
    if isClassification {
      let texts =
        model.machines.flatMap { [$0.targetCategory, $0.alternateTargetCategory] }
        + [model.alternateBinaryTargetCategory]
      program.units[unit].classes = classes(
        of: target, and: texts.compactMap { $0 }, line: header.line)
    } else if model.machines.count > 1 {
      reader.report(
        "P14", "a regression has one `SupportVectorMachine`, not \(model.machines.count)",
        line: header.line)
    }
    let coordinates = model.coordinates.compactMap { coordinate in
      compile(coordinate, scope)
    }
    var numbers: [String: Int] = [:]
    for (place, vector) in model.vectors.enumerated() {
      if numbers.updateValue(place, forKey: vector.id) != nil {
        reader.report("P10", "two vectors have the id `\(vector.id)`", line: vector.line)
      }
    }
    let machines = model.machines.map { machine in
      compile(machine, model, header, unit, numbers)
    }
    program.units[unit].content = .supportVectorMachine(
      SupportVectorMachinePlan(model, coordinates: coordinates, machines: machines))
    reserveRegion(program.units[unit].classes.count, unit: unit)
  }

  private func compile(
    _ coordinate: SupportVectorMachineModel.Coordinate, _ scope: FieldScope
  ) -> SupportVectorMachinePlan.Coordinate? {
    guard let binding = lookUp(coordinate.field, in: scope, line: coordinate.line) else {
      return nil
    }
    guard let text = coordinate.category else {
      if binding.dataType == .string {
        reader.report(
          "P21", "`\(coordinate.field)` is a text where a number is needed",
          line: coordinate.line)
      }
      return SupportVectorMachinePlan.Coordinate(
        slot: binding.slot, category: .nan, coefficient: 1)
    }
    return SupportVectorMachinePlan.Coordinate(
      slot: binding.slot,
      category: value(text, as: binding.dataType, line: coordinate.line, what: "category"),
      coefficient: coordinate.coefficient)
  }

  private func compile(
    _ machine: SupportVectorMachineModel.Machine, _ model: SupportVectorMachineModel,
    _ header: ModelHeader, _ unit: Int, _ numbers: [String: Int]
  ) -> SupportVectorMachinePlan.Machine {
    let classes = program.units[unit].classes
    func position(_ text: String?) -> Int {
      guard let text else { return -1 }
      let label = value(
        text, as: program.units[unit].predictedType, line: machine.line, what: "class")
      return classes.firstIndex { $0.value == label } ?? -1
    }
    var vectors: [Int] = []
    for id in machine.vectorIds {
      if let place = numbers[id] {
        vectors.append(place)
      } else {
        reader.report("P16", "no vector has the id `\(id)`", line: machine.line)
      }
    }
    if model.representation == .coefficients, !machine.vectorIds.isEmpty { vectors = [] }
    let expected = vectors.isEmpty ? model.coordinates.count : vectors.count
    if machine.coefficients.count != expected {
      reader.report(
        "P13",
        "the machine has \(machine.coefficients.count) coefficients for \(expected) "
          + (vectors.isEmpty ? "fields" : "vectors"), line: machine.line)
    }
    if header.function == .classification {
      if machine.targetCategory == nil {
        reader.report(
          "P3", "the `SupportVectorMachine` of a classifier needs a `targetCategory`",
          line: machine.line)
      }
      let isAlone = model.machines.count == 1 || model.method == .oneAgainstOne
      let alternate = machine.alternateTargetCategory ?? model.alternateBinaryTargetCategory
      if isAlone, alternate == nil, classes.count != 2 {
        reader.report(
          "P3", "the `SupportVectorMachine` needs an `alternateTargetCategory`",
          line: machine.line)
      }
    }
    let category = position(machine.targetCategory)
    var alternate = position(
      machine.alternateTargetCategory ?? model.alternateBinaryTargetCategory)
    // Of two classes, the other one.
    if alternate < 0, classes.count == 2, category >= 0 { alternate = 1 - category }
    return SupportVectorMachinePlan.Machine(
      category: category, alternate: alternate, threshold: machine.threshold ?? model.threshold,
      absoluteValue: machine.absoluteValue, vectors: vectors, coefficients: machine.coefficients)
  }
}
