package import DataFields
package import SourceDiagnostics

/// The rulesets of one compilation with every name resolved and every type settled.
package struct CheckedProgram: Sendable {
  package var sources = SourceSet()
  package var rulesets: [CheckedRuleset] = []
  package var scales: [CheckedScale] = []
  /// Pairs of scales, both ways round, that compare by position.
  package var alignments: Set<ScalePair> = []
  /// Everything that has a place in the rule row and a name.
  package var values: [CheckedValue] = []
  package var inputs: [CheckedRecord] = []
  package var events: [CheckedRecord] = []
  package var streams: [CheckedStream] = []
  package var windows: [CheckedWindow] = []
  package var rates: [CheckedRates] = []
  package var lists: [CheckedList] = []
  package var lets: [CheckedLet] = []
  package var ranks: [CheckedRank] = []
  package var models: [CheckedModel] = []
  package var decisions: [CheckedDecision] = []
  package var overrides: [CheckedOverride] = []
  package var tests: [CheckedTest] = []
  package var properties: [CheckedProperty] = []
  /// What is computed, in an order in which nothing precedes what it rests on.
  package var order: [Step] = []

  package init() {}

  package enum Step: Sendable, Hashable {
    case `let`(Int)
    case rank(Int)
    case model(Int)
    case decision(Int)
    case override(Int)
  }

  package struct ScalePair: Sendable, Hashable {
    package var left: Int
    package var right: Int
  }

  /// The index of a value by the name that rules give it, in a ruleset or what it uses.
  package func value(named name: String, in ruleset: Int) -> Int? {
    let visible = rulesets[ruleset].visible
    return values.firstIndex { visible.contains($0.ruleset) && $0.name == name }
  }

  /// The line on which a span begins.
  package func line(_ span: SourceSpan) -> Int {
    sources.files[span.file].line(at: span.range.lowerBound)
  }
}

package struct CheckedRuleset: Sendable {
  package var header: RulesetHeader
  package var file: Int
  package var span: SourceSpan
  /// Itself and what it uses.
  package var visible: Set<Int>
  /// Whether it was named on the command line, not only used.
  package var isRoot: Bool
  package var background: ArtefactReference?
}

package struct CheckedScale: Sendable {
  package var name: String
  package var levels: [String]
  package var titles: [String]
  package var span: SourceSpan
  /// Where its declaration ends, in bytes of its file.
  package var end: Int

  /// `Life: New < Moderate < Mature`.
  package var description: String { "\(name): \(levels.joined(separator: " < "))" }
}

/// The bounds of a number in its natural size, or of a date in days; both ends included.
package struct ValueBounds: Sendable, Hashable {
  package var lower: Quotient?
  package var upper: Quotient?

  package init(lower: Quotient? = nil, upper: Quotient? = nil) {
    self.lower = lower
    self.upper = upper
  }

  /// Takes in a value that stands in for one that is missing.
  mutating func include(_ value: Quotient) {
    lower = lower.map { min($0, value) }
    upper = upper.map { max($0, value) }
  }

  package var excludesZero: Bool {
    (lower.map { $0 > Quotient(0) } ?? false) || (upper.map { $0 < Quotient(0) } ?? false)
  }
}

/// Something that has a place in the rule row and a name.
package struct CheckedValue: Sendable {
  package enum Definition: Sendable, Hashable {
    case field(input: Int, field: Int)
    case `let`(Int)
    case rank(Int)
    case result(model: Int, index: Int)
    case decision(Int)
    /// `"call" in offers`: whether a decision that collects has an outcome.
    case member(decision: Int, ConstantValue)
  }

  package var name: String
  package var ruleset: Int
  package var type: RuleType
  package var definition: Definition
  package var bounds: ValueBounds
  package var missing: MissingRule
  package var isMasked = false
  /// How many conditions stand on each other below it: decisions and truth values.
  package var conditionDepth = 0
  /// How many definitions of any kind stand on each other below it.
  package var definitionDepth = 0
  package var span: SourceSpan
}

/// What becomes of a value that is not there.
package enum MissingRule: Sendable, Hashable {
  case refuse
  case value(ConstantValue)
  /// A rule asks `is missing`.
  case rule
  /// It is never missing: a count.
  case never
}

/// An input or an event.
package struct CheckedRecord: Sendable {
  package var name: String
  package var ruleset: Int
  package var source: String
  /// Of an event: its own fields, then those of the elements of its lists, called `items.quantity`.
  package var fields: [CheckedField]
  package var lists: [CheckedListField] = []
  package var key: Int
  package var time: Int?
  /// For an event: the input whose key names the same subject.
  package var input: Int?
  package var span: SourceSpan
}

/// `items list of { product_id int  quantity int }`.
package struct CheckedListField: Sendable {
  package var name: String
  package var column: String
  /// The fields of an element, among those of the event.
  package var fields: Range<Int>
  /// Whether elements are values, not records.
  package var isOfValues: Bool
}

package struct CheckedField: Sendable {
  package var name: String
  package var column: String
  package var type: RuleType
  package var bounds: ValueBounds
  package var missing: MissingRule
  package var missingTexts: [String]
  package var isPersonal: Bool
  package var maskKeeping: Int?
  package var actionability: Actionability
  package var step: ConstantValue?
  package var span: SourceSpan
}

/// The events that an aggregate runs over: an event, or `let kept = invoice where ...`.
package struct CheckedStream: Sendable {
  package var name: String
  package var event: Int
  /// `each invoice.items`: the list whose elements are counted one by one.
  package var list: Int?
  /// How many selections stand between it and the event.
  package var depth = 0
  /// All conditions of the stream and of the streams that it narrows.
  package var condition: CheckedCondition?
}

