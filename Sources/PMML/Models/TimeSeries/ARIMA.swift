extension TimeSeriesModel {
  struct ARIMA: Sendable {
    enum PredictionMethod: String, Sendable, CaseIterable {
      case conditionalLeastSquares, exactLeastSquares
    }

    /// `NonseasonalComponent` or `SeasonalComponent`.
    struct Component: Sendable {
      var period = 1
      var differences = 0
      var autoregression: [Double] = []
      var movingAverage: [Double] = []
      /// The last residuals, the latest last; nil where the document gives none.
      var residuals: [Double]?
    }

    struct Outlier: Sendable {
      enum Kind: String, Sendable, CaseIterable {
        case additive, level, transient, seasonalAdditive, trend, innovational
      }

      var kind: Kind
      var startTime: Double
      var magnitude: Double
      var damping: Double
      var line: Int
    }

    var transformation: Transformation
    /// The mean of the differenced series.
    var constantTerm: Double
    /// The deviation of the residuals; nil where the document does not say.
    var rmse: Double?
    var method: PredictionMethod
    var nonseasonal = Component()
    var seasonal = Component()
    var regressors: [DynamicRegressor] = []
    var outliers: [Outlier] = []
    var line: Int
  }

  /// A field that the series rests on: one coefficient, and how long it takes to show.
  struct DynamicRegressor: Sendable {
    enum FutureValues: String, Sendable, CaseIterable {
      case constant, trend, stored, otherModel, userSupplied
    }

    var field: String
    var transformation: Transformation
    var delay: Int
    var futureValues: FutureValues
    var coefficient = 1.0
    var series: Series?
    var line: Int
  }

  var regressors: [DynamicRegressor] {
    if case .arima(let arima) = fit { return arima.regressors }
    return []
  }
}
