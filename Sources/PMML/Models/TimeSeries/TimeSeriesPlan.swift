internal import DataFields
internal import SourceDiagnostics

/// Where a series stands, and how many steps ahead a row asks.
package final class TimeSeriesPlan: Sendable {
  let smoothing: TimeSeriesModel.ExponentialSmoothing
  let slot: Int

  init(smoothing: TimeSeriesModel.ExponentialSmoothing, slot: Int) {
    self.smoothing = smoothing
    self.slot = slot
  }
}

extension ModelCompiler {
  func compileTimeSeries(
    _ model: TimeSeriesModel, _ header: ModelHeader, _ unit: Int, _ scope: FieldScope
  ) {
    guard let field = header.miningSchema.first(where: { $0.usage == .active })
    else {
      reader.report(
        "P3", "`TimeSeriesModel` needs a supplementary field that says how many steps ahead",
        line: header.line)
      return
    }
    guard let binding = lookUp(field.name, in: scope, line: field.line) else { return }
    if binding.dataType == .string {
      reader.report("P21", "`\(field.name)` is a text where a number is needed", line: field.line)
    }
    program.units[unit].content = .timeSeries(
      TimeSeriesPlan(smoothing: model.smoothing, slot: binding.slot))
  }
}

extension ModelProgram {
  func runTimeSeries(_ plan: TimeSeriesPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let steps = space.slots[plan.slot]
    guard steps >= 1, steps <= 1e9, steps == steps.rounded() else { return }
    space.predicted[unit] = plan.smoothing.forecast(Int(steps))
  }
}

extension TimeSeriesModel.ExponentialSmoothing {
  /// The value so many steps after the last known one.
  func forecast(_ steps: Int) -> Double {
    var value = level
    if let trend {
      switch trend.kind {
      case .additive: value += Double(steps) * trend.smoothedValue
      case .dampedAdditive: value += trend.damping(steps) * trend.smoothedValue
      case .multiplicative: value *= MathFunctions.pow(trend.smoothedValue, Double(steps))
      case .dampedMultiplicative:
        value *= MathFunctions.pow(trend.smoothedValue, trend.damping(steps))
      case .polynomialExponential: return .nan
      }
    }
    if let seasonality {
      let factor = seasonality.factors[
        (seasonality.phase + steps - 1) % seasonality.factors.count]
      switch seasonality.kind {
      case .additive: value += factor
      case .multiplicative: value *= factor
      }
    }
    return switch transformation {
    case .none: value
    case .logarithmic: MathFunctions.exp(value)
    case .squareroot: value * value
    }
  }
}

extension TimeSeriesModel.Trend {
  /// phi + phi^2 + ... + phi^steps
  func damping(_ steps: Int) -> Double {
    if phi == 1 { return Double(steps) }
    return phi * (1 - MathFunctions.pow(phi, Double(steps))) / (1 - phi)
  }
}
