extension Trace {
  /// How nearly attributions add up to what is attributed, where that is not by rounding of double
  /// precision alone.
  public struct AttributionCheck: Sendable, Hashable {
    /// What base value and attributions leave of the raw score in double precision.
    public var residual: Double
    /// What the model's single precision puts between its own raw score and that in double precision.
    public var floatRounding: Double
    /// The most that the residual can be by rounding; infinite of estimates.
    public var tolerance: Double
    /// The most that `floatRounding` can be by rounding.
    public var floatTolerance: Double
    /// How many scores or gradients were taken for estimates; 0 of exact values.
    public var evaluationCount: Int
    /// Of sampled values, half of the 95 % interval of each attribution that is listed; else empty.
    public var errors: [Double]
    /// The same of the sum of the others; 0 without any.
    public var restError: Double

    package init(
      residual: Double, floatRounding: Double, tolerance: Double, floatTolerance: Double,
      evaluationCount: Int = 0, errors: [Double] = [], restError: Double = 0
    ) {
      self.residual = residual
      self.floatRounding = floatRounding
      self.tolerance = tolerance
      self.floatTolerance = floatTolerance
      self.evaluationCount = evaluationCount
      self.errors = errors
      self.restError = restError
    }

    /// Whether what is left is rounding, as far as the attributions are exact.
    public var addsUp: Bool {
      residual.magnitude <= tolerance && floatRounding.magnitude <= floatTolerance
    }
  }
}
