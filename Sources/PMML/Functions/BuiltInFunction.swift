/// A built-in function of PMML that is evaluated.
enum BuiltInFunction: String, Sendable, CaseIterable {
  case plus = "+"
  case minus = "-"
  case times = "*"
  case divide = "/"
  case min, max, sum, avg, median, product
  case log10, ln, ln1p, sqrt, abs, exp, expm1, pow, threshold, floor, ceil, round, rint, modulo
  case hypot, sin, cos, tan, asin, acos, atan, atan2, sinh, cosh, tanh, erf
  case normalCDF, normalPDF, normalIDF, stdNormalCDF, stdNormalPDF, stdNormalIDF
  case isMissing, isNotMissing, isValid, isNotValid
  case equal, notEqual, lessThan, lessOrEqual, greaterThan, greaterOrEqual
  case and, or, not, isIn, isNotIn
  case `if`
  case uppercase, lowercase, stringLength, substring, trimBlanks, concat
  case matches, replace, formatNumber, formatDatetime
  case dateDaysSinceYear, dateSecondsSinceYear, dateSecondsSinceMidnight

  /// How many arguments it takes.
  var arity: ClosedRange<Int> {
    switch self {
    case .minus: 1...2
    case .plus, .times, .divide, .pow, .threshold, .modulo, .hypot, .atan2: 2...2
    case .equal, .notEqual, .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual: 2...2
    case .min, .max, .sum, .avg, .median, .product, .concat: 1...Int.max
    case .and, .or, .isIn, .isNotIn: 2...Int.max
    case .if: 2...3
    case .substring, .normalCDF, .normalPDF, .normalIDF, .replace: 3...3
    case .matches, .formatNumber, .formatDatetime, .dateDaysSinceYear, .dateSecondsSinceYear: 2...2
    default: 1...1
    }
  }

  /// Whether it ignores missing arguments rather than giving a missing result.
  var takesMissing: Bool {
    switch self {
    case .min, .max, .sum, .avg, .median, .product, .isMissing, .isNotMissing, .isValid,
      .isNotValid, .and, .or, .if:
      true
    default: false
    }
  }

  /// Whether its second argument is a pattern, which is compiled with the model.
  var hasPattern: Bool {
    switch self {
    case .matches, .replace, .formatNumber, .formatDatetime: true
    default: false
    }
  }

  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual, .isIn,
      .isNotIn:
      true
    default: false
    }
  }

  var isTextual: Bool {
    switch self {
    case .uppercase, .lowercase, .stringLength, .substring, .trimBlanks, .concat: true
    default: false
    }
  }
}
