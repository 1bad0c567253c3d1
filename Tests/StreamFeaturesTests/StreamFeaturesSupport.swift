import DataFields
import ReferenceData
import RuleLanguage
import StreamFeatures

/// A program of one event `sale` with the fields `amount` (slot 0, decimal(2)), `currency` (slot 1)
/// and `day` (slot 2), slot 3 the amount in HUF, slot 4 the constant 0; and one aggregate of each
/// function. Aggregate n has slot n of the rule row.
struct SaleProgram {
  static let functions: [AggregatePlan.Function] = [
    .count, .countDistinct, .sum, .mean, .minimum, .maximum, .first, .last,
  ]

  var program = Program()

  init() throws {
    let huf = program.texts.intern("HUF")
    let rates = ReferenceFile(
      path: "rates.csv", bytes: Array("date,currency,huf\n2021-01-04,EUR,350.5\n".utf8))
    program.rateTables = [
      try RateTable(
        rates,
        form: .init(
          dateColumn: "date", currencyColumn: "currency", rateColumn: "huf", digits: 4,
          maximumAge: 7), texts: &program.texts)
    ]
    let money = ValueType.decimal(scale: 2, .none)
    var code = RowCode(
      layout: RowLayout(
        constants: [(RowLayout.Slot(name: "", type: money), Quotient(0))],
        slots: [
          .init(name: "amount", type: money), .init(name: "currency", type: .text),
          .init(name: "day", type: .date), .init(name: "", type: money),
        ]))
    code.instructions = [Instruction(.convert, 0, 0, to: 4)]
    // amount >= 0
    code.conditions = [ConditionNode(.compareWords, .greaterOrEqual, left: 1, right: 0, end: 1)]
    program.aggregates = Self.functions.enumerated().map { index, function in
      let isCount = function == .count
      let isDistinct = function == .countDistinct
      return AggregatePlan(
        function: function, event: 0, condition: 0,
        valueCode: isCount || isDistinct ? 0..<0 : 0..<1,
        valueSlot: isCount ? nil : isDistinct ? 2 : 4, valueType: isDistinct ? .text : money,
        resultSlot: index)
    }
    let fields = ["amount", "currency", "day"].enumerated().map { index, name in
      FieldPlan(
        name: name, column: name, type: [money, .text, .date][index], slot: index + 1)
    }
    program.events = [
      EventPlan(
        name: "sale", source: "sales", fields: fields, key: 1, time: 2, input: 0, code: code,
        conversions: [
          ConversionPlan(
            table: 0, amountSlot: 1, amountScale: 2, currencySlot: 2, dateSlot: 3,
            targetCode: huf, targetDigits: 2)
        ], aggregates: Array(program.aggregates.indices), decisions: [])
    ]
    program.code.layout = RowLayout(
      constants: [], slots: Self.functions.map { .init(name: "\($0)", type: money) })
  }
}

/// An event as a test writes it.
struct Sale {
  var subject: Int
  var amount: Int128
  var currency: String
  var day: Int32
}

extension KeyedState {
  /// Runs one event through; returns what evaluating it gave.
  mutating func take(
    _ sale: Sale, _ aggregation: inout EventAggregation, _ texts: inout TextInterner
  ) -> EventAggregation.Evaluation {
    aggregation.row.clear()
    aggregation.row.set(1, to: sale.amount, origin: .input)
    aggregation.row.set(2, to: Int128(texts.intern(sale.currency)), origin: .input)
    aggregation.row.set(3, to: Int128(sale.day), origin: .input)
    let result = aggregation.evaluate(lists: [])
    guard case .ready = result else { return result }
    let place = addSubject(texts.intern("subject \(sale.subject)"))
    aggregation.apply(to: &self, place: place)
    note(time: aggregation.time)
    let event = Array("\(sale)".utf8)
    event.withUnsafeBytes { extendLineage(with: $0, for: place) }
    return result
  }

  /// The aggregates of a subject as a row.
  ///
  /// - Parameter day: of the decision, for windows.
  func row(_ place: Int, _ program: Program, day: Int32 = 0) -> RuleRow {
    var row = RuleRow(program.code.layout)
    fill(&row, for: place, at: Int64(day) * 86_400)
    return row
  }
}

/// How many bytes a snapshot's numbers have.
enum StateEncoderLength {
  /// Base 128, zigzag.
  static func signed(_ value: Int128) -> Int {
    var rest = UInt128(bitPattern: (value << 1) ^ (value >> 127))
    var count = 1
    while rest >= 0x80 {
      rest >>= 7
      count += 1
    }
    return count
  }
}
