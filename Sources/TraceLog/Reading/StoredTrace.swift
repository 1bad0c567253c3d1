public import DecisionTrace

/// A trace as a reader of a log gets it.
public struct StoredTrace: Sendable, Hashable {
  /// Its place in the log, from 0. Other entries have places too, so that there may be gaps.
  public let index: Int
  /// The bytes of its body; without what belongs to a person unless ``visibility`` is open.
  public let body: [UInt8]
  /// Whether what belongs to a person is there, and if not, why.
  public let visibility: Visibility
  /// The entry that the log holds, where that is not the body.
  let sealedEntry: [UInt8]?
  /// Under what the subject is found, where that is not a hash of its text.
  let locator: SubjectKey?

  /// A trace that was stored whole.
  package init(index: Int, body: [UInt8]) {
    self.index = index
    self.body = body
    visibility = .open
    sealedEntry = nil
    locator = nil
  }

  /// A sealed trace that was opened.
  init(index: Int, opened trace: SealedTrace, locator: SubjectKey) {
    self.index = index
    body = trace.body
    visibility = .open
    sealedEntry = trace.entry.bytes
    self.locator = locator
  }

  /// A sealed trace that was not.
  init(index: Int, hidden entry: SealedEntry, _ visibility: Visibility) {
    self.index = index
    body = entry.publicPart
    self.visibility = visibility
    sealedEntry = entry.bytes
    locator = nil
  }

  /// The bytes that the log signs: the same for every reader, also after an erasure.
  package var entry: [UInt8] { sealedEntry ?? body }

  /// Whether a key is the one under which its subject, of this text, is found.
  package func isAbout(_ key: Int64, _ subject: String) -> Bool {
    (locator ?? SubjectKey(subject)).hash == UInt64(bitPattern: key)
  }

  /// Under what its subject is found, given the text's place in the body.
  package func subjectKey(_ subject: Range<Int>) -> SubjectKey {
    locator ?? SubjectKey(body[subject])
  }
}
