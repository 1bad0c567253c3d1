internal import DataFields
internal import TextPatterns

extension ExpressionTable {
  /// The value of an expression; NaN is missing.
  func evaluate(_ index: Int, _ space: inout ScoringWorkspace) -> Double {
    let node = nodes[index]
    switch node.operation {
    case .constant(let value): return value
    case .slot(let slot): return space.slots[slot]
    case .replaceMissing(let replacement):
      let value = argument(node, 0, &space)
      return value.isNaN ? replacement : value
    case .normContinuous(let plan): return normalise(plan, argument(node, 0, &space))
    case .indicator(let wanted):
      let value = argument(node, 0, &space)
      return value.isNaN ? .nan : value == wanted ? 1 : 0
    case .discretize(let plan): return discretise(plan, argument(node, 0, &space))
    case .mapValues(let plan): return map(plan, node, &space)
    case .call(let function, let mapMissing, let missingResult):
      let value = call(function, node, mapMissing, &space)
      return value.isNaN ? missingResult : value
    case .textIndex(let index):
      let text = argument(node, 0, &space)
      let term = argument(node, 1, &space)
      if text.isNaN || term.isNaN { return .nan }
      return textIndex(textIndices[index], text: text, term: term, &space)
    case .matches(let pattern):
      let value = argument(node, 0, &space)
      if value.isNaN { return .nan }
      return pattern.occurs(in: space.texts.text(Int32(value))).map { $0 ? 1 : 0 } ?? .nan
    case .replace(let pattern, let replacement):
      let value = argument(node, 0, &space)
      if value.isNaN { return .nan }
      let text = space.texts.text(Int32(value))
      return pattern.replacing(in: text, with: replacement).map { Double(space.texts.intern($0)) }
        ?? .nan
    case .lag(let index): return lags[index].value(space.histories[index], &space)
    case .aggregate(let index):
      // While the rows of a group are gathered there is nothing to give yet.
      guard case .joined(let transaction) = space.rowUse,
        transaction.accumulators.indices.contains(index)
      else { return .nan }
      return transaction.accumulators[index].value(aggregates[index], &space.texts)
    case .isValid(let field):
      let value = argument(node, 0, &space)
      return !value.isNaN && validities[field].isValid(value) ? 1 : 0
    case .formatNumber(let pattern):
      let value = argument(node, 0, &space)
      if value.isNaN { return .nan }
      return numberPatterns[pattern].text(value).map { Double(space.texts.intern($0)) } ?? .nan
    case .formatDatetime(let pattern):
      let value = argument(node, 0, &space)
      let type = nodes[Int(arguments[Int(node.arguments.lowerBound)])].dataType
      guard !value.isNaN, let seconds = ModelValueText.seconds(value, type) else { return .nan }
      return dateTimePatterns[pattern].text(seconds).map { Double(space.texts.intern($0)) } ?? .nan
    case .cast(let from, let to):
      return Self.cast(argument(node, 0, &space), from, to, &space.texts)
    case .bind(let firstSlot):
      for place in 0..<(node.arguments.count - 1) {
        space.slots[firstSlot + place] = argument(node, place, &space)
      }
      return argument(node, node.arguments.count - 1, &space)
    }
  }

  private func argument(_ node: Node, _ place: Int, _ space: inout ScoringWorkspace) -> Double {
    evaluate(Int(arguments[Int(node.arguments.lowerBound) + place]), &space)
  }

  private func normalise(_ index: Int, _ value: Double) -> Double {
    let plan = norms[index]
    if value.isNaN { return plan.mapMissingTo }
    let last = plan.origs.count - 1
    if value < plan.origs[0] || value > plan.origs[last] {
      switch plan.outliers {
      // "asIs": the first or last segment is extrapolated.
      case .asIs: break
      case .asMissingValues: return plan.mapMissingTo
      case .asExtremeValues: return value < plan.origs[0] ? plan.norms[0] : plan.norms[last]
      }
    }
    var right = 1
    while right < last, value > plan.origs[right] { right += 1 }
    let a = plan.origs[right - 1]
    let width = plan.origs[right] - a
    let rise = plan.norms[right] - plan.norms[right - 1]
    return plan.norms[right - 1] + (value - a) / width * rise
  }

  private func discretise(_ index: Int, _ value: Double) -> Double {
    let plan = discretizers[index]
    if value.isNaN { return plan.mapMissingTo }
    for place in plan.intervals.indices where plan.intervals[place].contains(value) {
      return plan.values[place]
    }
    return plan.defaultValue
  }

