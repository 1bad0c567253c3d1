package import DataFields
package import DecisionTrace

/// One field or rank of the rows that cohorts are made of, and the conditions that it lends itself to.
package struct CohortColumn: Sendable {
  package enum Values: Sendable {
    /// Exact numbers, scaled by 10^`scale`; nil is missing.
    case exact([Quotient?], scale: Int, unit: MeasurementUnit)
    case dates([CalendarDate?])
    /// NaN is missing.
    case binary([Double])
    /// Positions in a list of names; -1 is missing.
    case categories([Int32], names: [String])
    /// Levels of a rank; -1 is missing. The type is that of the value that is ranked.
    case levels([Int32], TraceSchema.Rank, ValueType, value: String)
  }

  package let name: String
  package let values: Values

  package init(name: String, _ values: Values) {
    self.name = name
    self.values = values
  }

  /// How many of the most frequent categories may be part of a rule.
  package static let categoryLimit = 16

  /// The conditions that hold for some of the rows and not for all, without their subjects.
  ///
  /// - Parameters:
  ///   - universe: the rows that quantiles are taken of.
  ///   - quantiles: into how many parts the values of a field are cut that has no ranks.
  func conditions(in universe: RowSet, quantiles: Int) -> [[CohortCondition]] {
    var conditions: [[CohortCondition]]
    switch values {
    case .exact(let values, let scale, let unit):
      conditions = thresholds(
        values, in: universe, quantiles,
        between: { RoundThreshold.between($0, $1, scale: scale) }, value: \.value,
        shown: { threshold in
          let content = Trace.Content.number(
            threshold.value, scale: scale, digits: threshold.digits, unit: unit)
          return (content.plainText, content.displayText)
        })
    case .dates(let values):
      conditions = thresholds(
        values, in: universe, quantiles, between: { RoundThreshold.between($0, $1) },
        value: { $0 }, shown: { ($0.description, $0.description) })
    case .binary(let values):
      conditions = thresholds(
        values.map { $0.isNaN ? nil : $0 }, in: universe, quantiles,
        between: { RoundThreshold.between($0, $1) }, value: \.value,
        shown: { ($0.text, $0.text) })
    case .categories(let codes, let names):
      conditions = [categories(codes, names, in: universe)]
    case .levels(let levels, let rank, let type, let value):
      conditions = self.levels(levels, rank, type, value)
    }
    return conditions + [presence(universe.rowCount)]
  }

  private func isMissing(_ row: Int) -> Bool {
    switch values {
    case .exact(let values, _, _): values[row] == nil
    case .dates(let values): values[row] == nil
    case .binary(let values): values[row].isNaN
    case .categories(let codes, _): codes[row] < 0
    case .levels(let levels, _, _, _): levels[row] < 0
    }
  }

  private func presence(_ rowCount: Int) -> [CohortCondition] {
    [false, true].map { wanted in
      CohortCondition(
        field: name, symbol: wanted ? "is missing" : "is present",
        rows: RowSet(rowCount: rowCount) { isMissing($0) == wanted })
    }
  }

  // MARK: Thresholds

  /// `>=` and `<` at thresholds that part the values into about equally many.
  private func thresholds<Value: Comparable, Threshold>(
    _ values: [Value?], in universe: RowSet, _ quantiles: Int,
    between: (Value, Value) -> Threshold?, value: (Threshold) -> Value,
    shown: (Threshold) -> (plain: String, display: String)
  ) -> [[CohortCondition]] {
    var sorted: [Value] = []
    for row in values.indices where universe.contains(row) {
      if let value = values[row] { sorted.append(value) }
    }
    sorted.sort()
    guard let least = sorted.first else { return [] }
    var above: [CohortCondition] = []
    var below: [CohortCondition] = []
    var last = least
    for part in 1..<max(quantiles, 2) {
      // The first value of the part; those that equal it belong to it, wherever the part begins.
      let upper = sorted[min(sorted.count * part / quantiles, sorted.count - 1)]
      guard last < upper else { continue }
      last = upper
      let place = Self.firstIndex(of: upper, in: sorted)
      guard let threshold = between(sorted[place - 1], upper) else { continue }
      let limit = value(threshold)
      let (plain, display) = shown(threshold)
      func condition(_ symbol: String, _ holds: (Value) -> Bool) -> CohortCondition {
        CohortCondition(
          field: name, symbol: symbol, value: plain, shownValue: display,
          rows: RowSet(rowCount: values.count) { row in values[row].map(holds) ?? false })
      }
      above.append(condition(">=") { !($0 < limit) })
      below.append(condition("<") { $0 < limit })
    }
    return [above, below]
  }

  /// The first place of a value in a sorted list that has it.
  private static func firstIndex<Value: Comparable>(of value: Value, in sorted: [Value]) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  // MARK: Categories and levels

  private func categories(
    _ codes: [Int32], _ names: [String], in universe: RowSet
  ) -> [CohortCondition] {
    var counts = Array(repeating: 0, count: names.count)
    for row in codes.indices where codes[row] >= 0 && universe.contains(row) {
      counts[Int(codes[row])] += 1
    }
    let frequent = names.indices.filter { counts[$0] > 0 }.sorted { left, right in
      counts[left] != counts[right] ? counts[left] > counts[right] : names[left] < names[right]
    }
    return frequent.prefix(Self.categoryLimit).map { code in
      CohortCondition(
        field: name, symbol: "==", value: names[code], shownValue: "\"\(names[code])\"",
        rows: RowSet(rowCount: codes.count) { codes[$0] == Int32(code) })
    }
  }

  private func levels(
    _ levels: [Int32], _ rank: TraceSchema.Rank, _ type: ValueType, _ value: String
  ) -> [[CohortCondition]] {
    func conditions(
      _ symbol: String, _ meant: Range<Int>, _ holds: (Int32, Int32) -> Bool
    ) -> [CohortCondition] {
      meant.map { level in
        let limit = Int32(level)
        return CohortCondition(
          field: name, symbol: symbol, value: rank.levels[level],
          meaning: meaning(rank, type, value) { holds(Int32($0), limit) },
          rows: RowSet(rowCount: levels.count) { levels[$0] >= 0 && holds(levels[$0], limit) })
      }
    }
    let last = rank.levels.count - 1
    // At least the lowest level, and at most the highest, is what every value has.
    return [
      conditions("==", 0..<last + 1, ==), conditions(">=", min(1, last)..<last + 1, >=),
      conditions("<=", 0..<last, <=),
    ]
  }

  /// What the intervals of some levels are: one range, since levels rise or fall along the axis.
  private func meaning(
    _ rank: TraceSchema.Rank, _ type: ValueType, _ value: String, _ isMeant: (Int) -> Bool
  ) -> String? {
    let meant = rank.intervalLevels.indices.filter { isMeant(rank.intervalLevels[$0]) }
    guard let first = meant.first, let last = meant.last, last - first == meant.count - 1 else {
      return nil
    }
    var parts: [String] = []
    if first > 0 {
      let symbol = rank.belongsBelow[first - 1] ? ">" : ">="
      parts.append("\(value) \(symbol) \(Self.text(rank.cutPoints[first - 1], type))")
    }
    if last < rank.cutPoints.count {
      let symbol = rank.belongsBelow[last] ? "<=" : "<"
      parts.append("\(value) \(symbol) \(Self.text(rank.cutPoints[last], type))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  private static func text(_ cutPoint: Int128, _ type: ValueType) -> String {
    // A cut point of whole units has no fraction to show.
    guard
      case .number(let number, let scale, _, let unit) = Trace.Content(cutPoint: cutPoint, type),
      let power = ExactArithmetic.powerOfTen(scale), cutPoint % power == 0
    else { return Trace.Content(cutPoint: cutPoint, type).displayText }
    return Trace.Content.number(number, scale: scale, digits: 0, unit: unit).displayText
  }
}

extension Trace.Content {
  /// A cut point's word, as a value of the type that is ranked.
  init(cutPoint cut: Int128, _ type: ValueType) {
    switch type {
    case .date: self = .date(CalendarDate(daysSinceEpoch: Int32(truncatingIfNeeded: cut)))
    case .double: self = .double(Double(bitPattern: UInt64(truncatingIfNeeded: cut)))
    default:
      self = .number(
        Quotient(cut), scale: type.scale, digits: min(type.scale, type.printedDigits),
        unit: type.unit)
    }
  }
}
