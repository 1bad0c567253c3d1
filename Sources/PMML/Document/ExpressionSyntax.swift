internal import DataFields

/// An expression as the document writes it.
struct ExpressionSyntax: Sendable {
  indirect enum Kind: Sendable {
    case constant(text: String, dataType: ModelDataType?, isMissing: Bool)
    case fieldRef(String, mapMissingTo: String?)
    case normContinuous(NormContinuous)
    case normDiscrete(field: String, value: String, mapMissingTo: Double?)
    case discretize(Discretize)
    case mapValues(MapValues)
    case apply(Apply)
    case textIndex(TextIndex)
    case lag(Lag)
    case aggregate(Aggregate)
    /// Reading failed, and said so.
    case faulty
  }

  var kind: Kind
  var line: Int
}

struct NormContinuous: Sendable {
  enum Outliers: String, Sendable, CaseIterable { case asIs, asMissingValues, asExtremeValues }

  var field: String
  var mapMissingTo: Double?
  var outliers: Outliers
  /// Pairs (orig, norm), rising by orig.
  var points: [(orig: Double, norm: Double)]
}

struct Discretize: Sendable {
  struct Bin: Sendable {
    var interval: ModelInterval
    var value: String
  }

  var field: String
  var mapMissingTo: String?
  var defaultValue: String?
  var dataType: ModelDataType?
  var bins: [Bin]
}

struct MapValues: Sendable {
  struct Input: Sendable {
    var field: String
    var column: String
  }

  var inputs: [Input]
  var outputColumn: String
  var mapMissingTo: String?
  var defaultValue: String?
  var dataType: ModelDataType?
  /// Rows as column names and texts.
  var rows: [[String: String]]
}

struct Apply: Sendable {
  var function: String
  var mapMissingTo: String?
  var defaultValue: String?
  /// `asMissing`, `asIs`, `returnInvalid`.
  var invalidTreatment: String?
  var arguments: [ExpressionSyntax]
}

struct DerivedField: Sendable {
  var name: String
  var opType: ModelOpType
  var dataType: ModelDataType
  var expression: ExpressionSyntax
  var values: [FieldValue]
  var line: Int
}

struct DefineFunction: Sendable {
  struct Parameter: Sendable {
    var name: String
    var dataType: ModelDataType?
  }

  var name: String
  var dataType: ModelDataType?
  var parameters: [Parameter]
  var body: ExpressionSyntax
  var line: Int
}