  private func map(_ index: Int, _ node: Node, _ space: inout ScoringWorkspace) -> Double {
    let plan = maps[index]
    let width = node.arguments.count
    let first = space.scratch.count
    defer { space.scratch.removeLast(space.scratch.count - first) }
    for place in 0..<width {
      let value = argument(node, place, &space)
      if value.isNaN { return plan.mapMissingTo }
      space.scratch.append(value)
    }
    for row in plan.values.indices {
      var matches = true
      for place in 0..<width where plan.keys[row * width + place] != space.scratch[first + place] {
        matches = false
        break
      }
      if matches { return plan.values[row] }
    }
    return plan.defaultValue
  }

  private func call(
    _ function: BuiltInFunction, _ node: Node, _ mapMissing: Double,
    _ space: inout ScoringWorkspace
  ) -> Double {
    let count = node.arguments.count
    switch function {
    case .if:
      let condition = argument(node, 0, &space)
      if condition.isNaN { return mapMissing }
      if condition != 0 { return argument(node, 1, &space) }
      return count > 2 ? argument(node, 2, &space) : .nan
    case .isMissing, .isNotValid: return argument(node, 0, &space).isNaN ? 1 : 0
    case .isNotMissing, .isValid: return argument(node, 0, &space).isNaN ? 0 : 1
    case .and, .or:
      // Three-valued: one false decides "and", one true decides "or", beside missing arguments.
      let deciding: Double = function == .and ? 0 : 1
      var missing = false
      for place in 0..<count {
        let value = argument(node, place, &space)
        if value == deciding { return deciding }
        if value.isNaN { missing = true }
      }
      return missing ? mapMissing : 1 - deciding
    default: break
    }
    let first = space.scratch.count
    for place in 0..<count {
      let value = argument(node, place, &space)
      space.scratch.append(value)
    }
    defer { space.scratch.removeLast(space.scratch.count - first) }
    if !function.takesMissing || !mapMissing.isNaN {
      for place in first..<first + count where space.scratch[place].isNaN { return mapMissing }
    }
    if function.isTextual { return textCall(function, node, first, count, &space) }
    if function.takesMissing { return aggregate(function, &space.scratch, first) }
    let x = space.scratch[first]
    let y = count > 1 ? space.scratch[first + 1] : .nan
    switch function {
    case .isIn, .isNotIn:
      let found = space.scratch[(first + 1)...].contains(x)
      return found == (function == .isIn) ? 1 : 0
    case .normalCDF, .normalPDF, .normalIDF:
      return Self.normal(function, x, y, space.scratch[first + 2])
    case .dateDaysSinceYear, .dateSecondsSinceYear, .dateSecondsSinceMidnight:
      return dateCall(function, node, x, year: y)
    case .lessThan, .lessOrEqual, .greaterThan, .greaterOrEqual:
      let isText = nodes[Int(arguments[Int(node.arguments.lowerBound)])].dataType == .string
      guard isText else { return Self.compare(function, x, y) }
      let left = space.texts.text(Int32(x))
      let right = space.texts.text(Int32(y))
      return Self.compare(function, left < right ? -1 : left == right ? 0 : 1, 0)
    case .divide where node.dataType == .integer:
      return y == 0 ? .nan : (x / y).rounded(.towardZero)
    default: return Self.scalar(function, x, y, isUnary: count == 1)
    }
  }

  /// Days or seconds since a year's first day, or since midnight.
  private func dateCall(
    _ function: BuiltInFunction, _ node: Node, _ value: Double, year: Double
  ) -> Double {
    let type = nodes[Int(arguments[Int(node.arguments.lowerBound)])].dataType
    // A number without a type of its own is taken as seconds since 1970.
    let seconds = ModelValueText.seconds(value, type) ?? value
    if function == .dateSecondsSinceMidnight {
      return seconds - (seconds / 86_400).rounded(.down) * 86_400
    }
    guard let number = Int32(exactly: year), (1...9_999).contains(number),
      let first = CalendarDate(year: Int(number), month: 1, day: 1)
    else { return .nan }
    let start = Double(first.daysSinceEpoch)
    return function == .dateDaysSinceYear
      ? (seconds / 86_400).rounded(.down) - start : seconds - start * 86_400
  }

  private static func compare(_ function: BuiltInFunction, _ x: Double, _ y: Double) -> Double {
    let holds =
      switch function {
      case .lessThan: x < y
      case .lessOrEqual: x <= y
      case .greaterThan: x > y
      default: x >= y
      }
    return holds ? 1 : 0
  }

  private static func normal(
    _ function: BuiltInFunction, _ x: Double, _ mean: Double, _ deviation: Double
  ) -> Double {
    switch function {
    case .normalCDF: MathFunctions.normalCDF((x - mean) / deviation)
    case .normalPDF: MathFunctions.normalPDF((x - mean) / deviation) / deviation
    default: mean + deviation * MathFunctions.normalQuantile(x)
    }
  }

