import DataFields
import Decisions
import RationaleTestSupport
import RuleBuilders
import RuleLanguage
import SourceDiagnostics
import Testing

/// Random rulesets print text that checks, and decide as the same conditions do in Swift.
@Suite struct RandomRulesetTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `random conditions mean in rule text what they mean in Swift`(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var compared = 0
    for _ in 0..<40 {
      let condition = RandomCondition.random(depth: 3, using: &generator)
      let ruleset = RandomCondition.ruleset(condition)
      let library: DecisionLibrary
      do throws(DiagnosticsError) {
        library = try DecisionLibrary(ruleset)
      } catch {
        // A condition that always or never holds is refused by the analysis, not by the types.
        let codes = Set(
          error.diagnostics.filter { $0.severity == .error }.map(\.code))
        #expect(codes.isSubset(of: ["U1", "U2", "G1", "G2"]), "\(ruleset.text)\n\(error)")
        continue
      }
      var engine = DecisionEngine(library)
      for _ in 0..<40 {
        let row = RandomRow(using: &generator)
        let outcome = row.decide(with: &engine)
        #expect(outcome == (condition.holds(row) ? "yes" : "no"), "\(row)\n\(ruleset.text)")
        compared += 1
      }
    }
    #expect(compared > 800)
  }
}

/// What is known of one subject.
private struct RandomRow {
  var a: Int
  var b: Int
  var isOpen: Bool
  var city: String

  init(using generator: inout SeededGenerator) {
    a = Int.random(in: -6...6, using: &generator)
    b = Int.random(in: -6...6, using: &generator)
    isOpen = Bool.random(using: &generator)
    city = RandomCondition.cities.randomElement(using: &generator) ?? ""
  }

  func decide(with engine: inout DecisionEngine) -> String? {
    let program = engine.library.program
    engine.workspace.clear()
    let city = engine.texts.intern(city)
    for (name, value) in [
      ("e.a", Int128(a)), ("e.b", Int128(b)), ("e.open", isOpen ? 1 : 0), ("e.city", Int128(city)),
    ] {
      guard let slot = program.code.layout.slot(named: name) else { return nil }
      engine.workspace.row.set(slot, to: value, over: 1, origin: .supplied)
    }
    engine.run(Array(program.steps.indices), asOf: nil, keepSupplied: true)
    return engine.outcomeCode(of: 0).map { engine.texts.text($0) }
  }
}

/// An exact fraction of small numbers, by hand: nothing of the engine's arithmetic.
private struct Fraction {
  var top: Int
  var bottom: Int

  static func compare(_ left: Fraction, _ right: Fraction) -> Int {
    (left.top * right.bottom - right.top * left.bottom) * (left.bottom * right.bottom).signum()
  }
}

private indirect enum RandomNumber {
  case a, b
  case constant(Int)
  case sum(RandomNumber, RandomNumber)
  case difference(RandomNumber, RandomNumber)
  case product(RandomNumber, RandomNumber)
  case quotient(RandomNumber, Int)
  case negation(RandomNumber)

  static func random(depth: Int, using generator: inout SeededGenerator) -> Self {
    switch Int.random(in: depth > 0 ? 0...7 : 0...2, using: &generator) {
    case 0: .a
    case 1: .b
    case 2: .constant(Int.random(in: -5...5, using: &generator))
    case 3, 4:
      Bool.random(using: &generator)
        ? .sum(
          random(depth: depth - 1, using: &generator), random(depth: depth - 1, using: &generator))
        : .difference(
          random(depth: depth - 1, using: &generator), random(depth: depth - 1, using: &generator))
    case 5:
      .product(
        random(depth: depth - 1, using: &generator), random(depth: depth - 1, using: &generator))
    case 6:
      .quotient(
        random(depth: depth - 1, using: &generator), Bool.random(using: &generator) ? 3 : -2)
    default: .negation(random(depth: depth - 1, using: &generator))
    }
  }

  var built: Value<Number> {
    switch self {
    case .a: RandomCondition.input.a
    case .b: RandomCondition.input.b
    case .constant(let value): Value(integerLiteral: value)
    case .sum(let left, let right): left.built + right.built
    case .difference(let left, let right): left.built - right.built
    case .product(let left, let right): left.built * right.built
    case .quotient(let left, let right): left.built / Value(integerLiteral: right)
    case .negation(let operand): -operand.built
    }
  }

  func value(_ row: RandomRow) -> Fraction {
    switch self {
    case .a: return Fraction(top: row.a, bottom: 1)
    case .b: return Fraction(top: row.b, bottom: 1)
    case .constant(let value): return Fraction(top: value, bottom: 1)
    case .sum(let left, let right), .difference(let left, let right):
      let x = left.value(row)
      let y = right.value(row)
      let sign = if case .sum = self { 1 } else { -1 }
      return Fraction(top: x.top * y.bottom + sign * y.top * x.bottom, bottom: x.bottom * y.bottom)
    case .product(let left, let right):
      let x = left.value(row)
      let y = right.value(row)
      return Fraction(top: x.top * y.top, bottom: x.bottom * y.bottom)
    case .quotient(let left, let divisor):
      let x = left.value(row)
      return Fraction(top: x.top, bottom: x.bottom * divisor)
    case .negation(let operand):
      let x = operand.value(row)
      return Fraction(top: -x.top, bottom: x.bottom)
    }
  }
}

