import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import TraceLog

/// Entry and private record are the body, and the entry tells nothing that belongs to a person.
@Suite struct SealedTraceTests {
  @Test func `entry and private record are the body, byte for byte`() throws {
    let seed: UInt64 = 20_210_127
    var traces = RandomTraces(seed: seed)
    let keys = subjectKeys(1)
    var withModels = 0
    for round in 0..<4000 {
      let made = traces.next()
      let sealed = try sealTrace(made.body, made.schema, made.digest, keys)
      let opened = try sealed.open(keys)
      guard opened.body == made.body else {
        Issue.record("seed \(seed), round \(round): another body")
        return
      }
      // The generator makes bodies that readers read, or it would prove little.
      let trace = try Trace(body: made.body, schema: made.schema, digest: made.digest)
      #expect(trace.subject == made.subject)
      if !trace.models.isEmpty { withModels += 1 }
      #expect(opened.items.count == sealed.plan.itemNames.count)
      #expect(
        opened.items.reduce(0) { $0 + $1.value.count } + sealed.entry.publicPart.count
          == made.body.count)
    }
    #expect(withModels > 500)
  }

  @Test func `the entry alone reads as a trace whose personal parts are sealed`() throws {
    var traces = RandomTraces(seed: 4_969)
    for _ in 0..<1000 {
      let made = traces.next()
      let sealed = try sealTrace(made.body, made.schema, made.digest, subjectKeys(2))
      let whole = try Trace(body: made.body, schema: made.schema, digest: made.digest)
      let trace = try Trace(
        publicPart: sealed.entry.publicPart, schema: made.schema, digest: made.digest,
        visibility: .sealed)
      #expect(trace.visibility == .sealed && trace.subject.isEmpty && trace.lineageHead == nil)
      #expect(trace.id == whole.id && trace.asOf == whole.asOf)
      #expect(trace.result == whole.result && trace.previousOutcome == whole.previousOutcome)
      #expect(trace.ranks.map(\.level) == whole.ranks.map(\.level))
      #expect(trace.rules == whole.rules && trace.override == whole.override)
      #expect(trace.conversions == whole.conversions)
      for (value, known) in zip(trace.values, whole.values) {
        let isApart = known.field.isPersonal || known.field.maskKeeps != nil
        #expect(value.visibility == (isApart ? .sealed : .open))
        if !isApart { #expect(value == known) } else { #expect(value.content == nil) }
      }
      for (model, known) in zip(trace.models, whole.models) {
        if model.visibility == .open { #expect(model == known) }
        #expect(model.visibility == .open || !model.hasAttributions)
      }
    }
  }

  @Test func `sealing again gives the same bytes`() throws {
    let first = try PersonalProfile.seal(subjectKeys(3))
    let second = try PersonalProfile.seal(subjectKeys(3))
    #expect(first.entry == second.entry && first.record == second.record)
    // Also from a sealer that sealed something else before.
    var sealer = TraceSealer(first.plan)
    try sealer.seal(PersonalProfile.body(record: 1), subjectKeys(9))
    try sealer.seal(first.body, subjectKeys(3))
    #expect(sealer.entry == first.entry.bytes && sealer.privateRecord == first.record)
  }

  @Test func `nothing of a person stands in the entry`() throws {
    let sealed = try PersonalProfile.seal(subjectKeys(3))
    let opened = try sealed.open(subjectKeys(3))
    #expect(
      opened.items.map(\.name) == [
        "subject", "value enterprise.id", "value enterprise.employees", "value average",
        "value per_head", "lineage",
      ])
    #expect(!sealed.entry.bytes.holds("334628087".utf8))
    #expect(!sealed.entry.bytes.holds(TraceFixtures.digest(0x5A).bytes.prefix(8)))
    let whole = try Trace(
      body: sealed.body, schema: PersonalProfile.schema, digest: PersonalProfile.digest)
    #expect(whole.values[3].content?.plainText == "310644.54")
    for item in opened.items where item.value.count > 2 {
      #expect(!sealed.entry.bytes.holds(item.value))
      #expect(!sealed.record.holds(item.value))
    }
    // Ranks, rules, outcome and reason stay.
    let trace = try Trace(
      publicPart: sealed.entry.publicPart, schema: PersonalProfile.schema,
      digest: PersonalProfile.digest, visibility: .sealed)
    #expect(trace.ranks.map(\.level) == [2, 0, 0])
    #expect(trace.reason?.code == "IP-03")
    #expect(trace.ranks[0].margins.isEmpty && trace.ranks[1].margins.isEmpty)
    #expect(!trace.ranks[2].margins.isEmpty)
  }

  @Test func `attributions of a model that asks a masked value are kept apart`() throws {
    var schema = TraceFixtures.premiumOffer
    let body = TraceFixtures.premiumOfferBody()
    let digest = TraceFixtures.premiumOfferDigest
    var sealed = try sealTrace(body, schema, digest, subjectKeys(1))
    #expect(!sealed.plan.itemNames.contains("model premium"))
    schema.fields[3].maskKeeps = 0
    sealed = try sealTrace(body, schema, digest, subjectKeys(1))
    #expect(sealed.plan.itemNames.suffix(3) == ["value invoices", "model premium", "lineage"])
    var bytes = ByteEncoder()
    bytes.double(-0.413)
    #expect(body.holds(bytes.bytes) && !sealed.entry.bytes.holds(bytes.bytes))
  }

  @Test func `the JSON of a sealed trace is what the published schema describes`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/trace.schema.json"))
    let sealed = try PersonalProfile.seal(subjectKeys(3))
    for visibility in [Visibility.sealed, .erased] {
      let trace = try Trace(
        publicPart: sealed.entry.publicPart, schema: PersonalProfile.schema,
        digest: PersonalProfile.digest, visibility: visibility)
      let json = TraceJSONWriter().json(trace)
      #expect(try check.faults(json) == [])
      let text = String(decoding: json, as: UTF8.self)
      #expect(text.contains("\"subject\":null,\"visibility\":\"\(visibility.rawValue)\""))
      #expect(text.contains("\"state\":\"\(visibility.rawValue)\",\"origin\":null,\"value\":null"))
      #expect(text.hasSuffix("\"lineage\":null}"))
    }
  }

  @Test func `a body that is cut short or of another schema is not sealed`() throws {
    let body = PersonalProfile.body()
    var sealer = TraceSealer(SealingPlan(PersonalProfile.schema, digest: PersonalProfile.digest))
    for length in body.indices {
      #expect(throws: TraceFault.self) {
        try sealer.seal(Array(body[..<length]), subjectKeys(1))
      }
    }
    #expect(throws: TraceFault.self) { try sealer.seal(body + [0], subjectKeys(1)) }
    #expect(throws: TraceFault.self) {
      try sealer.seal(TraceFixtures.invoiceProfileBody(), subjectKeys(1))
    }
    try sealer.seal(body, subjectKeys(1))
  }
}
