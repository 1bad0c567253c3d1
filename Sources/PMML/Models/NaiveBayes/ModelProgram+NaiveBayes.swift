internal import DataFields

extension ModelProgram {
  /// Likelihoods are summed as logarithms, so that many inputs do not come to zero together.
  func runNaiveBayes(_ plan: NaiveBayesPlan, _ unit: Int, _ space: inout ScoringWorkspace) {
    let places = units[unit].region..<units[unit].region + plan.priors.count
    for (index, place) in places.enumerated() { space.region[place] = plan.priors[index] }
    for input in plan.inputs {
      let value =
        input.expression < 0
        ? space.slots[input.slot] : expressions.evaluate(input.expression, &space)
      for (index, place) in places.enumerated() {
        space.region[place] += plan.logarithm(input, value, index)
      }
    }
    Self.softmax(&space.region, places)
    for place in places { space.confidences[place] = space.region[place] }
    space.hasRegion[unit] = true
    let best = winner(unit, space)
    if best >= 0 { space.predicted[unit] = units[unit].classes[best].value }
  }
}

extension NaiveBayesPlan {
  /// What an input's value adds to the logarithm of a class's likelihood.
  func logarithm(_ input: Input, _ value: Double, _ place: Int) -> Double {
    // "Missing values are ignored", and so are values that were never seen.
    if value.isNaN { return 0 }
    switch input.content {
    case .discrete(let values, let logarithms):
      guard let row = values.firstIndex(of: value) else { return 0 }
      return logarithms[row * priors.count + place]
    case .continuous(let distributions):
      let density = distributions[place].map { $0.logarithmOfDensity(value) } ?? -.infinity
      return max(density, logarithmOfThreshold)
    }
  }
}

extension NaiveBayesModel.Distribution {
  func logarithmOfDensity(_ value: Double) -> Double {
    switch self {
    case .gaussian(let mean, let variance):
      let difference = value - mean
      let scale = -0.5 * MathFunctions.ln(2 * .pi * variance)
      return scale - difference * difference / (2 * variance)
    case .poisson(let mean):
      guard value >= 0, value.rounded() == value else { return -.infinity }
      return value * MathFunctions.ln(mean) - mean - MathFunctions.lnGamma(value + 1)
    case .uniform(let lower, let upper):
      guard value >= lower, value <= upper else { return -.infinity }
      return -MathFunctions.ln(upper - lower)
    }
  }
}
