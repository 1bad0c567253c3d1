import Testing

/// Every built-in function of PMML 4.4.1, by values worked out with Python's `math` and `statistics`.
@Suite struct BuiltInFunctionTests {
  /// `name argument...: result`; an argument that is a letter is a field, `-` is a missing field,
  /// `'text` is a text. A result in `~` is near, an empty one is missing.
  static let calls = """
    + 2.5 4: 6.5
    - 2.5 4: -1.5
    * 2.5 4: 10
    / 2.5 4: 0.625
    / 1.5 0:
    + 2.5 -:
    min 2.5 4 1.5: 1.5
    min 2.5 - 1.5: 1.5
    max 2.5 4 1.5: 4
    sum 2.5 4 1.5: 8
    avg 2.5 4 - 1.5: ~2.6666666666666665
    median 2.5 4 1.5: 2.5
    median 2.5 4: 3.25
    product 2.5 4 1.5: 15
    log10 7: ~0.8450980400142568
    ln 7: ~1.9459101490553132
    sqrt 7: ~2.6457513110645907
    abs -3.5: 3.5
    exp -1.5: ~0.22313016014842982
    pow 2 0.3: ~1.2311444133449163
    threshold 3 2: 1
    threshold 2 2: 0
    floor -1.2: -2
    ceil -1.2: -1
    round 2.5: 3
    round -2.5: -2
    modulo 11 4: 3
    modulo -11 4: 1
    modulo 9.5 -2: -0.5
    isMissing -: true
    isMissing 1: false
    isNotMissing -: false
    isNotMissing 1: true
    isValid 1: true
    isValid -: false
    isNotValid 1: false
    isNotValid -: true
    equal 2 2: true
    equal 2 -:
    notEqual 2 2: false
    lessThan 1 2: true
    lessOrEqual 2 2: true
    greaterThan 2 2: false
    greaterOrEqual 2 2: true
    isIn 2 1 2 3: true
    isIn 'b 'a 'c: false
    isNotIn 2 1 2 3: false
    uppercase 'aB3: AB3
    lowercase 'aB3: ab3
    stringLength 'aB3: 3
    substring 'aBc9x 2 3: Bc9
    trimBlanks 'aBc9x: aBc9x
    concat '2- 'x: 2-x
    replace 'BBBB 'B+ 'c: c
    matches 'January 'ar?y: true
    matches 'April 'ar?y: false
    formatNumber 2 '%3d:   2
    normalCDF 4 2 3: ~0.7475074624530771
    normalPDF 4 2 3: ~0.10648266850745075
    normalIDF 0.1 2 3: ~-1.8446546966338024
    stdNormalCDF 1.25: ~0.8943502263331446
    stdNormalPDF 1.25: ~0.18264908538902191
    stdNormalIDF 0.975: ~1.9599639845400536
    erf 0.5: ~0.5204998778130465
    expm1 0.00001: ~1.0000050000166668e-05
    hypot 1 2: ~2.23606797749979
    ln1p 0.00001: ~9.999950000333332e-06
    rint 2.5: 2
    rint 3.5: 4
    sin 2: ~0.9092974268256817
    asin 0.3: ~0.3046926540153975
    sinh 2: ~3.626860407847019
    cos 2: ~-0.4161468365471424
    acos 0.3: ~1.2661036727794992
    cosh 2: ~3.7621956910836314
    tan 2: ~-2.185039863261519
    atan 3: ~1.2490457723982544
    tanh 0.3: ~0.2913126124515909
    """

  /// The list of the specification, less those whose arguments are calls or dates, which have tests
  /// of their own.
  static let named = """
    + - * / min max sum avg median product log10 ln sqrt abs exp pow threshold floor ceil round modulo \
    isMissing isNotMissing isValid isNotValid equal notEqual lessThan lessOrEqual greaterThan \
    greaterOrEqual isIn isNotIn uppercase lowercase stringLength substring trimBlanks concat replace \
    matches formatNumber normalCDF normalPDF stdNormalCDF stdNormalPDF erf normalIDF stdNormalIDF \
    expm1 hypot ln1p rint sin asin sinh cos acos cosh tan atan tanh
    """

