internal import XMLReading

/// The elements of PMML that are read; any other is unexpected where it stands.
enum ElementName: String, CaseIterable {
  case pmml = "PMML"
  case header = "Header"
  case miningBuildTask = "MiningBuildTask"
  case dataDictionary = "DataDictionary"
  case dataField = "DataField"
  case value = "Value"
  case interval = "Interval"
  case taxonomy = "Taxonomy"
  case transformationDictionary = "TransformationDictionary"
  case localTransformations = "LocalTransformations"
  case derivedField = "DerivedField"
  case defineFunction = "DefineFunction"
  case parameterField = "ParameterField"
  case fieldRef = "FieldRef"
  case constant = "Constant"
  case normContinuous = "NormContinuous"
  case linearNorm = "LinearNorm"
  case normDiscrete = "NormDiscrete"
  case discretize = "Discretize"
  case discretizeBin = "DiscretizeBin"
  case mapValues = "MapValues"
  case fieldColumnPair = "FieldColumnPair"
  case inlineTable = "InlineTable"
  case tableLocator = "TableLocator"
  case row
  case apply = "Apply"
  case aggregate = "Aggregate"
  case lag = "Lag"
  case blockIndicator = "BlockIndicator"
  case textIndex = "TextIndex"
  case textIndexNormalization = "TextIndexNormalization"
  case extensionElement = "Extension"
  case miningSchema = "MiningSchema"
  case miningField = "MiningField"
  case output = "Output"
  case outputField = "OutputField"
  case decisions = "Decisions"
  case decision = "Decision"
  case targets = "Targets"
  case target = "Target"
  case targetValue = "TargetValue"
  case modelStats = "ModelStats"
  case univariateStats = "UnivariateStats"
  case numericInfo = "NumericInfo"
  case discrStats = "DiscrStats"
  case modelExplanation = "ModelExplanation"
  case modelVerification = "ModelVerification"
  case verificationFields = "VerificationFields"
  case verificationField = "VerificationField"
  case array = "Array"
  case isTrue = "True"
  case isFalse = "False"
  case simplePredicate = "SimplePredicate"
  case simpleSetPredicate = "SimpleSetPredicate"
  case compoundPredicate = "CompoundPredicate"
  case treeModel = "TreeModel"
  case node = "Node"
  case scoreDistribution = "ScoreDistribution"
  case partition = "Partition"
  case regression = "Regression"
  case decisionTree = "DecisionTree"
  case miningModel = "MiningModel"
  case resultField = "ResultField"
  case segmentation = "Segmentation"
  case segment = "Segment"
  case variableWeight = "VariableWeight"
  case regressionModel = "RegressionModel"
  case regressionTable = "RegressionTable"
  case numericPredictor = "NumericPredictor"
  case categoricalPredictor = "CategoricalPredictor"
  case predictorTerm = "PredictorTerm"
  case clusteringModel = "ClusteringModel"
  case comparisonMeasure = "ComparisonMeasure"
  case clusteringField = "ClusteringField"
  case missingValueWeights = "MissingValueWeights"
  case cluster = "Cluster"
  case comparisons = "Comparisons"
  case matrix = "Matrix"
  case matCell = "MatCell"
  case kohonenMap = "KohonenMap"
  case covariances = "Covariances"
  case centerFields = "CenterFields"
  case euclidean
  case squaredEuclidean
  case cityBlock
  case chebychev
  case minkowski
  case simpleMatching
  case jaccard
  case tanimoto
  case binarySimilarity
  case categories = "Categories"
  case category = "Category"
  case parameterList = "ParameterList"
  case parameter = "Parameter"
  case factorList = "FactorList"
  case covariateList = "CovariateList"
  case predictor = "Predictor"
  case ppMatrix = "PPMatrix"
  case ppCell = "PPCell"
  case paramMatrix = "ParamMatrix"
  case pCell = "PCell"
  case pCovMatrix = "PCovMatrix"
  case pCovCell = "PCovCell"
  case eventValues = "EventValues"
  case baseCumHazardTables = "BaseCumHazardTables"
  case baselineStratum = "BaselineStratum"
  case baselineCell = "BaselineCell"
  case bayesInputs = "BayesInputs"
  case bayesInput = "BayesInput"
  case bayesOutput = "BayesOutput"
  case pairCounts = "PairCounts"
  case targetValueCounts = "TargetValueCounts"
  case targetValueCount = "TargetValueCount"
  case targetValueStats = "TargetValueStats"
  case targetValueStat = "TargetValueStat"
  case anyDistribution = "AnyDistribution"
  case gaussianDistribution = "GaussianDistribution"
  case poissonDistribution = "PoissonDistribution"
  case uniformDistribution = "UniformDistribution"
  case trainingInstances = "TrainingInstances"
  case instanceFields = "InstanceFields"
  case instanceField = "InstanceField"
  case knnInputs = "KNNInputs"
  case knnInput = "KNNInput"
  case neuralInputs = "NeuralInputs"
  case neuralInput = "NeuralInput"
  case neuralLayer = "NeuralLayer"
  case neuron = "Neuron"
  case con = "Con"
  case neuralOutputs = "NeuralOutputs"
  case neuralOutput = "NeuralOutput"
  case ruleSet = "RuleSet"
  case ruleSelectionMethod = "RuleSelectionMethod"
  case simpleRule = "SimpleRule"
  case compoundRule = "CompoundRule"
  case characteristics = "Characteristics"
  case characteristic = "Characteristic"
  case attribute = "Attribute"
  case complexPartialScore = "ComplexPartialScore"
  case linearKernelType = "LinearKernelType"
  case polynomialKernelType = "PolynomialKernelType"
  case radialBasisKernelType = "RadialBasisKernelType"
  case sigmoidKernelType = "SigmoidKernelType"
  case vectorDictionary = "VectorDictionary"
  case vectorFields = "VectorFields"
  case vectorInstance = "VectorInstance"
  case supportVectorMachine = "SupportVectorMachine"
  case supportVectors = "SupportVectors"
  case supportVector = "SupportVector"
  case coefficients = "Coefficients"
  case coefficient = "Coefficient"
  case realSparseArray = "REAL-SparseArray"
  case indices = "Indices"
  case realEntries = "REAL-Entries"
  case meanClusterDistances = "MeanClusterDistances"
  case anomalyDetectionModel = "AnomalyDetectionModel"
  case generalRegressionModel = "GeneralRegressionModel"
  case naiveBayesModel = "NaiveBayesModel"
  case nearestNeighborModel = "NearestNeighborModel"
  case neuralNetwork = "NeuralNetwork"
  case ruleSetModel = "RuleSetModel"
  case scorecard = "Scorecard"
  case supportVectorMachineModel = "SupportVectorMachineModel"
  case item = "Item"
  case itemset = "Itemset"
  case itemRef = "ItemRef"
  case associationRule = "AssociationRule"
  case bayesianNetworkNodes = "BayesianNetworkNodes"
  case discreteNode = "DiscreteNode"
  case discreteConditionalProbability = "DiscreteConditionalProbability"
  case valueProbability = "ValueProbability"
  case parentValue = "ParentValue"
  case continuousNode = "ContinuousNode"
  case continuousConditionalProbability = "ContinuousConditionalProbability"
  case continuousDistribution = "ContinuousDistribution"
  case normalDistributionForBN = "NormalDistributionForBN"
  case lognormalDistributionForBN = "LognormalDistributionForBN"
  case uniformDistributionForBN = "UniformDistributionForBN"
  case triangularDistributionForBN = "TriangularDistributionForBN"
  case mean = "Mean"
  case variance = "Variance"
  case lower = "Lower"
  case upper = "Upper"
  case radialBasisKernel = "RadialBasisKernel"
  case ardSquaredExponentialKernel = "ARDSquaredExponentialKernel"
  case absoluteExponentialKernel = "AbsoluteExponentialKernel"
  case generalizedExponentialKernel = "GeneralizedExponentialKernel"
  case lambda = "Lambda"
  case testDistributions = "TestDistributions"
  case baseline = "Baseline"
  case alternate = "Alternate"
  case countTable = "CountTable"
  case normalizedCountTable = "NormalizedCountTable"
  case fieldValue = "FieldValue"
  case fieldValueCount = "FieldValueCount"
  case timeSeries = "TimeSeries"
  case timeValue = "TimeValue"
  case exponentialSmoothing = "ExponentialSmoothing"
  case level = "Level"
  case trendExpoSmooth = "Trend_ExpoSmooth"
  case seasonalityExpoSmooth = "Seasonality_ExpoSmooth"
  case arima = "ARIMA"
  case seasonalTrendDecomposition = "SeasonalTrendDecomposition"
  case spectralAnalysis = "SpectralAnalysis"
  case stateSpaceModel = "StateSpaceModel"
  case garch = "GARCH"
  case nonseasonalComponent = "NonseasonalComponent"
  case seasonalComponent = "SeasonalComponent"
  case autoregression = "AR"
  case movingAverage = "MA"
  case movingAverageCoefficients = "MACoefficients"
  case residuals = "Residuals"
  case dynamicRegressor = "DynamicRegressor"
  case numerator = "Numerator"
  case denominator = "Denominator"
  case nonseasonalFactor = "NonseasonalFactor"
  case seasonalFactor = "SeasonalFactor"
  case regressorValues = "RegressorValues"
  case trendCoefficients = "TrendCoefficients"
  case transferFunctionValues = "TransferFunctionValues"
  case maximumLikelihoodStat = "MaximumLikelihoodStat"
  case outlierEffect = "OutlierEffect"
  case armaPart = "ARMAPart"
  case garchPart = "GARCHPart"
  case residualSquareCoefficients = "ResidualSquareCoefficients"
  case varianceCoefficients = "VarianceCoefficients"
  case pastVariances = "PastVariances"
  case stateVector = "StateVector"
  case transitionMatrix = "TransitionMatrix"
  case measurementMatrix = "MeasurementMatrix"
  case interceptVector = "InterceptVector"
  case predictedStateCovarianceMatrix = "PredictedStateCovarianceMatrix"
  case selectedStateCovarianceMatrix = "SelectedStateCovarianceMatrix"
  case observationVarianceMatrix = "ObservationVarianceMatrix"
  case psiVector = "PsiVector"
  case timeAnchor = "TimeAnchor"
  case timestamp = "Timestamp"
  case constraints = "Constraints"
  case setPredicate = "SetPredicate"
  case sequence = "Sequence"
  case setReference = "SetReference"
  case sequenceReference = "SequenceReference"
  case sequenceRule = "SequenceRule"
  case antecedentSequence = "AntecedentSequence"
  case consequentSequence = "ConsequentSequence"
  case delimiter = "Delimiter"
  case time = "Time"
  case associationModel = "AssociationModel"
  case bayesianNetworkModel = "BayesianNetworkModel"
  case baselineModel = "BaselineModel"
  case gaussianProcessModel = "GaussianProcessModel"
  case sequenceModel = "SequenceModel"
  case timeSeriesModel = "TimeSeriesModel"
  case textModel = "TextModel"
  case textDictionary = "TextDictionary"
  case textCorpus = "TextCorpus"
  case textDocument = "TextDocument"
  case documentTermMatrix = "DocumentTermMatrix"
  case textModelNormalization = "TextModelNormalization"
  // Spelt so in PMML.
  case textModelSimiliarity = "TextModelSimiliarity"
}

