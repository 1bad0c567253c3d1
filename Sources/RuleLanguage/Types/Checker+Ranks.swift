package import DataFields
import SourceDiagnostics

extension Checker {
  mutating func checkRank(_ declaration: RankDeclaration) {
    let source = check(declaration.value, in: .row)
    let scale = scaleIndex(declaration.scale)
    guard let scale, source.type != .fault else {
      declare(declaration.name, .fault)
      return
    }
    guard source.type.isNumber || source.type == .value(.date) || source.type == .value(.double)
    else {
      report(
        "Y1", "a rank is cut from a number or a date", at: source.span,
        label: describe(source.type))
      declare(declaration.name, .fault)
      return
    }
    requireNonZeroDivisors(source)
    guard let levels = rankLevels(declaration, scale: scale),
      let (cutPoints, belongsBelow) = cutPoints(declaration, source)
    else {
      declare(declaration.name, .fault)
      return
    }
    guard declare(declaration.name, .value(program.values.count)) else { return }
    append(
      CheckedValue(
        name: declaration.name.text, ruleset: ruleset, type: .value(.rank(scale: scale)),
        definition: .rank(program.ranks.count), bounds: ValueBounds(), missing: .refuse,
        span: declaration.name.span),
      restingOn: source.values, isCondition: false)
    program.order.append(.rank(program.ranks.count))
    program.ranks.append(
      CheckedRank(
        value: program.values.count - 1, scale: scale, source: source, cutPoints: cutPoints,
        belongsBelow: belongsBelow, levels: levels, span: declaration.name.span))
  }

  /// The levels in the order of the axis: all of the scale's, rising or falling.
  private mutating func rankLevels(_ declaration: RankDeclaration, scale: Int) -> [Int]? {
    let names = program.scales[scale].levels
    var levels: [Int] = []
    var isFaulty = false
    for level in declaration.levels {
      guard let index = names.firstIndex(of: level.level.text) else {
        reportUnknown(
          level.level, as: "level of `\(program.scales[scale].name)`", among: names)
        isFaulty = true
        continue
      }
      if levels.contains(index) {
        report("R2", "the level `\(level.level.text)` appears twice", at: level.level.span)
        isFaulty = true
      }
      levels.append(index)
    }
    if isFaulty { return nil }
    let absent = names.indices.filter { !levels.contains($0) }
    if !absent.isEmpty {
      report(
        "R2",
        "the rank leaves out " + absent.map { "`\(names[$0])`" }.joined(separator: ", "),
        at: declaration.name.span, notes: [program.scales[scale].description])
      return nil
    }
    let rises = levels == levels.sorted()
    let falls = levels == levels.sorted(by: >)
    if !rises, !falls {
      report(
        "R2", "the levels neither all rise nor all fall along the axis",
        at: declaration.levels.map { ($0.level.span, "") },
        notes: [program.scales[scale].description])
      return nil
    }
    if let last = declaration.levels.last, last.bound != nil {
      report(
        "R2", "the last level has a bound", at: last.span,
        help: ["what lies beyond belongs to it too:   \(last.level.text) otherwise"])
      return nil
    }
    if let early = declaration.levels.dropLast().first(where: { $0.bound == nil }) {
      report("R2", "only the last level is `otherwise`", at: early.span)
      return nil
    }
    return levels
  }

  private mutating func cutPoints(_ declaration: RankDeclaration, _ source: CheckedExpression)
    -> ([ConstantValue], [Bool])?
  {
    guard let type = source.type.valueType else { return nil }
    var cuts: [ConstantValue] = []
    var below: [Bool] = []
    var isFaulty = false
    var previous: SourceSpan?
    for level in declaration.levels {
      guard let bound = level.bound else { continue }
      let isDate = type == .date
      if bound.word == .before, !isDate || bound.word == .below && isDate {
        report(
          "Y1", "`before` is said of dates", at: bound.wordSpan, help: ["write `below`"])
      }
      guard let cut = cutPoint(bound.value, of: type, source) else {
        isFaulty = true
        continue
      }
      if let last = cuts.last, let previous, last.number >= cut.number {
        report(
          "R1", "the cut points do not rise",
          at: [(bound.value.span, "not above"), (previous, "this one")],
          notes: ["each level ends where the next begins, going up the axis"])
        isFaulty = true
      }
      warnOutside(cut, bound, source)
      previous = bound.value.span
      cuts.append(cut)
      below.append(bound.word == .upTo)
    }
    return isFaulty ? nil : (cuts, below)
  }