  static func call(_ function: String, _ arguments: [String]) -> String {
    let list = arguments.map { argument -> String in
      if argument == "-" { return #"<FieldRef field="gone"/>"# }
      if argument.hasPrefix("'") {
        return #"<Constant dataType="string">\#(argument.dropFirst())</Constant>"#
      }
      let type = argument.contains(".") ? "double" : "integer"
      return #"<Constant dataType="\#(type)">\#(argument)</Constant>"#
    }
    return #"<Apply function="\#(function)">\#(list.joined())</Apply>"#
  }

  @Test func `every function gives what the specification says`() throws {
    var met: Set<Substring> = []
    for line in Self.calls.split(separator: "\n") {
      let cut = try #require(line.lastIndex(of: ":"))
      let words = line[..<cut].split(separator: " ")
      let wanted = line[line.index(after: cut)...].dropFirst()
      met.insert(words[0])
      let call = Self.call(String(words[0]), words.dropFirst().map(String.init))
      let text = PMMLText.expression(["gone double"], call)
      let result = try #require(try PMMLText.score(text, [[:]])[0]?["result"])
      if wanted.hasPrefix("~") {
        let number = try #require(Double(wanted.dropFirst()))
        let got = Double(result) ?? .nan
        #expect(abs(got - number) <= 4e-15 * abs(number), "\(line) is \(result)")
      } else if let number = Double(wanted) {
        #expect(Double(result) == number, "\(line) is \(result)")
      } else {
        #expect(result == String(wanted), "\(line) is \(result)")
      }
    }
    #expect(met == Set(Self.named.split(separator: " ")))
  }

  @Test func `a truth value is decided by one argument, or negated`() throws {
    let yes = Self.call("equal", ["1", "1"])
    let no = Self.call("equal", ["1", "2"])
    let unknown = Self.call("equal", ["1", "-"])
    func value(_ function: String, _ arguments: String...) throws -> String? {
      let call = #"<Apply function="\#(function)">\#(arguments.joined())</Apply>"#
      return try PMMLText.score(PMMLText.expression(["gone double"], call), [[:]])[0]?["result"]
    }
    #expect(try value("and", yes, no, unknown) == "false")
    #expect(try value("or", no, unknown, yes) == "true")
    #expect(try value("not", no) == "true")
    #expect(try value("not", unknown) == "")
    let (a, b) = ("<Constant>7</Constant>", "<Constant>8</Constant>")
    #expect(try value("if", yes, a, b) == "7")
    #expect(try value("if", no, a, b) == "8")
    #expect(try value("if", no, a) == "")
    #expect(try value("if", unknown, a, b) == "")
  }

  @Test func `constants may be infinite, and what is no number is missing`() throws {
    func value(_ constant: String) throws -> String? {
      let call = """
        <Apply function="min"><Constant dataType="double">\(constant)</Constant>
        <Constant dataType="double">3</Constant></Apply>
        """
      return try PMMLText.score(PMMLText.expression(["gone double"], call), [[:]])[0]?["result"]
    }
    #expect(try value("INF") == "3.0")
    #expect(try value("-INF") == "-inf")
    #expect(try value("NaN") == "3.0")
    #expect(
      PMMLText.faults(PMMLText.expression(["x double"], Self.call("+", ["1.2.3", "1"]))) == ["P4"])
  }

  @Test func `a value that is taken as it is may yet not be valid`() throws {
    let text = PMMLText.document(
      ["c string a b", "y double"],
      """
      <RegressionModel functionName="regression"><MiningSchema>
      <MiningField name="c" invalidValueTreatment="asIs"/>
      <MiningField name="y" usageType="target"/></MiningSchema><Output>
      <OutputField name="v" feature="transformedValue"><Apply function="isValid"><FieldRef field="c"/>
      </Apply></OutputField><OutputField name="n" feature="transformedValue">
      <Apply function="isNotValid"><FieldRef field="c"/></Apply></OutputField></Output>
      <RegressionTable intercept="0"/></RegressionModel>
      """)
    let rows = try PMMLText.score(text, [["c": "a"], ["c": "z"], [:]])
    #expect(rows.map { $0?["v"] } == ["true", "false", "false"])
    #expect(rows.map { $0?["n"] } == ["false", "true", "true"])
  }
}

/// `formatNumber` and `formatDatetime`: what C's `printf` and `strftime` print, by Python and `date`.
@Suite struct FormatFunctionTests {
  static let numbers: [(pattern: String, value: String, text: String)] = [
    ("%-5d|", "42", "42   |"), ("%05d", "-42", "-0042"), ("%+.3d", "7", "+007"),
    ("%x", "255", "ff"), ("%#X", "255", "0XFF"), ("%o", "8", "10"), ("%lu", "9", "9"),
    ("%d", "-2.7", "-2"), ("%.2f", "2.675", "2.67"), ("%.0f", "2.5", "2"), ("%.0f", "3.5", "4"),
    ("%10.3f|", "-3.14159", "    -3.142|"), ("%+08.1f", "3.25", "+00003.2"),
    ("%e", "12345.678", "1.234568e+04"), ("%.0e", "0.00015", "1e-04"), ("%G", "1e-10", "1E-10"),
    ("%g", "100000", "100000"), ("%g", "1000000", "1e+06"), ("%#g", "1.5", "1.50000"),
    ("%.17g", "0.1", "0.10000000000000001"), ("%g", "0.0001", "0.0001"), ("%f", "0", "0.000000"),
    ("%.30f", "0.1", "0.100000000000000005551115123126"),
    ("EUR %.1f%%", "12.25", "EUR 12.2%"), ("%.3f", "1e22", "10000000000000000000000.000"),
    ("%f", "5e-324", "0.000000"), ("%.1f", "9.96", "10.0"), ("%5.1f", "INF", "  inf"),
    ("%u", "-1", ""), ("%d", "1e30", ""), ("%d", "", ""),
  ]

