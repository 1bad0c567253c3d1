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
