import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import PopulationViews

@Suite struct CohortTests {
  @Test func `the roundest threshold between two numbers parts them`() throws {
    // Scaled by 10^2: 9,996.12 and 10,213.40.
    let round = try #require(
      RoundThreshold.between(Quotient(999_612), Quotient(1_021_340), scale: 2))
    #expect(round.value == Quotient(1_000_000) && round.digits == 0)
    let third = try #require(Quotient(1, over: 3))
    let near = try #require(Quotient(334, over: 1_000))
    let between = try #require(RoundThreshold.between(third, near, scale: 0))
    #expect(between.value == near && between.digits == 3)
    var random = SeededGenerator(seed: 2)
    for _ in 0..<150 {
      let a = try #require(
        Quotient(
          Int128(Int.random(in: -100_000...100_000, using: &random)),
          over: Int128(Int.random(in: 1...999, using: &random))))
      let b = try #require(
        Quotient(
          Int128(Int.random(in: -100_000...100_000, using: &random)),
          over: Int128(Int.random(in: 1...999, using: &random))))
      if a == b { continue }
      let (lower, upper) = (min(a, b), max(a, b))
      let threshold = try #require(RoundThreshold.between(lower, upper, scale: 2)).value
      #expect(lower < threshold && threshold <= upper)
      let (x, y) = (lower.nearestDouble, upper.nearestDouble)
      if x == y { continue }
      let double = RoundThreshold.between(x, y)
      #expect(x < double.value && double.value <= y)
      #expect(Double(double.text) == double.value)
    }
    #expect(RoundThreshold.between(0.1, 0.3).text == "0.3")
    #expect(RoundThreshold.between(98.0, 131.0).text == "100")
    #expect(RoundThreshold.between(-5.0, 7.0).text == "0")
    #expect(RoundThreshold.between(1.0, 1.0.nextUp).value == 1.0.nextUp)
    let days = (
      CalendarDate(year: 2019, month: 11, day: 3), CalendarDate(year: 2020, month: 2, day: 9)
    )
    #expect(
      RoundThreshold.between(try #require(days.0), try #require(days.1)).description == "2020-01-01"
    )
  }

  private static let rank = TraceFixtures.sizeRank(
    "size", field: 1, cutPoints: [50, 250], line: 1)

  private var table: CohortTable {
    let sizes: [Int32] = [0, 0, 1, 1, 2, 2, -1, 0]
    let numbers: [Int128?] = [10, 20, 30, 40, 50, 60, 70, nil]
    let amounts = numbers.map { $0.map { Quotient($0) } }
    return CohortTable(
      columns: [
        CohortColumn(
          name: "size", .levels(sizes, Self.rank, .integer(TraceFixtures.person), value: "staff")),
        CohortColumn(name: "amount", .exact(amounts, scale: 0, unit: TraceFixtures.huf)),
        CohortColumn(
          name: "kind", .categories([0, 1, 0, 1, 0, 1, 0, 1], names: ["a", "b"])),
      ],
      groups: ["small", "large", "odd"], groupOfRow: [0, 0, 0, 1, 1, 1, 2, -1])
  }

  @Test func `conditions are named as rules write them, and hold for other rows each`() throws {
    let conditions = table.conditions(quantiles: 4)
    let texts = conditions.map(\.text)
    #expect(
      texts == [
        "size == S", "size == M", "size == L", "size >= M", "size <= M", "size is present",
        "size is missing", "amount >= 20 HUF", "amount >= 40 HUF", "amount >= 60 HUF",
        "amount < 20 HUF", "amount < 40 HUF", "amount < 60 HUF", "kind == \"a\"",
        "kind == \"b\"",
      ])
    #expect(Set(conditions.map(\.rows)).count == conditions.count)
    #expect(conditions[0].meaning == "staff < 50 person")
    #expect(conditions[1].meaning == "staff >= 50 person and staff < 250 person")
    #expect(conditions[3].meaning == "staff >= 50 person")
    // The row that belongs to no group is in none of them.
    #expect(conditions.allSatisfy { !$0.rows.contains(7) })
  }

  @Test func `groups by size, their best rules, and what tells them from the next`() throws {
    let table = table
    var options = CohortDescription.Options()
    options.longest = 2
    let all = CohortDescription.all(table, table.conditions(quantiles: 10), options)
    #expect(all.map(\.name) == ["large", "small", "odd"])
    #expect(all.map(\.count) == [3, 3, 1])
    let small = try #require(all[1].rule)
    #expect(small.conditions.map(\.text) == ["amount < 40 HUF"])
    #expect(small.cover == .init(inside: 3, outside: 0))
    #expect(small.quality == 1 && small.isProved && small.precision == 1)
    #expect(all[1].coverage(of: small) == 1)
    // Nobody else meets its rule: the next one is the largest.
    #expect(all[1].next?.name == "large")
    let large = try #require(all[0].rule)
    #expect(large.conditions.map(\.field).contains("amount"))
    #expect(large.quality == 1)
    let only = CohortDescription.all(
      table, table.conditions(quantiles: 10), options, only: ["odd"])
    #expect(only.map(\.name) == ["odd"])
    #expect(only[0].rule?.conditions.map(\.text) == ["size is missing"])
    // Of seven rows three are in the group: the rule of all rows has 2 x 3 / (7 + 3).
    #expect(small.baseline == 0.6)
  }

  @Test func `a falling rank says what its levels are`() throws {
    var rank = TraceFixtures.sizeRank("life", field: 0, cutPoints: [100, 200], line: 1)
    rank.intervalLevels = [2, 1, 0]
    rank.belongsBelow = [true, false]
    let column = CohortColumn(name: "life", .levels([0, 1, 2], rank, .date, value: "opened"))
    let table = CohortTable(columns: [column], groups: ["x"], groupOfRow: [0, 0, 0])
    let meanings = table.conditions(quantiles: 2).map { "\($0.text): \($0.meaning ?? "")" }
    #expect(
      meanings == [
        "life == S: opened >= 1970-07-20",
        "life == M: opened > 1970-04-11 and opened < 1970-07-20",
        "life == L: opened <= 1970-04-11",
        "life >= M: opened < 1970-07-20", "life <= M: opened > 1970-04-11",
      ])
  }

  @Test func `sums of decimals are exact`() {
    func sum(_ texts: [String]) -> DecimalSum {
      var sum = DecimalSum()
      for text in texts {
        let bytes = Array(text.utf8)
        sum.add(bytes.span)
      }
      return sum
    }
    let some = sum(["0.1", "0.2", "", "x", "1e3"])
    #expect(some.text == "1000.3" && some.displayText == "1,000.3" && some.unread == 2)
    var total = sum(["2000.6"])
    #expect(some.share(of: total) == Double(10_003) / 20_006)
    total.add(some)
    #expect(total.text == "3000.9" && total.unread == 2)
    #expect(sum(["1", "-1"]).share(of: sum(["0"])) == nil)
    #expect(
      sum([String(repeating: "9", count: 38), String(repeating: "9", count: 38)]).hasOverflowed)
  }
}
