internal import DataFields

/// Where a series stands, how it goes on, and how many steps ahead a row asks.
package final class TimeSeriesPlan: Sendable {
  enum Fit: Sendable {
    case smoothing(TimeSeriesModel.ExponentialSmoothing)
    case recursion(ARMAForecast, variances: VarianceForecast?)
    case stateSpace(StateSpaceForecast)
  }

  /// What is added to a series beside what it does of itself.
  struct Addition: Sendable {
    enum Future: Sendable {
      /// The last value that the document tells of goes on.
      case constant
      case stored
      /// The field's own value in the row.
      case slot(Int, TimeSeriesModel.Transformation)
    }

    var coefficient: Double
    /// For each step ahead that the document tells of.
    var values: [Double]
    var future: Future
  }

  let fit: Fit
  /// Of how many steps ahead.
  let slot: Int
  let transformation: TimeSeriesModel.Transformation
  /// What variances are multiplied by; NaN where they are not known.
  let variance: Double
  /// The weights of errors, by target; empty where the fit itself has them.
  let psi: [[Double]]
  let psiVariances: [Double]
  let additions: [Addition]
  let outliers: [OutlierEffect]
  /// The slots of the targets; the first one's is that of the prediction.
  let targetSlots: [Int]
  /// Whether an output asks how far forecasts may be off.
  let needsVariance: Bool

  init(
    fit: Fit, slot: Int, transformation: TimeSeriesModel.Transformation = .none,
    variance: Double = .nan, psi: [[Double]] = [], psiVariances: [Double] = [],
    additions: [Addition] = [], outliers: [OutlierEffect] = [], targetSlots: [Int] = [-1],
    needsVariance: Bool = false
  ) {
    self.fit = fit
    self.slot = slot
    self.transformation = transformation
    self.variance = variance
    self.psi = psi
    self.psiVariances = psiVariances
    self.additions = additions
    self.outliers = outliers
    self.targetSlots = targetSlots
    self.needsVariance = needsVariance
  }

  /// The most steps that are worked out one by one: what a row costs is bounded.
  var stepLimit: Int {
    switch fit {
    case .smoothing: 1_000_000_000
    case .recursion: 10_000
    case .stateSpace(let forecast):
      min(10_000, max(1, 100_000_000 / (forecast.size * forecast.size)))
    }
  }

  /// Whether the variance of a target's forecasts is known.
  func hasVariance(_ target: Int) -> Bool {
    if psi.indices.contains(target) { return !psi[target].isEmpty }
    switch fit {
    case .smoothing: return false
    case .recursion(_, let variances): return variances != nil || !variance.isNaN
    case .stateSpace(let forecast): return forecast.covariance != nil && !variance.isNaN
    }
  }
}

/// What an extraordinary event did to a series, from the step of the event on.
struct OutlierEffect: Sendable {
  enum Kind: Sendable {
    case additive, level, trend
    case transient(damping: Double)
    case seasonalAdditive(period: Int)
    /// By the weights of errors.
    case innovational([Double])
  }

  var kind: Kind
  var magnitude: Double
  /// How many values were known from the event on, its own included; 0 or less where it is to come.
  var age: Int

  /// What it does so many steps after the last known value.
  func effect(_ steps: Int) -> Double {
    let distance = age - 1 + steps
    guard distance >= 0 else { return 0 }
    switch kind {
    case .additive: return distance == 0 ? magnitude : 0
    case .level: return magnitude
    case .trend: return magnitude * Double(distance + 1)
    case .transient(let damping): return magnitude * MathFunctions.pow(damping, Double(distance))
    case .seasonalAdditive(let period): return distance % period == 0 ? magnitude : 0
    case .innovational(let weights):
      return distance < weights.count ? magnitude * weights[distance] : .nan
    }
  }
}

extension ModelProgram {
  func runTimeSeries(_ plan: TimeSeriesPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let given = space.slots[plan.slot]
    guard given >= 1, given <= Double(plan.stepLimit), given == given.rounded() else { return }
    let steps = Int(given)
    var values: [Double]
    switch plan.fit {
    case .smoothing(let smoothing):
      space.predicted[unit] = smoothing.forecast(steps)
      return
    case .recursion(let forecast, _): values = [forecast.forecast(steps)]
    case .stateSpace(let forecast): values = forecast.forecast(steps)
    }
    for addition in plan.additions {
      let value: Double
      switch addition.future {
      case .constant:
        value = addition.values[min(steps, addition.values.count) - 1]
      case .stored: value = steps <= addition.values.count ? addition.values[steps - 1] : .nan
      case .slot(let slot, let transformation): value = transformation.apply(space.slots[slot])
      }
      values[0] += addition.coefficient * value
    }
    for outlier in plan.outliers { values[0] += outlier.effect(steps) }
    let region = units[unit].region
    for (place, value) in values.enumerated() where place < plan.targetSlots.count {
      // A forecast as it is transformed, and its variance: intervals rest on both.
      space.region[region + 2 * place] = value
      space.region[region + 2 * place + 1] =
        plan.needsVariance ? plan.variance(of: place, steps) : .nan
      let result = plan.transformation.undo(value)
      if place == 0 {
        space.predicted[unit] = result
      } else {
        space.slots[plan.targetSlots[place]] = result
      }
    }
    space.hasRegion[unit] = true
  }

  /// The lower or upper end of the interval that holds a value with a probability.
  func intervalEnd(
    _ plan: TimeSeriesPlan, _ unit: Int, target: Int, quantile: Double, _ space: ScoringWorkspace
  ) -> Double {
    let place = units[unit].region + 2 * target
    let end = space.region[place] + quantile * space.region[place + 1].squareRoot()
    // A root is not below 0.
    if plan.transformation == .squareroot { return plan.transformation.undo(max(0, end)) }
    return plan.transformation.undo(end)
  }
}

extension TimeSeriesPlan {
  /// The variance of a forecast, as it is transformed; NaN where it is not known.
  func variance(of target: Int, _ steps: Int) -> Double {
    if psi.indices.contains(target) {
      guard psi[target].count >= steps else { return .nan }
      var sum = 0.0
      for weight in psi[target][..<steps] { sum += weight * weight }
      return psiVariances[target] * sum
    }
    switch fit {
    case .smoothing: return .nan
    case .stateSpace(let forecast):
      return (forecast.variance(of: target, steps) ?? .nan) * variance
    case .recursion(let forecast, let variances):
      if variances == nil, variance.isNaN { return .nan }
      let weights = forecast.psi(steps)
      var sum = 0.0
      guard let variances else {
        for weight in weights { sum += weight * weight }
        return sum * variance
      }
      // The error of the last step weighs psi0, that of the first the last weight.
      for (weight, variance) in zip(weights.reversed(), variances.forecast(steps)) {
        sum += weight * weight * variance
      }
      return sum
    }
  }
}
