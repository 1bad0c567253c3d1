package import DataFields
internal import DenseKernels
internal import Synchronization
package import TreeEnsembles

/// A model laid flat: what scoring and attribution walk.
///
/// Every field, derived value and output has a slot; a slot holds a double: a number, or the code
/// of a text. NaN is a missing value, everywhere: a computation that yields NaN yields a missing
/// value. Units are model elements; unit 0 is the document's model.
package struct ModelProgram: Sendable {
  package var units: [ModelUnit] = []
  package var inputs: [InputPlan] = []
  package var slotCount = 0
  /// How many numbers the units' class and cluster regions take together.
  package var regionSize = 0
  package var texts = TextInterner()
  var expressions = ExpressionTable()
  /// The inputs that go into aggregates, by position.
  var aggregatedInputs: Set<Int> = []
  /// Predicates of segments; features are slots.
  var predicates = PredicateTable()
  /// How many features the largest ensemble has.
  var featureCapacity = 0
  /// What is done around each unit for a single row.
  var rowPlans: [RowPlan] = []
}

/// A field that a caller sets.
package struct InputPlan: Sendable {
  package var field: ModelField
  package var slot: Int
  /// A field that the model predicts; it is read for a residual only.
  package var isTarget: Bool
  /// Supplementary fields are not required.
  package var isActive: Bool
}

/// What is done to a field before a unit uses it.
struct FieldPreparation: Sendable {
  var input: Int?
  var source: Int
  var slot: Int
  /// Values that stand for a missing one, rising.
  var missingValues: [Double]
  /// Valid values, rising; with no intervals, only these are valid.
  var validValues: [Double]
  var invalidValues: [Double]
  var intervals: [ModelInterval]
  var checksValidity: Bool
  var invalidTreatment: MiningField.InvalidTreatment
  var invalidReplacement: Double
  var outliers: MiningField.Outliers
  var low: Double
  var high: Double
  var missingReplacement: Double
  var missingIsInvalid: Bool
  var isFloat: Bool
}

struct DerivedStep: Sendable {
  var slot: Int
  var expression: Int
}

/// A class of a classifier: its value as a slot holds it, and its text.
package struct ClassLabel: Sendable, Hashable {
  package var value: Double
  package var text: String
}

/// What is done to a unit's prediction before it is given out.
package struct TargetPlan: Sendable {
  package var minimum: Double?
  package var maximum: Double?
  package var factor: Double
  package var constant: Double
  var cast: Target.CastInteger?
  /// Stands in where the prediction is missing.
  var defaultValue: Double
  var priors: [Double]

  /// Whether the value is only scaled and shifted, so that attributions carry over.
  package var isAffine: Bool { minimum == nil && maximum == nil && cast == nil }
}

struct OutputStep: Sendable {
  var field: OutputField
  var slot: Int
  var unit: Int
  /// The class or cluster asked for; -1 is the winner.
  var position: Int
  var expression: Int
  /// The input that holds the actual value, for a residual.
  var residualInput: Int
  var dataType: ModelDataType
  /// `TargetValue@displayValue` by class position.
  var displayCodes: [Double]
  /// What is taken from a model of rules.
  var rules: RuleOutput?
  /// How many deviations from a forecast the end of its interval is.
  var quantile = 0.0
}

/// One model element.
package struct ModelUnit: Sendable {
  package enum Content: Sendable {
    /// One tree.
    case tree(TreePlan)
    /// Trees that are combined at once.
    case forest(ForestPlan)
    case regression(RegressionPlan)
    case mining(MiningPlan)
    case clustering(ClusteringPlan)
    case generalRegression(GeneralRegressionPlan)
    case neuralNetwork(NeuralNetworkPlan)
    case supportVectorMachine(SupportVectorMachinePlan)
    case naiveBayes(NaiveBayesPlan)
    case nearestNeighbor(NearestNeighborPlan)
    case scorecard(ScorecardPlan)
    case ruleSet(RuleSetPlan)
    case anomalyDetection(AnomalyDetectionPlan)
    case association(AssociationPlan)
    case bayesianNetwork(BayesianNetworkPlan)
    case gaussianProcess(GaussianProcessPlan)
    case baseline(BaselinePlan)
    case timeSeries(TimeSeriesPlan)
    case sequence(SequencePlan)
    case text(TextPlan)
  }

  package var element: String
  package var function: ModelSignature.Function
  package var isFloat: Bool
  var preparations: [FieldPreparation] = []
  var derived: [DerivedStep] = []
  package var content: Content
  package var classes: [ClassLabel] = []
  /// Where the unit's class or cluster numbers begin.
  package var region = 0
  package var target: TargetPlan?
  /// Slot of the prediction.
  package var predictedSlot = -1
  package var predictsText = false
  /// The target that the unit's own mining schema names.
  package var targetName: String?
  var predictedType: ModelDataType = .double
  var outputs: [OutputStep] = []
  /// A target beside the unit's own.
  struct FurtherTarget: Sendable {
    var name: String
    var slot: Int
    var dataType: ModelDataType
  }

  var furtherTargets: [FurtherTarget] = []
  /// The reasons that a scorecard can give, as codes, in the order of the document.
  var reasonCodes: [Int32] = []
  /// How many ranks of reasons outputs ask for, up to ``ReasonRanking/rankLimit``.
  var reasonRankCount = 0
  /// The rules of a model of rules.
  var rules: RulePlan?
  /// Ids of nodes or clusters, for entity ids, as codes.
  package var entityCodes: [Int32] = []
  /// Names that are shown for clusters, as codes.
  var displayCodes: [Int32] = []
}

