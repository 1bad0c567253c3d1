internal import Crypto
package import DataFields
package import DecisionTrace

/// The entry of a trace whose personal parts are kept apart, read without its schema and without any
/// key.
///
/// | offset | bytes | what |
/// | --- | --- | --- |
/// | 0 | 1 | 2, the kind of entry |
/// | 1 | 16 | the mark of the subject |
/// | 17 | 32 | the root over the commitments to what is kept apart |
/// | 49 | | the body without what is kept apart |
package struct SealedEntry: Sendable, Hashable {
  package static let kind = EntryKind.sealedTrace.rawValue
  static let markOffset = 1
  static let rootOffset = markOffset + SubjectKeys.markSize
  static let publicOffset = rootOffset + ItemCommitment.size
  private static let headMark: UInt8 = 4

  package let bytes: [UInt8]
  package let schema: DataFields.Digest
  package let source: String
  package let record: Int
  package let index: Int
  /// Where the identity ends in `bytes`.
  private let headEnd: Int

  /// - Throws: `TraceFault` if the bytes do not start as such an entry does.
  package init(_ bytes: [UInt8]) throws(TraceFault) {
    guard bytes.first == Self.kind, bytes.count > Self.publicOffset else {
      throw TraceFault(offset: 0, reason: "not the entry of a sealed trace")
    }
    var decoder = ByteDecoder(bytes)
    _ = try decoder.raw(Self.publicOffset)
    guard try decoder.byte() == TraceBodyEncoder.version else {
      throw decoder.fault("trace version is not known")
    }
    schema = try decoder.digest()
    source = try decoder.text()
    record = try decoder.number()
    index = try decoder.number()
    headEnd = decoder.offset
    self.bytes = bytes
  }

  var mark: ArraySlice<UInt8> { bytes[Self.markOffset..<Self.rootOffset] }
  package var root: [UInt8] { Array(bytes[Self.rootOffset..<Self.publicOffset]) }
  /// The body without what is kept apart.
  var publicPart: [UInt8] { Array(bytes[Self.publicOffset...]) }

  var headDigest: [UInt8] {
    var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
    bytes[Self.publicOffset..<headEnd].withUnsafeBytes { Self.digestHead($0, to: &digest) }
    return digest
  }

  /// SHA-256(4 ‖ version, schema, source, record and index as in the body).
  static func digestHead(_ head: UnsafeRawBufferPointer, to digest: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: 1 + head.count, alignment: 1) { input in
      input[0] = headMark
      input.write(head[...], at: 1)
      digest.withUnsafeMutableBytes { SHA256.hash(UnsafeRawBufferPointer(input), to: $0) }
    }
  }

  /// Whether the entry is about the subject that the keys are of.
  package func isAbout(_ keys: SubjectKeys) -> Bool {
    var names = SubjectKeys.roomForNames(items: 0)
    headDigest.withUnsafeBytes { keys.derive($0, to: &names) }
    return names[..<SubjectKeys.markSize].elementsEqual(mark)
  }
}