  func format(_ function: String, _ type: String, _ pattern: String) -> String {
    let constant = #"<Constant dataType="string">\#(pattern)</Constant>"#
    return PMMLText.expression(
      ["x \(type)"], #"<Apply function="\#(function)"><FieldRef field="x"/>\#(constant)</Apply>"#)
  }

  @Test func `numbers are printed as printf does`() throws {
    for (pattern, value, text) in Self.numbers {
      let document = format("formatNumber", "double", pattern)
      let result = try PMMLText.score(document, [["x": value]])[0]?["result"]
      #expect(result == text, "\(pattern) of \(value)")
    }
  }

  static let times: [(pattern: String, value: String, text: String)] = [
    ("%m/%d/%y", "2004-08-20", "08/20/04"),
    ("%A %e %B %Y", "2004-08-05", "Thursday  5 August 2004"),
    ("%H:%M:%S|%I:%M %p|%j", "2004-08-20", "15:04:09|03:04 PM|233"),
    ("%U %W %V %G %u %w", "2004-08-20", "33 33 34 2004 5 5"),
    ("%c|%D %F %R %T", "2004-08-20", "Fri Aug 20 15:04:09 2004|08/20/04 2004-08-20 15:04 15:04:09"),
    ("%C %g %h %a|%x %Ey %X|%r", "2004-08-20", "20 04 Aug Fri|08/20/04 04 15:04:09|03:04:09 PM"),
    ("%G-W%V-%u %U %W %j", "2021-01-03", "2020-W53-7 01 00 003"),
    ("%G-W%V-%u %U %W %j", "2020-12-31", "2020-W53-4 52 52 366"),
    ("%G-W%V-%u %U %W %j", "2016-01-01", "2015-W53-5 00 00 001"),
    ("%G-W%V-%u %U %W %j", "1959-12-31", "1959-W53-4 52 52 365"),
    ("%G-W%V-%u %U %W %j", "2008-12-29", "2009-W01-1 52 52 364"),
  ]

  @Test func `dates and times are printed as strftime does`() throws {
    for (pattern, value, text) in Self.times {
      let document = format("formatDatetime", "dateTime", pattern)
      let result = try PMMLText.score(document, [["x": value + "T15:04:09"]])[0]?["result"]
      #expect(result == text, "\(pattern) of \(value)")
    }
    let date = format("formatDatetime", "dateDaysSince[1960]", "%F %I%p")
    #expect(try PMMLText.score(date, [["x": "366"]])[0]?["result"] == "1961-01-01 12AM")
    let time = format("formatDatetime", "timeSeconds", "%R")
    #expect(try PMMLText.score(time, [["x": "3661"]])[0]?["result"] == "01:01")
  }

  @Test(arguments: [
    ("formatNumber", "double", "%s", "P4"), ("formatNumber", "double", "%d %d", "P4"),
    ("formatNumber", "double", "%2000d", "P4"), ("formatNumber", "double", "%", "P4"),
    ("formatNumber", "string", "%d", "P21"), ("formatDatetime", "dateTime", "%Z", "P4"),
    ("formatDatetime", "dateTime", "%q", "P4"), ("formatDatetime", "time", "%F", "P4"),
    ("formatDatetime", "double", "%F", "P21"),
  ])
  func `patterns without a meaning are refused`(
    _ function: String, _ type: String, _ pattern: String, _ code: String
  ) {
    #expect(PMMLText.faults(format(function, type, pattern)) == [code])
  }

  @Test func `days since a year are counted from the type's own first day`() throws {
    let call =
      #"<Apply function="dateDaysSinceYear"><FieldRef field="x"/><Constant>1961</Constant></Apply>"#
    let text = PMMLText.expression(["x dateDaysSince[1960]"], call)
    #expect(try PMMLText.score(text, [["x": "367"]])[0]?["result"] == "1")
  }
}
