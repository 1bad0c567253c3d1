import DataFields
import RationaleTestSupport
import Testing

@testable import RuleLanguage

@Suite struct RankAndArithmeticTests {
  private func program(_ type: ValueType, rank: (Int, Int) -> RankPlan) -> Program {
    var program = Program()
    program.scales = [
      RankScale(name: "Size", levels: ["S", "M", "L"], levelTexts: ["small", "medium", "large"])
    ]
    program.code.layout = RowLayout(
      constants: [],
      slots: [
        RowLayout.Slot(name: "value", type: type),
        RowLayout.Slot(name: "rank", type: .rank(scale: 0)),
      ])
    program.ranks = [rank(0, 1)]
    return program
  }

  @Test(arguments: [false, true])
  func `ranks of quotients agree with a comparison of reduced fractions`(upTo: Bool) throws {
    let cuts: [Int128] = [-300, 0, 700]
    var program = program(.quotient(scale: 2, .none)) { source, slot in
      RankPlan(
        name: "rank", scale: 0, source: source, slot: slot, cutPoints: cuts,
        belongsBelow: Array(repeating: upTo, count: 3), cutPointNames: ["a", "b", "c"],
        levels: [0, 1, 2, 1], line: 1)
    }
    program.scales[0].levels.append("XL")
    var workspace = EvaluationWorkspace(program)
    var generator = SeededGenerator(seed: 9)
    var seen: Set<Int128> = []
    for round in 0..<4000 {
      // A quarter of the values lie exactly on a cut point.
      let denominator = Int128(Int.random(in: 1...50, using: &generator))
      let numerator =
        round % 4 == 0
        ? cuts[round / 4 % 3] * denominator
        : Int128(Int.random(in: -40_000...40_000, using: &generator))
      workspace.clear()
      workspace.row.set(0, to: numerator, over: denominator, origin: .input)
      program.rank(0, in: &workspace, keepSupplied: false)
      let value = Double(Int(numerator)) / Double(Int(denominator))
      let above = cuts.filter { upTo ? value > Double(Int($0)) : value >= Double(Int($0)) }.count
      #expect(workspace.row.value(1) == Int128([0, 1, 2, 1][above]), "\(numerator)/\(denominator)")
      seen.insert(workspace.row.value(1))
    }
    #expect(seen == [0, 1, 2])
  }

