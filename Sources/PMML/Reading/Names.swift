internal import XMLReading

/// The elements of PMML that are read; any other is unexpected where it stands.
enum ElementName: String, CaseIterable {
  case PMML, Header, MiningBuildTask, DataDictionary, DataField, Value, Interval, Taxonomy
  case TransformationDictionary, LocalTransformations, DerivedField, DefineFunction
  case ParameterField, FieldRef, Constant, NormContinuous, LinearNorm, NormDiscrete, Discretize
  case DiscretizeBin, MapValues, FieldColumnPair, InlineTable, TableLocator, row, Apply, Aggregate
  case Lag, TextIndex
  case Extension, MiningSchema, MiningField, Output, OutputField, Decisions, Decision, Targets
  case Target, TargetValue, ModelStats, ModelExplanation, ModelVerification
  case Array, True, False, SimplePredicate, SimpleSetPredicate, CompoundPredicate
  case TreeModel, Node, ScoreDistribution, Partition, Regression, DecisionTree
  case MiningModel, EmbeddedModel, Segmentation, Segment, VariableWeight
  case RegressionModel, RegressionTable, NumericPredictor, CategoricalPredictor, PredictorTerm
  case ClusteringModel, ComparisonMeasure, ClusteringField, MissingValueWeights, Cluster
  case Comparisons, Matrix, MatCell, KohonenMap, Covariances
  case CenterFields
  case euclidean, squaredEuclidean, cityBlock, chebychev, minkowski, simpleMatching, jaccard
  case tanimoto, binarySimilarity
  // Models that are refused by name.
  case AnomalyDetectionModel, AssociationModel, BayesianNetworkModel, BaselineModel
  case GaussianProcessModel, GeneralRegressionModel, NaiveBayesModel, NearestNeighborModel
  case NeuralNetwork, RuleSetModel, SequenceModel, Scorecard, SupportVectorMachineModel, TextModel
  case TimeSeriesModel
}

/// The attributes that are read.
enum AttributeName: String, CaseIterable {
  case version, name, value, field, id, score, n, type, closure, property, kind, weight, method
  case optype, dataType, displayName, displayValue, isCyclic, taxonomy, leftMargin, rightMargin
  case usageType, importance, outliers, lowValue, highValue, missingValueReplacement
  case missingValueTreatment, invalidValueTreatment, invalidValueReplacement
  case function, mapMissingTo, defaultValue, missing, orig, norm, binValue, column, outputColumn
  case functionName, modelName, algorithmName, isScorable, modelType, splitCharacteristic
  case missingValueStrategy, missingValuePenalty, noTrueChildStrategy, recordCount, defaultChild
  case operation = "operator"
  case booleanOperator, probability, confidence
  case multipleModelMethod, missingPredictionTreatment, missingThreshold
  case targetFieldName, normalizationMethod, intercept, targetCategory, coefficient, exponent
  case modelClass, numberOfClusters, compareFunction, minimum, maximum, isCenterField
  case fieldWeight, similarityScale, size
  case pParameter = "p-parameter"
  case c00 = "c00-parameter"
  case c01 = "c01-parameter"
  case c10 = "c10-parameter"
  case c11 = "c11-parameter"
  case d00 = "d00-parameter"
  case d01 = "d01-parameter"
  case d10 = "d10-parameter"
  case d11 = "d11-parameter"
  case feature, targetField, ruleFeature, algorithm, rank, rankBasis, rankOrder, isMultiValued
  case segmentId, isFinalResult, numTopCategories, threshold
  case min, max, rescaleConstant, rescaleFactor, castInteger, priorProbability
  case mathContext = "x-mathContext"
  // Known, and of no effect on scores.
  case numberOfFields, numberOfCategories, copyright, description, timestamp, modelVersion
  case extender, maxNumberOfClusters, xmlns, criterion, recordCountAttribute, label, var_ = "var"
}

extension XMLVocabulary {
  static let pmml = XMLVocabulary(
    elements: ElementName.allCases.map(\.rawValue),
    attributes: AttributeName.allCases.map(\.rawValue))
}
