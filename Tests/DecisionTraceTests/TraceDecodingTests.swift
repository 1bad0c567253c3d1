import DataFields
import RationaleTestSupport
import Testing

@testable import DecisionTrace

/// Bytes that an engine writes read back as what was written; any other bytes are refused.
@Suite struct TraceDecodingTests {
  private static let bodies: [(name: String, body: [UInt8], schema: TraceSchema, digest: Digest)] =
    [
      (
        "invoice profile", TraceFixtures.invoiceProfileBody(), TraceFixtures.invoiceProfile,
        TraceFixtures.invoiceProfileDigest
      ),
      (
        "refused", TraceFixtures.invoiceProfileBody { $0.employees = nil },
        TraceFixtures.invoiceProfile, TraceFixtures.invoiceProfileDigest
      ),
      (
        "premium offer", TraceFixtures.premiumOfferBody(), TraceFixtures.premiumOffer,
        TraceFixtures.premiumOfferDigest
      ),
      (
        "transfer activity", TraceFixtures.transferActivityBody(),
        TraceFixtures.transferActivity, TraceFixtures.transferActivityDigest
      ),
    ]

  @Test func `a body reads back as what was written`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace()
    #expect(trace.subject == "334628087")
    #expect(trace.id.record == 4812)
    #expect(trace.id.decision == "invoice_profile")
    #expect(trace.asOf == CalendarDate(year: 2021, month: 1, day: 27))
    #expect(
      trace.values.map { $0.content?.plainText } == [
        "334628087", "4", "1242578.16", "310644.54", "1",
      ])
    #expect(trace.values.map(\.origin) == [.input, .input, .events, .derived, .events])
    #expect(trace.ranks.map(\.level) == [2, 0, 0])
    #expect(trace.rules.map(\.state) == [.failed, .failed, .held])
    #expect(trace.rules[0].decidingClause?.text == "amount == size")
    #expect(trace.result == .decided(outcome: .text("Developed Customers"), rule: 2))
    #expect(trace.reason?.code == "IP-03")
    #expect(
      trace.reason?.text
        == "Neither steady nor under-performing: amount large, size small, coverage small.")
    #expect(trace.previousOutcome == "Developed Customers")
    #expect(trace.lineageLength == 231)
    #expect(trace.lineageHead == TraceFixtures.digest(0x5A))
  }

  @Test func `a model's attributions and an override read back`() throws {
    let trace = try TraceFixtures.premiumOfferTrace()
    let model = try #require(trace.models.first)
    #expect(model.attributions.map(\.feature) == ["INVOICE_COUNT", "SIZE"])
    #expect(model.attributions.map(\.value) == [2.2043, -0.087])
    #expect(model.rest == 0.306 && model.restCount == 1)
    #expect(trace.override?.replaced == .text("call"))
    let conversion = try #require(trace.conversions.first)
    #expect(trace.conversions.count == 1)
    #expect((conversion.currency, conversion.target) == ("EUR", "HUF"))
    #expect(conversion.rate.plainText == "357.3412")
    #expect(conversion.date.description == "2021-01-26")
    #expect(trace.override?.schema.name == "do_not_contact")
    #expect(trace.result == .decided(outcome: .text("none"), rule: 0))
  }

  @Test func `how nearly attributions add up reads back, and stands in the JSON`() throws {
    #expect(try TraceFixtures.premiumOfferTrace().models.first?.check == nil)
    var check = Trace.AttributionCheck(
      residual: 1e-16, floatRounding: -2.5e-7, tolerance: 4e-12, floatTolerance: 1e-6)
    var trace = try TraceFixtures.premiumOfferTrace(check: check)
    #expect(trace.models.first?.check == check)
    #expect(check.addsUp)
    var json = String(decoding: TraceJSONWriter().json(trace), as: UTF8.self)
    #expect(json.contains("\"residual\":1e-16,\"float_rounding\":-2.5e-07,\"adds_up\":true"))
    #expect(!json.contains("\"error\""))
    check.residual = 1e-9
    #expect(!check.addsUp)
    check = Trace.AttributionCheck(
      residual: .nan, floatRounding: 0, tolerance: .infinity, floatTolerance: 0,
      evaluationCount: 2_000, errors: [0.125, 0.25], restError: 0.5)
    #expect(!check.addsUp)
    check.residual = 0.75
    trace = try TraceFixtures.premiumOfferTrace(check: check)
    #expect(trace.models.first?.check == check)
    #expect(check.addsUp)
    json = String(decoding: TraceJSONWriter().json(trace), as: UTF8.self)
    for part in [
      "\"error\":0.125", "\"error\":0.25", "\"other_error\":0.5", "\"evaluations\":2000",
    ] {
      #expect(json.contains(part))
    }
    let schema = try JSONSchemaCheck(path: ProjectFiles.path("docs/trace.schema.json"))
    #expect(try schema.faults(Array(json.utf8)).isEmpty)
    // An error too few.
    check.errors.removeLast()
    #expect(throws: TraceFault.self) { _ = try TraceFixtures.premiumOfferTrace(check: check) }
  }

  @Test func `a refusal names the value at fault`() throws {
    let trace = try TraceFixtures.invoiceProfileTrace { $0.employees = nil }
    #expect(trace.result == .refused(.missing, field: "enterprise.employees", rules: []))
    #expect(trace.ranks.map(\.level) == [nil, nil, 0])
    #expect(trace.reason == nil)
  }

  @Test(arguments: bodies.indices) func `every proper prefix of a body is refused`(_ index: Int) {
    let (_, body, schema, digest) = Self.bodies[index]
    for length in body.indices {
      #expect(throws: TraceFault.self) {
        try Trace(body: Array(body[..<length]), schema: schema, digest: digest)
      }
    }
    #expect(throws: TraceFault.self) {
      try Trace(body: body + [0], schema: schema, digest: digest)
    }
  }

  @Test(arguments: bodies.indices) func `every proper prefix of a schema is refused`(_ index: Int) {
    let bytes = Self.bodies[index].schema.encoded()
    for length in bytes.indices {
      #expect(throws: TraceFault.self) { try TraceSchema(decoding: Array(bytes[..<length])) }
    }
    #expect(throws: TraceFault.self) { try TraceSchema(decoding: bytes + [0]) }
  }

  @Test(arguments: bodies.indices) func `a schema reads back whole`(_ index: Int) throws {
    let schema = Self.bodies[index].schema
    #expect(try TraceSchema(decoding: schema.encoded()) == schema)
  }

  @Test func `a body of another schema is refused`() {
    #expect(throws: TraceFault.self) {
      try Trace(
        body: TraceFixtures.invoiceProfileBody(), schema: TraceFixtures.premiumOffer,
        digest: TraceFixtures.premiumOfferDigest)
    }
    #expect(
      Trace.schemaDigest(ofBody: TraceFixtures.invoiceProfileBody())
        == TraceFixtures.invoiceProfileDigest)
  }

  /// What reads must also print: text, margins, reason and JSON see only checked values.
  private func exercise(_ trace: Trace) {
    for value in trace.values { _ = value.content.map { $0.displayText + $0.plainText } }
    for rank in trace.ranks { _ = trace.nearestMargins(rank).map(\.cutPoint.displayText) }
    _ = trace.reason
    _ = TraceJSONWriter().json(trace)
  }

  @Test func `changed bytes of a body are read or refused, never a trap`() {
    var generator = SeededGenerator(seed: 20_210_127)
    var refused = 0
    for (_, body, schema, digest) in Self.bodies {
      for _ in 0..<1500 {
        var changed = body
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 33..<changed.count, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: changed[place] = UInt8.random(in: .min ... .max, using: &generator)
          case 1: changed[place] = [0x00, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
          case 2: changed.insert(0xFF, at: place)
          default: changed.remove(at: place)
          }
        }
        do throws(TraceFault) {
          exercise(try Trace(body: changed, schema: schema, digest: digest))
        } catch {
          refused += 1
        }
      }
    }
    #expect(refused > 0)
  }

  @Test func `bytes of chance are refused`() {
    var generator = SeededGenerator(seed: 4_969)
    for (_, body, schema, digest) in Self.bodies {
      for round in 0..<500 {
        let noise = (0..<(round % 97)).map { _ in
          UInt8.random(in: .min ... .max, using: &generator)
        }
        // Noise alone, and noise after a beginning that is right.
        for start in [0, 33, 60] {
          let bytes = Array(body[..<min(start, body.count)]) + noise
          #expect(throws: TraceFault.self) {
            try Trace(body: bytes, schema: schema, digest: digest)
          }
        }
        let schemaStart = Array(schema.encoded()[..<4])
        #expect(throws: TraceFault.self) { try TraceSchema(decoding: noise) }
        #expect(throws: TraceFault.self) { try TraceSchema(decoding: schemaStart + noise) }
      }
    }
  }

  @Test func `changed bytes of a schema are read or refused, and what reads decodes bodies`() {
    var generator = SeededGenerator(seed: 334_628_087)
    var read = 0
    for (_, body, schema, digest) in Self.bodies {
      let bytes = schema.encoded()
      for _ in 0..<1500 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 4..<changed.count, using: &generator)
          changed[place] = UInt8.random(in: .min ... .max, using: &generator)
        }
        guard let other = try? TraceSchema(decoding: changed) else { continue }
        read += 1
        if let trace = try? Trace(body: body, schema: other, digest: digest) { exercise(trace) }
      }
    }
    #expect(read > 0)
  }
}
