package import DecisionTrace

/// Why an entry and a private record do not give a body.
package enum SealedTraceError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The bytes are not what they should be.
  case malformed(TraceFault)
  /// The key is not that of the entry's subject.
  case otherSubject
  /// The private record was changed, or made for another entry or under another key.
  case notAuthentic
  /// The private record is the one that was stored, and not what the entry commits to.
  case notCommitted

  package var description: String {
    switch self {
    case .malformed(let fault): fault.description
    case .otherSubject: "the key is not that of the entry's subject"
    case .notAuthentic:
      "the private record was changed, or belongs to another entry or to another key"
    case .notCommitted: "the private record is not what the entry commits to"
    }
  }
}

/// A trace put together again from its entry and its private record.
package struct SealedTrace: Sendable, Hashable {
  /// Something that was kept apart.
  package struct Item: Sendable, Hashable {
    /// `subject`, `value NAME`, `model NAME` or `lineage`.
    package var name: String
    /// Its bytes as in the body; of a value, state and origin first.
    package var value: [UInt8]
    package var salt: [UInt8]

    package var commitment: [UInt8] {
      ItemCommitment.commitment(name: name, salt: salt, value: value)
    }
  }

  /// The first byte of what is encrypted: the items as they stand follow.
  static let plainForm: UInt8 = 0

  package let entry: SealedEntry
  package let body: [UInt8]
  /// In the order of the schema.
  package let items: [Item]

  /// - Parameter plan: of the schema that the entry names.
  package init(
    _ entry: SealedEntry, privateRecord: [UInt8], _ keys: SubjectKeys, _ plan: SealingPlan
  ) throws(SealedTraceError) {
    guard entry.schema == plan.digest else {
      throw .malformed(
        TraceFault(offset: SealedEntry.publicOffset, reason: "the entry names another schema"))
    }
    guard entry.isAbout(keys) else { throw .otherSubject }
    let root = entry.root
    let nonce = Array(root.prefix(SubjectKeys.nonceSize))
    guard
      let plain = keys.decrypted(privateRecord, nonce: nonce, authenticating: entry.bytes)
    else { throw .notAuthentic }
    guard plain.first == Self.plainForm else {
      throw .malformed(TraceFault(offset: 0, reason: "unknown form of a private record"))
    }
    var joiner = BodyJoiner(
      entry: entry.bytes, from: SealedEntry.publicOffset, items: plain, from: 1)
    do throws(TraceFault) { try joiner.join(plan) } catch { throw .malformed(error) }
    var names = SubjectKeys.roomForNames(items: plan.itemNames.count)
    entry.headDigest.withUnsafeBytes { keys.derive($0, to: &names) }
    let salts = names.dropFirst(KeyDerivation.blockSize)
    var items: [Item] = []
    var start = 1
    for (place, end) in joiner.itemEnds.enumerated() {
      let salt = salts.dropFirst(place * ItemCommitment.saltSize).prefix(ItemCommitment.saltSize)
      items.append(
        Item(name: plan.itemNames[place], value: Array(plain[start..<end]), salt: Array(salt)))
      start = end
    }
    guard ItemCommitment.root(items.map(\.commitment)) == root else { throw .notCommitted }
    self.entry = entry
    self.items = items
    body = joiner.body
  }
}
