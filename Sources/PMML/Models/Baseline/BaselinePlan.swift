internal import DataFields
internal import SourceDiagnostics

/// A statistic of one field.
package final class BaselinePlan: Sendable {
  enum Statistic: Sendable {
    case zValue(mean: Double, deviation: Double)
    case cusum(
      baseline: NaiveBayesModel.Distribution, alternate: NaiveBayesModel.Distribution,
      resetValue: Double, windowSize: Int)
    case counts(BaselineCounts)
    /// The same for every event.
    case fixed(Double)
  }

  let slot: Int
  let statistic: Statistic

  init(slot: Int, statistic: Statistic) {
    self.slot = slot
    self.statistic = statistic
  }

  /// Whether a row's result rests on the rows before it.
  var isRunning: Bool {
    switch statistic {
    case .zValue, .fixed: false
    case .cusum, .counts: true
    }
  }
}

extension ModelCompiler {
  func compileBaseline(
    _ model: BaselineModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    guard let binding = lookUp(model.field, in: scope, line: model.line) else { return }
    if let table = model.table {
      if let statistic = counted(model, table, binding, scope) {
        program.units[unit].content = .baseline(
          BaselinePlan(slot: binding.slot, statistic: statistic))
      }
      return
    }
    guard let baseline = model.baseline else { return }
    if binding.dataType == .string {
      reader.report(
        "P21", "`\(model.field)` is a text where a number is needed", line: model.line)
    }
    let statistic: BaselinePlan.Statistic
    if case .density(let usual) = baseline, model.statistic == .cusum,
      case .density(let other)? = model.alternate
    {
      statistic = .cusum(
        baseline: usual, alternate: other, resetValue: model.resetValue,
        windowSize: model.windowSize)
    } else {
      let (mean, variance) = baseline.meanAndVariance
      statistic = .zValue(mean: mean, deviation: variance.squareRoot())
    }
    program.units[unit].content = .baseline(
      BaselinePlan(slot: binding.slot, statistic: statistic))
  }

  private func counted(
    _ model: BaselineModel, _ table: BaselineModel.CountTable, _ binding: FieldBinding,
    _ scope: FieldScope
  ) -> BaselinePlan.Statistic? {
    if table.isNormalized, model.statistic != .scalarProduct, !((table.sample ?? 0) > 0) {
      reader.report(
        "P3", "`NormalizedCountTable` needs a `sample`: shares do not say how sure they are",
        line: table.line)
      return nil
    }
    if model.statistic == .chiSquareIndependence { return independence(table) }
    var weightSlot = -1
    if let name = model.weightField {
      guard let weight = lookUp(name, in: scope, line: model.line) else { return nil }
      if weight.dataType == .string {
        reader.report("P21", "`\(name)` is a text where a number is needed", line: model.line)
      }
      weightSlot = weight.slot
    }
    var counts = BaselineCounts(
      test: model.statistic == .scalarProduct
        ? .scalarProduct(model.normalization) : .chiSquareDistribution,
      places: [:], expected: [], sample: table.isNormalized ? table.sample : nil,
      windowSize: model.windowSize, weightSlot: weightSlot, dataType: binding.dataType)
    for cell in table.cells {
      guard cell.values.count == 1, cell.values[0].field == model.field else {
        reader.report(
          "P13", "the table counts other fields than `\(model.field)`", line: cell.line)
        return nil
      }
      let value = value(
        cell.values[0].value, as: binding.dataType, line: cell.line, what: "value")
      if counts.places.updateValue(counts.expected.count, forKey: value) != nil {
        reader.report(
          "P10", "the table counts `\(cell.values[0].value)` twice", line: cell.line)
      }
      counts.expected.append(cell.count)
    }
    return .counts(counts)
  }

  /// Whether two fields of the table are independent: it says so itself, whatever an event holds.
  private func independence(_ table: BaselineModel.CountTable) -> BaselinePlan.Statistic? {
    let fields = table.cells.first?.values.map(\.field) ?? []
    var places: [[String: Int]] = [[:], [:]]
    var margins: [[Double]] = [[], []]
    var counts: [[Int]: Double] = [:]
    var total = 0.0
    for cell in table.cells {
      guard fields.count == 2, cell.values.map(\.field) == fields else {
        reader.report(
          "P9", "`chiSquareIndependence` is supported for two fields, in the same order",
          line: cell.line)
        return nil
      }
      var key: [Int] = []
      for (side, entry) in cell.values.enumerated() {
        let place = places[side][entry.value] ?? margins[side].count
        if place == margins[side].count {
          places[side][entry.value] = place
          margins[side].append(0)
        }
        margins[side][place] += cell.count
        key.append(place)
      }
      if counts.updateValue(cell.count, forKey: key) != nil {
        reader.report("P10", "the table counts a combination twice", line: cell.line)
      }
      total += cell.count
    }
    let freedom = (margins[0].count - 1) * (margins[1].count - 1)
    guard freedom > 0, total > 0, !margins.joined().contains(0) else {
      reader.report(
        "P13", "the table does not count two values or more of either field", line: table.line)
      return nil
    }
    guard margins[0].count <= 1 << 20 / margins[1].count else {
      reader.report("P13", "the table is too large", line: table.line)
      return nil
    }
    let scale = table.isNormalized ? (table.sample ?? total) / total : 1
    var sum = 0.0
    for (row, left) in margins[0].enumerated() {
      for (column, right) in margins[1].enumerated() {
        let expected = left * right / total
        let difference = (counts[[row, column]] ?? 0) - expected
        sum += difference * difference / expected
      }
    }
    return .fixed(MathFunctions.chiSquareCDF(sum * scale, Double(freedom)))
  }
}

extension ModelProgram {
  func runBaseline(_ plan: BaselinePlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let value = space.slots[plan.slot]
    switch plan.statistic {
    case .zValue(let mean, let deviation):
      if !value.isNaN { space.predicted[unit] = (value - mean) / deviation }
    case .fixed(let result): space.predicted[unit] = result
    case .cusum(let baseline, let alternate, let resetValue, let windowSize):
      if value.isNaN { return }
      // "Z[n] = max{r, Z[n-1] + g(x[n])}", where g is the logarithm of the odds.
      let odds = alternate.logarithmOfDensity(value) - baseline.logarithmOfDensity(value)
      // Where neither distribution can give the value it says nothing about which it was.
      if odds.isNaN { return }
      if windowSize > 0 {
        // The sum over the events of the window, as if there had been none before.
        _ = space.streams[unit].push(0, odds, windowSize: windowSize)
        let window = space.streams[unit].window
        var sum = 0.0
        for place in window.indices {
          sum = max(
            resetValue, sum + window[(space.streams[unit].oldest + place) % window.count].number)
        }
        space.predicted[unit] = sum
        return
      }
      space.running[unit] = max(resetValue, space.running[unit] + odds)
      space.predicted[unit] = space.running[unit]
    case .counts(let counts):
      let weight = counts.weightSlot < 0 ? 1 : space.slots[counts.weightSlot]
      // What was seen so far can be compared also where this event says nothing.
      if !value.isNaN, weight >= 0, weight.isFinite {
        let isAdded = counts.add(value, weight, to: &space.streams[unit], space.texts)
        if !isAdded { space.streams[unit].isFull = true }
      }
      if !space.streams[unit].isFull {
        space.predicted[unit] = counts.score(space.streams[unit].counts)
      }
    }
  }
}
