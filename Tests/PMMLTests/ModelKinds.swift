/// A small model of each kind, with a place for output fields.
enum ModelKind: String, CaseIterable, Sendable {
  case tree, regressionTree, regression, logistic, generalRegression, neuralNetwork
  case supportVectorMachine, naiveBayes, nearestNeighbor, clustering, scorecard, ruleSet
  case anomalyDetection, association, bayesianNetwork, gaussianProcess, baseline, timeSeries
  case sequence, text, selection, voting

  /// The classes of a classifier are `no` and `yes`, and of the row the class is `yes`.
  var row: [String: String] {
    switch self {
    case .association: ["who": "1", "item": "a", "y": "1"]
    case .sequence: ["who": "1", "item": "a", "y": "1"]
    case .timeSeries: ["h": "2", "y": "1"]
    case .text: ["q": "sun sun moon", "y": "1"]
    case .bayesianNetwork: ["x": "1", "c": "hi", "y": "yes"]
    default: classifies ? ["x": "1", "y": "yes"] : ["x": "1", "y": "1"]
    }
  }

  var classifies: Bool {
    switch self {
    case .tree, .logistic, .naiveBayes, .ruleSet, .bayesianNetwork, .selection, .voting: true
    default: false
    }
  }

  private static func tree(_ yes: String, _ no: String, function: String, _ outputs: String)
    -> String
  {
    """
    <TreeModel functionName="\(function)">\(PMMLText.schema(["x"]))\(outputs)<Node id="root"><True/>
    <Node id="n1" score="\(yes)"><SimplePredicate field="x" operator="greaterThan" value="0"/>\
    \(function == "regression" ? "" : "<ScoreDistribution value=\"yes\" recordCount=\"3\"/>"
      + "<ScoreDistribution value=\"no\" recordCount=\"1\"/>")</Node>
    <Node id="n2" score="\(no)"><True/></Node></Node></TreeModel>
    """
  }

  private static let items = """
    <Item id="1" value="a"/><Item id="2" value="b"/><Itemset id="s1"><ItemRef itemRef="1"/></Itemset>
    <Itemset id="s2"><ItemRef itemRef="2"/></Itemset>
    """

  private static func segments(_ method: String, _ outputs: String) -> String {
    let part = tree("yes", "no", function: "classification", "")
    let segments = ["first", "second"].map { "<Segment id=\"\($0)\"><True/>\(part)</Segment>" }
    return """
      <MiningModel functionName="classification">\(PMMLText.schema(["x"]))\(outputs)
      <Segmentation multipleModelMethod="\(method)">\(segments.joined())</Segmentation></MiningModel>
      """
  }

