package import DataFields
internal import DecisionTrace

/// The identity of a decision at the start of its trace's body, read without its schema.
package struct TraceBodyHead: Sendable, Hashable {
  package let schema: Digest
  package let source: String
  package let record: Int
  package let index: Int
  package let subject: String

  /// Nil if the bytes do not start like a body.
  package init?(_ body: [UInt8]) {
    var decoder = ByteDecoder(body)
    do throws(TraceFault) {
      guard try decoder.byte() == TraceBodyEncoder.version else { return nil }
      schema = try decoder.digest()
      source = try decoder.text()
      record = try decoder.number()
      index = try decoder.number()
      subject = try decoder.text()
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
  var subject: Range<Int>

  /// Nil if the bytes do not start like a body.
  init?(_ body: [UInt8]) {
    var decoder = ByteDecoder(body)
    do throws(TraceFault) {
      guard try decoder.byte() == TraceBodyEncoder.version else { return nil }
      try decoder.skip(32)
      origin = 0..<(try decoder.textRange().upperBound)
      record = try decoder.number()
      try decoder.skipNumber()
      subject = try decoder.textRange()
    } catch {
      return nil
    }
  }
}
