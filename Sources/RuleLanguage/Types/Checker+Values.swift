package import DataFields
import SourceDiagnostics

extension Checker {
  // MARK: Let

  mutating func checkLet(_ declaration: LetDeclaration) {
    switch declaration.value.kind {
    case .filtered(let base, let condition):
      stream(declaration, base: base, condition: condition)
    case .reference(let parts)
    where parts.count == 1 && isStream(scope.symbols[parts[0].text]?.symbol):
      stream(declaration, base: declaration.value, condition: nil)
    case .aggregate(let aggregate):
      aggregateLet(declaration, aggregate)
    default:
      expressionLet(declaration)
    }
  }

  private func isStream(_ symbol: Symbol?) -> Bool {
    switch symbol {
    case .event, .stream: true
    default: false
    }
  }

  /// The stream that a name stands for.
  private mutating func streamIndex(_ syntax: ExpressionSyntax) -> Int? {
    guard case .reference(let parts) = syntax.kind, let name = parts.first else {
      report("Y6", "expected an event or a selection of events", at: syntax.span)
      return nil
    }
    guard let symbol = lookUp(name, as: "event") else { return nil }
    switch symbol {
    case .stream(let index): return index
    case .event(let event):
      return program.streams.firstIndex { $0.event == event && $0.condition == nil }
    default:
      reportKind(name, is: symbol, expected: "an event or a selection of events")
      return nil
    }
  }

  private mutating func stream(
    _ declaration: LetDeclaration, base: ExpressionSyntax, condition: ExpressionSyntax?
  ) {
    if let missing = declaration.missing {
      report("Y7", "a selection of events has no `missing`", at: missing.span)
    }
    guard let base = streamIndex(base) else {
      declare(declaration.name, .fault)
      return
    }
    let event = program.streams[base].event
    let depth = program.streams[base].depth + 1
    if depth > Self.maximumStreamDepth {
      report(
        "X6",
        "selections of events narrow each other more than "
          + "\(Self.maximumStreamDepth) deep", at: declaration.name.span)
      declare(declaration.name, .fault)
      return
    }
    var conditions: [CheckedCondition] = program.streams[base].condition.map { [$0] } ?? []
    if let condition { conditions.append(eventCondition(condition, event)) }
    guard declare(declaration.name, .stream(program.streams.count)) else { return }
    program.streams.append(
      CheckedStream(
        name: declaration.name.text, event: event, depth: depth,
        condition: conditions.isEmpty
          ? nil : conditions.count == 1 ? conditions[0] : .all(conditions)))
  }

  /// A condition on an event's fields; it compares fields as they are.
  private mutating func eventCondition(_ syntax: ExpressionSyntax, _ event: Int)
    -> CheckedCondition
  {
    let condition = condition(syntax, in: .event(event))
    for clause in condition.clauses {
      let sides: [CheckedExpression] =
        switch clause.kind {
        case .compare(let left, _, let right): [left, right]
        case .inList(let value, _), .presence(let value, _), .isTrue(let value): [value]
        case .fault: []
        }
      for side in sides {
        switch side.kind {
        case .eventField, .constant, .fault: continue
        default: notRun("arithmetic in a condition on events", at: side.span)
        }
      }
      let scales = sides.filter { $0.constant == nil && $0.type.isNumber }
        .compactMap { $0.type.valueType?.scale }
      if Set(scales).count > 1 {
        notRun("a comparison of decimals with different digits", at: clause.span)
      }
    }
    return condition
  }

  private mutating func aggregateLet(_ declaration: LetDeclaration, _ syntax: AggregateSyntax) {
    guard let (aggregate, type, bounds) = aggregate(syntax, at: declaration.value.span) else {
      declare(declaration.name, .fault)
      return
    }
    let isCount = aggregate.function == .count || aggregate.function == .countDistinct
    if isCount, let missing = declaration.missing {
      report("Y7", "a count is never missing", at: missing.span, help: ["leave `missing` out"])
    }
    addLet(
      declaration, .aggregate(aggregate), type, bounds, missing: isCount ? .never : .refuse)
  }

  private mutating func expressionLet(_ declaration: LetDeclaration) {
    let value = check(declaration.value, in: .row)
    guard let type = value.type.valueType else {
      if value.type != .fault {
        report(
          "Y1", "a `let` is a number, a text, a date, a rank or a condition",
          at: declaration.value.span, label: describe(value.type))
      }
      declare(declaration.name, .fault)
      return
    }
    if declaration.missing == nil { requireNonZeroDivisors(value) }
    addLet(declaration, .expression(value), .value(type), bounds(of: value), missing: .refuse)
  }

