package import DataFields

/// Where traces go: appended, made durable in groups, never changed.
///
/// One small interface, so that a verifiable log can take the place of plain segments. Indices
/// count from 0 without gaps.
package protocol TraceStore: ~Copyable {
  /// The index that the next trace gets.
  var nextIndex: Int { get }
  /// How many traces are on the disk for certain.
  var durableCount: Int { get }

  /// Adds the body of a trace about the subject with this text, and returns its index. It is durable after ``commit()``, or once
  /// ``durableCount`` has passed it.
  mutating func append(
    _ body: [UInt8], subject: ArraySlice<UInt8>, decision: DecisionKey
  ) throws(TraceLogError) -> Int

  /// Returns once everything appended is on the disk.
  mutating func commit() throws(TraceLogError)

  /// Keeps a file that traces name by its digest; one that is there already costs a look.
  mutating func keepArtefact(_ bytes: [UInt8], digest: Digest) throws(TraceLogError)

  /// Keeps the list of the files that a schema was made from, so that its decisions can be made again.
  mutating func keepFileList(_ list: RecordedFileList, schema: Digest) throws(TraceLogError)
}

/// A 64-bit hash of a subject's text (FNV-1a), by which traces are found without reading bodies.
package struct SubjectKey: Sendable, Hashable, Comparable {
  package let hash: UInt64

  package init(hash: UInt64) { self.hash = hash }

  package init(_ subject: ArraySlice<UInt8>) { hash = TextHash.fnv1a(subject) }

  package init(_ subject: String) { hash = TextHash.fnv1a(subject.utf8) }

  package static func < (left: Self, right: Self) -> Bool { left.hash < right.hash }
}

/// A 32-bit hash of a decision's name.
package struct DecisionKey: Sendable, Hashable {
  package let hash: UInt32

  package init(hash: UInt32) { self.hash = hash }

  package init(_ name: String) { hash = UInt32(truncatingIfNeeded: TextHash.fnv1a(name.utf8)) }
}

private enum TextHash {
  static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
  }
}