/// The attributes that are read.
enum AttributeName: String, CaseIterable {
  case version, name, value, field, id, score, n, type, closure, property, kind, weight, method
  case businessProblem, description, pRow, pCol
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
  case misspeltDataType = "datatype"
  case textField, isCaseSensitive, maxLevenshteinDistance, countHits
  case wordSeparatorCharacterRE, tokenize, recursive, inField, outField, regexField
  case wordRE = "x-wordRE"
  case linkFunction, linkParameter, cumulativeLink, distribution, distParameter
  case targetReferenceCategory, targetVariableName, offsetVariable, offsetValue
  case trialsVariable, trialsValue, endTimeVariable, startTimeVariable, subjectIDVariable
  case statusVariable, baselineStrataVariable, referencePoint, label, predictorName, parameterName
  case beta, df, maxTime, time, cumHazard, modelDF, contrastMatrixType
  case nbRows, nbCols, diagDefault, offDiagDefault, row, col
  case fieldName, count, mean, variance, lower, upper
  case numberOfNeighbors, continuousScoringMethod, categoricalScoringMethod, instanceIdVariable
  case isTransformed, fieldCount
  case activationFunction, width, altitude, numberOfLayers, bias, from, outputNeuron
  case numberOfNeurons
  case criterion, defaultScore, defaultConfidence, nbCorrect
  case initialScore, useReasonCodes, reasonCodeAlgorithm, reasonCode, baselineScore
  case baselineMethod, partialScore
  case gamma, coef0, degree, svmRepresentation, classificationMethod, maxWins
  case alternateBinaryTargetCategory, alternateTargetCategory, vectorId, absoluteValue
  case numberOfVectors, numberOfAttributes, numberOfSupportVectors, numberOfCoefficients
  case algorithmType, sampleDataSize
  case itemRef, antecedent, consequent, support, lift, leverage, affinity, category, numberOfItems
  case parent, noiseVariance, lambda
  case testStatistic, resetValue, windowSize, weightField, normalizationScheme, sample
  case bestFit, transformation, smoothedValue, trend, phi, period, phase
  case usage, index, delay, futureValuesMethod, difference, startTime, magnitude
  case dampingCoefficient, constantTerm, predictionMethod, periodDeficit, constant, gp, gq, p, d, q
  case seasonalP = "P"
  case seasonalD = "D"
  case seasonalQ = "Q"
  case rmse = "RMSE"
  case delimiter, gap, setId, seqId
  case minimumItemsetSeparationTime, maximumItemsetSeparationTime
  case minimumAntConsSeparationTime, maximumAntConsSeparationTime
  case minimumTotalSequenceTime, maximumTotalSequenceTime
  case minimumNumberOfItems, maximumNumberOfItems
  case minimumNumberOfAntecedentItems, maximumNumberOfAntecedentItems
  case minimumNumberOfConsequentItems, maximumNumberOfConsequentItems
  case minimumSupport, minimumConfidence, minimumLift, lengthLimit
  case numberOfItemsets, numberOfRules
  case median, modalValue, precision, zeroThreshold, aggregate, groupField, sqlWhere
  case numberOfTerms, numberOfDocuments, localTermWeights, globalTermWeights
  case documentNormalization, similarityType
  // Known, and of no effect on scores.
  case numberOfFields, numberOfCategories, copyright, timestamp, modelVersion
  case extender, numberOfTransactions, maxNumberOfItemsPerTA, avgNumberOfItemsPerTA
  case inferenceMethod, optimizer, maxNumberOfItemsPerTransaction, avgNumberOfItemsPerTransaction
  case numberOfTransactionGroups, maxNumberOfTAsPerTAGroup, avgNumberOfTAsPerTAGroup
}

extension XMLVocabulary {
  static let pmml = XMLVocabulary(
    elements: ElementName.allCases.map(\.rawValue),
    attributes: AttributeName.allCases.map(\.rawValue))
}
