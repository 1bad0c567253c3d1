import DataFields
import ReferenceData
import SourceDiagnostics
import Testing

@Suite struct RateTableTests {
  private static let form = RateTable.Form(
    dateColumn: "date", currencyColumn: "currency", rateColumn: "huf", digits: 4, maximumAge: 7)

  private func table(
    _ rows: String, _ texts: inout TextInterner
  ) throws(DiagnosticsError) -> RateTable {
    try RateTable(
      ReferenceFile(path: "rates.csv", bytes: Array("date,currency,huf\n\(rows)".utf8)),
      form: Self.form, texts: &texts)
  }

  private func messages(_ rows: String) -> [String] {
    var texts = TextInterner()
    do throws(DiagnosticsError) {
      _ = try table(rows, &texts)
      return []
    } catch {
      return error.diagnostics.map(\.message)
    }
  }

  private func day(_ text: String) throws -> CalendarDate { try CalendarDate(parsing: text) }

  @Test func `a day without a rate takes the last one, while it is young enough`() throws {
    var texts = TextInterner()
    let table = try table(
      """
      2021-01-04,EUR,359.6200
      2021-01-08,EUR,359.93
      2021-01-04,USD,293.11
      """, &texts)
    let euro = try #require(texts.code(of: "EUR"))
    func found(_ rate: Int128, _ date: String) throws -> RateTable.Lookup {
      .found(RateTable.Rate(value: rate, date: try day(date)))
    }
    #expect(try table.rate(of: euro, on: day("2021-01-04")) == found(3_596_200, "2021-01-04"))
    #expect(try table.rate(of: euro, on: day("2021-01-07")) == found(3_596_200, "2021-01-04"))
    #expect(try table.rate(of: euro, on: day("2021-01-15")) == found(3_599_300, "2021-01-08"))
    #expect(
      try table.rate(of: euro, on: day("2021-01-16")) == .noRate(latest: day("2021-01-08")))
    #expect(try table.rate(of: euro, on: day("2021-01-03")) == .noRate(latest: nil))
    #expect(try table.rate(of: texts.intern("XXX"), on: day("2021-01-04")) == .unknownCurrency)
    #expect(table.currencies.count == 2)
  }

  @Test func `every look-up agrees with a plain search`() throws {
    var texts = TextInterner()
    var rows = ""
    var plain: [(String, Int32, Int128)] = []
    for (number, currency) in ["EUR", "USD", "CHF"].enumerated() {
      for day in stride(from: Int32(18_000), to: 18_100, by: 3 + number * 2) {
        let rate = Int128(day) * 10 + Int128(number) + 1
        plain.append((currency, day, rate * 10_000))
        rows += "\(CalendarDate(daysSinceEpoch: day)),\(currency),\(rate)\n"
      }
    }
    let table = try table(rows, &texts)
    for currency in ["EUR", "USD", "CHF"] {
      let code = try #require(texts.code(of: currency))
      for day in Int32(17_990)..<18_120 {
        let expected = plain.filter { $0.0 == currency && $0.1 <= day && day - $0.1 <= 7 }
          .max { $0.1 < $1.1 }
        let found = table.rate(of: code, on: CalendarDate(daysSinceEpoch: day))
        if case .found(let rate) = found {
          #expect(rate.value == expected?.2)
        } else {
          #expect(expected == nil)
        }
      }
    }
  }

  @Test func `conversion rounds once, half to even, and refuses what does not fit`() throws {
    var texts = TextInterner()
    let table = try table("2021-01-04,EUR,0.5\n", &texts)
    func convert(_ amount: Int128, rate: Int128) -> Int128? {
      table.converted(
        amount, scale: 2, at: .init(value: rate, date: CalendarDate(daysSinceEpoch: 0)),
        targetDigits: 2)
    }
    // 0.01 x 0.5 = 0.005 -> 0.00; 0.03 x 0.5 = 0.015 -> 0.02; negative alike.
    #expect(convert(1, rate: 5_000) == 0)
    #expect(convert(3, rate: 5_000) == 2)
    #expect(convert(-3, rate: 5_000) == -2)
    #expect(convert(100_00, rate: 3_596_200) == 35_962_00)
    #expect(convert(.max, rate: 2) == nil)
  }

  @Test func `a faulty table is refused with every fault`() {
    #expect(
      messages("2021-02-30,EUR,1\n2021-01-01,EUR,0\n2021-01-02,EUR,1.00001\n2021-01-03,,1\n") == [
        "`2021-02-30` is a day that does not exist", "`0` is not above zero",
        "`1.00001` has more than 4 digits after the point", "a rate has no currency",
      ])
    #expect(
      messages("2021-01-01,EUR,1\n2021-01-01,EUR,2\n") == ["`EUR` has two rates on 2021-01-01"])
    #expect(messages("") == ["`rates.csv` has no rates"])
    #expect(messages("2021-01-01,EUR\n") == ["the record has 2 fields, the header 3"])
  }
}

@Suite struct ReferenceListTests {
  @Test func `membership is by text, once each`() throws {
    var texts = TextInterner()
    let file = ReferenceFile(path: "l.csv", bytes: Array("PARTY_ID\n7\n3\n7\n\"a,b\"\n".utf8))
    let list = try ReferenceList(file, column: nil, texts: &texts)
    #expect(list.members.count == 3)
    #expect(list.contains(try #require(texts.code(of: "a,b"))))
    #expect(!list.contains(texts.intern("8")))
  }

  @Test func `a file of several columns needs a name`() {
    var texts = TextInterner()
    let file = ReferenceFile(path: "l.csv", bytes: Array("a,b\n1,2\n".utf8))
    do throws(DiagnosticsError) {
      _ = try ReferenceList(file, column: nil, texts: &texts)
      Issue.record("no error")
    } catch {
      #expect(error.diagnostics[0].message == "`l.csv` has 2 columns, a list takes one")
    }
  }
}

@Suite struct BackgroundRowsTests {
  @Test func `columns come by name, empty fields are missing`() throws {
    let file = ReferenceFile(path: "b.csv", bytes: Array("x,t,y\n1.5,a,2\n,,3\n".utf8))
    let matrix = try BackgroundRows.matrix(file, fields: [("y", .number), ("t", .text)])
    #expect(matrix.rowCount == 2)
    #expect(matrix.row(0)[0] == .number(2))
    #expect(matrix.row(0)[1] == .text("a"))
    #expect(matrix.row(1)[1] == .missing)
  }

  @Test func `a digest is SHA-256`() {
    #expect(
      Digest(of: Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
