import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import TraceLog

/// One item can be shown and proved; another value, name, place or entry cannot.
@Suite struct DisclosureTests {
  private let keys = subjectKeys(1)

  private func disclosure(
    _ name: String = "value enterprise.employees"
  ) throws -> (Disclosure, SealingPlan) {
    let sealed = try PersonalProfile.seal(keys)
    return (try #require(Disclosure(name, of: try sealed.open(keys))), sealed.plan)
  }

  @Test func `a value is shown with its entry, and no other value`() throws {
    let (disclosure, plan) = try disclosure()
    let entry = try disclosure.verify(entry: disclosure.entry)
    #expect(entry.record == 4812 && entry.schema == PersonalProfile.digest)
    guard case .value(let value) = try disclosure.shown(plan) else {
      Issue.record("it is a value")
      return
    }
    #expect(value.field.name == "enterprise.employees")
    #expect(value.content?.displayText == "4 person" && value.origin == .input)
    let opened = try PersonalProfile.seal(keys).open(keys)
    for item in opened.items where item.name != disclosure.name {
      #expect(!disclosure.json.holds(HexadecimalText.text(item.salt).utf8))
    }
  }

  @Test func `every item can be shown`() throws {
    var traces = RandomTraces(seed: 77)
    for _ in 0..<200 {
      let made = traces.next()
      let opened = try sealTrace(made.body, made.schema, made.digest, keys).open(keys)
      let trace = try Trace(body: made.body, schema: made.schema, digest: made.digest)
      let plan = SealingPlan(made.schema, digest: made.digest)
      for name in plan.itemNames {
        let disclosure = try #require(Disclosure(name, of: opened))
        _ = try disclosure.verify(entry: opened.entry.bytes)
        switch try disclosure.shown(plan) {
        case .subject(let subject): #expect(subject == made.subject)
        case .lineage(let length, let head):
          #expect(length == trace.lineageLength && head == trace.lineageHead)
        case .value(let value): #expect(trace.values.contains(value))
        case .model(let model):
          let known = trace.models.first { $0.schema == model.schema && $0.output == model.output }
          #expect(known?.attributions.map(\.value) == model.attributions.map(\.value))
        }
        #expect(try Disclosure(json: disclosure.json) == disclosure)
      }
    }
  }

  @Test func `the file is what the published schema describes`() throws {
    let check = try JSONSchemaCheck(path: ProjectFiles.path("docs/disclosure.schema.json"))
    for name in ["subject", "value per_head", "lineage"] {
      #expect(try check.faults(try disclosure(name).0.json) == [])
    }
  }

  @Test func `anything that is changed proves nothing`() throws {
    let (disclosure, plan) = try disclosure()
    func expectFault(_ change: (inout Disclosure) -> Void) {
      var changed = disclosure
      change(&changed)
      #expect(throws: Disclosure.Fault.self) {
        _ = try changed.verify(entry: disclosure.entry)
        _ = try changed.shown(plan)
      }
    }
    expectFault { $0.value[1] += 2 }
    expectFault { $0.value.append(0) }
    expectFault { $0.name = "value average" }
    expectFault { $0.salt[0] ^= 1 }
    expectFault { $0.salt.removeLast() }
    expectFault { $0.before.swapAt(0, 1) }
    expectFault { $0.after.removeLast() }
    expectFault { $0.before[0].append(0) }
    expectFault { $0.before.append($0.after.removeFirst()) }
    expectFault {
      // A commitment, its name and its value moved against each other.
      $0.after[0] = $0.before[0]
    }
    for byte in SealedEntry.rootOffset..<disclosure.entry.count {
      expectFault { $0.entry[byte] ^= 1 }
    }
    let other = try PersonalProfile.seal(keys, record: 1)
    #expect(throws: Disclosure.Fault.otherEntry) { try disclosure.verify(entry: other.entry.bytes) }
    // A root that the attacker made, in an entry that no log holds: the proof of the entry is for.
    var forged = disclosure
    forged.value[1] = 99
    let own = ItemCommitment.commitment(
      name: forged.name, salt: forged.salt, value: forged.value)
    let root = ItemCommitment.root(forged.before + [own] + forged.after)
    forged.entry.replaceSubrange(SealedEntry.rootOffset..<SealedEntry.publicOffset, with: root)
    _ = try forged.verify(entry: nil)
    #expect(throws: Disclosure.Fault.otherEntry) { try forged.verify(entry: disclosure.entry) }
  }

  @Test func `files that are no disclosure are refused`() throws {
    let (disclosure, _) = try disclosure()
    let json = disclosure.json
    for length in 0..<json.count - 1 {
      #expect(throws: TraceFault.self) { try Disclosure(json: Array(json[..<length])) }
    }
    let text = String(decoding: json, as: UTF8.self)
    for (part, other) in [
      ("\"disclosure_version\":1", "\"disclosure_version\":2"), ("\"name\"", "\"nam\""),
      ("\"before\":[", "\"before\":[7,"), ("\"salt\":\"", "\"salt\":\"x"), ("\"salt\"", "\"name\""),
    ] {
      let changed = text.replacing(part, with: other)
      #expect(changed != text)
      #expect(throws: TraceFault.self) { try Disclosure(json: Array(changed.utf8)) }
    }
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      var changed = json
      let place = Int.random(in: 0..<changed.count, using: &generator)
      changed[place] = UInt8.random(in: .min ... .max, using: &generator)
      if let read = try? Disclosure(json: changed), changed != json {
        #expect(read == disclosure || (try? read.verify(entry: disclosure.entry)) == nil)
      }
    }
  }
}
