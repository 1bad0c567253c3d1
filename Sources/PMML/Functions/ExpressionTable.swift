internal import DataFields
internal import TextPatterns

/// Expressions laid flat. A node is named by its position; arguments come before the node.
struct ExpressionTable: Sendable {
  enum Operation: Sendable {
    case constant(Double)
    case slot(Int)
    /// The first argument, or the number where it is missing.
    case replaceMissing(Double)
    case normContinuous(Int)
    /// 1 if the argument equals the value, 0 if not.
    case indicator(Double)
    case discretize(Int)
    case mapValues(Int)
    /// A function; `mapMissing` is the result where an argument is missing, `missingResult` where
    /// the result is (NaN where the document says nothing).
    case call(BuiltInFunction, mapMissing: Double, missingResult: Double)
    /// How often the term, the second argument, stands in the text, the first.
    case textIndex(Int)
    /// Whether a pattern occurs in the argument.
    case matches(TextPattern)
    /// The argument with each occurrence of a pattern replaced.
    case replace(TextPattern, by: String)
    /// Whether the argument, an input whose invalid values are taken as they are, is valid.
    case isValid(Int)
    /// What rows before, or the rows of a group, come to.
    case lag(Int)
    case aggregate(Int)
    /// The argument by a pattern of `printf`, or of `strftime`.
    case formatNumber(Int)
    case formatDatetime(Int)
    case cast(from: ModelDataType, to: ModelDataType)
    /// Stores all arguments but the last in slots, then gives the last: a function's parameters.
    case bind(firstSlot: Int)
  }

  struct Node: Sendable {
    var operation: Operation
    var dataType: ModelDataType
    var arguments: Range<Int32>
  }

  struct DiscretizePlan: Sendable {
    var intervals: [ModelInterval]
    var values: [Double]
    var mapMissingTo: Double
    var defaultValue: Double
  }

  struct MapPlan: Sendable {
    /// Row by row, one key an input; NaN matches nothing.
    var keys: [Double]
    var values: [Double]
    var mapMissingTo: Double
    var defaultValue: Double
  }

  struct NormPlan: Sendable {
    var origs: [Double]
    var norms: [Double]
    var outliers: NormContinuous.Outliers
    var mapMissingTo: Double
  }

  private(set) var nodes: [Node] = []
  private(set) var arguments: [Int32] = []
  var discretizers: [DiscretizePlan] = []
  var maps: [MapPlan] = []
  var norms: [NormPlan] = []
  var textIndices: [TextIndexPlan] = []
  var lags: [LagPlan] = []
  var aggregates: [AggregatePlan] = []
  var validities: [FieldPreparation] = []
  var numberPatterns: [NumberPattern] = []
  var dateTimePatterns: [DateTimePattern] = []

  mutating func append(_ operation: Operation, _ dataType: ModelDataType, _ list: [Int] = []) -> Int
  {
    let start = Int32(arguments.count)
    arguments += list.map { Int32($0) }
    nodes.append(
      Node(
        operation: operation, dataType: dataType, arguments: start..<Int32(arguments.count)))
    return nodes.count - 1
  }

  func dataType(_ node: Int) -> ModelDataType { nodes[node].dataType }
  func isText(_ node: Int) -> Bool { nodes[node].dataType == .string }
}
