internal import DataFields
internal import SourceDiagnostics

/// A statistic of one field.
package final class BaselinePlan: Sendable {
  enum Statistic: Sendable {
    case zValue(mean: Double, deviation: Double)
    case cusum(
      baseline: NaiveBayesModel.Distribution, alternate: NaiveBayesModel.Distribution,
      resetValue: Double)
  }

  let slot: Int
  let statistic: Statistic

  init(slot: Int, statistic: Statistic) {
    self.slot = slot
    self.statistic = statistic
  }

  /// Whether a row's result rests on the rows before it.
  var isRunning: Bool {
    if case .cusum = statistic { return true }
    return false
  }
}

extension ModelCompiler {
  func compileBaseline(
    _ model: BaselineModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    guard let binding = lookUp(model.field, in: scope, line: model.line),
      let baseline = model.baseline
    else { return }
    if binding.dataType == .string {
      reader.report(
        "P21", "`\(model.field)` is a text where a number is needed", line: model.line)
    }
    let statistic: BaselinePlan.Statistic
    if case .density(let usual) = baseline, model.statistic == .cusum,
      case .density(let other)? = model.alternate
    {
      statistic = .cusum(baseline: usual, alternate: other, resetValue: model.resetValue)
    } else {
      let (mean, variance) = baseline.meanAndVariance
      statistic = .zValue(mean: mean, deviation: variance.squareRoot())
    }
    program.units[unit].content = .baseline(
      BaselinePlan(slot: binding.slot, statistic: statistic))
  }
}

extension ModelProgram {
  func runBaseline(_ plan: BaselinePlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let value = space.slots[plan.slot]
    if value.isNaN { return }
    switch plan.statistic {
    case .zValue(let mean, let deviation): space.predicted[unit] = (value - mean) / deviation
    case .cusum(let baseline, let alternate, let resetValue):
      // "Z[n] = max{r, Z[n-1] + g(x[n])}", where g is the logarithm of the odds.
      let odds = alternate.logarithmOfDensity(value) - baseline.logarithmOfDensity(value)
      // Where neither distribution can give the value it says nothing about which it was.
      if odds.isNaN { return }
      space.running[unit] = max(resetValue, space.running[unit] + odds)
      space.predicted[unit] = space.running[unit]
    }
  }
}