  private static func scalar(
    _ function: BuiltInFunction, _ x: Double, _ y: Double, isUnary: Bool
  ) -> Double {
    switch function {
    case .plus: return x + y
    case .minus: return isUnary ? -x : x - y
    case .times: return x * y
    // "Division by zero" has no result.
    case .divide: return y == 0 ? .nan : x / y
    case .equal: return x == y ? 1 : 0
    case .notEqual: return x != y ? 1 : 0
    case .not: return x == 0 ? 1 : 0
    case .threshold: return x > y ? 1 : 0
    case .pow: return MathFunctions.pow(x, y)
    case .hypot: return MathFunctions.hypot(x, y)
    case .atan2: return MathFunctions.atan2(x, y)
    // The sign of the result is the divisor's.
    case .modulo: return y == 0 ? .nan : x - y * (x / y).rounded(.down)
    case .sqrt: return x.squareRoot()
    case .abs: return x.magnitude
    case .floor: return x.rounded(.down)
    case .ceil: return x.rounded(.up)
    // "round(x) = floor(x + 0.5)"; rint rounds half to even.
    case .round: return (x + 0.5).rounded(.down)
    case .rint: return x.rounded(.toNearestOrEven)
    case .exp: return MathFunctions.exp(x)
    case .expm1: return MathFunctions.expm1(x)
    case .ln: return MathFunctions.ln(x)
    case .ln1p: return MathFunctions.ln1p(x)
    case .log10: return MathFunctions.log10(x)
    case .sin: return MathFunctions.sin(x)
    case .cos: return MathFunctions.cos(x)
    case .tan: return MathFunctions.tan(x)
    case .asin: return MathFunctions.asin(x)
    case .acos: return MathFunctions.acos(x)
    case .atan: return MathFunctions.atan(x)
    case .sinh: return MathFunctions.sinh(x)
    case .cosh: return MathFunctions.cosh(x)
    case .tanh: return MathFunctions.tanh(x)
    case .erf: return MathFunctions.erf(x)
    case .stdNormalCDF: return MathFunctions.normalCDF(x)
    case .stdNormalPDF: return MathFunctions.normalPDF(x)
    case .stdNormalIDF: return MathFunctions.normalQuantile(x)
    default: return .nan
    }
  }

  /// Aggregates ignore missing arguments; of none at all, the result is missing.
  private func aggregate(
    _ function: BuiltInFunction, _ scratch: inout [Double], _ first: Int
  ) -> Double {
    var sum = 0.0
    var product = 1.0
    var least = Double.infinity
    var greatest = -Double.infinity
    var count = 0
    for place in first..<scratch.count where !scratch[place].isNaN {
      let value = scratch[place]
      sum += value
      product *= value
      least = Swift.min(least, value)
      greatest = Swift.max(greatest, value)
      count += 1
    }
    if count == 0 { return .nan }
    switch function {
    case .min: return least
    case .max: return greatest
    case .sum: return sum
    case .product: return product
    case .avg: return sum / Double(count)
    case .median:
      let values = scratch[first...].filter { !$0.isNaN }.sorted()
      let middle = values.count / 2
      return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
    default: return .nan
    }
  }

  private func textCall(
    _ function: BuiltInFunction, _ node: Node, _ first: Int, _ count: Int,
    _ space: inout ScoringWorkspace
  ) -> Double {
    func text(_ place: Int) -> String {
      let argument = Int(arguments[Int(node.arguments.lowerBound) + place])
      return Self.text(space.scratch[first + place], nodes[argument].dataType, space.texts)
    }
    let result: String
    switch function {
    case .uppercase: result = text(0).uppercased()
    case .lowercase: result = text(0).lowercased()
    case .stringLength: return Double(text(0).unicodeScalars.count)
    case .trimBlanks: result = text(0).trimmingWhitespace()
    case .substring:
      // "The first character is at position 1."
      let start = space.scratch[first + 1]
      let length = space.scratch[first + 2]
      guard start >= 1, length >= 0, start < 1e9, length < 1e9 else { return .nan }
      var scalars = String.UnicodeScalarView()
      scalars.append(
        contentsOf: text(0).unicodeScalars.dropFirst(Int(start) - 1).prefix(Int(length)))
      result = String(scalars)
    default:
      let texts = (0..<count).map(text)
      // As that of `replace`: a text that doubles again and again has no result.
      guard texts.reduce(0, { $0 + $1.utf8.count }) <= 1 << 24 else { return .nan }
      result = texts.joined()
    }
    return Double(space.texts.intern(result))
  }
}
