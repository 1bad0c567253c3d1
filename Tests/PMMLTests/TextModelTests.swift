import Testing

@Suite struct TextModelTests {
  func model(
    _ parts: String, function: String = "classification", matrix: String = "2 0 1;1 3 0;0 1 1"
  ) -> String {
    let rows = matrix.split(separator: ";").map { "<Array n=\"3\" type=\"real\">\($0)</Array>" }
    return PMMLText.document(
      ["q string"],
      """
      <TextModel functionName="\(function)" numberOfTerms="3" numberOfDocuments="3">
      \(PMMLText.schema(["q"], target: nil))
      <Output><OutputField name="id" feature="entityId"/>
      <OutputField name="best" feature="affinity"/>
      <OutputField name="second" feature="entityId" rank="2"/>
      <OutputField name="next" feature="affinity" rank="2"/>
      <OutputField name="third" feature="affinity" rank="3"/></Output>
      <TextDictionary><Array n="3" type="string">sun moon "Night sky"</Array></TextDictionary>
      <TextCorpus><TextDocument id="d1"/><TextDocument id="d2"/><TextDocument id="d3"/></TextCorpus>
      <DocumentTermMatrix><Matrix kind="any" nbRows="3" nbCols="3">\(rows.joined())</Matrix>
      </DocumentTermMatrix>\(parts)</TextModel>
      """)
  }

  static func weights(_ local: String, _ global: String, _ normalization: String) -> String {
    "<TextModelNormalization localTermWeights=\"\(local)\" globalTermWeights=\"\(global)\" "
      + "documentNormalization=\"\(normalization)\"/>"
  }

  // Similarities of a text with sun twice, moon and night sky once.
  @Test(arguments: [
    ("", "cosine", ["d1", "d2"], [0.9128709291752769, 0.6454972243679028, 0.5773502691896258]),
    (
      weights("binary", "GFIDF", "none"), "cosine", ["d2", "d3"],
      [0.9284766908852593, 0.8304547985373997, 0.6695340634119862]
    ),
    (
      weights("logarithmic", "inverseDocumentFrequency", "none"), "euclidean", ["d1", "d2"],
      [0.28104699650060755, 0.43011955422639825, 0.445448950393773]
    ),
    (
      weights("augmentedNormalizedTermFrequency", "normal", "cosine"), "euclidean", ["d1", "d3"],
      [0.3279367480051493, 0.6443511221483806, 0.832067033107998]
    ),
    (
      weights("termFrequency", "probabilisticInverse", "none"), "cosine", ["d1", "d2"],
      [0.9128709291752769, 0.6454972243679027, 0.5773502691896257]
    ),
  ])
  func `documents are ranked by how like the text they are`(
    _ weights: String, _ similarity: String, _ documents: [String], _ expected: [Double]
  ) throws {
    let text = model(weights + "<TextModelSimiliarity similarityType=\"\(similarity)\"/>")
    let row = try PMMLText.score(text, [["q": "Sun, moon (sun): the night SKY!"]])[0]
    #expect([row?["predictedValue"], row?["second"]] == documents)
    #expect(row?["id"] == documents[0])
    for (name, wanted) in zip(["best", "next", "third"], expected) {
      #expect(abs((Double(row?[name] ?? "") ?? -1) - wanted) < 1e-14)
    }
  }

  @Test func `a text without any of the terms is like no document`() throws {
    let rows = try PMMLText.score(
      model("", function: "clustering"), [["q": "night and sunshine"], [:], ["q": "moon"]])
    #expect(rows.map { $0?["predictedValue"] } == ["", "", "d2"])
    #expect(rows[0]?["best"] == "")
  }

  @Test func `counts that do not agree are refused`() {
    #expect(PMMLText.faults(model("", matrix: "2 0 1;1 3 0")) == ["P13"])
    #expect(PMMLText.faults(model("", matrix: "2 0 1;1 3 0;0 -1 1")) == ["P4"])
    #expect(PMMLText.faults(model("").replacing("id=\"d2\"", with: "id=\"d1\"")) == ["P10"])
    #expect(
      PMMLText.faults(model("").replacing("numberOfTerms=\"3\"", with: "numberOfTerms=\"4\""))
        == ["P13"])
    #expect(PMMLText.faults(model("", function: "regression")) == ["P9"])
  }
}
