import Testing

@Suite struct ExpressionTests {
  func value(
    _ expression: String, _ row: [String: String] = [:],
    _ fields: [String] = ["x double", "n integer", "s string"]
  ) throws -> String? {
    try PMMLText.score(PMMLText.expression(fields, expression), [row])[0]?["result"]
  }

  func apply(_ function: String, _ arguments: String..., attributes: String = "") -> String {
    let list = arguments.map { argument in
      argument.hasPrefix("<")
        ? argument
        : argument.first?.isLetter == true
          ? "<FieldRef field=\"\(argument)\"/>" : "<Constant>\(argument)</Constant>"
    }
    return "<Apply function=\"\(function)\" \(attributes)>\(list.joined())</Apply>"
  }

  @Test func `arithmetic gives a missing result for a missing operand, aggregates leave it out`()
    throws
  {
    #expect(try value(apply("+", "x", "1.5"), ["x": "2"]) == "3.5")
    #expect(try value(apply("+", "x", "1.5")) == "")
    #expect(
      try value(apply("sum", "x", "1.5", "q"), ["x": "2"], ["x double", "q double"]) == "3.5")
    #expect(try value(apply("avg", "x", "q"), ["q": "4"], ["x double", "q double"]) == "4.0")
    #expect(try value(apply("max", "x", "q"), [:], ["x double", "q double"]) == "")
  }

  @Test func `mapMissingTo stands in before the call, defaultValue after it`() throws {
    let both = #"mapMissingTo="5" defaultValue="7""#
    #expect(try value(apply("ln", "x", attributes: both)) == "5.0")
    #expect(try value(apply("/", "x", "0.0", attributes: both), ["x": "1"]) == "7.0")
  }

  @Test func `functions of the document replace their parameters`() throws {
    let text = PMMLText.document(
      ["x double", "y double"],
      transformations: """
        <TransformationDictionary>
        <DefineFunction name="square" optype="continuous" dataType="double">
        <ParameterField name="p"/>\(apply("*", "p", "p"))</DefineFunction>
        <DerivedField name="d" optype="continuous" dataType="double">
        \(apply("square", apply("square", "x")))</DerivedField></TransformationDictionary>
        """,
      """
      <RegressionModel functionName="regression">\(PMMLText.schema(["x"]))
      <RegressionTable intercept="0"><NumericPredictor name="d" coefficient="1"/></RegressionTable>
      </RegressionModel>
      """)
    #expect(try PMMLText.score(text, [["x": "3"]])[0]?["y"] == "81.0")
  }

  @Test(arguments: [
    ("round", "-0.5", "0"), ("round", "2.5", "3"), ("rint", "2.5", "2.0"), ("floor", "-0.5", "-1"),
    ("ceil", "1.2", "2"), ("abs", "-3.25", "3.25"), ("sqrt", "2.25", "1.5"), ("exp", "0", "1.0"),
    ("log10", "1000", "3.0"), ("stdNormalCDF", "0", "0.5"), ("stdNormalIDF", "0.5", "0.0"),
  ])
  func `functions of one number`(_ function: String, _ x: String, _ expected: String) throws {
    let result = try value(apply(function, "x"), ["x": x])
    #expect(result == expected || result.flatMap(Double.init) == Double(expected))
  }

  @Test func `and is decided by one false, or by one true, beside a missing operand`() throws {
    let unknown = apply("equal", "x", "1")
    let yes = apply("equal", "n", "1")
    let no = apply("equal", "n", "2")
    #expect(try value(apply("and", unknown, no), ["n": "1"]) == "false")
    #expect(try value(apply("and", unknown, yes), ["n": "1"]) == "")
    #expect(try value(apply("or", unknown, yes), ["n": "1"]) == "true")
    #expect(try value(apply("or", unknown, no), ["n": "1"]) == "")
  }

  @Test func `texts are cut, cased and joined`() throws {
    #expect(try value(apply("substring", "s", "2", "3"), ["s": "Budapest"]) == "uda")
    #expect(try value(apply("uppercase", "s"), ["s": "őz"]) == "ŐZ")
    #expect(try value(apply("concat", "s", "n"), ["s": "a", "n": "7"]) == "a7")
    #expect(try value(apply("trimBlanks", "s"), ["s": "  a b "]) == "a b")
    #expect(try value(apply("equal", "s", "12"), ["s": "12"]) == "true")
  }

  @Test func `continuous norms interpolate, extrapolate or stop at the ends`() throws {
    func norm(_ outliers: String) -> String {
      """
      <NormContinuous field="x" outliers="\(outliers)" mapMissingTo="-1">
      <LinearNorm orig="0" norm="10"/><LinearNorm orig="2" norm="20"/>
      <LinearNorm orig="3" norm="0"/></NormContinuous>
      """
    }
    #expect(try value(norm("asIs"), ["x": "1"]) == "15.0")
    #expect(try value(norm("asIs"), ["x": "4"]) == "-20.0")
    #expect(try value(norm("asExtremeValues"), ["x": "4"]) == "0.0")
    #expect(try value(norm("asMissingValues"), ["x": "-1"]) == "-1.0")
    #expect(try value(norm("asIs")) == "-1.0")
  }

  @Test func `bins close where they say, and the default is for no bin`() throws {
    let bins = """
      <Discretize field="x" defaultValue="none" mapMissingTo="gone" dataType="string">
      <DiscretizeBin binValue="low"><Interval closure="openClosed" rightMargin="1"/></DiscretizeBin>
      <DiscretizeBin binValue="mid"><Interval closure="openOpen" leftMargin="1" rightMargin="2"/>
      </DiscretizeBin></Discretize>
      """
    let expected = ["1": "low", "1.5": "mid", "2": "none"]
    for (x, bin) in expected { #expect(try value(bins, ["x": x]) == bin) }
    #expect(try value(bins) == "gone")
  }

  @Test func `tables map combinations of fields`() throws {
    let map = """
      <MapValues outputColumn="out" defaultValue="-" dataType="string">
      <FieldColumnPair field="s" column="a"/><FieldColumnPair field="n" column="b"/>
      <InlineTable><row><a>u</a><b>1</b><out>first</out></row>
      <row><a>u</a><b>2</b><out>second</out></row></InlineTable></MapValues>
      """
    #expect(try value(map, ["s": "u", "n": "2"]) == "second")
    #expect(try value(map, ["s": "v", "n": "2"]) == "-")
    #expect(try value(map, ["s": "u"]) == "")
  }
}