private indirect enum RandomCondition {
  case compares(RandomNumber, Int, RandomNumber)
  case within(RandomNumber, Int, Int, isClosed: Bool)
  case oneOf(RandomNumber, [Int])
  case isOpen
  case isCity(String, isNot: Bool)
  case ranked(Size, isBelow: Bool)
  case all(RandomCondition, RandomCondition)
  case any(RandomCondition, RandomCondition)
  case not(RandomCondition)

  struct Entry: Sendable {
    var id: String
    var a: Int
    var b: Int
    var isOpen: Bool
    var city: String
  }

  static let cities = ["Győr", "a \"b\" \\ c", "then", "1986-06-01"]

  static let input = Input("e", of: Entry.self, from: "entries") {
    Field(\.id, "id", .text).key()
    Field(\.a, "a", .int).in(-6...6)
    Field(\.b, "b", .int).in(-6...6)
    Field(\.isOpen, "open", .bool)
    Field(\.city, "city", .text)
  }

  static let rank = Rank("r", of: Size.self, by: input.a) {
    Size.small.below(-2)
    Size.medium.upTo(2)
    Size.large.otherwise
  }

  static func ruleset(_ condition: RandomCondition) -> Ruleset {
    Ruleset("random", version: 1) {
      input
      Scale(Size.self)
      rank
      RuleDecision("d", hit: .first) {
        Rule("yes", reason: "R-1", when: condition.built, then: "yes")
        Otherwise(reason: "R-2", then: "no")
      }
    }
  }

  static func random(depth: Int, using generator: inout SeededGenerator) -> Self {
    func number() -> RandomNumber { .random(depth: 2, using: &generator) }
    switch Int.random(in: depth > 0 ? 0...9 : 0...5, using: &generator) {
    case 0: return .compares(number(), Int.random(in: 0...5, using: &generator), number())
    case 1:
      return .within(
        number(), Int.random(in: -9...0, using: &generator),
        Int.random(in: 1...9, using: &generator), isClosed: Bool.random(using: &generator))
    case 2:
      return .oneOf(
        number(), (0..<3).map { _ in Int.random(in: -9...9, using: &generator) })
    case 3: return .isOpen
    case 4:
      return .isCity(
        cities.randomElement(using: &generator) ?? "", isNot: Bool.random(using: &generator))
    case 5:
      return .ranked(
        Size.allCases.randomElement(using: &generator) ?? .small,
        isBelow: Bool.random(using: &generator))
    case 6, 7:
      return .all(
        random(depth: depth - 1, using: &generator), random(depth: depth - 1, using: &generator))
    case 8:
      return .any(
        random(depth: depth - 1, using: &generator), random(depth: depth - 1, using: &generator))
    default: return .not(random(depth: depth - 1, using: &generator))
    }
  }

  var built: Condition {
    let input = Self.input
    switch self {
    case .compares(let left, let symbol, let right):
      switch symbol {
      case 0: return left.built < right.built
      case 1: return left.built <= right.built
      case 2: return left.built > right.built
      case 3: return left.built >= right.built
      case 4: return left.built == right.built
      default: return left.built != right.built
      }
    case .within(let number, let low, let high, let isClosed):
      let low = Value<Number>(integerLiteral: low)
      let high = Value<Number>(integerLiteral: high)
      return number.built.isIn(isClosed ? low...high : low..<high)
    case .oneOf(let number, let values):
      return number.built.isOne(
        of: Value(integerLiteral: values[0]), Value(integerLiteral: values[1]),
        Value(integerLiteral: values[2]))
    case .isOpen: return input.isOpen
    case .isCity(let city, let isNot):
      return isNot ? input.city != .text(city) : input.city == .text(city)
    case .ranked(let level, let isBelow):
      return isBelow ? Self.rank < level : Self.rank >= level
    case .all(let left, let right): return left.built && right.built
    case .any(let left, let right): return left.built || right.built
    case .not(let operand): return !operand.built
    }
  }

  func holds(_ row: RandomRow) -> Bool {
    switch self {
    case .compares(let left, let symbol, let right):
      let order = Fraction.compare(left.value(row), right.value(row))
      switch symbol {
      case 0: return order < 0
      case 1: return order <= 0
      case 2: return order > 0
      case 3: return order >= 0
      case 4: return order == 0
      default: return order != 0
      }
    case .within(let number, let low, let high, let isClosed):
      let value = number.value(row)
      let above = Fraction.compare(value, Fraction(top: high, bottom: 1))
      return Fraction.compare(value, Fraction(top: low, bottom: 1)) >= 0
        && (isClosed ? above <= 0 : above < 0)
    case .oneOf(let number, let values):
      let value = number.value(row)
      return values.contains { Fraction.compare(value, Fraction(top: $0, bottom: 1)) == 0 }
    case .isOpen: return row.isOpen
    case .isCity(let city, let isNot): return (row.city == city) != isNot
    case .ranked(let level, let isBelow):
      let place = row.a < -2 ? 0 : row.a <= 2 ? 1 : 2
      let other = Size.allCases.firstIndex(of: level) ?? 0
      return isBelow ? place < other : place >= other
    case .all(let left, let right): return left.holds(row) && right.holds(row)
    case .any(let left, let right): return left.holds(row) || right.holds(row)
    case .not(let operand): return !operand.holds(row)
    }
  }
}