  /// Cut points with more digits than the operands of a quotient cut where they say.
  @Test func `a quotient is cut at fractions`() throws {
    let program = try #require(
      RuleText.unanalysed(
        """
        input e from "s" {
          id  text  key
          a   int         in 0 ... 40
          b   decimal(1)  in 0.5 ... 20
        }
        scale S: Low < Mid < High
        let x = e.a / e.b
        let y = e.b / e.a missing 0
        rank p: S by x {
          Low below 0.375
          Mid up to 2.5
          High otherwise
        }
        rank q: S by y {
          Low below 0.05
          Mid below 1.125
          High otherwise
        }
        """))
    var runner = ProgramRunner(program)
    for a in 0...40 {
      for tenths in 5...200 {
        runner.workspace.clear()
        runner.supply("e.a", Int128(a))
        runner.supply("e.b", Int128(tenths))
        runner.run()
        // a / (tenths / 10) < 3/8, and so on.
        let p = 80 * a < 3 * tenths ? 0 : 20 * a <= 5 * tenths ? 1 : 2
        let q = a == 0 || 200 * tenths < 100 * a ? 0 : 8 * tenths < 90 * a ? 1 : 2
        #expect(runner.workspace.row.value(runner.slot("p")) == Int128(p), "\(a), \(tenths)")
        #expect(runner.workspace.row.value(runner.slot("q")) == Int128(q), "\(a), \(tenths)")
      }
    }
  }

  @Test func `a rank of what is missing is missing, and of an overflow an overflow`() {
    let program = program(.integer(.none)) { source, slot in
      RankPlan(
        name: "rank", scale: 0, source: source, slot: slot, cutPoints: [5],
        belongsBelow: [false], cutPointNames: ["rank.M"], levels: [0, 1], line: 1)
    }
    var workspace = EvaluationWorkspace(program)
    program.rank(0, in: &workspace, keepSupplied: false)
    #expect(workspace.row.state(1) == .missing)
    workspace.row.mark(0, .overflow, origin: .derived)
    program.rank(0, in: &workspace, keepSupplied: false)
    #expect(workspace.row.state(1) == .overflow)
  }

  @Test func `arithmetic passes states on and never traps`() {
    let operations: [Instruction.Operation] = [
      .add, .subtract, .multiply, .negate, .scaleUp, .addQuotient, .subtractQuotient,
      .multiplyQuotient, .divideQuotient, .copy, .coalesce,
    ]
    let extremes: [Int128?] = [nil, .min, .max, 0, 1, -1, 38, 39, 1 << 64]
    let layout = RowLayout(
      constants: [],
      slots: ["a", "b", "c"].map { RowLayout.Slot(name: $0, type: .quotient(scale: 0, .none)) })
    for operation in operations {
      let code = RowCode(
        layout: layout, instructions: [Instruction(operation, 0, 1, to: 2)])
      for left in extremes {
        for right in extremes {
          var row = RuleRow(layout)
          if let left { row.set(0, to: left, origin: .input) }
          if let right { row.set(1, to: right, origin: .input) }
          var none = NoConversions()
          code.run(0..<1, on: &row, lists: [], conversions: &none)
          if operation == .coalesce {
            #expect(row.isPresent(2))
            continue
          }
          if left == nil || (right == nil && operation != .negate && operation != .copy) {
            #expect(row.state(2) == .missing)
          }
          if row.isPresent(2) { #expect(row.denominator(2) > 0, "\(operation)") }
        }
      }
    }
  }

  @Test func `a value outside its range is out of range, exactly`() {
    let slot = RowLayout.Slot(name: "", type: .quotient(scale: 0, .none))
    for limit in [Quotient(3), Quotient(Int128(7), over: 2), nil].compactMap(\.self) {
      let layout = RowLayout(constants: [(slot, limit)], slots: [slot])
      for (operation, sign) in [(Instruction.Operation.atLeast, 1), (.atMost, -1)] {
        let code = RowCode(layout: layout, instructions: [Instruction(operation, 1, 0, to: 1)])
        for number in -10...20 as ClosedRange<Int128> {
          var row = RuleRow(layout)
          // Quarters: some lie on the limit.
          row.set(1, to: number, over: 4, origin: .events)
          var none = NoConversions()
          code.run(0..<1, on: &row, lists: [], conversions: &none)
          let distance = (number * limit.denominator - 4 * limit.numerator) * Int128(sign)
          #expect(row.state(1) == (distance >= 0 ? .present : .outOfRange))
        }
        var row = RuleRow(layout)
        var none = NoConversions()
        code.run(0..<1, on: &row, lists: [], conversions: &none)
        #expect(row.state(1) == .missing)
      }
    }
  }

  @Test func `a division by zero is missing, and the missing value stands in`() {
    let layout = RowLayout(
      constants: [(RowLayout.Slot(name: "", type: .integer(.none)), Quotient(7))],
      slots: ["a", "b", "c", "d"].map {
        RowLayout.Slot(name: $0, type: .quotient(scale: 0, .none))
      })
    let code = RowCode(
      layout: layout,
      instructions: [
        Instruction(.divideQuotient, 1, 2, to: 3), Instruction(.coalesce, 3, 0, to: 4),
      ])
    var row = RuleRow(layout)
    row.set(1, to: 10, origin: .input)
    row.set(2, to: 0, origin: .input)
    var none = NoConversions()
    code.run(0..<2, on: &row, lists: [], conversions: &none)
    #expect(row.state(3) == .missing)
    #expect(row.quotient(4) == Quotient(7))
    #expect(row.origin(4) == .defaulted)
    row.clear()
    #expect(row.isPresent(0), "constants stay")
    row.set(1, to: 10, origin: .input)
    row.set(2, to: -4, origin: .input)
    code.run(0..<2, on: &row, lists: [], conversions: &none)
    #expect(row.quotient(4) == Quotient(-5, over: 2))
    #expect(row.origin(4) == .derived)
  }

  @Test func `what was supplied is left alone`() {
    let layout = RowLayout(
      constants: [],
      slots: ["a", "b"].map { RowLayout.Slot(name: $0, type: .integer(.none)) })
    let code = RowCode(layout: layout, instructions: [Instruction(.copy, 0, 0, to: 1)])
    var row = RuleRow(layout)
    row.set(0, to: 1, origin: .input)
    row.set(1, to: 2, origin: .supplied)
    var none = NoConversions()
    code.run(0..<1, on: &row, lists: [], keepSupplied: true, conversions: &none)
    #expect(row.value(1) == 2)
    code.run(0..<1, on: &row, lists: [], keepSupplied: false, conversions: &none)
    #expect(row.value(1) == 1)
  }
}
