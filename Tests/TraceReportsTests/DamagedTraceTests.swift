import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing
import TraceReports

/// Whatever bytes read as a trace can be printed: no value of any size is a trap.
@Suite struct DamagedTraceTests {
  private static let cases: [(body: [UInt8], schema: TraceSchema, digest: Digest)] = [
    (
      TraceFixtures.invoiceProfileBody(), TraceFixtures.invoiceProfile,
      TraceFixtures.invoiceProfileDigest
    ),
    (
      TraceFixtures.premiumOfferBody(), TraceFixtures.premiumOffer,
      TraceFixtures.premiumOfferDigest
    ),
    (
      TraceFixtures.transferActivityBody(), TraceFixtures.transferActivity,
      TraceFixtures.transferActivityDigest
    ),
  ]

  @Test func `changed bodies and schemas that still read are printed`() {
    var generator = SeededGenerator(seed: 50_250)
    var printed = 0
    for (body, schema, digest) in Self.cases {
      for round in 0..<600 {
        var changedBody = body
        var changedSchema = schema.encoded()
        for _ in 0..<3 {
          let byte = UInt8.random(in: .min ... .max, using: &generator)
          if round.isMultiple(of: 2) {
            changedBody[Int.random(in: 33..<body.count, using: &generator)] = byte
          } else {
            changedSchema[Int.random(in: 4..<changedSchema.count, using: &generator)] = byte
          }
        }
        guard let other = try? TraceSchema(decoding: changedSchema),
          let trace = try? Trace(body: changedBody, schema: other, digest: digest)
        else { continue }
        printed += 1
        let page = TextReport(
          trace,
          capabilities: TerminalCapabilities(
            width: 40 + round % 80, usesColor: false, usesUnicode: true, usesBoxes: true)
        ).rendered()
        #expect(page.contains("Evidence"))
      }
    }
    #expect(printed > 100)
  }

  /// The extremes of every number, which chance seldom finds.
  @Test(arguments: [Int128.min, .min + 1, -1, 0, 1, .max - 1, .max])
  func `numbers of any size are printed`(_ number: Int128) throws {
    for type: ValueType in [.integer(.none), .decimal(scale: 38, .none), .date, .double] {
      for cut in [Int128.min, -1, 0, 1, .max] {
        var schema = TraceFixtures.invoiceProfile
        schema.fields[1].type = type
        schema.ranks[1].cutPoints = [cut, cut]
        let body = TraceFixtures.invoiceProfileBody(employees: number, as: type)
        guard
          let trace = try? Trace(
            body: body, schema: schema, digest: TraceFixtures.invoiceProfileDigest)
        else {
          // Only days have a range of their own.
          #expect(type == .date)
          continue
        }
        let page = TextReport(
          trace,
          capabilities: TerminalCapabilities(
            width: 80, usesColor: false, usesUnicode: true, usesBoxes: true)
        ).rendered()
        #expect(page.contains("enterprise.employees"))
        #expect(!TraceJSONWriter().json(trace).isEmpty)
      }
    }
  }

  @Test func `a long table shows what is near the row that decided`() throws {
    var schema = TraceFixtures.transferActivity
    let low = schema.rules[1]
    schema.rules = (0..<500).map { index in
      var rule = index == 300 ? schema.rules[0] : low
      rule.name = "row \(index + 1)"
      return rule
    }
    let trace = try Trace(
      body: TraceFixtures.transferActivityBody(decidingRow: 300, of: 500), schema: schema,
      digest: TraceFixtures.transferActivityDigest)
    let page = TextReport(
      trace,
      capabilities: TerminalCapabilities(
        width: 80, usesColor: false, usesUnicode: true, usesBoxes: true)
    ).rendered()
    #expect(page.contains("    … 293 more failed\n  ✗ row 294 "))
    #expect(page.contains("  ✓ row 301 "))
    #expect(page.contains("    … 199 more not reached\n"))
    #expect(page.split(separator: "\n").count < 60)
  }
}
