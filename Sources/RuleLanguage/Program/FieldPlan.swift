package import DataFields

/// What becomes of a value that is not there.
package enum MissingPolicy: Sendable, Hashable {
  /// The decision is refused, and the trace says for want of which value.
  case refuse
  /// The value of this constant slot stands in, with the origin *defaulted*.
  case value(constant: Int)
  /// A rule asks for it (`is missing`); a comparison with it does not hold.
  case rule
}

/// Which way a counterfactual may move a field.
package enum Actionability: String, Sendable, Hashable {
  case yes, no, increase, decrease
}

/// One field of an input or an event: where its text stands and how it is read.
package struct FieldPlan: Sendable {
  /// The name as rules write it, without the input's: `employees`.
  package var name: String
  /// The CSV column or JSON key.
  package var column: String
  package var type: ValueType
  /// The slot in the rule row (input) or in the event's row (event).
  package var slot: Int
  /// Texts that mean missing, as UTF-8.
  package var missingTexts: [[UInt8]]
  package var missing: MissingPolicy
  /// The least and the greatest admitted value, as words of the type; nil where unbounded.
  package var lowerBound: Int128?
  package var upperBound: Int128?
  /// The event field that names the currency of this amount (`in currency`); its slot.
  package var currencySlot: Int?
  package var isKey: Bool
  package var isPersonal: Bool
  /// `masked keep n`: how many characters a page shows; nil if the field is not masked.
  package var maskKeeps: Int?
  package var actionable: Actionability
  /// The least change that makes sense, as a word of the type.
  package var step: Int128?

  package init(
    name: String, column: String, type: ValueType, slot: Int, missingTexts: [[UInt8]] = [],
    missing: MissingPolicy = .refuse, lowerBound: Int128? = nil, upperBound: Int128? = nil,
    currencySlot: Int? = nil, isKey: Bool = false, isPersonal: Bool = false,
    maskKeeps: Int? = nil, actionable: Actionability = .yes, step: Int128? = nil
  ) {
    self.name = name
    self.column = column
    self.type = type
    self.slot = slot
    self.missingTexts = missingTexts
    self.missing = missing
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    self.currencySlot = currencySlot
    self.isKey = isKey
    self.isPersonal = isPersonal
    self.maskKeeps = maskKeeps
    self.actionable = actionable
    self.step = step
  }
}

/// `input enterprise from "static" { ... }`: one record for each subject.
package struct InputPlan: Sendable {
  package var name: String
  package var source: String
  package var fields: [FieldPlan]
  /// Index in `fields` of the key.
  package var key: Int

  package init(name: String, source: String, fields: [FieldPlan], key: Int) {
    self.name = name
    self.source = source
    self.fields = fields
    self.key = key
  }
}

/// `event invoice from "invoices" by party = enterprise.id { ... }`.
package struct EventPlan: Sendable {
  package var name: String
  package var source: String
  /// Fields with slots in `code.layout`.
  package var fields: [FieldPlan]
  /// Fields that are lists, whose elements fill slots of their own, one after the other.
  package var lists: [ListFieldPlan] = []
  /// Index in `fields` of the subject's key.
  package var key: Int
  /// Index in `fields` of the event's time; nil if it declares none.
  package var time: Int?
  /// The input whose key the event's key names.
  package var input: Int
  package var code: RowCode
  package var conversions: [ConversionPlan]
  /// The aggregates that this event feeds, as indices of ``Program/aggregates``.
  package var aggregates: [Int]
  /// The decisions made after this event, as indices of ``Program/decisions``, in step order.
  package var decisions: [Int]

  package init(
    name: String, source: String, fields: [FieldPlan], key: Int, time: Int?, input: Int,
    code: RowCode, conversions: [ConversionPlan], aggregates: [Int], decisions: [Int]
  ) {
    self.name = name
    self.source = source
    self.fields = fields
    self.key = key
    self.time = time
    self.input = input
    self.code = code
    self.conversions = conversions
    self.aggregates = aggregates
    self.decisions = decisions
  }
}