  private mutating func addLet(
    _ declaration: LetDeclaration, _ body: CheckedLet.Body, _ type: RuleType,
    _ bounds: ValueBounds, missing: MissingRule
  ) {
    var missing = missing
    if case .value(let syntax)? = declaration.missing, missing != .never,
      let constant = missingConstant(syntax, of: type)
    {
      missing = .value(constant)
    }
    var bounds = bounds
    if let domain = declaration.domain {
      let declared = self.bounds(domain, of: type)
      bounds = declared
    }
    guard declare(declaration.name, .value(program.values.count)) else { return }
    var step: ConstantValue?
    if let number = declaration.actionability?.step {
      step = ownConstant(
        ExpressionSyntax(id: declaration.id, kind: .number(number), span: number.span), of: type)
    }
    var operands: [Int] = []
    if case .expression(let expression) = body { operands = expression.values }
    append(
      CheckedValue(
        name: declaration.name.text, ruleset: ruleset, type: type,
        definition: .let(program.lets.count), bounds: bounds, missing: missing,
        span: declaration.name.span),
      restingOn: operands, isCondition: type == .value(.boolean))
    program.order.append(.let(program.lets.count))
    program.lets.append(
      CheckedLet(
        value: program.values.count - 1, ruleset: ruleset, body: body,
        actionability: declaration.actionability?.direction ?? .yes, step: step,
        text: flatText(declaration.value.span), span: declaration.name.span))
  }

  /// `missing <value>`: the unit must be written, except on 0.
  private mutating func missingConstant(_ syntax: ExpressionSyntax, of type: RuleType)
    -> ConstantValue?
  {
    let checked = check(syntax, in: .row, expecting: type)
    guard checked.type != .fault else { return nil }
    if let constant = checked.constant, constant.isBare, constant.number != Quotient(0),
      let unit = type.valueType?.unit, !unit.isNone
    {
      report(
        "Y2", "the units differ", at: syntax.span, label: "no unit, expected \(unit)",
        help: ["write the unit:   \(text(syntax.span)) \(unit)"])
      return nil
    }
    return ownConstant(syntax, of: type)
  }

  // MARK: Aggregates

  private mutating func aggregate(_ syntax: AggregateSyntax, at span: SourceSpan)
    -> (CheckedAggregate, RuleType, ValueBounds)?
  {
    var isFaulty = false
    if let window = syntax.window {
      if let name = window.name {
        switch scope.symbols[name.text]?.symbol {
        case .window?: notRun("an aggregate over a window", at: window.span)
        case nil:
          reportUnknown(name, as: "window", among: knownNames)
        case let other?: reportKind(name, is: other, expected: "a window")
        }
        isFaulty = true
      }
    } else {
      let end = span.range.upperBound
      report(
        "Y6", "the aggregate does not say over which time", at: span,
        help: ["add   over all time"],
        fixIts: [
          .init(
            message: "add `over all time`",
            file: program.sources.files[span.file].name, start: end, end: end,
            replacement: " over all time")
        ])
      isFaulty = true
    }
    guard let head = streamHead(syntax.argument) else {
      report(
        "Y6", "the aggregate names no event", at: syntax.argument.span,
        help: ["write the event before the field:   \(eventExample())"])
      return nil
    }
    guard let stream = streamIndex(head) else { return nil }
    let event = program.streams[stream].event
    var condition: CheckedCondition?
    if let filter = syntax.filter { condition = eventCondition(filter, event) }
    if syntax.function == .count {
      guard case .reference(let parts) = syntax.argument.kind, parts.count == 1 else {
        report(
          "Y6", "`count` counts events", at: syntax.argument.span,
          help: ["`count distinct` counts the values of a field"])
        return nil
      }
      let aggregate = CheckedAggregate(
        function: .count, stream: stream, condition: condition, argument: nil)
      return isFaulty
        ? nil : (aggregate, .value(.integer(.none)), ValueBounds(lower: Quotient(0)))
    }
    if case .reference(let parts) = syntax.argument.kind, parts.count == 1 {
      report(
        "Y6", "`\(syntax.function.rawValue)` takes a field of the events",
        at: syntax.argument.span, help: ["write   \(parts[0].text).\(fieldExample(event))"])
      return nil
    }
    let argument = check(syntax.argument, in: .event(event))
    guard argument.type != .fault, !isFaulty else { return nil }
    guard let (type, bounds) = aggregateType(syntax, argument) else { return nil }
    requireNonZeroDivisors(argument)
    return (
      CheckedAggregate(
        function: syntax.function, stream: stream, condition: condition, argument: argument),
      .value(type), bounds
    )
  }

