package import DataFields
package import DecisionTrace

/// The identity of a decision at the start of its trace's body, read without its schema.
package struct TraceBodyHead: Sendable, Hashable {
  package let schema: Digest
  package let source: String
  package let record: Int
  package let index: Int
  /// Empty where it is kept apart.
  package let subject: String

  /// Nil if the trace does not start like one.
  package init?(_ trace: StoredTrace) {
    self.init(trace.body, visibility: trace.visibility)
  }

  /// Nil if the bytes do not start like a body.
  ///
  /// - Parameter visibility: of what belongs to a person; unless it is open, the bytes are those of a
  ///   body without it.
  package init?(_ body: [UInt8], visibility: Visibility = .open) {
    var decoder = ByteDecoder(body)
    do throws(TraceFault) {
      guard try decoder.byte() == TraceBodyEncoder.version else { return nil }
      schema = try decoder.digest()
      source = try decoder.text()
      record = try decoder.number()
      index = try decoder.number()
      subject = visibility == .open ? try decoder.text() : ""
    } catch {
      return nil
    }
  }
}

/// Where the parts of a body's start lie: for going through many without making texts of them.
struct TraceBodyHeadRanges {
  /// Version, schema and source: what traces on one input have in common.
  var origin: Range<Int>
  var record: Int
  /// Nil where it is kept apart.
  var subject: Range<Int>?

  /// Nil if the bytes do not start like a body, or the entry of a sealed one.
  init?(_ entry: [UInt8]) {
    var decoder = ByteDecoder(entry)
    let isSealed = EntryKind(entry) == .sealedTrace
    do throws(TraceFault) {
      if isSealed { try decoder.skip(SealedEntry.publicOffset) }
      let start = decoder.offset
      guard try decoder.byte() == TraceBodyEncoder.version else { return nil }
      try decoder.skip(32)
      origin = start..<(try decoder.textRange().upperBound)
      record = try decoder.number()
      try decoder.skipNumber()
      subject = isSealed ? nil : try decoder.textRange()
    } catch {
      return nil
    }
  }
}
