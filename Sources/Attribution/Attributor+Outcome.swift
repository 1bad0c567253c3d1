extension Attributor {
  /// What an attributed row adds up to, and how nearly.
  package struct Outcome: Sendable, Hashable {
    /// The raw score as scoring found it, in the model's own precision, or as attribution found it
    /// where scoring keeps none.
    package let rawScore: Double
    /// What base value and attributions leave of the raw score in double precision.
    package let residual: Double
    /// What single precision puts between ``rawScore`` and the raw score in double precision; 0 where
    /// the model computes in double precision.
    package let floatRounding: Double
    /// The most that the residual of exact values can be by rounding: 1e-12 times 1 and the sum of the
    /// absolute terms that were added. Infinite of estimates.
    package let tolerance: Double
    /// The most that ``floatRounding`` can be by rounding.
    package let floatTolerance: Double
    /// How many scores or gradients estimates took; 0 of exact values.
    package let evaluationCount: Int
    /// Of a cluster, the position of the next nearest one.
    package let runnerUp: Int?

    /// Whether both are rounding and nothing else; if not, something is wrong.
    package var isAccurate: Bool {
      residual.magnitude <= tolerance && floatRounding.magnitude <= floatTolerance
    }
  }

  /// The sums that an outcome is made of.
  struct Sums {
    /// The raw score as scoring found it, and as attribution did in double precision.
    var found: Double
    var exact: Double
    /// Base value and attributions.
    var explained = 0.0
    /// What all of these were added up from, in absolute terms.
    var magnitude = 0.0
    /// Of estimates.
    var evaluationCount = 0
    var runnerUp: Int?
  }

  /// Tells rounding of single precision apart from the residual.
  func outcome(_ sums: Sums) -> Outcome {
    let isExact = kind == .exact
    let tolerance = isExact ? Self.relativeTolerance * (1 + sums.magnitude) : .infinity
    guard let single else {
      return Outcome(
        rawScore: sums.found, residual: sums.found - sums.explained, floatRounding: 0,
        tolerance: tolerance, floatTolerance: 0, evaluationCount: sums.evaluationCount,
        runnerUp: sums.runnerUp)
    }
    return Outcome(
      rawScore: sums.found, residual: sums.exact - sums.explained,
      floatRounding: sums.found - sums.exact, tolerance: tolerance,
      floatTolerance: single.tolerance(sums.magnitude), evaluationCount: 0, runnerUp: nil)
  }

  /// Whether the model adds up in single precision, so that its raw score is rounded on its way.
  package var isSinglePrecision: Bool { single != nil }

  static var relativeTolerance: Double { 1e-12 }

  /// How far sums in single precision can be off (Higham, 2002, section 4.2): each of `n` additions
  /// rounds to 24 bits what is at most the sum of the absolute terms.
  struct SinglePrecision: Sendable {
    /// Terms that are added up, one after another.
    var termCount: Int
    /// The most that trees can add, in absolute terms.
    var treeMagnitude: Double

    func tolerance(_ magnitude: Double) -> Double {
      // A term is rounded itself, and a target or a link's constant come on top.
      Double(termCount + 8) * 0x1p-24 * (treeMagnitude + magnitude)
    }
  }
}

/// A sum, with what it was added up from in absolute terms: what rounding is measured by.
struct MeasuredSum: Sendable, Hashable {
  var value: Double
  var magnitude: Double

  /// - Parameter size: the term's own magnitude, where it is a sum itself.
  mutating func add(_ term: Double, magnitude size: Double? = nil) {
    value += term
    magnitude += size ?? term.magnitude
  }
}
