/// Linear predictors, one a class or one in all.
struct RegressionModel: Sendable {
  enum Normalization: String, Sendable, CaseIterable {
    case none, simplemax, softmax, logit, probit, cloglog, exp, loglog, cauchit
  }

  struct NumericPredictor: Sendable {
    var field: String
    var exponent: Double
    var coefficient: Double
    var line: Int
  }

  struct CategoricalPredictor: Sendable {
    var field: String
    var value: String
    var coefficient: Double
    var line: Int
  }

  struct PredictorTerm: Sendable {
    var coefficient: Double
    var fields: [String]
    var line: Int
  }

  struct Table: Sendable {
    var intercept: Double
    var targetCategory: String?
    var numeric: [NumericPredictor] = []
    var categorical: [CategoricalPredictor] = []
    var terms: [PredictorTerm] = []
    var line: Int
  }

  var normalization: Normalization
  var tables: [Table]
}