  func document(_ output: String = "") -> String {
    let outputs = output.isEmpty ? "" : "<Output>\(output)</Output>"
    let classes = ["x double", "y string no yes"]
    let numbers = ["x double", "y double"]
    let schema = PMMLText.schema(["x"])
    let table = """
      <InlineTable><row><x>0</x><y>1</y></row><row><x>3</x><y>2</y></row></InlineTable>
      """
    let instances = """
      <TrainingInstances isTransformed="false"><InstanceFields><InstanceField field="x" column="x"/>
      <InstanceField field="y" column="y"/></InstanceFields>\(table)</TrainingInstances>
      """
    switch self {
    case .tree:
      return PMMLText.document(
        classes, Self.tree("yes", "no", function: "classification", outputs))
    case .regressionTree:
      return PMMLText.document(numbers, Self.tree("3", "1", function: "regression", outputs))
    case .regression:
      return PMMLText.document(
        numbers,
        """
        <RegressionModel functionName="regression">\(schema)\(outputs)<RegressionTable intercept="1">
        <NumericPredictor name="x" coefficient="2"/></RegressionTable></RegressionModel>
        """)
    case .logistic:
      return PMMLText.document(
        classes,
        """
        <RegressionModel functionName="classification" normalizationMethod="logit">\(schema)\(outputs)
        <RegressionTable targetCategory="yes" intercept="1"/>
        <RegressionTable targetCategory="no" intercept="0"/></RegressionModel>
        """)
    case .generalRegression:
      return PMMLText.document(
        numbers,
        """
        <GeneralRegressionModel functionName="regression" modelType="generalLinear">\(schema)\(outputs)
        <ParameterList><Parameter name="p"/></ParameterList><FactorList/>
        <CovariateList><Predictor name="x"/></CovariateList>
        <PPMatrix><PPCell value="1" predictorName="x" parameterName="p"/></PPMatrix>
        <ParamMatrix><PCell parameterName="p" beta="2"/></ParamMatrix></GeneralRegressionModel>
        """)
    case .neuralNetwork:
      return PMMLText.document(
        numbers,
        """
        <NeuralNetwork functionName="regression" activationFunction="identity">\(schema)\(outputs)
        <NeuralInputs><NeuralInput id="0"><DerivedField optype="continuous" dataType="double">
        <FieldRef field="x"/></DerivedField></NeuralInput></NeuralInputs>
        <NeuralLayer><Neuron id="1"><Con from="0" weight="2"/></Neuron></NeuralLayer>
        <NeuralOutputs><NeuralOutput outputNeuron="1"><DerivedField optype="continuous" \
        dataType="double"><FieldRef field="y"/></DerivedField></NeuralOutput></NeuralOutputs>
        </NeuralNetwork>
        """)
    case .supportVectorMachine:
      return PMMLText.document(
        numbers,
        """
        <SupportVectorMachineModel functionName="regression">\(schema)\(outputs)<LinearKernelType/>
        <VectorDictionary><VectorFields><FieldRef field="x"/></VectorFields>
        <VectorInstance id="v"><Array n="1" type="real">1</Array></VectorInstance></VectorDictionary>
        <SupportVectorMachine><SupportVectors><SupportVector vectorId="v"/></SupportVectors>
        <Coefficients absoluteValue="0.25"><Coefficient value="1"/></Coefficients>
        </SupportVectorMachine></SupportVectorMachineModel>
        """)
    case .naiveBayes:
      let counts = """
        <TargetValueCounts><TargetValueCount value="yes" count="3"/>
        <TargetValueCount value="no" count="1"/></TargetValueCounts>
        """
      return PMMLText.document(
        classes,
        """
        <NaiveBayesModel functionName="classification" threshold="0.01">\(schema)\(outputs)
        <BayesInputs><BayesInput fieldName="x"><TargetValueStats>
        <TargetValueStat value="yes"><GaussianDistribution mean="1" variance="1"/></TargetValueStat>
        <TargetValueStat value="no"><GaussianDistribution mean="9" variance="1"/></TargetValueStat>
        </TargetValueStats></BayesInput></BayesInputs>
        <BayesOutput fieldName="y">\(counts)</BayesOutput></NaiveBayesModel>
        """)
    case .nearestNeighbor:
      return PMMLText.document(
        numbers,
        """
        <NearestNeighborModel functionName="regression" numberOfNeighbors="1">\(schema)\(outputs)
        \(instances)<ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure>
        <KNNInputs><KNNInput field="x"/></KNNInputs></NearestNeighborModel>
        """)
    case .clustering:
      return PMMLText.document(
        numbers,
        """
        <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2">
        \(PMMLText.schema(["x"], target: nil))\(outputs)
        <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure><ClusteringField field="x"/>
        <Cluster id="one"><Array n="1" type="real">0</Array></Cluster>
        <Cluster id="two"><Array n="1" type="real">9</Array></Cluster></ClusteringModel>
        """)
    case .scorecard:
      return PMMLText.document(
        numbers,
        """
        <Scorecard functionName="regression" initialScore="100">\(schema)\(outputs)<Characteristics>
        <Characteristic name="x" reasonCode="X" baselineScore="20"><Attribute partialScore="5">
        <True/></Attribute></Characteristic></Characteristics></Scorecard>
        """)
    case .ruleSet:
      return PMMLText.document(
        classes,
        """
        <RuleSetModel functionName="classification">\(schema)\(outputs)<RuleSet defaultScore="no" \
        defaultConfidence="0.3"><RuleSelectionMethod criterion="firstHit"/>
        <SimpleRule id="r1" score="yes" confidence="0.9"><True/></SimpleRule></RuleSet></RuleSetModel>
        """)
    case .anomalyDetection:
      return PMMLText.document(
        numbers,
        """
        <AnomalyDetectionModel functionName="regression" algorithmType="other">\(schema)\(outputs)
        <RegressionModel functionName="regression">\(PMMLText.schema(["x"], target: nil))
        <RegressionTable intercept="1"/></RegressionModel></AnomalyDetectionModel>
        """)
    case .association:
      return PMMLText.document(
        ["who string", "item string", "y double"],
        """
        <AssociationModel functionName="associationRules" numberOfTransactions="2" numberOfItems="2" \
        minimumSupport="0" minimumConfidence="0" numberOfItemsets="2" numberOfRules="1"><MiningSchema>
        <MiningField name="who" usageType="group"/><MiningField name="item"/></MiningSchema>\(outputs)
        \(Self.items)<AssociationRule id="r" antecedent="s1" consequent="s2" support="0.5" \
        confidence="0.6" lift="1.2" leverage="0.1" affinity="0.4"/></AssociationModel>
        """)
    case .bayesianNetwork:
      return PMMLText.document(
        ["c string lo hi", "y string no yes"],
        """
        <BayesianNetworkModel functionName="classification">\(PMMLText.schema(["c"]))\(outputs)
        <BayesianNetworkNodes><DiscreteNode name="y">
        <ValueProbability value="yes" probability="0.6"/><ValueProbability value="no" \
        probability="0.4"/></DiscreteNode>\(BayesianNetworkModelTests.table(
          "c", [(["y": "yes"], ["lo": 0.2, "hi": 0.8]), (["y": "no"], ["lo": 0.7, "hi": 0.3])]))
        </BayesianNetworkNodes></BayesianNetworkModel>
        """)
    case .gaussianProcess:
      return PMMLText.document(
        numbers,
        """
        <GaussianProcessModel functionName="regression">\(schema)\(outputs)
        <RadialBasisKernel gamma="1" noiseVariance="0.1" lambda="1"/>\(instances)
        </GaussianProcessModel>
        """)
    case .baseline:
      return PMMLText.document(
        numbers,
        """
        <BaselineModel functionName="regression">\(schema)\(outputs)
        <TestDistributions field="x" testStatistic="CUSUM"><Baseline>
        <GaussianDistribution mean="0" variance="1"/></Baseline><Alternate>
        <GaussianDistribution mean="1" variance="1"/></Alternate></TestDistributions></BaselineModel>
        """)
    case .timeSeries:
      return PMMLText.document(
        ["h integer", "y double"],
        """
        <TimeSeriesModel functionName="timeSeries" bestFit="ExponentialSmoothing"><MiningSchema>
        <MiningField name="h" usageType="supplementary"/><MiningField name="y" usageType="target"/>
        </MiningSchema>\(outputs)<ExponentialSmoothing><Level alpha="0.3" smoothedValue="100"/>
        </ExponentialSmoothing></TimeSeriesModel>
        """)
    case .sequence:
      return PMMLText.document(
        ["who string", "item string", "y double"],
        """
        <SequenceModel functionName="sequences"><MiningSchema>
        <MiningField name="who" usageType="group"/><MiningField name="item"/></MiningSchema>\(outputs)
        \(Self.items)<Sequence id="q1"><SetReference setId="s1"/></Sequence>
        <Sequence id="q2"><SetReference setId="s2"/></Sequence>
        <SequenceRule id="r" numberOfSets="2" occurrence="5" support="0.5" confidence="0.7" lift="1.2">
        <AntecedentSequence><SequenceReference seqId="q1"/></AntecedentSequence>
        <Delimiter delimiter="acrossTimeWindows" gap="unknown"/>
        <ConsequentSequence><SequenceReference seqId="q2"/></ConsequentSequence></SequenceRule>
        </SequenceModel>
        """)
    case .text:
      return PMMLText.document(
        ["q string", "y double"],
        """
        <TextModel functionName="classification" numberOfTerms="2" numberOfDocuments="2">
        \(PMMLText.schema(["q"], target: nil))\(outputs)
        <TextDictionary><Array n="2" type="string">sun moon</Array></TextDictionary>
        <TextCorpus><TextDocument id="d1"/><TextDocument id="d2"/></TextCorpus>
        <DocumentTermMatrix><Matrix kind="any" nbRows="2" nbCols="2"><Array n="2" type="real">2 1\
        </Array><Array n="2" type="real">0 3</Array></Matrix></DocumentTermMatrix></TextModel>
        """)
    case .selection: return PMMLText.document(classes, Self.segments("selectFirst", outputs))
    case .voting: return PMMLText.document(classes, Self.segments("majorityVote", outputs))
    }
  }
}
