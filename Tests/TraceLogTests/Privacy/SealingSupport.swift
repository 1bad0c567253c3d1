import DataFields
import DecisionTrace
import RationaleTestSupport
import TraceLog

/// A key of one repeated byte: enough to be told apart.
func subjectKeys(_ byte: UInt8) -> SubjectKeys {
  guard let keys = SubjectKeys(subjectKey: Array(repeating: byte, count: SubjectKeys.keySize))
  else { preconditionFailure("32 bytes are a key") }
  return keys
}

func masterKey(_ byte: UInt8) -> MasterKey {
  guard let key = MasterKey(Array(repeating: byte, count: 32)) else {
    preconditionFailure("32 bytes are a key")
  }
  return key
}

struct Sealed {
  var entry: SealedEntry
  var record: [UInt8]
  var plan: SealingPlan
  var body: [UInt8]

  func open(_ keys: SubjectKeys) throws -> SealedTrace {
    try SealedTrace(entry, privateRecord: record, keys, plan)
  }
}

func sealTrace(
  _ body: [UInt8], _ schema: TraceSchema, _ digest: Digest, _ keys: SubjectKeys
) throws -> Sealed {
  var sealer = TraceSealer(SealingPlan(schema, digest: digest))
  try sealer.seal(body, keys)
  return Sealed(
    entry: try SealedEntry(sealer.entry), record: sealer.privateRecord, plan: sealer.plan,
    body: body)
}

/// The invoice profile of customer 334628087, with the aggregate and what follows from it personal.
enum PersonalProfile {
  static let schema: TraceSchema = {
    var schema = TraceFixtures.invoiceProfile
    for index in 1...3 { schema.fields[index].isPersonal = true }
    return schema
  }()
  static let digest = RandomTraces.digest(of: schema)

  static func body(
    record: Int = 4812, subject: String = "334628087",
    _ change: (inout TraceFixtures.Profile) -> Void = { _ in }
  ) -> [UInt8] {
    // The fixture's head, with another schema, record and subject.
    let fixture = TraceFixtures.invoiceProfileBody(change)
    var encoder = TraceBodyEncoder()
    let source = TraceFixtures.digest(0xE1).hexadecimal
    encoder.begin(
      schema: TraceFixtures.invoiceProfileDigest, source: source, record: 4812, index: 0,
      subject: "334628087", asOf: nil)
    let rest = fixture.dropFirst(encoder.bytes.count - 1)
    encoder.begin(
      schema: digest, source: source, record: record, index: 0, subject: subject, asOf: nil)
    return encoder.bytes.dropLast() + rest
  }

  static func seal(
    _ keys: SubjectKeys, record: Int = 4812, subject: String = "334628087",
    _ change: (inout TraceFixtures.Profile) -> Void = { _ in }
  ) throws -> Sealed {
    try sealTrace(
      body(record: record, subject: subject, change), schema, digest, keys)
  }
}

extension [UInt8] {
  /// Whether the bytes hold these others, one after the other.
  func holds(_ part: some Collection<UInt8>) -> Bool {
    let part = Array(part)
    guard part.count <= count else { return false }
    return (0...count - part.count).contains { self[$0..<$0 + part.count].elementsEqual(part) }
  }
}
