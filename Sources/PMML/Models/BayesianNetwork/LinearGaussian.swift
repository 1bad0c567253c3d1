/// Normal variables, each a sum of multiples of those before it and of noise of its own; some of
/// them were observed.
///
/// What is not observed is kept as means and covariances, given everything observed so far. That is
/// exact, whatever the order, as long as no variable comes before those that it rests on.
struct LinearGaussian {
  /// A multiple of a variable that is not observed.
  struct Term {
    var variable: Int
    var coefficient: Double
  }

  private(set) var means: [Double] = []
  /// Row `i` holds the covariances with variables 0 to `i`.
  private var covariances: [[Double]] = []
  /// Of everything observed.
  private(set) var logLikelihood = 0.0

  private func covariance(_ first: Int, _ second: Int) -> Double {
    first >= second ? covariances[first][second] : covariances[second][first]
  }

  /// Adds a variable that is not observed.
  ///
  /// - Complexity: O(variables times terms).
  mutating func add(_ terms: [Term], constant: Double, variance: Double) {
    var (mean, own) = (constant, variance)
    var row: [Double] = []
    for other in means.indices {
      var sum = 0.0
      for term in terms { sum += term.coefficient * covariance(term.variable, other) }
      row.append(sum)
    }
    for term in terms {
      mean += term.coefficient * means[term.variable]
      own += term.coefficient * row[term.variable]
    }
    means.append(mean)
    covariances.append(row + [own])
  }

  /// Takes in what was observed of a variable.
  ///
  /// - Returns: false where it has no density: without any variance.
  /// - Complexity: O(variables squared).
  mutating func observe(_ value: Double, _ terms: [Term], constant: Double, variance: Double)
    -> Bool
  {
    var (mean, own) = (constant, variance)
    var row: [Double] = []
    for other in means.indices {
      var sum = 0.0
      for term in terms { sum += term.coefficient * covariance(term.variable, other) }
      row.append(sum)
    }
    for term in terms {
      mean += term.coefficient * means[term.variable]
      own += term.coefficient * row[term.variable]
    }
    guard own > 0, own.isFinite else { return false }
    let error = value - mean
    logLikelihood -= (error * error / own + MathFunctions.ln(2 * Double.pi * own)) / 2
    for first in means.indices {
      let gain = row[first] / own
      means[first] += gain * error
      for second in 0...first { covariances[first][second] -= gain * row[second] }
    }
    return true
  }
}