package struct CheckedRates: Sendable {
  package var name: String
  package var artefact: ArtefactReference
  package var bytes: [UInt8]
  package var dateColumn: String
  package var currencyColumn: String
  package var rateColumn: String
  package var rateDigits: Int
  package var maximumAgeInDays: Int
  package var span: SourceSpan
}

package struct CheckedList: Sendable {
  package var artefact: ArtefactReference
  package var column: String?
  package var bytes: [UInt8]
  package var span: SourceSpan
}

package struct CheckedAggregate: Sendable, Hashable {
  package var function: AggregateFunction
  package var stream: Int
  /// The `where` inside the call, beside the stream's own.
  package var condition: CheckedCondition?
  package var argument: CheckedExpression?
  /// The window it runs over; nil for all time.
  package var window: Int?
}

package struct CheckedWindow: Sendable {
  package var name: String
  package var plan: WindowPlan
  package var span: SourceSpan
}

package struct CheckedLet: Sendable {
  package enum Body: Sendable, Hashable {
    case expression(CheckedExpression)
    case aggregate(CheckedAggregate)
  }

  package var value: Int
  package var ruleset: Int
  package var body: Body
  package var actionability: Actionability
  package var step: ConstantValue?
  package var text: String
  package var span: SourceSpan
  /// Whether the ruleset declares in which range it lies.
  package var hasDomain = false
  /// Whether the ruleset says that it belongs to a person.
  package var isPersonal = false
}

package struct CheckedRank: Sendable {
  package var value: Int
  package var scale: Int
  package var source: CheckedExpression
  /// Rising along the axis.
  package var cutPoints: [ConstantValue]
  /// Whether a value on the cut point belongs below it.
  package var belongsBelow: [Bool]
  /// The level of each interval; one more than there are cut points.
  package var levels: [Int]
  package var span: SourceSpan

  /// How many digits the cut points have beyond a scale; nil for none.
  func extraDigits(beyond scale: Int) -> Int? {
    let digits = cutPoints.compactMap(\.number.digits).max() ?? 0
    return digits > scale ? digits - scale : nil
  }
}

extension Quotient {
  /// How many digits after the point write it in full; nil if 18 do not.
  var digits: Int? {
    let denominator = reduced.denominator
    return (0...18).first { digits in
      ExactArithmetic.powerOfTen(digits).map { $0 % denominator == 0 } ?? false
    }
  }
}

package struct CheckedModel: Sendable {
  package struct Feed: Sendable {
    package var field: String
    package var value: CheckedExpression
  }

  package struct Result: Sendable {
    package var value: Int
    package var result: ModelResult
    package var lower: Double?
    package var upper: Double?
  }

  package var name: String
  package var ruleset: Int
  package var artefact: ArtefactReference
  package var feeds: [Feed]
  package var results: [Result]
  package var explanation: ModelPlan.Explanation?
  package var span: SourceSpan
}

package struct CheckedReason: Sendable, Hashable {
  package enum Piece: Sendable, Hashable {
    case text(String)
    case value(Int)
  }

  package var code: String
  package var pieces: [Piece]
  package var span: SourceSpan
}

/// A rule, a row of a table, or `otherwise`.
package struct CheckedRule: Sendable {
  package var name: String
  package var reason: CheckedReason?
  /// Nil for `otherwise`.
  package var condition: CheckedCondition?
  package var outcome: ConstantValue
  package var text: String
  package var span: SourceSpan
  /// Of a row of a table: the column of each part of its condition.
  package var cells: [String] = []
}

package struct CheckedDecision: Sendable {
  package var value: Int
  package var ruleset: Int
  package var hit: HitPolicy
  package var aggregator: Aggregator
  /// The type of what rules give: with an aggregator, not that of what it comes to.
  package var outcomeType: ValueType
  package var rules: [CheckedRule]
  package var otherwise: CheckedRule?
  package var otherwiseSpan: SourceSpan?
  package var priorities: [ConstantValue]
  /// A table's columns and a word for the analysis: whether rules are rows.
  package var isTable: Bool
  package var span: SourceSpan
  package var hasFaults: Bool

  /// Every outcome that a rule can give.
  package var outcomes: [ConstantValue] {
    var seen = Set<ConstantValue>()
    return (rules + (otherwise.map { [$0] } ?? [])).map(\.outcome).filter {
      seen.insert($0).inserted
    }
  }
}

package struct CheckedOverride: Sendable {
  package var name: String
  package var ruleset: Int
  package var reason: CheckedReason?
  package var authority: String
  package var until: CalendarDate?
  package var condition: CheckedCondition
  package var decision: Int
  package var outcome: ConstantValue
  package var text: String
  package var span: SourceSpan
}

package struct CheckedTest: Sendable {
  package struct Given: Sendable {
    package var value: Int
    package var constant: ConstantValue
  }

  package struct Expectation: Sendable {
    package var value: Int
    /// Nil: refused, or a list.
    package var constant: ConstantValue?
    /// The outcomes of a decision that collects them, in order.
    package var list: [ConstantValue]?
    /// The rule that must have decided.
    package var rule: RuleReference?
    package var span: SourceSpan
  }

  package enum RuleReference: Sendable, Hashable {
    case rule(decision: Int, Int)
    case otherwise(decision: Int)
    case override(Int)
  }

  package var name: String
  package var ruleset: Int
  package var asOf: CalendarDate?
  package var given: [Given]
  package var expected: [Expectation]
  package var span: SourceSpan
}

package struct CheckedProperty: Sendable {
  package var name: String
  package var ruleset: Int
  package var value: Int
  package var input: Int
  package var rises: Bool
  package var span: SourceSpan
}
