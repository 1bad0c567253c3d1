package import DataFields
package import DecisionTrace

/// An entry that says how each record of a stretch of one input ended, so that a log can be shown to
/// be complete and not only intact.
///
/// Kind · version (1) · schemas (count, digests) · SHA-256 over their lists of files, or none (0, or 1
/// and it) · source · identity (texts) · first and last record (counts) · decided · refused · filtered for
/// an unknown subject · filtered as not in effect · late · dead letters · decisions (counts) · the
/// bytes of the dead letter file that were written meanwhile: none (0), or 1 · from · to (counts) ·
/// their SHA-256. Numbers and texts are as in a body.
package struct AccountingEntry: Sendable, Hashable {
  /// How events ended. A record may hold several events, and an event lead to several decisions.
  package struct Counts: Sendable, Hashable {
    package var decided = 0
    package var refused = 0
    package var filteredUnknownSubject = 0
    package var filteredNotInEffect = 0
    package var late = 0
    package var deadLetters = 0
    /// Traces.
    package var decisions = 0

    package init() {}

    /// Events.
    package var events: Int {
      decided + refused + filteredUnknownSubject + filteredNotInEffect + late + deadLetters
    }
  }

  /// A stretch of the dead letter file.
  package struct DeadLetterStretch: Sendable, Hashable {
    package var bytes: Range<Int>
    package var digest: Digest

    package init(bytes: Range<Int>, digest: Digest) {
      self.bytes = bytes
      self.digest = digest
    }
  }

  /// The schemas of the rulesets that read the input.
  package var schemas: [Digest]
  /// SHA-256 over the lists of files that the schemas were made from, in their order.
  package var fileList: Digest?
  /// As the rules name it.
  package var source: String
  /// As traces name it: the digest of its file, or the name of a pipe.
  package var identity: String
  /// From 1; the offsets of a partition from 0 (``InputIdentity``).
  package var records: ClosedRange<Int>
  package var counts: Counts
  package var deadLetters: DeadLetterStretch?

  package init(
    schemas: [Digest], fileList: Digest?, source: String, identity: String,
    records: ClosedRange<Int>, counts: Counts, deadLetters: DeadLetterStretch? = nil
  ) {
    self.schemas = schemas
    self.fileList = fileList
    self.source = source
    self.identity = identity
    self.records = records
    self.counts = counts
    self.deadLetters = deadLetters
  }

  private static let version: UInt8 = 1

  package var bytes: [UInt8] {
    var out = ByteEncoder()
    out.byte(EntryKind.accounting.rawValue)
    out.byte(Self.version)
    out.count(schemas.count)
    for schema in schemas { out.raw(schema.bytes) }
    out.byte(fileList == nil ? 0 : 1)
    if let fileList { out.raw(fileList.bytes) }
    out.text(source)
    out.text(identity)
    out.count(records.lowerBound)
    out.count(records.upperBound)
    for count in [
      counts.decided, counts.refused, counts.filteredUnknownSubject, counts.filteredNotInEffect,
      counts.late, counts.deadLetters, counts.decisions,
    ] { out.count(count) }
    out.byte(deadLetters == nil ? 0 : 1)
    if let deadLetters {
      out.count(deadLetters.bytes.lowerBound)
      out.count(deadLetters.bytes.upperBound)
      out.raw(deadLetters.digest.bytes)
    }
    return out.bytes
  }

  /// Reads an entry of this kind.
  package init(_ entry: [UInt8]) throws(TraceFault) {
    var input = ByteDecoder(entry)
    guard try input.byte() == EntryKind.accounting.rawValue else {
      throw input.fault("it is no accounting entry")
    }
    guard try input.byte() == Self.version else {
      throw input.fault("accounting of a version that is not known")
    }
    schemas = try input.list { (input) throws(TraceFault) in try input.digest() }
    fileList = try input.optional { (input) throws(TraceFault) in try input.digest() }
    source = try input.text()
    identity = try input.text()
    let first = try input.number()
    let last = try input.number()
    guard first >= InputIdentity.firstRecord(of: identity), first <= last else {
      throw input.fault("its records are no range")
    }
    records = first...last
    counts = Counts()
    counts.decided = try input.number()
    counts.refused = try input.number()
    counts.filteredUnknownSubject = try input.number()
    counts.filteredNotInEffect = try input.number()
    counts.late = try input.number()
    counts.deadLetters = try input.number()
    counts.decisions = try input.number()
    deadLetters = try input.optional { (input) throws(TraceFault) in
      try DeadLetterStretch(&input)
    }
    guard input.isAtEnd else { throw input.fault("bytes follow the entry") }
  }
}