  private mutating func cutPoint(
    _ syntax: ExpressionSyntax, of type: ValueType, _ source: CheckedExpression
  ) -> ConstantValue? {
    let checked = check(syntax, in: .row, expecting: .value(type))
    guard checked.type != .fault else { return nil }
    guard let constant = checked.constant else {
      report("Y1", "a cut point is a constant", at: syntax.span)
      return nil
    }
    if constant.isBare, constant.number != Quotient(0), !type.unit.isNone {
      report(
        "Y2", "the units differ",
        at: [(syntax.span, "no unit"), (source.span, describe(source.type))],
        help: ["write the unit:   \(text(syntax.span)) \(type.unit)"],
        fixIts: addingUnit(type.unit, after: syntax.span))
      return nil
    }
    if type == .double, !constant.isBare {
      report("Y1", "a score has no unit", at: syntax.span, label: describe(checked.type))
      return nil
    }
    guard let cut = ownConstant(syntax, of: .value(type)) else { return nil }
    // A quotient has all digits: it is held with as many as its cut points have.
    let stored = cut.stored(as: type)
    var isTooFine = stored.map { $0.reduced.denominator != 1 } ?? false
    var limit = type.scale
    if case .quotient = type {
      limit = 18
      isTooFine = cut.number.digits == nil
    }
    if isTooFine {
      report(
        "Y1", "the cut point has more digits than what it cuts", at: syntax.span,
        label: "at most \(limit) after the point")
      return nil
    }
    return cut
  }

  private mutating func warnOutside(
    _ cut: ConstantValue, _ bound: RankLevelSyntax.Bound, _ source: CheckedExpression
  ) {
    let range = bounds(of: source)
    let isBelow = range.lower.map { bound.word == .upTo ? cut.number < $0 : cut.number <= $0 }
    let isAbove = range.upper.map { bound.word == .upTo ? cut.number >= $0 : cut.number > $0 }
    guard isBelow == true || isAbove == true else { return }
    let isScore = source.type == .value(.double)
    report(
      isScore ? "D4" : "T3",
      isScore
        ? "the cut point lies outside the score's range"
        : "the cut point lies outside the domain, so a level is never reached",
      at: bound.value.span, severity: isScore ? .error : .warning,
      notes: [rangeText(range, source.type)])
  }

  /// A threshold that no value of what it is compared with can reach.
  ///
  /// A range may end where the domain does: `< 1_000` says of whole numbers up to 999 what `<= 999`
  /// says.
  mutating func warnOutside(
    _ left: CheckedExpression, _ symbol: Comparison, _ right: CheckedExpression
  ) {
    for (value, symbol, threshold) in [(left, symbol, right), (right, symbol.mirrored, left)] {
      guard let constant = threshold.constant, value.constant == nil else { continue }
      switch value.type {
      case .value(.integer), .value(.decimal), .value(.quotient), .value(.date), .value(.double):
        break
      default: continue
      }
      var range = bounds(of: value)
      let declared = range
      if let step = step(of: value.type) {
        if symbol == .less { range.upper = range.upper.flatMap { $0.adding(step) } }
        if symbol == .greater, let back = step.negated {
          range.lower = range.lower.flatMap { $0.adding(back) }
        }
      }
      let isOutside =
        range.lower.map { constant.number < $0 } ?? false
        || range.upper.map { constant.number > $0 } ?? false
      guard isOutside else { continue }
      let isScore = value.type == .value(.double)
      report(
        isScore ? "D4" : "T3",
        isScore
          ? "the threshold lies outside the score's range"
          : "the threshold lies outside the domain: the comparison has one result",
        at: [(threshold.span, ""), (value.span, rangeText(declared, value.type))],
        severity: isScore ? .error : .warning)
    }
  }

  /// How far apart values of a type lie; nil where there is another between any two.
  private func step(of type: RuleType) -> Quotient? {
    switch type {
    case .value(.integer), .value(.date): Quotient(1)
    case .value(.decimal(let scale, _)):
      ExactArithmetic.powerOfTen(scale).flatMap { Quotient(1, over: $0) }
    default: nil
    }
  }

  func rangeText(_ range: ValueBounds, _ type: RuleType) -> String {
    func side(_ bound: Quotient?) -> String {
      guard let bound else { return "" }
      return naturalText(bound, type)
    }
    return "the values run from \(side(range.lower)) to \(side(range.upper))"
  }

  /// A number in its natural size, as people read it.
  func naturalText(_ number: Quotient, _ type: RuleType) -> String {
    program.naturalText(number, type.valueType)
  }
}

extension CheckedProgram {
  /// A number in its natural size, or a date, as people read it.
  package func naturalText(_ number: Quotient, _ type: ValueType?) -> String {
    let lowest = number.reduced
    if type == .date {
      return CalendarDate(
        daysSinceEpoch: Int32(clamping: lowest.numerator / lowest.denominator)
      ).description
    }
    for digits in 0...18 {
      if let scaled = ExactArithmetic.scaled(lowest.numerator, byDigits: digits),
        scaled % lowest.denominator == 0
      {
        return RuleNumberText.grouped(scaled / lowest.denominator, scale: digits)
      }
    }
    return "\(lowest.numerator)/\(lowest.denominator)"
  }
}

/// Numbers as rules write them: `10_000`.
package enum RuleNumberText {
  package static func grouped(_ value: Int128, scale: Int) -> String {
    NumberText.grouped(value, scale: scale).split(separator: ",").joined(separator: "_")
  }
}
