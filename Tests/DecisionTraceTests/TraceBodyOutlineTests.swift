import DataFields
import RationaleTestSupport
import Testing

@testable import DecisionTrace

/// What is read of a body without decoding it is what decoding gives.
@Suite struct TraceBodyOutlineTests {
  private struct Example {
    var body: [UInt8]
    var outline: TraceBodyOutline

    init(_ body: [UInt8], _ schema: TraceSchema, _ digest: Digest) {
      self.body = body
      outline = TraceBodyOutline(schema, digest: digest)
    }

    func decoded(_ body: [UInt8]) throws -> TraceBodySummary {
      TraceBodySummary(
        reference: try Trace(body: body, schema: outline.schema, digest: outline.digest))
    }
  }

  private static let fixtures = [
    Example(
      TraceFixtures.invoiceProfileBody(), TraceFixtures.invoiceProfile,
      TraceFixtures.invoiceProfileDigest),
    Example(
      TraceFixtures.invoiceProfileBody { $0.employees = nil }, TraceFixtures.invoiceProfile,
      TraceFixtures.invoiceProfileDigest),
    Example(
      TraceFixtures.premiumOfferBody(), TraceFixtures.premiumOffer,
      TraceFixtures.premiumOfferDigest),
    Example(
      TraceFixtures.transferActivityBody(), TraceFixtures.transferActivity,
      TraceFixtures.transferActivityDigest),
  ]

  private static func random(_ count: Int, seed: UInt64) -> [Example] {
    var traces = RandomTraces(seed: seed)
    let outlines = Dictionary(
      uniqueKeysWithValues: RandomTraces.schemas.map { ($0.schema.decision, $0) })
    return (0..<count).compactMap { _ in
      let drawn = traces.next()
      return outlines[drawn.decision].map { Example(drawn.body, $0.schema, $0.digest) }
    }
  }

  @Test func `the summary of a body is that of its trace`() throws {
    for example in Self.fixtures + Self.random(500, seed: 7) {
      let expected = try example.decoded(example.body)
      #expect(try example.outline.summary(of: example.body) == expected)
      let parts = try example.outline.parts(of: example.body)
      #expect(parts.asOf == expected.asOf)
      let subject = try #require(parts.subject)
      #expect(example.body[subject].elementsEqual(expected.subject.utf8))
    }
  }

  @Test func `a refusal and an override are told`() throws {
    let refused = try Self.fixtures[1].outline.summary(of: Self.fixtures[1].body)
    #expect(refused.ending.outcome == nil)
    #expect(refused.ending.refusal == .missing)
    #expect(refused.ending.field == "enterprise.employees")
    let offer = try Self.fixtures[2].outline.summary(of: Self.fixtures[2].body)
    #expect(offer.ending.outcome == "none")
    #expect(offer.ending.override == "do_not_contact")
    #expect(offer.ending.rules == ["row 1"])
  }

  @Test func `bytes that decode have the summary of what they decode to`() throws {
    var generator = SeededGenerator(seed: 1_234)
    var decoded = 0
    for example in Self.fixtures + Self.random(60, seed: 8) {
      for _ in 0..<200 {
        var changed = example.body
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 33..<changed.count, using: &generator)
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: changed[place] = UInt8.random(in: .min ... .max, using: &generator)
          case 1: changed[place] = [0x00, 0x7F, 0x80, 0xFF].randomElement(using: &generator) ?? 0
          case 2: changed.insert(0xFF, at: place)
          default: changed.remove(at: place)
          }
        }
        let summary = try? example.outline.summary(of: changed)
        guard let expected = try? example.decoded(changed) else { continue }
        decoded += 1
        #expect(summary == expected)
      }
    }
    #expect(decoded > 1_000)
  }

  @Test func `bytes that end before the override are refused, and those of another schema`() throws
  {
    for example in Self.fixtures {
      let end = try example.outline.parts(of: example.body).result.upperBound
      for length in 0...end {
        #expect(throws: TraceFault.self) {
          try example.outline.summary(of: Array(example.body[..<length]))
        }
      }
    }
    #expect(throws: TraceFault.self) {
      try Self.fixtures[0].outline.summary(of: Self.fixtures[2].body)
    }
  }
}
