import Testing

@Suite struct ClusteringModelTests {
  func clusters(_ measure: String, kind: String = "distance", _ centers: [String]) -> String {
    let list = centers.enumerated().map { place, center in
      "<Cluster name=\"c\(place)\"><Array n=\"3\" type=\"real\">\(center)</Array></Cluster>"
    }.joined()
    return PMMLText.document(
      ["a double", "b double", "c double"],
      """
      <ClusteringModel functionName="clustering" modelClass="centerBased" \
      numberOfClusters="\(centers.count)">\(PMMLText.schema(["a", "b", "c"], target: nil))
      <Output><OutputField name="cluster" feature="entityId"/>
      <OutputField name="name" feature="predictedDisplayValue"/>
      <OutputField name="affinity" feature="affinity"/>
      <OutputField name="first" feature="affinity" value="1"/></Output>
      <ComparisonMeasure kind="\(kind)">\(measure)</ComparisonMeasure>
      <ClusteringField field="a"/><ClusteringField field="b"/>
      <ClusteringField field="c" fieldWeight="2"/>\(list)</ClusteringModel>
      """)
  }

  // From (1, 2, 3) to (0, 0, 1): differences 1, 2, 2, the last with weight 2.
  @Test(arguments: [
    ("<squaredEuclidean/>", "13.0"), ("<euclidean/>", 13.0.squareRoot().description),
    ("<cityBlock/>", "7.0"), ("<chebychev/>", "4.0"),
    (#"<minkowski p-parameter="1"/>"#, "7.0"),
  ])
  func `distances are measured as named`(_ measure: String, _ expected: String) throws {
    let text = clusters(measure, ["0 0 1", "9 9 9"])
    let row = try PMMLText.score(text, [["a": "1", "b": "2", "c": "3"]])[0]
    #expect(row?["affinity"] == expected)
    #expect(row?["cluster"] == "1")
    #expect(row?["name"] == "c0")
  }

  @Test func `a missing field is left out and the rest scaled up`() throws {
    // Without b: (1 + 2 x 4) x 3/2.
    let text = clusters("<squaredEuclidean/>", ["0 0 1", "9 9 9"])
    let rows = try PMMLText.score(text, [["a": "1", "c": "3"], [:]])
    #expect(rows[0]?["affinity"] == "13.5")
    #expect(rows[1]?["cluster"] == "")
  }

  @Test(arguments: [
    ("<simpleMatching/>", 2.0 / 3), ("<jaccard/>", 0.5), ("<tanimoto/>", 0.5),
    (
      #"""
      <binarySimilarity c00-parameter="0" c01-parameter="0" c10-parameter="0" c11-parameter="1" \#
      d00-parameter="1" d01-parameter="1" d10-parameter="1" d11-parameter="1"/>
      """#, 1.0 / 3
    ),
  ])
  func `binary similarities count matches; the most similar wins`(
    _ measure: String, _ expected: Double
  ) throws {
    // (1, 1, 0) against (1, 0, 0): a11 = 1, a10 = 1, a00 = 1.
    let text = clusters(measure, kind: "similarity", ["1 0 0", "0 0 1"])
    let row = try PMMLText.score(text, [["a": "1", "b": "1", "c": "0"]])[0]
    #expect(row?["affinity"] == expected.description)
    #expect(row?["cluster"] == "1")
  }

  // By scipy.stats.multivariate_normal, weighted by the sizes.
  @Test(arguments: [
    (["a": "1", "b": "1"], "2", 0.8334339021197307),
    (["a": "0.2", "b": "-0.3"], "1", 0.9974896956492398),
    (["a": "1.2"], "2", 0.7814047560727619),
  ])
  func `the cluster that most probably gave a point wins`(
    _ row: [String: String], _ cluster: String, _ probability: Double
  ) throws {
    func part(_ size: Int, _ mean: String, _ rows: [String]) -> String {
      "<Cluster size=\"\(size)\"><Array type=\"real\">\(mean)</Array><Covariances><Matrix>"
        + rows.map { "<Array type=\"real\">\($0)</Array>" }.joined()
        + "</Matrix></Covariances></Cluster>"
    }
    let text = PMMLText.document(
      ["a double", "b double"],
      """
      <ClusteringModel functionName="clustering" modelClass="distributionBased" \
      numberOfClusters="2">\(PMMLText.schema(["a", "b"], target: nil))
      <Output><OutputField name="cluster" feature="entityId"/>
      <OutputField name="affinity" feature="affinity"/></Output>
      <ComparisonMeasure kind="similarity"><squaredEuclidean/></ComparisonMeasure>
      <ClusteringField field="a"/><ClusteringField field="b"/>
      \(part(30, "0 0", ["1 0.5", "0.5 2"]))\(part(70, "2 1", ["0.5 -0.1", "-0.1 0.3"]))
      </ClusteringModel>
      """)
    let result = try PMMLText.score(text, [row, [:]])
    #expect(result[0]?["cluster"] == cluster)
    #expect(abs((Double(result[0]?["affinity"] ?? "") ?? 0) - probability) < 1e-14)
    #expect(result[1]?["cluster"] == "")
    #expect(PMMLText.faults(text.replacing("1 0.5<", with: "-1 0.5<")) == ["P27"])
    #expect(PMMLText.faults(text.replacing("0.5 2<", with: "0.5<")) == ["P13"])
    #expect(
      PMMLText.faults(
        text.replacing("<Covariances>", with: "<Partition name=\"p\">")
          .replacing("</Covariances>", with: "</Partition>")) == ["P9"])
  }
}
