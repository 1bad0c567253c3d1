extension TimeSeriesModel {
  /// A series whose residuals have a variance that changes with those before.
  struct GARCH: Sendable {
    /// `ARMAPart@constant`: what each value begins with.
    var constant = 0.0
    var autoregression: [Double] = []
    var movingAverage: [Double] = []
    /// The last residuals, the latest last.
    var residuals: [Double]?
    /// `GARCHPart@constant`: what each variance begins with.
    var varianceConstant = 0.0
    var squareCoefficients: [Double] = []
    var varianceCoefficients: [Double] = []
    /// The last residuals that variances rest on, the latest last.
    var squaredResiduals: [Double]?
    /// The last variances, the latest last.
    var pastVariances: [Double]?
    var line: Int
  }
}