/// `items list of { product_id int  quantity int }`.
package struct ListFieldPlan: Sendable {
  package var name: String
  package var column: String
  /// The fields of an element; of a list of values one without a column.
  package var fields: [FieldPlan]
  package var isOfValues: Bool

  package init(name: String, column: String, fields: [FieldPlan], isOfValues: Bool) {
    self.name = name
    self.column = column
    self.fields = fields
    self.isOfValues = isOfValues
  }
}

/// `payable to HUF by huf at issued`: amount x rate of the day, rounded once, half to even, to the
/// target's minor unit; an amount already in the target currency is taken as it is.
package struct ConversionPlan: Sendable, Hashable {
  /// Index in ``Program/rateTables``.
  package var table: Int
  package var amountSlot: Int
  package var amountScale: Int
  package var currencySlot: Int
  package var dateSlot: Int
  /// The target currency's code in ``Program/texts``, and its digits after the point.
  package var targetCode: Int32
  package var targetDigits: Int

  package init(
    table: Int, amountSlot: Int, amountScale: Int, currencySlot: Int, dateSlot: Int,
    targetCode: Int32, targetDigits: Int
  ) {
    self.table = table
    self.amountSlot = amountSlot
    self.amountScale = amountScale
    self.currencySlot = currencySlot
    self.dateSlot = dateSlot
    self.targetCode = targetCode
    self.targetDigits = targetDigits
  }
}

/// The rate by which an amount of one event was converted.
package struct AppliedConversion: Sendable, Hashable {
  /// Index in ``Program/rateTables``.
  package var table: Int
  /// The amount's currency and the target's, as codes of the engine's texts.
  package var currency: Int32
  package var target: Int32
  /// The rate, scaled by 10^`digits`, and the day on which it was set.
  package var rate: Int128
  package var digits: Int
  package var date: CalendarDate

  package init(
    table: Int, currency: Int32, target: Int32, rate: Int128, digits: Int, date: CalendarDate
  ) {
    self.table = table
    self.currency = currency
    self.target = target
    self.rate = rate
    self.digits = digits
    self.date = date
  }
}

/// An aggregate that keyed state carries for each subject: `mean(kept.payable ...) over all time`.
package struct AggregatePlan: Sendable, Hashable {
  package enum Function: UInt8, Sendable, Hashable {
    case count, countDistinct, sum, mean, minimum, maximum, first, last
  }

  package var function: Function
  /// Index in ``Program/events``.
  package var event: Int
  /// Index in ``EventPlan/lists`` if elements are counted, not events.
  package var list: Int?
  /// Root node of the `where` condition in the event's code; nil if every event counts.
  package var condition: Int?
  /// The instructions that compute what the condition compares; run before it.
  package var conditionCode: Range<Int>
  /// The instructions that compute `valueSlot`; run only where the condition holds, so that an
  /// event that does not count cannot fail.
  package var valueCode: Range<Int>
  /// The slot of the event's row that is aggregated; nil for a plain count.
  package var valueSlot: Int?
  package var valueType: ValueType?
  /// The slot of the rule row that takes the result. No events: a count is 0, anything else is
  /// missing.
  package var resultSlot: Int
  /// Nil for all time.
  package var window: WindowPlan?

  package init(
    function: Function, event: Int, condition: Int?, valueCode: Range<Int>, valueSlot: Int?,
    valueType: ValueType?, resultSlot: Int, window: WindowPlan? = nil,
    conditionCode: Range<Int> = 0..<0, list: Int? = nil
  ) {
    self.list = list
    self.function = function
    self.event = event
    self.condition = condition
    self.valueCode = valueCode
    self.valueSlot = valueSlot
    self.valueType = valueType
    self.resultSlot = resultSlot
    self.window = window
    self.conditionCode = conditionCode
  }
}
