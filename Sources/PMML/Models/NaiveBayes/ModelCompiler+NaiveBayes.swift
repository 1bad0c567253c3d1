internal import DataFields
internal import SourceDiagnostics

extension ModelCompiler {
  func compileNaiveBayes(
    _ model: NaiveBayesModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope,
    _ target: DataField?
  ) {
    let classes = classes(of: target, and: model.output.map(\.value), line: header.line)
    program.units[unit].classes = classes
    let counts = perClass(model.output, classes, unit)
    let inputs = model.inputs.compactMap { input -> NaiveBayesPlan.Input? in
      guard let binding = lookUp(input.field, in: scope, line: input.line) else { return nil }
      var type = binding.dataType
      var expression = -1
      if let derived = input.derived {
        let node = compile(derived.expression, in: scope, expected: derived.dataType)
        expression = cast(node, to: derived.dataType)
        type = derived.dataType
      }
      if !input.stats.isEmpty {
        if type == .string {
          reader.report(
            "P21", "`\(input.field)` is a text where a number is needed", line: input.line)
        }
        var distributions: [NaiveBayesModel.Distribution?] = classes.map { _ in nil }
        for stat in input.stats {
          if let place = position(stat.value, classes, unit, stat.line) {
            distributions[place] = stat.distribution
          }
        }
        return NaiveBayesPlan.Input(
          slot: binding.slot, expression: expression, content: .continuous(distributions))
      }
      return NaiveBayesPlan.Input(
        slot: binding.slot, expression: expression,
        content: discrete(input, type, classes, unit, threshold: model.threshold))
    }
    program.units[unit].content = .naiveBayes(
      NaiveBayesPlan(
        inputs: inputs, priors: counts.map { MathFunctions.ln($0) }, threshold: model.threshold))
    reserveRegion(classes.count, unit: unit)
  }

  /// P(value | class) is the count of both over the sum of the class's counts with any value.
  private func discrete(
    _ input: NaiveBayesModel.Input, _ type: ModelDataType, _ classes: [ClassLabel], _ unit: Int,
    threshold: Double
  ) -> NaiveBayesPlan.Content {
    var rows: [(value: Double, counts: [Double])] = []
    for pair in input.pairs {
      let value = value(pair.value, as: type, line: pair.line, what: "value")
      rows.append((value, perClass(pair.counts, classes, unit)))
    }
    rows.sort { $0.value < $1.value }
    var sums = classes.map { _ in 0.0 }
    for row in rows { for place in sums.indices { sums[place] += row.counts[place] } }
    var logarithms: [Double] = []
    for row in rows {
      for place in sums.indices {
        let count = row.counts[place]
        // A count of zero would veto the class: the threshold is the probability then.
        logarithms.append(MathFunctions.ln(count > 0 ? count / sums[place] : threshold))
      }
    }
    return .discrete(values: rows.map(\.value), logarithms: logarithms)
  }

  private func perClass(
    _ counts: [NaiveBayesModel.TargetCount], _ classes: [ClassLabel], _ unit: Int
  ) -> [Double] {
    var list = classes.map { _ in 0.0 }
    for count in counts {
      if let place = position(count.value, classes, unit, count.line) { list[place] = count.count }
    }
    return list
  }

  private func position(
    _ text: String, _ classes: [ClassLabel], _ unit: Int, _ line: Int
  ) -> Int? {
    let label = value(text, as: program.units[unit].predictedType, line: line, what: "class")
    if let place = classes.firstIndex(where: { $0.value == label }) { return place }
    reader.report("P16", "`\(text)` is not among the target's values", line: line)
    return nil
  }
}
