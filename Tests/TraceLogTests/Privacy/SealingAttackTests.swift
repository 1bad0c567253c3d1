import Crypto
import DataFields
import DecisionTrace
import RationaleTestSupport
import Testing

@testable import TraceLog

/// What somebody without the key, or with another one, tries.
@Suite struct SealingAttackTests {
  @Test func `a guess cannot be confirmed without the salt`() throws {
    let keys = subjectKeys(5)
    let sealed = try PersonalProfile.seal(keys) { $0.employees = 4 }
    let opened = try sealed.open(keys)
    let known = opened.items.map(\.commitment)
    let item = try #require(opened.items.first { $0.name == "value enterprise.employees" })
    #expect(item.value == [0, 8])
    // With the salt the value is found by trying.
    let tried = (0..<200).first {
      ItemCommitment.commitment(
        name: item.name, salt: item.salt, value: [0] + Self.zigzag($0)) == item.commitment
    }
    #expect(tried == 4)
    // Without it nothing that an attacker can make is among the commitments: no salt, salts from
    // what the entry shows, salts of the attacker's own keys.
    let other = try PersonalProfile.seal(subjectKeys(6)) { $0.employees = 4 }
    let guesses =
      [[UInt8](repeating: 0, count: 16), [], Array(sealed.entry.mark)]
      + [Array(sealed.entry.root.prefix(16)), Array(sealed.entry.root.suffix(16))]
      + (try other.open(subjectKeys(6))).items.map(\.salt)
    for salt in guesses {
      for value in 0..<200 {
        let guess = ItemCommitment.commitment(
          name: item.name, salt: salt, value: [0] + Self.zigzag(value))
        #expect(!known.contains(guess))
      }
    }
  }

  private static func zigzag(_ value: Int) -> [UInt8] {
    var out = ByteEncoder()
    out.signed(Int128(value))
    return out.bytes
  }

  @Test func `equal values of two subjects, and of two decisions, look different`() throws {
    let sealed = [
      try PersonalProfile.seal(subjectKeys(1)), try PersonalProfile.seal(subjectKeys(2)),
      try PersonalProfile.seal(subjectKeys(1), record: 4813),
    ]
    let opened = [
      try sealed[0].open(subjectKeys(1)), try sealed[1].open(subjectKeys(2)),
      try sealed[2].open(subjectKeys(1)),
    ]
    #expect(Set(opened.map { $0.items.map(\.value) }).count == 1)
    #expect(Set(opened.flatMap { $0.items.map(\.commitment) }).count == 18)
    #expect(Set(opened.flatMap { $0.items.map(\.salt) }).count == 18)
    #expect(Set(sealed.map(\.entry.root)).count == 3)
    #expect(Set(sealed.map(\.record)).count == 3)
  }

