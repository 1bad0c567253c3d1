internal import DataFields

/// What every model element has.
struct ModelHeader: Sendable {
  var element: String
  var name: String?
  var function: ModelSignature.Function
  var isFloat: Bool
  var line: Int
  var miningSchema: [MiningField] = []
  var localTransformations: [DerivedField] = []
  var outputs: [OutputField] = []
  var targets: [Target] = []
  /// Of the document's own model.
  var statistics: [FieldStatistics] = []
  /// Of the document's own model, where it is asked for.
  var verification: ModelVerification?

  /// Whether the element stands in another model, and has no fields of its own.
  var isEmbedded: Bool { element == "Regression" || element == "DecisionTree" }
}

/// A model of any kind.
struct ModelElement: Sendable {
  indirect enum Content: Sendable {
    case tree(TreeModel)
    case mining(MiningModel)
    case regression(RegressionModel)
    case clustering(ClusteringModel)
    case generalRegression(GeneralRegressionModel)
    case neuralNetwork(NeuralNetwork)
    case supportVectorMachine(SupportVectorMachineModel)
    case naiveBayes(NaiveBayesModel)
    case nearestNeighbor(NearestNeighborModel)
    case scorecard(Scorecard)
    case ruleSet(RuleSetModel)
    case anomalyDetection(AnomalyDetectionModel)
    case association(AssociationModel)
    case bayesianNetwork(BayesianNetworkModel)
    case gaussianProcess(GaussianProcessModel)
    case baseline(BaselineModel)
    case timeSeries(TimeSeriesModel)
    case sequence(SequenceModel)
    case text(TextModel)
  }

  var header: ModelHeader
  var content: Content
}

/// A document as it was read.
struct DocumentSyntax: Sendable {
  var version: String
  var dataFields: [DataField] = []
  var derivedFields: [DerivedField] = []
  var functions: [DefineFunction] = []
  var model: ModelElement
}
