internal import DataFields
package import DecisionTrace

/// An entry that says that the keys of a subject were destroyed, so that what cannot be read any more
/// can be told from what was tampered with.
///
/// It does not say whose keys they were: nothing in the log links it with the entries that were about
/// the subject. Kind · version (1) · number of keys · seconds since 1970-01-01, none (0) or 1 and them ·
/// who did it · why (texts) · the stretches of the dead letter file that were overwritten: count, and of
/// each from · to (counts) and the SHA-256 of what stands there now. Numbers and texts are as in a
/// body.
///
/// It is in the log before anything is destroyed: what a crash leaves half done is done again, and
/// there are never more keys gone than the log tells of.
package struct ErasureEntry: Sendable, Hashable {
  package var keyCount: Int
  /// Seconds since 1970-01-01, as the caller's clock says.
  package var time: Int?
  package var by: String
  package var reason: String
  package var deadLetters: [AccountingEntry.DeadLetterStretch]

  package init(
    keyCount: Int, time: Int?, by: String, reason: String,
    deadLetters: [AccountingEntry.DeadLetterStretch] = []
  ) {
    self.keyCount = keyCount
    self.time = time
    self.by = by
    self.reason = reason
    self.deadLetters = deadLetters
  }

  private static let version: UInt8 = 1

  package var bytes: [UInt8] {
    var out = ByteEncoder()
    out.byte(EntryKind.erasure.rawValue)
    out.byte(Self.version)
    out.count(keyCount)
    out.byte(time == nil ? 0 : 1)
    if let time { out.count(time) }
    out.text(by)
    out.text(reason)
    out.count(deadLetters.count)
    for stretch in deadLetters {
      out.count(stretch.bytes.lowerBound)
      out.count(stretch.bytes.upperBound)
      out.raw(stretch.digest.bytes)
    }
    return out.bytes
  }

  /// Reads an entry of this kind.
  package init(_ entry: [UInt8]) throws(TraceFault) {
    var input = ByteDecoder(entry)
    guard try input.byte() == EntryKind.erasure.rawValue else {
      throw input.fault("it is no erasure")
    }
    guard try input.byte() == Self.version else {
      throw input.fault("an erasure of a version that is not known")
    }
    keyCount = try input.number()
    time = try input.optional { (input) throws(TraceFault) in try input.number() }
    by = try input.text()
    reason = try input.text()
    deadLetters = try input.list { (input) throws(TraceFault) in
      try AccountingEntry.DeadLetterStretch(&input)
    }
    guard input.isAtEnd else { throw input.fault("bytes follow the entry") }
  }
}

extension AccountingEntry.DeadLetterStretch {
  init(_ input: inout ByteDecoder) throws(TraceFault) {
    let from = try input.number()
    let to = try input.number()
    guard from <= to else { throw input.fault("its dead letters are no range") }
    self.init(bytes: from..<to, digest: try input.digest())
  }
}