  @Test func `a subject's entries cannot be linked without the key`() throws {
    let keys = subjectKeys(1)
    let own = try (0..<64).map { try PersonalProfile.seal(keys, record: $0).entry }
    let others = try (0..<64).map {
      try PersonalProfile.seal(subjectKeys(UInt8(100 + $0)), record: $0).entry
    }
    // Whoever holds the key finds all of them and no other.
    #expect(own.allSatisfy { $0.isAbout(keys) })
    #expect(!others.contains { $0.isAbout(keys) })
    // Without it, two entries of one subject share no more than entries of two subjects do: what
    // stands at each place before the decision's identity is noise.
    #expect(Set(own.map { Array($0.mark) }).count == 64)
    for place in SealedEntry.markOffset..<SealedEntry.publicOffset {
      let seen = Set(own.map { $0.bytes[place] })
      #expect(seen.count > 40)
    }
    for (one, other) in zip(own, others) {
      #expect(
        one.bytes[SealedEntry.publicOffset...] == other.bytes[SealedEntry.publicOffset...])
    }
  }

  @Test func `no nonce serves two private records, whatever is decided again`() throws {
    // The same decision with other values, as after a crash with other rates: same identity and key.
    let keys = subjectKeys(1)
    var nonces: Set<[UInt8]> = []
    var records: Set<[UInt8]> = []
    for employees in 1...500 {
      let sealed = try PersonalProfile.seal(keys) { $0.employees = Int128(employees) }
      nonces.insert(Array(sealed.entry.root.prefix(12)))
      records.insert(sealed.record)
    }
    for record in 0..<500 {
      let sealed = try PersonalProfile.seal(keys, record: record) { $0.employees = 1 }
      nonces.insert(Array(sealed.entry.root.prefix(12)))
      records.insert(sealed.record)
    }
    #expect(nonces.count == 1000)
    // One keystream would show where two records differ: that of values 1 and 2 in one byte.
    let one = try PersonalProfile.seal(keys) { $0.employees = 1 }.record
    let two = try PersonalProfile.seal(keys) { $0.employees = 2 }.record
    #expect(one.count == two.count)
    let differing = zip(one, two).count { $0 != $1 }
    #expect(differing > one.count * 3 / 4)
  }

  @Test func `a private record that was cut or changed in any bit is refused`() throws {
    let keys = subjectKeys(1)
    var sealed = try PersonalProfile.seal(keys)
    let record = sealed.record
    for length in record.indices {
      sealed.record = Array(record[..<length])
      #expect(throws: SealedTraceError.notAuthentic) { try sealed.open(keys) }
    }
    for bit in 0..<record.count * 8 {
      sealed.record = record
      sealed.record[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: SealedTraceError.notAuthentic) { try sealed.open(keys) }
    }
    sealed.record = record + [0]
    #expect(throws: SealedTraceError.notAuthentic) { try sealed.open(keys) }
  }

  @Test func `an entry that was changed in any bit does not open`() throws {
    let keys = subjectKeys(1)
    var sealed = try PersonalProfile.seal(keys)
    let entry = sealed.entry.bytes
    for bit in 0..<entry.count * 8 {
      var changed = entry
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        sealed.entry = try SealedEntry(changed)
        _ = try sealed.open(keys)
        Issue.record("bit \(bit) was changed and the entry opened")
      } catch is TraceFault {
      } catch is SealedTraceError {
      }
    }
  }

  @Test func `private records swapped between entries or subjects are refused`() throws {
    let keys = subjectKeys(1)
    var first = try PersonalProfile.seal(keys, record: 1)
    var second = try PersonalProfile.seal(keys, record: 2)
    swap(&first.record, &second.record)
    #expect(throws: SealedTraceError.notAuthentic) { try first.open(keys) }
    #expect(throws: SealedTraceError.notAuthentic) { try second.open(keys) }
    var other = try PersonalProfile.seal(subjectKeys(2), record: 1)
    #expect(throws: SealedTraceError.otherSubject) { try other.open(keys) }
    swap(&second.record, &other.record)
    #expect(throws: SealedTraceError.notAuthentic) { try other.open(subjectKeys(2)) }
    #expect(throws: SealedTraceError.otherSubject) { try second.open(subjectKeys(2)) }
  }

  @Test func `an operator cannot store other values than the entry commits to`() throws {
    // The operator holds every key: encrypts other values for the entry, with its own nonce.
    let keys = subjectKeys(1)
    var sealed = try PersonalProfile.seal(keys) { $0.employees = 4 }
    let opened = try sealed.open(keys)
    var items = opened.items.flatMap(\.value)
    let place = opened.items[0].value.count + opened.items[1].value.count + 1
    #expect(items[place] == 8)
    items[place] = 10
    sealed.record = []
    sealed.entry.root.withUnsafeBytes {
      keys.encrypt(
        [SealedTrace.plainForm] + items, nonce: $0, authenticating: sealed.entry.bytes,
        to: &sealed.record)
    }
    #expect(throws: SealedTraceError.notCommitted) { try sealed.open(keys) }
  }

  @Test func `names and values cannot be shifted against each other`() {
    let salt = [UInt8](repeating: 7, count: 16)
    let one = ItemCommitment.commitment(name: "value a", salt: salt, value: [1, 2])
    #expect(one != ItemCommitment.commitment(name: "value ", salt: salt, value: [97, 1, 2]))
    #expect(one != ItemCommitment.commitment(name: "value a", salt: salt, value: [1, 2, 0]))
    // A root is no commitment, and the other way round.
    #expect(ItemCommitment.root([one]) != one)
  }

  @Test func `entries and private records of chance are refused, never a trap`() throws {
    var generator = SeededGenerator(seed: 334_628_087)
    let keys = subjectKeys(1)
    let plan = SealingPlan(PersonalProfile.schema, digest: PersonalProfile.digest)
    let sealed = try PersonalProfile.seal(keys)
    for round in 0..<3000 {
      var entry = sealed.entry.bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<entry.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: entry[place] = UInt8.random(in: .min ... .max, using: &generator)
        case 1: entry.insert(0xFF, at: place)
        default: entry.remove(at: place)
        }
      }
      let noise = (0..<(round % 97)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      guard let read = try? SealedEntry(round % 2 == 0 ? entry : [2] + noise) else { continue }
      #expect(throws: SealedTraceError.self) {
        try SealedTrace(read, privateRecord: noise, keys, plan)
      }
      // Joined with what belongs to it or with noise, what reads is read, and nothing traps.
      var joiner = BodyJoiner(
        entry: read.bytes, from: SealedEntry.publicOffset, items: noise, from: 0)
      try? joiner.join(plan)
      _ = try? Trace(
        publicPart: read.publicPart, schema: plan.schema, digest: plan.digest, visibility: .sealed)
    }
  }
}
