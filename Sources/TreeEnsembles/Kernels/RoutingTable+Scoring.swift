extension RoutingTable {
  /// The answer to a test.
  ///
  /// - Parameter row: features, rounded by ``TreeEnsemble/round(_:)``; NaN is missing.
  @inline(__always)
  package func answer(_ test: Test, _ row: Span<Double>) -> Truth {
    let value = row[Int(test.feature)]
    switch test.question {
    case .less:
      if value < test.threshold { return .isTrue }
      return value.isNaN ? .isUnknown : .isFalse
    case .equal:
      if value == test.threshold { return .isTrue }
      return value.isNaN ? .isUnknown : .isFalse
    case .missing: return value.isNaN ? .isTrue : .isFalse
    case .member:
      if value.isNaN { return .isUnknown }
      return ensemble.predicates.holdsValue(Int(test.predicate), value) ? .isTrue : .isFalse
    case .compound:
      return ensemble.predicates.evaluate(Int(test.predicate), row)
    }
  }

  /// Walks one tree and returns the target at its end, always negative.
  @inline(__always)
  private func end(_ entry: Int32, _ tests: Span<Test>, _ row: Span<Double>) -> Int32 {
    var target = entry
    while target >= 0 {
      let test = tests[Int(target)]
      switch answer(test, row) {
      case .isTrue: target = test.onTrue
      case .isFalse: target = test.onFalse
      case .isUnknown: target = test.onUnknown
      }
    }
    return target
  }

  /// The same where every test is `<`: no question to look at.
  @inline(__always)
  private func endOfLess(_ entry: Int32, _ tests: Span<Test>, _ row: Span<Double>) -> Int32 {
    var target = entry
    while target >= 0 {
      let test = tests[Int(target)]
      let value = row[Int(test.feature)]
      target =
        value < test.threshold ? test.onTrue : (value.isNaN ? test.onUnknown : test.onFalse)
    }
    return target
  }

  /// Where a row ends in a tree.
  package func walk(_ tree: Int, _ row: Span<Double>) -> Ending {
    ending(end(entries[tree], tests.span, row))
  }

  /// The sum of the trees' scores in tree order, and how many trees gave none.
  ///
  /// The same bits as ``TreeEnsemble/sum(_:)``. Nothing is allocated.
  ///
  /// - Complexity: O(trees x depth).
  package func sum(_ row: Span<Double>) -> (sum: Double, missing: Int) {
    if ensemble.isFloat {
      return asksOnlyLess
        ? sum(Float.self, row, { Float($0) }, { Double($0) }, endOfLess)
        : sum(Float.self, row, { Float($0) }, { Double($0) }, end)
    }
    return asksOnlyLess
      ? sum(Double.self, row, { $0 }, { $0 }, endOfLess)
      : sum(Double.self, row, { $0 }, { $0 }, end)
  }

  @inline(__always)
  private func sum<Number: FloatingPoint>(
    _ type: Number.Type, _ row: Span<Double>, _ narrow: (Double) -> Number,
    _ widen: (Number) -> Double, _ end: (Int32, Span<Test>, Span<Double>) -> Int32
  ) -> (sum: Double, missing: Int) {
    let tests = tests.span
    let scores = ensemble.scores.span
    var sum: Number = 0
    var missing = 0
    for entry in entries {
      let place = Int(~end(entry, tests, row))
      if place < scores.count, !scores[place].isNaN {
        sum += narrow(scores[place])
      } else {
        missing += 1
      }
    }
    return (widen(sum), missing)
  }

  /// The answers to all tests, as single bits: 1 true, 2 false, 4 unknown.
  ///
  /// Attribution asks every test once and then looks only at these.
  ///
  /// - Parameter into: one byte a test.
  package func answers(_ row: Span<Double>, into bits: inout [UInt8]) {
    precondition(bits.count == tests.count, "one byte a test")
    let tests = tests.span
    var out = bits.mutableSpan
    if asksOnlyLess {
      for place in tests.indices {
        let value = row[Int(tests[place].feature)]
        out[place] = value < tests[place].threshold ? 1 : (value.isNaN ? 4 : 2)
      }
      return
    }
    for place in tests.indices {
      switch answer(tests[place], row) {
      case .isTrue: out[place] = 1
      case .isFalse: out[place] = 2
      case .isUnknown: out[place] = 4
      }
    }
  }

  /// Whether a test of membership holds for a value that is not missing.
  package func holds(_ place: Int, _ value: Double) -> Bool {
    ensemble.predicates.holdsValue(Int(tests[place].predicate), value)
  }

  /// The answers of up to 64 rows to one test: in which it is true, and in which unknown.
  ///
  /// - Parameter columns: the value of a feature in a row is at `feature * rowCount + row`.
  package func answers(
    _ place: Int, _ columns: Span<Double>, rowCount: Int
  ) -> (isTrue: UInt64, isUnknown: UInt64) {
    var isTrue: UInt64 = 0
    var isUnknown: UInt64 = 0
    var values = [Double](repeating: .nan, count: ensemble.featureCount)
    for row in 0..<rowCount {
      for feature in values.indices { values[feature] = columns[feature * rowCount + row] }
      switch answer(tests[place], values.span) {
      case .isTrue: isTrue |= 1 << UInt64(row)
      case .isUnknown: isUnknown |= 1 << UInt64(row)
      case .isFalse: break
      }
    }
    return (isTrue, isUnknown)
  }
}
