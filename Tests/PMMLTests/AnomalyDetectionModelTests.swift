import Testing

@Suite struct AnomalyDetectionModelTests {
  func model(_ attributes: String, _ inner: String) -> String {
    PMMLText.document(
      ["a double"],
      """
      <AnomalyDetectionModel functionName="regression" \(attributes)>
      \(PMMLText.schema(["a"], target: nil))\(inner)</AnomalyDetectionModel>
      """)
  }

  static let depth = """
    <RegressionModel functionName="regression">\(PMMLText.schema(["a"], target: nil))
    <RegressionTable intercept="0"><NumericPredictor name="a" coefficient="1"/></RegressionTable>
    </RegressionModel>
    """

  @Test func `an isolation forest's depth is set against that of a search`() throws {
    // c(256) = 2 (ln 255 + 0.5772...) - 2 x 255 / 256; a depth of c gives 1/2.
    let text = model(#"algorithmType="iforest" sampleDataSize="256""#, Self.depth)
    let rows = try PMMLText.score(text, [["a": "0"], ["a": "10.244770920119917"], ["a": "5"], [:]])
    let values = rows.map { $0?["predictedValue"].flatMap { Double($0) } }
    #expect(values[0] == 1)
    #expect(abs((values[1] ?? 0) - 0.5) < 1e-13)
    #expect(abs((values[2] ?? 0) - 0.7129862399685243) < 1e-13)
    #expect(values[3] == nil)
  }

  @Test func `a distance is set against the mean of its cluster`() throws {
    let clusters = """
      <MeanClusterDistances><Array n="2" type="real">2 8</Array></MeanClusterDistances>
      <ClusteringModel functionName="clustering" modelClass="centerBased" numberOfClusters="2">
      \(PMMLText.schema(["a"], target: nil))
      <ComparisonMeasure kind="distance"><euclidean/></ComparisonMeasure>
      <ClusteringField field="a"/><Cluster><Array n="1" type="real">0</Array></Cluster>
      <Cluster><Array n="1" type="real">100</Array></Cluster></ClusteringModel>
      """
    let text = model(#"algorithmType="clusterMeanDist""#, clusters)
    let rows = try PMMLText.score(text, [["a": "3"], ["a": "96"]])
    #expect(rows.map { $0?["predictedValue"] } == ["1.5", "0.5"])
    #expect(
      PMMLText.faults(text.replacing("<Array n=\"2\" type=\"real\">2 8", with: "<Array>2")) == [
        "P13"
      ])
  }

  @Test func `other algorithms give the model's own result`() throws {
    let text = model(#"algorithmType="ocsvm""#, Self.depth)
    #expect(try PMMLText.score(text, [["a": "-0.5"]])[0]?["predictedValue"] == "-0.5")
    #expect(PMMLText.faults(model(#"algorithmType="iforest""#, Self.depth)) == ["P3"])
    #expect(PMMLText.faults(model(#"algorithmType="ocsvm""#, "")) == ["P3"])
  }
}