  private func eventExample() -> String {
    let event = program.events.first { $0.ruleset == ruleset }
    return "\(event?.name ?? "invoice").\(event?.fields.first?.name ?? "amount")"
  }

  private func fieldExample(_ event: Int) -> String {
    program.events[event].fields.first { $0.type.isNumber }?.name
      ?? program.events[event].fields.first?.name ?? "field"
  }

  /// The first reference of an expression whose first name is an event or a selection of events.
  private func streamHead(_ syntax: ExpressionSyntax) -> ExpressionSyntax? {
    switch syntax.kind {
    case .reference(let parts):
      guard let first = parts.first else { return nil }
      let symbol = scope.symbols[first.text]?.symbol
      guard isStream(symbol) || symbol == .fault || symbol == nil || parts.count == 2 else {
        return nil
      }
      return ExpressionSyntax(id: syntax.id, kind: .reference([first]), span: first.span)
    case .negation(let operand), .asFloat(let operand), .conversion(let operand, _, _, _):
      return streamHead(operand)
    case .arithmetic(_, let left, let right):
      return streamHead(left) ?? streamHead(right)
    default: return nil
    }
  }

  private mutating func aggregateType(_ syntax: AggregateSyntax, _ argument: CheckedExpression)
    -> (ValueType, ValueBounds)?
  {
    let function = syntax.function
    let range = bounds(of: argument)
    switch argument.type {
    case .amount where function != .countDistinct:
      report(
        "Y2", "these amounts are in different currencies", at: argument.span,
        label: describe(argument.type),
        help: ["convert them:   \(text(argument.span)) to HUF by huf at issued"])
      return nil
    case .stream, .fault: return nil
    default: break
    }
    if function == .countDistinct { return (.integer(.none), ValueBounds(lower: Quotient(0))) }
    guard let type = argument.type.valueType else { return nil }
    switch function {
    case .first, .last: return (type, range)
    case .min, .max:
      if argument.type.isNumber || type == .date { return (type, range) }
    case .sum, .mean:
      guard argument.type.isNumber else { break }
      if case .quotient = type {
        report(
          "Y1", "quotients are not summed event by event", at: argument.span,
          label: describe(argument.type),
          help: ["sum the numerators and divide the sum"])
        return nil
      }
      if function == .mean { return (.quotient(scale: type.scale, type.unit), range) }
      return (type, sumBounds(range))
    case .count, .countDistinct: break
    }
    report(
      "Y1", "`\(function.rawValue)` takes a number", at: argument.span,
      label: describe(argument.type))
    return nil
  }

  private func sumBounds(_ range: ValueBounds) -> ValueBounds {
    ValueBounds(
      lower: range.lower.flatMap { $0 >= Quotient(0) ? $0 : nil },
      upper: range.upper.flatMap { $0 <= Quotient(0) ? $0 : nil })
  }

  // MARK: Bounds

  /// What can be said of an expression's value without knowing the inputs.
  func bounds(of expression: CheckedExpression) -> ValueBounds {
    switch expression.kind {
    case .constant(let constant):
      return ValueBounds(lower: constant.number, upper: constant.number)
    case .value(let index): return program.values[index].bounds
    case .negation(let operand):
      let range = bounds(of: operand)
      return ValueBounds(
        lower: range.upper.flatMap(\.negated), upper: range.lower.flatMap(\.negated))
    case .arithmetic(let symbol, let left, let right):
      return bounds(symbol, bounds(of: left), bounds(of: right))
    case .asFloat(let operand): return bounds(of: operand)
    case .eventField, .conversion, .condition, .fault: return ValueBounds()
    }
  }