extension ModelUnit {
  /// By the element's name, which is known before its content.
  var hasNeighbors: Bool { element == "NearestNeighborModel" }
  /// Whether it has an affinity to each of several entities, so that they can be ranked.
  var ranksEntities: Bool {
    element == "ClusteringModel" || hasNeighbors || element == "TextModel"
  }
}

/// Trees and the slots that they look at.
package final class TreePlan: Sendable {
  package let ensemble: TreeEnsemble
  /// The slot behind each feature of the ensemble.
  package let featureSlots: [Int]
  /// Which features are texts or booleans: codes, never rounded.
  package let isCategorical: [Bool]

  init(ensemble: TreeEnsemble, featureSlots: [Int], isCategorical: [Bool]) {
    self.ensemble = ensemble
    self.featureSlots = featureSlots
    self.isCategorical = isCategorical
  }
}

/// Trees that are combined at once: a mining model of nothing but trees.
package final class ForestPlan: Sendable {
  package let trees: TreePlan
  let method: MiningModel.Method
  package let weights: [Double]
  let missingPrediction: MiningModel.MissingPrediction
  let missingThreshold: Double
  private let function: ModelSignature.Function
  private let made = AtomicLazyReference<RowForm>()

  /// What ``forRows`` has come to, which may be nothing.
  private final class RowForm: Sendable {
    let forest: RowForest?

    init(_ forest: RowForest?) { self.forest = forest }
  }

  init(
    trees: TreePlan, method: MiningModel.Method, weights: [Double],
    missingPrediction: MiningModel.MissingPrediction, missingThreshold: Double,
    function: ModelSignature.Function
  ) {
    self.trees = trees
    self.function = function
    self.method = method
    self.weights = weights
    self.missingPrediction = missingPrediction
    self.missingThreshold = missingThreshold
  }

  /// The trees for rows one by one; nil where they have no such form. It is made when it is first asked
  /// for: by several tasks at once, each makes one, and all of them use the same one then.
  var forRows: RowForest? {
    if let known = made.load() { return known.forest }
    let forest = ForestOutputs(trees.ensemble, method, function).flatMap { outputs in
      RowForest(
        RoutingTable(trees.ensemble), outputCount: outputs.count, isFloat: outputs.isFloat,
        values: outputs.values)
    }
    return made.storeIfNil(RowForm(forest)).forest
  }
}

package final class MiningPlan: Sendable {
  package struct Segment: Sendable {
    /// Position in ``ModelProgram/predicates``; -1 is always true.
    var predicate: Int
    package var isAlwaysTrue: Bool { predicate < 0 }
    package var unit: Int
    package var weight: Double
    /// Where a row says the weight; -1 where it is always the same.
    var weightSlot = -1
    /// For each class of the segment's unit, its position among the classes of the whole.
    var classMap: [Int]
  }

  let method: MiningModel.Method
  package let segments: [Segment]
  let missingPrediction: MiningModel.MissingPrediction
  let missingThreshold: Double

  init(
    method: MiningModel.Method, segments: [Segment],
    missingPrediction: MiningModel.MissingPrediction, missingThreshold: Double
  ) {
    self.method = method
    self.segments = segments
    self.missingPrediction = missingPrediction
    self.missingThreshold = missingThreshold
  }
}

package final class RegressionPlan: Sendable {
  package struct Numeric: Sendable {
    package var slot: Int
    package var exponent: Double
    package var coefficient: Double
  }

  package struct Categorical: Sendable {
    package var slot: Int
    package var value: Double
    package var coefficient: Double
  }

  package struct Term: Sendable {
    package var slots: [Int]
    package var coefficient: Double
  }

  package struct Table: Sendable {
    package var intercept: Double
    /// Position among the unit's classes.
    package var position: Int
    package var numeric: [Numeric]
    package var categorical: [Categorical]
    package var terms: [Term]
  }

  let normalization: RegressionModel.Normalization
  package let tables: [Table]
  let isOrdinal: Bool
  /// The sums of the tables in double precision.
  let columns: [RegressionColumns]

  init(normalization: RegressionModel.Normalization, tables: [Table], isOrdinal: Bool) {
    self.normalization = normalization
    self.tables = tables
    columns = tables.map { RegressionColumns($0) }
    self.isOrdinal = isOrdinal
  }

  /// The link's name as PMML writes it.
  package var link: String { normalization.rawValue }
}

package final class ClusteringPlan: Sendable {
  struct Field: Sendable {
    var slot: Int
    var weight: Double
    var missingWeight: Double
    var compare: ComparisonMeasure.CompareFunction
    var similarityScale: Double
  }

  let isDistance: Bool
  let measure: ComparisonMeasure.Kind
  let fields: [Field]
  /// Cluster by cluster, one number a field.
  let centers: [Double]
  package let clusterCount: Int
  /// How the points of each cluster are distributed; empty where only centres count.
  let mixture: [NormalDistribution]
  /// The distances of a row without missing values, where they are Euclidean.
  let squares: DenseLayer?

  init(
    measure: ComparisonMeasure, fields: [Field], centers: [Double], clusterCount: Int,
    mixture: [NormalDistribution] = []
  ) {
    isDistance = measure.isDistance && mixture.isEmpty
    self.mixture = mixture
    self.measure = measure.kind
    self.fields = fields
    self.centers = centers
    self.clusterCount = clusterCount
    squares = mixture.isEmpty ? Self.squares(measure, fields, centers, clusterCount) : nil
  }
}
