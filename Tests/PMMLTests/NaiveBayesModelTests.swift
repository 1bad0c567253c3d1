import Testing

@Suite struct NaiveBayesModelTests {
  /// A colour and a size; of 10 "yes" and 30 "no".
  static let model = PMMLText.document(
    ["colour string red blue", "size double", "y string no yes"],
    """
    <NaiveBayesModel functionName="classification" threshold="0.01">
    \(PMMLText.schema(["colour", "size"]))
    <Output><OutputField name="p" feature="probability" value="yes"/></Output>
    <BayesInputs>
    <BayesInput fieldName="colour">
    <PairCounts value="red"><TargetValueCounts><TargetValueCount value="yes" count="6"/>\
    <TargetValueCount value="no" count="0"/></TargetValueCounts></PairCounts>
    <PairCounts value="blue"><TargetValueCounts><TargetValueCount value="yes" count="2"/>\
    <TargetValueCount value="no" count="20"/></TargetValueCounts></PairCounts>
    </BayesInput>
    <BayesInput fieldName="size"><TargetValueStats>
    <TargetValueStat value="yes"><GaussianDistribution mean="5" variance="4"/></TargetValueStat>
    <TargetValueStat value="no"><PoissonDistribution mean="3"/></TargetValueStat>
    </TargetValueStats></BayesInput>
    </BayesInputs>
    <BayesOutput fieldName="y"><TargetValueCounts><TargetValueCount value="yes" count="10"/>\
    <TargetValueCount value="no" count="30"/></TargetValueCounts></BayesOutput>
    </NaiveBayesModel>
    """)

  // P(red | yes) = 6/8, P(red | no) = 0, so the threshold; P(blue | yes) = 2/8, P(blue | no) = 1.
  // The density of 4 is exp(-1/8) / sqrt(8 pi) beside yes, and exp(-3) 3^4 / 4! beside no.
  @Test(arguments: [
    (["colour": "red"], 0.9615384615384616), (["colour": "blue"], 0.07692307692307693),
    (["size": "4"], 0.2588233272718203), (["colour": "red", "size": "4"], 0.9632223794844262),
    // No Poisson variable is 4.5, so the threshold is its probability.
    (["size": "4.5"], 0.8656720778965229), ([:], 0.25),
  ])
  func `likelihoods are products of conditional probabilities`(
    _ row: [String: String], _ expected: Double
  ) throws {
    let result = try #require(try PMMLText.score(Self.model, [row])[0])
    let probability = try #require(result["p"].flatMap { Double($0) })
    #expect(abs(probability - expected) < 1e-14)
    #expect(result["y"] == (expected > 0.5 ? "yes" : "no"))
  }

  @Test func `a field may be discretised first`() throws {
    let bins = """
      <BayesInput fieldName="size"><DerivedField optype="categorical" dataType="string">\
      <Discretize field="size"><DiscretizeBin binValue="small"><Interval closure="openOpen" \
      rightMargin="10"/></DiscretizeBin><DiscretizeBin binValue="large"><Interval \
      closure="closedOpen" leftMargin="10"/></DiscretizeBin></Discretize></DerivedField>
      <PairCounts value="small"><TargetValueCounts><TargetValueCount value="yes" count="1"/>\
      <TargetValueCount value="no" count="9"/></TargetValueCounts></PairCounts>
      <PairCounts value="large"><TargetValueCounts><TargetValueCount value="yes" count="9"/>\
      <TargetValueCount value="no" count="1"/></TargetValueCounts></PairCounts></BayesInput>
      </BayesInputs>
      """
    let start = Self.model.firstRange(of: #"<BayesInput fieldName="size">"#)
    let end = Self.model.firstRange(of: "</BayesInputs>")
    let text =
      Self.model[..<(try #require(start).lowerBound)] + bins
      + Self.model[try #require(end).upperBound...]
    let rows = try PMMLText.score(String(text), [["size": "9.9"], ["size": "10"]])
    // 10 x 1/10 against 30 x 9/10; 10 x 9/10 against 30 x 1/10.
    #expect(abs((rows[0]?["p"].flatMap { Double($0) } ?? 0) - 1.0 / 28) < 1e-15)
    #expect(abs((rows[1]?["p"].flatMap { Double($0) } ?? 0) - 0.75) < 1e-15)
  }

  @Test func `faults are told with their codes`() {
    #expect(
      PMMLText.faults(Self.model.replacing(#"count="20""#, with: #"count="-1""#)) == ["P4"])
    #expect(
      PMMLText.faults(
        Self.model.replacing(
          #"<PoissonDistribution mean="3"/>"#, with: #"<AnyDistribution mean="3" variance="1"/>"#))
        == ["P9"])
  }
}