  private func bounds(_ symbol: ArithmeticOperator, _ a: ValueBounds, _ b: ValueBounds)
    -> ValueBounds
  {
    let zero = Quotient(0)
    func isNatural(_ range: ValueBounds) -> Bool { range.lower.map { $0 >= zero } ?? false }
    func both(_ x: Quotient?, _ y: Quotient?, _ f: (Quotient, Quotient) -> Quotient?) -> Quotient? {
      guard let x, let y else { return nil }
      return f(x, y)
    }
    switch symbol {
    case .add:
      return ValueBounds(
        lower: both(a.lower, b.lower) { $0.adding($1) },
        upper: both(a.upper, b.upper) { $0.adding($1) })
    case .subtract:
      return ValueBounds(
        lower: both(a.lower, b.upper) { x, y in y.negated.flatMap { x.adding($0) } },
        upper: both(a.upper, b.lower) { x, y in y.negated.flatMap { x.adding($0) } })
    case .multiply:
      guard isNatural(a), isNatural(b) else { return ValueBounds() }
      return ValueBounds(
        lower: both(a.lower, b.lower) { $0.multiplied(by: $1) },
        upper: both(a.upper, b.upper) { $0.multiplied(by: $1) })
    case .divide:
      guard isNatural(a), isNatural(b), b.excludesZero else { return ValueBounds() }
      return ValueBounds(
        lower: both(a.lower, b.upper) { $0.divided(by: $1) } ?? zero,
        upper: both(a.upper, b.lower) { $0.divided(by: $1) })
    }
  }

  /// Every divisor must be proved not to be zero.
  mutating func requireNonZeroDivisors(_ expression: CheckedExpression) {
    switch expression.kind {
    case .arithmetic(let symbol, let left, let right):
      requireNonZeroDivisors(left)
      requireNonZeroDivisors(right)
      guard symbol == .divide, !bounds(of: right).excludesZero else { return }
      report(
        "Y5", "`\(text(right.span))` may be zero", at: right.span,
        label: describe(right.type),
        help: [
          "say what stands in:   missing refuse",
          "or bound the divisor where it is declared:   in 1 ... 1_000_000",
        ])
    case .negation(let operand), .asFloat(let operand): requireNonZeroDivisors(operand)
    default: break
    }
  }

  // MARK: Scales

  mutating func declareScale(_ declaration: ScaleDeclaration) {
    var levels: [String] = []
    if declaration.levels.count > Self.maximumLevels {
      report(
        "X7", "a scale has at most \(Self.maximumLevels) levels", at: declaration.name.span)
    }
    for level in declaration.levels.prefix(Self.maximumLevels) {
      if levels.contains(level.text) {
        report("N2", "the level `\(level.text)` appears twice", at: level.span)
      } else {
        levels.append(level.text)
      }
    }
    if declaration.levels.count < 2 {
      report(
        "R2", "a scale has at least two levels", at: declaration.name.span,
        help: ["write them in rising order:   scale \(declaration.name.text): Low < High"])
    }
    var titles = levels
    for title in declaration.titles {
      guard let index = levels.firstIndex(of: title.level.text) else {
        reportUnknown(title.level, as: "level", among: levels)
        continue
      }
      titles[index] = title.title.value
    }
    guard declare(declaration.name, .scale(program.scales.count)) else { return }
    program.scales.append(
      CheckedScale(
        name: declaration.name.text, levels: levels, titles: titles,
        span: declaration.name.span))
  }

  mutating func declareAlignment(_ declaration: AlignDeclaration) {
    guard let left = scaleIndex(declaration.left), let right = scaleIndex(declaration.right) else {
      return
    }
    let a = program.scales[left]
    let b = program.scales[right]
    guard a.levels.count == b.levels.count else {
      report(
        "Y3", "scales of different length do not line up by position",
        at: [
          (declaration.left.span, a.description), (declaration.right.span, b.description),
        ])
      return
    }
    program.alignments.insert(.init(left: left, right: right))
    program.alignments.insert(.init(left: right, right: left))
  }

  // MARK: Ranks

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
        help: ["write the unit:   \(text(syntax.span)) \(type.unit)"])
      return nil
    }
    if type == .double, !constant.isBare {
      report("Y1", "a score has no unit", at: syntax.span, label: describe(checked.type))
      return nil
    }
    guard let cut = ownConstant(syntax, of: .value(type)) else { return nil }
    if let stored = cut.stored(as: type), stored.reduced.denominator != 1 {
      report(
        "Y1", "the cut point has more digits than what it cuts", at: syntax.span,
        label: "at most \(type.scale) after the point")
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
