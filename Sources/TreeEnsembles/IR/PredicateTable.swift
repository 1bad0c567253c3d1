/// PMML's three truth values.
package enum Truth: UInt8, Sendable {
  case isFalse = 0
  case isTrue = 1
  case isUnknown = 2
}

/// What a predicate asks.
package enum PredicateOperator: UInt8, Sendable, Hashable {
  case alwaysTrue, alwaysFalse
  case equal, notEqual, lessThan, lessOrEqual, greaterThan, greaterOrEqual
  case isMissing, isNotMissing
  case isIn, isNotIn
  case and, or, xor, surrogate

  /// Whether the predicate holds other predicates.
  package var isCompound: Bool { rawValue >= PredicateOperator.and.rawValue }
}

/// Predicates over numbered features, laid flat.
///
/// A feature is a double: a number, or a category's code. NaN is a missing value. A predicate is
/// named by its position in the table.
package struct PredicateTable: Sendable {
  package private(set) var operators: [PredicateOperator] = []
  package private(set) var features: [Int32] = []
  package private(set) var thresholds: [Double] = []
  // The values of a set, or the operands of a compound predicate.
  private var ranges: [Range<Int32>] = []
  private var setValues: [Double] = []
  private var operands: [Int32] = []
  /// Whether a predicate holds other predicates.
  package private(set) var hasCompound = false

  /// Whether thresholds are rounded to single precision, as the features of the rows are.
  package let isFloat: Bool

  package init(isFloat: Bool = false) { self.isFloat = isFloat }

  package var count: Int { operators.count }

  /// Makes room for `more` predicates.
  mutating func reserve(_ more: Int) {
    operators.reserveCapacity(count + more)
    features.reserveCapacity(count + more)
    thresholds.reserveCapacity(count + more)
    ranges.reserveCapacity(count + more)
  }

  /// Appends a predicate over one feature, or one that is always true or always false.
  package mutating func append(
    _ operation: PredicateOperator, feature: Int = 0, threshold: Double = 0
  ) -> Int {
    append(operation, feature: feature, threshold: round(threshold), range: 0..<0)
  }

  /// Appends `isIn` or `isNotIn` over values in any order.
  package mutating func append(
    _ operation: PredicateOperator, feature: Int, values: [Double]
  ) -> Int {
    let start = Int32(setValues.count)
    setValues += values.map { round($0) }.sorted()
    return append(
      operation, feature: feature, threshold: 0, range: start..<Int32(setValues.count))
  }

  /// Appends a compound predicate over predicates of this table.
  package mutating func append(_ operation: PredicateOperator, operands list: [Int]) -> Int {
    let start = Int32(operands.count)
    operands += list.map { Int32($0) }
    hasCompound = true
    return append(operation, feature: 0, threshold: 0, range: start..<Int32(operands.count))
  }

  private mutating func append(
    _ operation: PredicateOperator, feature: Int, threshold: Double, range: Range<Int32>
  ) -> Int {
    operators.append(operation)
    features.append(Int32(feature))
    thresholds.append(threshold)
    ranges.append(range)
    return operators.count - 1
  }

  private func round(_ value: Double) -> Double { isFloat ? Double(Float(value)) : value }

  /// The sorted values of a set predicate; empty for the others.
  package func values(of predicate: Int) -> ArraySlice<Double> {
    guard operators[predicate] == .isIn || operators[predicate] == .isNotIn else { return [] }
    let range = ranges[predicate]
    return setValues[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  /// The positions of a compound predicate's operands.
  package func operands(of predicate: Int) -> [Int] {
    guard operators[predicate].isCompound else { return [] }
    let range = ranges[predicate]
    return operands[Int(range.lowerBound)..<Int(range.upperBound)].map { Int($0) }
  }

  /// The features that a predicate looks at, in order of appearance, with repetitions.
  package func features(of predicate: Int) -> [Int] {
    let operation = operators[predicate]
    if operation.isCompound { return operands(of: predicate).flatMap { features(of: $0) } }
    return operation.rawValue < PredicateOperator.equal.rawValue ? [] : [Int(features[predicate])]
  }

  /// The truth of a predicate for a row of features.
  ///
  /// Three-valued: a comparison with a missing value is unknown; only `isMissing` and
  /// `isNotMissing` decide on one.
  package func evaluate(_ predicate: Int, _ row: Span<Double>) -> Truth {
    let operation = operators[predicate]
    if operation.isCompound { return evaluateCompound(predicate, operation, row) }
    switch operation {
    case .alwaysTrue: return .isTrue
    case .alwaysFalse: return .isFalse
    case .isIn, .isNotIn:
      let value = row[Int(features[predicate])]
      if value.isNaN { return .isUnknown }
      let found = contains(ranges[predicate], value)
      return found == (operation == .isIn) ? .isTrue : .isFalse
    default:
      return operation.compare(row[Int(features[predicate])], thresholds[predicate])
    }
  }

  /// Whether a set predicate lists a value that is not missing.
  func holdsValue(_ predicate: Int, _ value: Double) -> Bool { contains(ranges[predicate], value) }

  private func contains(_ range: Range<Int32>, _ value: Double) -> Bool {
    var low = Int(range.lowerBound)
    var high = Int(range.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if setValues[middle] == value { return true }
      if setValues[middle] < value { low = middle + 1 } else { high = middle }
    }
    return false
  }

  private func evaluateCompound(
    _ predicate: Int, _ operation: PredicateOperator, _ row: Span<Double>
  ) -> Truth {
    let range = ranges[predicate]
    var sawUnknown = false
    var parity = false
    for place in range {
      let truth = evaluate(Int(operands[Int(place)]), row)
      switch operation {
      // "and" is FALSE if any operand is FALSE, even beside UNKNOWN; "or" mirrors it.
      case .and: if truth == .isFalse { return .isFalse }
      case .or: if truth == .isTrue { return .isTrue }
      case .xor: if truth == .isTrue { parity.toggle() }
      default: if truth != .isUnknown { return truth }
      }
      if truth == .isUnknown { sawUnknown = true }
    }
    if sawUnknown { return .isUnknown }
    switch operation {
    case .and: return .isTrue
    case .or: return .isFalse
    case .xor: return parity ? .isTrue : .isFalse
    default: return .isUnknown
    }
  }
}

extension PredicateOperator {
  /// The truth of a simple comparison.
  @inline(__always)
  func compare(_ value: Double, _ threshold: Double) -> Truth {
    if value.isNaN {
      switch self {
      case .isMissing: return .isTrue
      case .isNotMissing: return .isFalse
      default: return .isUnknown
      }
    }
    let holds =
      switch self {
      case .equal: value == threshold
      case .notEqual: value != threshold
      case .lessThan: value < threshold
      case .lessOrEqual: value <= threshold
      case .greaterThan: value > threshold
      case .greaterOrEqual: value >= threshold
      case .isNotMissing: true
      default: false
      }
    return holds ? .isTrue : .isFalse
  }
}
